"""Files of the back office: uploaded, questioned, previewed row by row, applied, reverted."""

import hashlib

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound, RepCRMError
from repcrm.core.words import N_
from repcrm.db.paging import Page, page_of
from repcrm.db.unit_of_work import begin_writing
from repcrm.extensions import db
from repcrm.imports import service
from repcrm.imports.kept_rows import page_of_rows, read_rows
from repcrm.imports.kinds import KINDS
from repcrm.imports.naming.asking import answer_names
from repcrm.imports.opened import open_import
from repcrm.imports.templates import csv_template, xlsx_template
from repcrm.imports.verdicts import Verdict
from repcrm.imports.words import message_words, refused_csv, row_words
from repcrm.organisation.access import Permission, Scope
from repcrm.sales import queries
from repcrm.sales.expecting import missing_deliveries
from repcrm.sales.models import BatchStatus, ImportBatch, ImportKind
from repcrm.sales.replacing import list_replaced
from repcrm.web.forms.imports import AnswersForm, AsideForm, FileForm, ListForm, UndoForm
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.import_view import filters_of, mapping_of, names_of, questions_of, sums_of, totals_of
from repcrm.web.languages import LANGUAGES, catalogue, current_language, say
from repcrm.web.terms import member_of
from repcrm.work.service import ask_for

