"""The direct connection: a distributor's system sends its sales files and reads what became of them, with a token."""

from urllib.parse import unquote

from flask import Blueprint, Response, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import sessionmaker

from repcrm.api.schemas import Choice, Open, Problem, SalesFile, SalesFileRows
from repcrm.core import clock
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.db.unit_of_work import begin_writing
from repcrm.extensions import csrf, db
from repcrm.imports import arrivals, intake
from repcrm.imports.arrivals import Asked
from repcrm.sales.models import Channel, ImportBatch, SalesToken
from repcrm.web.guards import with_token
from repcrm.web.languages import current_language

bp = Blueprint("sales_files", __name__, url_prefix="/api/v1/sales-files")
csrf.exempt(bp)  # no cookie opens these addresses, so there is nothing to forge

MODES = {mode: word for word, mode in intake.MODES.items()}


@bp.post("")
@with_token
def send() -> ResponseReturnValue:
    """Receive a sales file, check it, and apply it if the company lets it be. It commits by itself, step by step."""
    name, content = _file()
    said = request.form if request.mimetype == "multipart/form-data" else {}
    answers = intake.answers_of(
        request.args.get("period") or said.get("period", ""), request.args.get("mode") or said.get("mode", "")
    )
    token_id, zone = g.sales_token.id, current_app.config["REPCRM"].zone
    begin_writing(db.session)
    token = db.session.get_one(SalesToken, token_id)
    arrival = intake.Arrival(name, content, Channel.API, token.created_by_id, answers, token_id)
    received = intake.receive(db.session, token.distributor, arrival, now=clock.now())
    batch_id, status = received.batch.id, 201 if received.is_new else 200
    db.session.commit()
    intake.settle(sessionmaker(db.engine), batch_id, zone=zone)
    begin_writing(db.session)
    token, batch = db.session.get_one(SalesToken, token_id), db.session.get_one(ImportBatch, batch_id)
    intake.note_use(db.session, token, batch, now=clock.now())
    db.session.commit()
    if intake.was_refused(batch):
        words = arrivals.rejected_of(db.session, batch, current_language(), _)[0]
        return _json(Problem(status=422, words=words).model_dump_json(), 422)
    answer = _json(_said(batch).model_dump_json(), status)
    answer.headers["Location"] = url_for(".state", file_id=batch_id)
    return answer


@bp.get("/<int:file_id>")
@with_token
def state(file_id: int) -> ResponseReturnValue:
    """Say what has become of a file of the token's distributor."""
    return _json(_said(intake.get_received(db.session, g.sales_token, file_id)).model_dump_json())


def _file() -> tuple[str, bytes]:
    """Return the name and the bytes of the file: field `file` of a form, else the body itself."""
    if request.mimetype == "multipart/form-data":
        upload = request.files.get("file")
        if upload is None:
            raise BadInput(N_("Send the file in the field “file”."), field="file")
        name, content = upload.filename or "", upload.read()
    else:
        name = request.args.get("name") or unquote(request.headers.get("X-File-Name", ""), errors="replace")
        content = request.get_data(cache=False)
    if not content:
        raise BadInput(N_("The file is empty."), field="file")
    return name, content


def _said(batch: ImportBatch) -> SalesFile:
    found = arrivals.state_of(batch)
    return SalesFile(
        id=batch.id,
        state=found,
        words=_(found.label),
        file_name=batch.file_name,
        digest=batch.file_digest,
        period=batch.period,
        mode=MODES.get(batch.mode) if batch.mode else None,
        received_at=batch.created_at,
        rows=SalesFileRows(
            new=batch.count_new,
            changed=batch.count_changed,
            unchanged=batch.count_unchanged,
            rejected=batch.count_refused,
            waiting=batch.count_open,
            aside=batch.count_aside,
        ),
        questions=[_open(one) for one in arrivals.questions_of(batch, _)],
        names=[_open(one) for one in arrivals.names_of(batch, _)],
        rejected=arrivals.rejected_of(db.session, batch, current_language(), _),
    )


def _open(asked: Asked) -> Open:
    return Open(
        key=asked.key, words=asked.words, choices=[Choice(value=value, words=words) for value, words in asked.choices]
    )


def _json(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="application/json")
