"""The deliveries a report rests on, in sentences for its head."""

from datetime import date, datetime

from flask_babel import gettext as _

from repcrm.reports import deliveries
from repcrm.reports.body import Body
from repcrm.web.filters import instant, number, percent, period, plain_day


def lines_of(body: Body) -> list[str]:
    """Return what is not in yet, how much that usually is, and what has arrived since the last revision."""
    not_in = [one for one in deliveries.deliveries_in(body.raw) if not one.is_in]
    lines = [
        deliveries.sentence(
            one, _, period=period(one.period), due_on=plain_day(date.fromisoformat(one.due_on)), packs=number(one.packs)
        )
        for one in not_in
    ]
    share = deliveries.share_missing(body.raw)
    if share:
        lines.insert(0, _(deliveries.SHARE) % {"share": percent(share)})
    for source, arrived, at in (body.raw["revision"] or {}).get("arrived", []):
        words = {"source": source, "period": period(arrived), "at": instant(datetime.fromisoformat(at))}
        lines.append(_(deliveries.ARRIVED) % words)
    return lines
