"""Facts worth acting on, found in a report's figures: codes and numbers, which the doors put into words."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from repcrm.accounts.models import ListingStage
from repcrm.reports.body import Body, Row

Fact = dict[str, Any]
"""`code`, the places of what it is about (rep, hospital, product, doctor) and its numbers."""

MOST = 5
"""So many of each kind: a meeting has half an hour."""

TOP_RATED_FROM = 6
UNSEEN_DAYS = 28
"""A doctor who puts us first and was not met in a cycle of four weeks."""
STUCK_DAYS = 60
LOW_STOCK = Fraction(1, 2)
"""Months of stock; a month's use is the packs of the last 20 working days."""
LATE_DAYS = 3
"""Days at the period's end without a line before a source counts as late."""
IN_THE_PIPELINE = (ListingStage.APPLIED, ListingStage.PHARMACY_ACCEPTED, ListingStage.COMMITTEE)


def worth_acting_on(body: Body, last_seen: dict[int, date], ratings: dict[tuple[int, int], int]) -> list[Fact]:
    """Find what the meeting should talk about.

    last_seen  place of a doctor -> the last day of being met
    ratings    places of doctor and product -> newest rating
    returns    the largest of each kind, at most MOST: gaps with missed calls, top-rated doctors not met, listings
               stuck, stock low, sources late, sales without target, targets without split
    """
    return [
        *_missed_calls(body),
        *_unseen(body, last_seen, ratings),
        *_stuck(body),
        *_low_stock(body),
        *_late(body),
        *_without(body),
    ]


def _missed_calls(body: Body) -> Iterator[Fact]:
    behind = [row for row in body.level("hospital") if row.gap_fen > 0 and row.missed]
    for row in sorted(behind, key=lambda row: -row.gap_fen)[:MOST]:
        yield {
            "code": "gap_missed_calls", "rep": row.rep, "hospital": row.hospital,
            "packs": row.gap, "fen": row.gap_fen, "missed": row.missed, "planned": row.planned,
        }  # fmt: skip


def _unseen(body: Body, last_seen: dict[int, date], ratings: dict[tuple[int, int], int]) -> Iterator[Fact]:
    """Doctors with a part in a split, rated 6 or 7, whom nobody has met for a cycle."""
    before = body.period.to_on - timedelta(days=UNSEEN_DAYS)
    found: dict[int, tuple[int, Row]] = {}
    for row in body.level("doctor"):
        rating = ratings.get((row.doctor or 0, row.product or 0), 0) if row.doctor is not None else 0
        if row.doctor is None or row.product is None or rating < TOP_RATED_FROM:
            continue
        if last_seen.get(row.doctor, date.min) <= before and rating > found.get(row.doctor, (0, row))[0]:
            found[row.doctor] = (rating, row)
    longest = sorted(found.items(), key=lambda item: (-item[1][0], last_seen.get(item[0], date.min), item[0]))
    for doctor, (rating, row) in longest[:MOST]:
        seen = last_seen.get(doctor)
        yield {
            "code": "top_doctor_unseen", "rep": row.rep, "hospital": row.hospital, "product": row.product,
            "doctor": doctor, "rating": rating, "days": (body.period.to_on - seen).days if seen else None,
        }  # fmt: skip


def _stuck(body: Body) -> Iterator[Fact]:
    holders = {(row.hospital, row.product): row.rep for row in body.level("product")}
    waiting = []
    for hospital, product, stage, since_on in body.raw["unlisted"]:
        days = (body.period.to_on - date.fromisoformat(since_on)).days
        if stage in IN_THE_PIPELINE and days >= STUCK_DAYS:
            waiting.append((days, hospital, product, stage))
    for days, hospital, product, stage in sorted(waiting, reverse=True)[:MOST]:
        yield {
            "code": "listing_stuck", "rep": holders.get((hospital, product)), "hospital": hospital, "product": product,
            "stage": stage, "days": days,
        }  # fmt: skip


def _low_stock(body: Body) -> Iterator[Fact]:
    used: dict[tuple[int | None, int | None], int] = defaultdict(int)
    holders = {}
    for row in body.level("product"):
        used[row.hospital, row.product] += row.recent
        if row.recent:
            holders[row.hospital, row.product] = row.rep
    low = []
    for hospital, product, packs, seen_on in body.raw["stock"]:
        month = used[hospital, product]
        fresh = (body.period.to_on - date.fromisoformat(seen_on)).days <= UNSEEN_DAYS
        if month > 0 and fresh and Fraction(packs, month) < LOW_STOCK:
            low.append((Fraction(packs, month), hospital, product, packs, month))
    for _, hospital, product, packs, month in sorted(low)[:MOST]:
        yield {
            "code": "stock_low", "rep": holders.get((hospital, product)), "hospital": hospital, "product": product,
            "packs": packs, "month": month,
        }  # fmt: skip


def _late(body: Body) -> Iterator[Fact]:
    for source, last_on in body.raw["data"]["sources"]:
        days = (body.period.to_on - date.fromisoformat(last_on)).days
        if days >= LATE_DAYS:
            yield {"code": "late_data", "source": source, "last_on": last_on, "days": days}
    for doubt in body.doubts:
        yield {"code": f"{doubt.state}_calendar", "year": doubt.year}


def _without(body: Body) -> Iterator[Fact]:
    """Per rep: what was sold without a target, and which targets no split covers."""
    for row in body.level("rep"):
        places = [one for one in body.level("product") if one.rep == row.rep]
        sold = [one for one in places if not one.n_target and one.actual]
        if sold:
            packs = sum(one.actual for one in sold)
            yield {"code": "sold_without_target", "rep": row.rep, "count": len(sold), "packs": packs}
        if row.n_unsplit:
            yield {"code": "not_split", "rep": row.rep, "count": row.n_unsplit}
