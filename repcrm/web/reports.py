"""Gap reports: the list, a report with its drill-down, the workbook, and freezing by hand."""

from io import BytesIO
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from repcrm.core import clock
from repcrm.core.periods import Period
from repcrm.extensions import db
from repcrm.organisation.access import Permission, Role, Scope
from repcrm.reports import queries, service
from repcrm.reports.flat import header
from repcrm.reports.models import ReportKind, ReportSnapshot
from repcrm.web import report_coverage
from repcrm.web.forms.reports import FreezeForm, ReviseForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import current_language
from repcrm.web.report_lines import SORTS, Table, View, read_path
from repcrm.web.report_view import ReportView
from repcrm.work.service import ask_for

bp = Blueprint("reports", __name__, url_prefix="/reports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@requires(Permission.VIEW_REPORTS)
def index() -> ResponseReturnValue:
    """List the reports of a kind, the latest first; a lead may freeze what the clock has not."""
    return render_template("reports/index.html", **_listed(current_scope(), FreezeForm()))


@bp.post("/freeze")
@requires(Permission.FREEZE_REPORTS)
@writes
def freeze() -> ResponseReturnValue:
    """Have a period of the own region that is over frozen, and watch it."""
    scope, form = current_scope(), FreezeForm()
    if form.validate() and form.succeeds(lambda: _over(Period.parse(form.period.data or ""))):
        if found := queries.find_snapshot(db.session, scope, form.result):
            return redirect(url_for("reports.page", snapshot_id=found.id))
        return _ask(scope, form.result, reason=None)
    return render_template("reports/index.html", **_listed(scope, form)), 422


@bp.get("/<int:snapshot_id>")
@requires(Permission.VIEW_REPORTS)
def page(snapshot_id: int) -> ResponseReturnValue:
    """Show a report, drilled down to a rep, hospital or product."""
    snapshot = queries.get_snapshot(db.session, current_scope(), snapshot_id)
    return render_template("reports/page.html", **_shown(snapshot, ReviseForm()))


@bp.post("/<int:snapshot_id>/revise")
@requires(Permission.FREEZE_REPORTS)
@writes
def revise(snapshot_id: int) -> ResponseReturnValue:
    """Have a report frozen again from the data of now, as its next revision, and watch it."""
    scope, form = current_scope(), ReviseForm()
    snapshot = queries.get_snapshot(db.session, scope, snapshot_id)
    if form.validate():
        return _ask(scope, Period.parse(snapshot.period), reason=form.reason.data)
    return render_template("reports/page.html", **_shown(snapshot, form)), 422


@bp.get("/<int:snapshot_id>.xlsx")
@requires(Permission.VIEW_REPORTS)
def export(snapshot_id: int) -> ResponseReturnValue:
    """Send a report as a workbook in the reader's language."""
    from repcrm.reports.excel import workbook  # XlsxWriter, only where it is wanted

    scope = current_scope()
    snapshot = queries.get_snapshot(db.session, scope, snapshot_id)
    content = workbook(queries.read_body(db.session, scope, snapshot), header(snapshot), current_language())
    name = f"{snapshot.period}-{snapshot.region.code}-r{snapshot.revision}.xlsx"
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=name)


def view_of(scope: Scope, snapshot: ReportSnapshot, url: str) -> ReportView:
    """Return a report as a page shows it, cut to what the reader may see and to what the address asks for.

    url  of the page without a query; drilling down and sorting stay on it
    """
    body = queries.read_body(db.session, scope, snapshot)
    path = read_path(body, [request.args.get(key) for key in ("rep", "hospital", "product")])
    if path is None:
        abort(404)
    if not path and scope.role is Role.REP:
        path = tuple(row.rep for row in body.level("rep"))  # at most the own: hospitals are what a rep looks for
    asked = request.args.get("view", View.PACKS.value)
    shown = View(asked) if asked in list(View) else View.PACKS
    sorts, usual = (report_coverage.SORTS, "done") if shown is View.COVERAGE else (SORTS, "gap")
    sort = request.args.get("sort", usual)
    table = Table(
        body,
        url,
        path,
        sort=sort if sort in sorts else usual,
        falling=request.args.get("order", "falling") != "rising",
        view=shown,
    )
    charts = queries.find_charts(db.session, scope, snapshot, current_language())
    # Drawn by the machine from whole numbers when the report was frozen, and never changed since.
    return ReportView(snapshot, body, table, {name: Markup(svg) for name, svg in charts.items()})


def _shown(snapshot: ReportSnapshot, form: ReviseForm) -> dict[str, Any]:
    scope = current_scope()
    view = view_of(scope, snapshot, url_for("reports.page", snapshot_id=snapshot.id))
    return {
        "view": view,
        "form": form,
        "revisions": queries.list_revisions(db.session, scope, snapshot),
        "before": queries.find_snapshot(db.session, scope, view.body.period.previous()),
        "after": queries.find_snapshot(db.session, scope, view.body.period.next()),
        "may_revise": scope.may(Permission.FREEZE_REPORTS),
    }


def _listed(scope: Scope, form: FreezeForm) -> dict[str, Any]:
    asked = request.args.get("kind", ReportKind.WEEK.value)
    kind = ReportKind(asked) if asked in list(ReportKind) else ReportKind.WEEK
    may_freeze = scope.may(Permission.FREEZE_REPORTS)
    due = queries.list_due(db.session, scope, scope.on) if may_freeze else []
    return {
        "kind": kind,
        "kinds": list(ReportKind),
        "snapshots": queries.list_snapshots(db.session, scope, kind),
        "due": [period for period in due if period.kind.value == kind.value],
        "may_freeze": may_freeze,
        "form": form,
    }


def _over(period: Period) -> Period:
    service.check_over(period, clock.today(current_app.config["REPCRM"].zone))
    return period


def _ask(scope: Scope, period: Period, reason: str | None) -> ResponseReturnValue:
    """Ask a worker to freeze: it takes seconds, and pandas, which web workers do not load."""
    wish = {"period": str(period), "region_id": scope.region_id, "reason": reason}
    work = ask_for(db.session, scope, "freeze", wish, now=clock.now())
    return redirect(url_for("work.page", work_id=work.id))
