"""The offline call sheet's side of the server: what goes along on a phone, and what it brings back."""

import json
import logging
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from pydantic import TypeAdapter, ValidationError

from repcrm.api.schemas import Batch, OperationIn, Token
from repcrm.core import clock
from repcrm.core.errors import BadInput, Conflict
from repcrm.core.words import N_
from repcrm.db.engine import is_busy
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.organisation.calendar import work_calendar
from repcrm.sync import queries, service
from repcrm.sync.operation import Outcome
from repcrm.sync.pack import Pack
from repcrm.web.guards import requires, writes
from repcrm.web.identity import current_scope
from repcrm.web.languages import say
from repcrm.web.today import now_here

bp = Blueprint("api", __name__, url_prefix="/api/v1")
log = logging.getLogger(__name__)

PACK = TypeAdapter(Pack)


@bp.get("/token")
@requires(Permission.LOG_CALLS)
def token() -> ResponseReturnValue:
    """Give a fresh token for POSTs: a queue outlives the one of its page."""
    scope = current_scope()
    fresh = Token(token=generate_csrf(), user_id=scope.user_id, role=scope.role.value, now=clock.now())
    return _json(fresh.model_dump_json())


@bp.get("/day-pack")
@requires(Permission.LOG_CALLS)
def day_pack() -> ResponseReturnValue:
    """Give what goes along on the rep's phone."""
    scope = current_scope()
    pack = queries.get_pack(db.session, scope, work_calendar(db.session, scope.region_id), now=now_here())
    return _json(PACK.dump_json(pack))


@bp.post("/operations")
@requires(Permission.LOG_CALLS)
@writes
def operations() -> ResponseReturnValue:
    """Take in what was done on a device, each operation for itself, all in one transaction."""
    try:
        batch = Batch.model_validate(request.get_json(silent=True))
    except ValidationError:
        raise BadInput(N_("This cannot be read.")) from None
    if batch.user_id != current_user.id:
        raise Conflict(N_("These drafts are somebody else's: they can only be sent after signing in as that person."))
    answers = [_answer_to(said, batch.device_id) for said in batch.operations]
    return _json(f'{{"answers": [{", ".join(answers)}]}}')


def _answer_to(said: dict[str, Any], device_id: str) -> str:
    """The answer to one operation; an accident with one does not keep the others from being taken in."""
    try:
        operation = OperationIn.model_validate(said).operation(device_id)
    except ValidationError:
        return _refusal(said, "malformed", _("This cannot be read."))
    try:
        with db.session.begin_nested():
            return service.take_in(db.session, current_scope(), operation, now=now_here(), say=say)
    except Conflict as conflict:
        return _refusal(said, "reused", say(conflict))
    except Exception as error:
        if is_busy(error):
            raise  # the whole batch is sent again a little later
        log.exception("Accident with operation %s", operation.op_id)
        return json.dumps({"op_id": operation.op_id, "outcome": None})


def _refusal(said: dict[str, Any], code: str, words: str) -> str:
    answer = {"op_id": str(said.get("op_id"))[:36], "outcome": Outcome.REFUSED.value, "code": code, "words": words}
    return json.dumps(answer)  # in ASCII: the key comes as it was sent, and that may be half a character


def _json(body: str | bytes) -> Response:
    return Response(body, mimetype="application/json")
