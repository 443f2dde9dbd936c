"""Files of the back office: read, looked at row by row, applied, undone."""

import hashlib
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound
from repcrm.core.words import N_
from repcrm.db.paging import Page, page_of
from repcrm.db.unit_of_work import begin_writing
from repcrm.extensions import db
from repcrm.imports import service
from repcrm.imports.files import read_file
from repcrm.imports.templates import csv_template, xlsx_template
from repcrm.imports.verdicts import Verdict
from repcrm.imports.words import message_words, refused_csv, row_words
from repcrm.organisation.access import Permission, Scope
from repcrm.sales import queries
from repcrm.sales.models import BatchStatus, ImportBatch, ImportKind
from repcrm.web.forms.imports import FileForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import LANGUAGES, catalogue, current_language
from repcrm.web.terms import member_of
from repcrm.work.service import ask_for

bp = Blueprint("imports", __name__, url_prefix="/imports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ_AT_ONCE_BYTES = 200_000
"""A file up to this size is read while one waits, mistakes said beside the field; a worker reads larger ones."""
APPLIED_AT_ONCE_ROWS = 2_000
"""So many rows are taken in while one waits; a worker takes in more."""
TONES = {Verdict.NEW: "good", Verdict.CHANGED: "accent", Verdict.UNCHANGED: "neutral", Verdict.REFUSED: "behind"}
STATUS_TONES = {BatchStatus.PREVIEWED: "watch", BatchStatus.APPLIED: "good"}


@bp.get("")
@requires(Permission.IMPORT_DATA)
def index() -> ResponseReturnValue:
    """Show the form for a file of the kind in ?kind=, the templates, and what has been imported."""
    kind = member_of(ImportKind, request.args.get("kind")) or ImportKind.FLOW
    return _index_page(FileForm(formdata=None, kind=kind.value))


@bp.post("")
@requires(Permission.IMPORT_DATA)
@writes
def read() -> ResponseReturnValue:
    """Read a file and show what each of its rows would do; nothing is taken in yet."""
    form, scope = FileForm().offer(), current_scope()
    if not form.validate():
        return _index_page(form), 422
    upload: FileStorage = form.file.data
    content = upload.read()
    if len(content) > READ_AT_ONCE_BYTES:
        return _ask_to_read(scope, form, content)
    db.session.rollback()  # nobody waits for this transaction while the file is being read
    try:
        file = read_file(content, upload.filename or "", ImportKind(form.kind.data))
    except BadInput as error:
        begin_writing(db.session)
        form.refuse(error)
        return _index_page(form), 422
    begin_writing(db.session)
    if form.succeeds(
        lambda: service.preview(
            db.session,
            scope,
            file,
            now=clock.now(),
            source=form.source.data or "",
            period=form.period.data or "",
        )
    ):
        return redirect(url_for(".page", batch_id=form.result.id))
    return _index_page(form), 422


@bp.get("/<int:batch_id>")
@requires(Permission.IMPORT_DATA)
def page(batch_id: int) -> ResponseReturnValue:
    """Show a batch row by row, and what can be done with it."""
    batch = _batch(batch_id)
    wanted = request.args.get("show", Verdict.REFUSED if batch.count_refused else "all")
    verdict = Verdict(wanted) if wanted in set(Verdict) else None
    rows = service.page_of_rows(batch, verdict, request.args.get("page", 1, type=int))
    language = current_language()
    return render_template(
        "imports/page.html",
        batch=batch,
        replaces=db.session.get(ImportBatch, batch.replaces_id) if batch.replaces_id else None,
        verdict=verdict,
        filters=_filters(batch, verdict),
        page=rows,
        rows=[row_words(batch.kind, row, language, _) for row in rows.items],
        notes=[message_words(message, params, _) for message, params in batch.reading.get("notes", [])],
        changes_anything=service.changes_anything(batch),
        tones=TONES,
        status_tones=STATUS_TONES,
    )


@bp.post("/<int:batch_id>/apply")
@requires(Permission.IMPORT_DATA)
@writes
def apply(batch_id: int) -> ResponseReturnValue:
    """Take in all rows, or none."""
    batch = _batch(batch_id)
    if len(batch.rows) > APPLIED_AT_ONCE_ROWS and service.is_ready(batch):
        work = ask_for(db.session, current_scope(), "apply_import", {"batch_id": batch_id}, now=clock.now())
        return redirect(url_for("work.page", work_id=work.id))
    service.apply(db.session, current_scope(), batch, now=clock.now())
    taken = batch.count_new + batch.count_changed
    if batch.status is BatchStatus.UNCHANGED:
        flash(_("Nothing to do: every row is on file already."), "info")
    else:
        words = ngettext("Applied: %(num)s row taken in.", "Applied: %(num)s rows taken in.", taken)
        flash(words, "success")
    return redirect(url_for(".page", batch_id=batch_id))


@bp.post("/<int:batch_id>/look-again")
@requires(Permission.IMPORT_DATA)
@writes
def look_again(batch_id: int) -> ResponseReturnValue:
    """Preview the rows afresh, against what is on file now."""
    service.look_again(db.session, current_scope(), _batch(batch_id))
    flash(_("The rows were compared afresh with what is on file."), "success")
    return redirect(url_for(".page", batch_id=batch_id))


@bp.post("/<int:batch_id>/discard")
@requires(Permission.IMPORT_DATA)
@writes
def discard(batch_id: int) -> ResponseReturnValue:
    """Put a previewed batch aside."""
    service.discard(db.session, current_scope(), _batch(batch_id), now=clock.now())
    flash(_("Discarded. Nothing of the file was taken in."), "success")
    return redirect(url_for(".index"))


@bp.post("/<int:batch_id>/undo")
@requires(Permission.IMPORT_DATA)
@writes
def undo(batch_id: int) -> ResponseReturnValue:
    """Bring back what was there before."""
    former = service.undo(db.session, current_scope(), _batch(batch_id), now=clock.now())
    if former is not None:
        flash(_("Undone. The file before counts again: %(name)s.", name=former.file_name or former.id), "success")
    else:
        flash(_("Undone. The former values are back."), "success")
    return redirect(url_for(".page", batch_id=batch_id))


@bp.get("/<int:batch_id>/refused.csv")
@requires(Permission.IMPORT_DATA)
def refused(batch_id: int) -> ResponseReturnValue:
    """Download the refused rows with their reasons."""
    rows = service.rows_of(_batch(batch_id), Verdict.REFUSED)
    return _download(refused_csv(rows, _), "text/csv; charset=utf-8", f"refused-{batch_id}.csv")


@bp.get("/templates/<kind>.<ext>")
@requires(Permission.IMPORT_DATA)
def template(kind: str, ext: str) -> ResponseReturnValue:
    """Download an empty file of a kind, in the reader's language or in ?language=."""
    if kind not in set(ImportKind) or ext not in ("xlsx", "csv"):
        raise NotFound(N_("There is no such template."))
    language = request.args.get("language", "")
    language = language if language in LANGUAGES else current_language()
    name = f"{kind}-{language}.{ext}"
    if ext == "csv":
        return _download(csv_template(ImportKind(kind), language), "text/csv; charset=utf-8", name)
    return _download(xlsx_template(ImportKind(kind), language, catalogue(language).gettext), XLSX, name)


def _ask_to_read(scope: Scope, form: FileForm, content: bytes) -> ResponseReturnValue:
    """Have a worker read a file that takes more than a moment."""
    wish = {
        "name": form.file.data.filename or "",
        "digest": hashlib.sha256(content).hexdigest(),
        "kind": form.kind.data,
        "source": form.source.data or "",
        "period": form.period.data or "",
    }
    work = ask_for(db.session, scope, "read_import", wish, now=clock.now(), attachment=content)
    return redirect(url_for("work.page", work_id=work.id))


def _batch(batch_id: int) -> ImportBatch:
    return queries.get_batch(db.session, current_scope(), batch_id)


def _index_page(form: FileForm) -> str:
    scope = current_scope()
    batches: Page[ImportBatch] = page_of(db.session, queries.list_batches(scope), request.args.get("page", 1, type=int))
    return render_template(
        "imports/index.html",
        form=form.offer(),
        sources=queries.list_sources(db.session, scope),
        batches=batches,
        kinds=list(ImportKind),
        languages=LANGUAGES,
        status_tones=STATUS_TONES,
    )


def _filters(batch: ImportBatch, chosen: Verdict | None) -> list[dict[str, Any]]:
    counts = {
        Verdict.REFUSED: batch.count_refused,
        Verdict.NEW: batch.count_new,
        Verdict.CHANGED: batch.count_changed,
        Verdict.UNCHANGED: batch.count_unchanged,
    }
    words = {
        Verdict.REFUSED: _("Refused"),
        Verdict.NEW: _("New"),
        Verdict.CHANGED: _("Changed"),
        Verdict.UNCHANGED: _("Unchanged"),
    }
    everything = url_for(".page", batch_id=batch.id, show="all")
    items = [{"text": _("All"), "href": everything, "current": chosen is None, "count": sum(counts.values())}]
    return items + [
        {
            "text": words[one],
            "href": url_for(".page", batch_id=batch.id, show=one.value),
            "current": chosen is one,
            "count": count,
        }
        for one, count in counts.items()
    ]


def _download(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=mimetype, headers=headers)