bp = Blueprint("imports", __name__, url_prefix="/imports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ_AT_ONCE_BYTES = 200_000
"""A file up to this size is read while one waits, mistakes said beside the field; a worker reads larger ones."""
APPLIED_AT_ONCE_ROWS = 2_000
"""So many rows are applied while one waits; a worker applies more."""
TONES = {
    Verdict.NEW: "good", Verdict.CHANGED: "accent", Verdict.UNCHANGED: "neutral", Verdict.REFUSED: "behind",
    Verdict.OPEN: "watch", Verdict.ASIDE: "neutral",
}  # fmt: skip
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
    """Read a file and show what each of its rows would do; nothing is applied yet."""
    form, scope = FileForm().offer(), current_scope()
    if not form.validate():
        return _index_page(form), 422
    upload: FileStorage = form.file.data
    content, kind = upload.read(), ImportKind(form.kind.data)
    if len(content) > READ_AT_ONCE_BYTES:
        return _enqueue_reading(scope, upload.filename or "", kind, form.answers, content)
    try:
        batch = _preview(scope, upload.filename or "", kind, content, form.answers, None)
    except (BadInput, RepCRMError) as error:
        begin_writing(db.session)
        form.refuse(error)
        return _index_page(form), 422
    return redirect(url_for(".page", batch_id=batch.id))


@bp.get("/<int:batch_id>")
@requires(Permission.IMPORT_DATA)
def page(batch_id: int) -> ResponseReturnValue:
    """Show a file: what it leaves open, what it would change, and its rows."""
    return _batch_page(_batch(batch_id))


@bp.post("/<int:batch_id>/answers")
@requires(Permission.IMPORT_DATA)
@writes
def answer(batch_id: int) -> ResponseReturnValue:
    """Read the file again with what has been answered."""
    batch = _batch(batch_id)
    form = AnswersForm().take(batch.questions)
    if not form.validate():
        return _batch_page(batch, form), 422
    scope, whose = current_scope(), batch.distributor_id
    if form.names and not form.succeeds(
        lambda: answer_names(db.session, scope, form.names, distributor_id=whose, now=clock.now())
    ):
        return _batch_page(batch, form), 422
    if batch.status is BatchStatus.APPLIED:
        count = service.go_on(db.session, scope, batch, now=clock.now(), answers=form.answers)
        flash(ngettext("%(num)s waiting row imported.", "%(num)s waiting rows imported.", count), "success")
        return redirect(url_for(".page", batch_id=batch_id))
    return _read_again(batch, form.answers)


@bp.post("/<int:batch_id>/aside")
@requires(Permission.IMPORT_DATA)
@writes
def aside(batch_id: int) -> ResponseReturnValue:
    """Set rows aside with a reason, or take them up again."""
    batch, scope = _batch(batch_id), current_scope()
    form = AsideForm()
    numbers = form.numbers.data or []
    if form.everything.data:
        numbers = service.rows_of_verdict(db.session, batch, Verdict.REFUSED)
    if form.take_up.data:
        service.take_up_again(db.session, scope, batch, numbers, now=clock.now())
    elif not form.succeeds(
        lambda: service.set_aside(db.session, scope, batch, numbers, form.reason.data or "", now=clock.now())
    ):
        return _batch_page(batch, aside_form=form), 422
    return _read_again(batch, {})


@bp.post("/<int:batch_id>/apply")
@requires(Permission.IMPORT_DATA)
@writes
def apply(batch_id: int) -> ResponseReturnValue:
    """Apply all rows that are clear, in one step."""
    batch = _batch(batch_id)
    total = batch.count_new + batch.count_changed + batch.count_unchanged
    if total > APPLIED_AT_ONCE_ROWS and service.is_ready(batch):
        work = ask_for(db.session, current_scope(), "apply_import", {"batch_id": batch_id}, now=clock.now())
        return redirect(url_for("work.page", work_id=work.id))
    service.apply(db.session, current_scope(), batch, now=clock.now())
    taken = batch.count_new + batch.count_changed
    if batch.status is BatchStatus.UNCHANGED:
        flash(_("No changes: every row is already in the system."), "info")
    else:
        flash(ngettext("Applied: %(num)s row imported.", "Applied: %(num)s rows imported.", taken), "success")
    return redirect(url_for(".page", batch_id=batch_id))


@bp.post("/<int:batch_id>/look-again")
@requires(Permission.IMPORT_DATA)
@writes
def look_again(batch_id: int) -> ResponseReturnValue:
    """Check the rows again, against what is on file now."""
    return _read_again(_batch(batch_id), {}, said=True)


@bp.post("/<int:batch_id>/discard")
@requires(Permission.IMPORT_DATA)
@writes
def discard(batch_id: int) -> ResponseReturnValue:
    """Discard a previewed file."""
    service.reject(db.session, current_scope(), _batch(batch_id), now=clock.now())
    flash(_("File discarded. Nothing was imported."), "success")
    return redirect(url_for(".index"))


@bp.post("/<int:batch_id>/undo")
@requires(Permission.IMPORT_DATA)
@writes
def undo(batch_id: int) -> ResponseReturnValue:
    """Bring back what was there before."""
    batch, scope, form = _batch(batch_id), current_scope(), UndoForm()
    if not form.validate() or not form.succeeds(
        lambda: service.revert(db.session, scope, batch, now=clock.now(), reason=form.reason.data or "")
    ):
        return _batch_page(batch, undo_form=form), 422
    former: list[ImportBatch] = form.result
    if former:
        names = ", ".join(one.file_name or str(one.id) for one in former)
        flash(_("Import reverted. The previous file applies again: %(name)s.", name=names), "success")
    else:
        flash(_("Import reverted. The previous values are restored."), "success")
    return redirect(url_for(".page", batch_id=batch_id))


@bp.get("/<int:batch_id>/refused.csv")
@requires(Permission.IMPORT_DATA)
def refused(batch_id: int) -> ResponseReturnValue:
    """Download the rejected rows with their reasons."""
    rows = read_rows(db.session, _batch(batch_id), Verdict.REFUSED)
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


def _preview(
    scope: Scope, name: str, kind: ImportKind, content: bytes, answers: dict[str, str], batch_id: int | None
) -> ImportBatch:
    """Read and judge a small file while nothing is locked, then save its preview."""
    db.session.rollback()
    opened = open_import(content, name, kind)
    if KINDS[kind].rehearses:
        begin_writing(db.session)
    asides = service.asides_of(db.session, _batch(batch_id)) if batch_id is not None else {}
    drafted = service.draft(db.session, scope, opened, answers, now=clock.now(), asides=asides)
    begin_writing(db.session)
    batch = _batch(batch_id) if batch_id is not None else None
    return service.save(db.session, scope, drafted, now=clock.now(), batch=batch)


def _read_again(batch: ImportBatch, answers: dict[str, str], said: bool = False) -> ResponseReturnValue:
    """Work the preview out again with more answers: at once where the file is small, else by a worker."""
    service.claim(db.session, batch)
    together, content = {**batch.answers, **answers}, batch.content or b""
    batch_id, name, kind, scope = batch.id, batch.file_name, batch.kind, current_scope()
    db.session.commit()  # names answered and rows set aside stay, whatever the file says when it is read again
    if len(content) > READ_AT_ONCE_BYTES:
        return _enqueue_reading(scope, name, kind, together, content, batch_id)
    try:
        _preview(scope, name, kind, content, together, batch_id)
    except BadInput as error:
        begin_writing(db.session)
        flash(say(error), "error")
    else:
        if said:
            flash(_("The rows were checked again against current data."), "success")
    return redirect(url_for(".page", batch_id=batch_id))


def _enqueue_reading(
    scope: Scope, name: str, kind: ImportKind, answers: dict[str, str], content: bytes, batch_id: int | None = None
) -> ResponseReturnValue:
    """Have a worker read a file that takes more than a moment."""
    begin_writing(db.session)
    wish = {
        "name": name, "digest": hashlib.sha256(content).hexdigest(), "kind": kind.value, "answers": answers,
        "batch_id": batch_id,
    }  # fmt: skip
    attachment = content if batch_id is None else None
    work = ask_for(db.session, scope, "read_import", wish, now=clock.now(), attachment=attachment)
    return redirect(url_for("work.page", work_id=work.id))


def _batch(batch_id: int) -> ImportBatch:
    return queries.get_batch(db.session, current_scope(), batch_id)


def _batch_page(
    batch: ImportBatch,
    form: AnswersForm | None = None,
    aside_form: AsideForm | None = None,
    undo_form: UndoForm | None = None,
) -> str:
    fallback = Verdict.REFUSED.value if batch.count_refused else "all"
    verdict = member_of(Verdict, request.args.get("show", fallback))
    rows = page_of_rows(db.session, batch, verdict, request.args.get("page", 1, type=int))
    language, questions = current_language(), questions_of(batch, form)
    asks_whose = any(one.key == "distributor" for one in questions)
    return render_template(
        "imports/page.html",
        batch=batch,
        form=form or AnswersForm(formdata=None),
        aside_form=aside_form or AsideForm(formdata=None),
        undo_form=undo_form or UndoForm(formdata=None),
        replaced=list_replaced(db.session, batch),
        is_ready=service.is_ready(batch),
        questions=questions,
        sources=[one.name for one in queries.list_distributors(db.session, current_scope(), active_only=True)]
        if asks_whose
        else [],
        names=names_of(batch, form),
        mapping=mapping_of(batch),
        sums=sums_of(batch),
        totals=totals_of(batch),
        verdict=verdict,
        filters=filters_of(batch, verdict),
        page=rows,
        rows=[row_words(batch.kind, row, language, _) for row in rows.items],
        notes=[message_words(message, params, _) for message, params in batch.reading.get("notes", [])],
        changes_nothing=service.changes_nothing(batch),
        tones=TONES,
        status_tones=STATUS_TONES,
    )


def _index_page(form: FileForm) -> str:
    scope = current_scope()
    distributors = queries.list_distributors(db.session, scope)
    chosen = ListForm(formdata=request.args, prefix="list-").offer(distributors)
    batches: Page[ImportBatch] = page_of(
        db.session, queries.list_batches(scope, **chosen.filters), request.args.get("page", 1, type=int)
    )
    return render_template(
        "imports/index.html",
        form=form.offer(),
        chosen=chosen,
        filters=chosen.as_arguments,
        sources=sorted(one.name for one in distributors if one.is_active),
        batches=batches,
        missing=missing_deliveries(db.session, scope.on),
        kinds=list(ImportKind),
        language=current_language(),
        languages=LANGUAGES,
        status_tones=STATUS_TONES,
    )


def _download(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=mimetype, headers=headers)
