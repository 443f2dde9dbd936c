"""What the journal keeps as names of tables, services and columns, in words people read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.listing import ListingStage
from repcrm.accounts.models import Doctor, Hospital
from repcrm.accounts.models import Session as DayPart
from repcrm.calls.terms import CallPurpose, CallResult, CallStatus, CallType, SheetStatus
from repcrm.catalogue.models import Product
from repcrm.core.words import N_, Term
from repcrm.core.workdays import DayKind, YearState
from repcrm.diary.terms import AppointmentKind, TimeOffKind
from repcrm.imports.models import NameKind
from repcrm.meeting.terms import ActionStatus
from repcrm.organisation.access import Role
from repcrm.organisation.models import Region, Territory, User
from repcrm.planning.policy import RATINGS, RULES
from repcrm.planning.terms import PlanStatus, ProposalKind, RequestState, Wish
from repcrm.sales.models import (
    BatchStatus,
    Channel,
    ClaimKind,
    ClaimState,
    DeliveryRhythm,
    Distributor,
    DistributorTier,
    FlowMode,
    Intake,
)
from repcrm.targets.models import SplitStatus
from repcrm.web import filters

SUBJECTS = {
    "user_account": N_("Person"),
    "region": N_("Region"),
    "territory": N_("Territory"),
    "territory_assignment": N_("Assignment"),
    "product": N_("Product"),
    "product_price": N_("Price"),
    "product_conversion": N_("Unit conversion"),
    "distributor": N_("Distributor"),
    "name_alias": N_("Remembered name"),
    "sales_token": N_("Token of a distributor"),
    "sales_claim": N_("Claim"),
    "hospital": N_("Hospital"),
    "doctor": N_("Doctor"),
    "listing": N_("Listing"),
    "import_batch": N_("Import"),
    "period_target": N_("Region's target"),
    "hospital_target": N_("Hospital target"),
    "quota_split": N_("Split"),
    "adoption_factor": N_("Adoption factors"),
    "adoption_rating": N_("Adoption rating"),
    "call_sheet": N_("Call sheet"),
    "call": N_("Call"),
    "report_snapshot": N_("Gap report"),
    "review": N_("Meeting"),
    "action": N_("Action"),
    "time_off": N_("Time off"),
    "appointment": N_("Appointment"),
    "evening_duty": N_("Evening round"),
    "rep_base": N_("Start of the day"),
    "travel_override": N_("Way"),
    # call planning
    "call_plan": N_("Call plan"),
    "change_request": N_("Request for a change of a plan"),
    "planning_rules": N_("Planning rules"),
    "contact_ceiling": N_("Ceiling on contact"),
    # working days
    "calendar_day": N_("Working days"),
    "region_calendar": N_("Calendar of a region"),
}
"""Table -> the word for one of its rows."""

VERBS = {
    "accept_sheet": N_("accepted"),
    "add_region": N_("added"),
    "add_user": N_("added"),
    "add_distributor": N_("added"),
    "revise_distributor": N_("edited"),
    "answer_name": N_("decided"),
    "make_token": N_("made"),
    "revoke_token": N_("revoked"),
    "use_token": N_("used"),
    "receive_file": N_("received"),
    "make_claim": N_("reported"),
    "withdraw_claim": N_("withdrawn"),
    "accept_claim": N_("accepted and corrected"),
    "decline_claim": N_("declined"),
    "undo_alias": N_("removed"),
    "set_conversion": N_("set"),
    "end_conversion": N_("ended"),
    "amend_call": N_("amended"),
    "apply_batch": N_("applied"),
    "take_rows_up": N_("rows included again"),
    "set_rows_aside": N_("rows set aside"),
    "apply_rest": N_("waiting rows applied"),
    "approve_split": N_("approved"),
    "ask_of_region": N_("asked of the region"),
    "assign_targets": N_("assigned"),
    "carry_action_on": N_("carried on"),
    "change_own_password": N_("own password changed"),
    "change_role": N_("role changed"),
    "close": N_("ended"),
    "close_review": N_("closed"),
    "decide_action": N_("decided"),
    "disable_user": N_("shut out"),
    "discard_batch": N_("discarded"),
    "drop_action": N_("dropped"),
    "edit_user": N_("edited"),
    "enable_user": N_("let in again"),
    "finish_action": N_("done"),
    "freeze": N_("frozen"),
    "give": N_("given"),
    "hand_over": N_("handed over"),
    "move_listing": N_("moved on"),
    "note_review": N_("noted"),
    "propose_split": N_("handed in for approval"),
    "rate_doctor": N_("rated"),
    "rename_region": N_("renamed"),
    "reopen_action": N_("opened again"),
    "reset_password": N_("password reset"),
    "return_sheet": N_("sent back"),
    "return_split": N_("sent back"),
    "revise": N_("revised"),
    "set_factors": N_("set"),
    "set_password": N_("password set"),
    "set_price": N_("price set"),
    "split_quota": N_("split"),
    "submit_sheet": N_("handed in"),
    "target_changed": N_("reopened: its target changed"),
    "undo_batch": N_("undone"),
    "withdraw_rating": N_("rating withdrawn"),
    "take_time_off": N_("taken"),
    "cancel_time_off": N_("cancelled"),
    "make_appointment": N_("made"),
    "change_appointment": N_("changed"),
    "skip_appointment": N_("left out once"),
    "cancel_appointment": N_("cancelled"),
    "set_reception": N_("reception hours set"),
    "set_rounds": N_("evening rounds set"),
    "set_travel": N_("set"),
    "set_base": N_("set"),
    "share_evenings": N_("shared out"),
    "swap_evening": N_("changed hands"),
    # call planning
    "accept_proposal": N_("proposal accepted"),
    "add_visit": N_("visit added"),
    "answer_change": N_("answered"),
    "ask_change": N_("asked for"),
    "copy_week": N_("week copied"),
    "dismiss_proposal": N_("proposal dismissed"),
    "keep_proposal": N_("proposed"),
    "lock_plan": N_("locked"),
    "move_visit": N_("visit moved"),
    "pass_ceiling": N_("recorded over the ceiling"),
    "pin_visit": N_("visit pinned"),
    "publish_plan": N_("published"),
    "remove_visit": N_("visit taken out"),
    "set_ceiling": N_("set"),
    "set_policy": N_("set"),
    "unlock_plan": N_("unlocked"),
    # working days
    "confirm_calendar_year": N_("year confirmed"),
    "follow_country": N_("country changed"),
    "load_calendar": N_("loaded"),
    "remove_calendar_day": N_("removed"),
    "set_calendar_days": N_("changed"),
    "start_calendar_year": N_("year started"),
    "unfollow_country": N_("change of country removed"),
}
"""Verb of a service -> the word for what was done."""

FIELDS = {
    "call_id": N_("out of call number"),
    "channel": N_("arrived by"),
    "claim": N_("what is wrong"),
    "claim_state": N_("state of the claim"),
    "distributor_id": N_("in files of"),
    "import": N_("import"),
    "label": N_("token"),
    "rejected": N_("rejected rows"),
    "right_hospital_id": N_("right hospital"),
    "waiting": N_("rows waiting for an answer"),
    "due_day": N_("due day"),
    "intake": N_("files that arrive by themselves"),
    "name_kind": N_("kind of name"),
    "named_distributor_id": N_("stands for"),
    "needs_second_person": N_("a second person applies its files"),
    "not_ours": N_("not ours"),
    "packs_den": N_("in how many units"),
    "packs_num": N_("packs"),
    "regions": N_("sales area"),
    "rhythm": N_("sends sales"),
    "spelling": N_("name in the file"),
    "tier": N_("tier"),
    "unit": N_("unit"),
    "user_id": N_("stands for"),
    "call_type": N_("type"),
    "calls_done": N_("calls made"),
    "code": N_("code"),
    "comment": N_("comment"),
    "competitor_note": N_("competitors there"),
    "competitors": N_("competitors seen"),
    "created_at": N_("added"),
    "counts_again": N_("counts again (import)"),
    "digest": N_("check code"),
    "doctor_id": N_("doctor"),
    "doctors": N_("doctors met"),
    "due_on": N_("due"),
    "file_name": N_("file"),
    "floor_packs": N_("floor (packs)"),
    "follow_up": N_("next step"),
    "from_on": N_("from"),
    "hospital_id": N_("hospital"),
    "is_active": N_("may sign in"),
    "is_locked": N_("locked"),
    "late": N_("lines of earlier days"),
    "lines": N_("lines"),
    "mode": N_("how it counts"),
    "name": N_("name"),
    "notes": N_("notes"),
    "outcome": N_("outcome"),
    "owner_id": N_("owner"),
    "period": N_("period"),
    "potential_packs": N_("potential (packs a month)"),
    "price_fen": N_("price"),
    "product_id": N_("product"),
    "products": N_("products"),
    "purposes": N_("purposes"),
    "rated_on": N_("rated on"),
    "rating": N_("rating"),
    "ratings": N_("ratings"),
    "region": N_("region"),
    "region_id": N_("region"),
    "rep_id": N_("rep"),
    "replaces": N_("takes the place of (import)"),
    "result": N_("result"),
    "revision": N_("revision"),
    "role": N_("role"),
    "rows": N_("rows"),
    "shares": N_("doctors' parts (packs)"),
    "since_on": N_("since"),
    "snapshot_id": N_("report number"),
    "source": N_("distributor"),
    "stage": N_("stage"),
    "started_at_time": N_("time"),
    "status": N_("status"),
    "stock": N_("stock seen"),
    "stretch_packs": N_("stretch (packs)"),
    "summary": N_("summary"),
    "territory_id": N_("territory"),
    "until_on": N_("until"),
    "username": N_("user name"),
    "what": N_("what"),
    "day_on": N_("day"),
    "evening_rounds": N_("evening rounds on weekdays"),
    "evenings": N_("evenings"),
    "kind": N_("kind"),
    "minutes": N_("minutes"),
    "nobody": N_("evenings nobody can take"),
    "note": N_("note"),
    "one_id": N_("hospital"),
    "other_id": N_("other hospital"),
    "packs": N_("packs"),
    "part": N_("part of the day"),
    "reception": N_("reception hours"),
    "starts_at_time": N_("begins at"),
    "title": N_("title"),
    "weekday": N_("weekday"),
    "with_lead": N_("with the lead"),
    "country": N_("country"),
    "special_days": N_("day"),
    # call planning
    "calls": N_("calls"),
    "changes": N_("changes"),
    "dropped": N_("visits of days gone by, dropped"),
    "is_pinned": N_("pinned"),
    "left": N_("changes left"),
    "state": N_("state"),
    "to_on": N_("to"),
    "visits": N_("visits"),
    "window_days": N_("within days"),
    **{name: rule.label for name, rule in RULES.items()},
    **{f"headroom_{rating}": N_("room to grow") for rating in RATINGS},
    **{f"goal_{rating}": N_("calls a cycle") for rating in RATINGS},
}
"""Column -> the word for it."""

TERMS: dict[str, tuple[type[Term], ...]] = {
    "call_type": (CallType,),
    "purposes": (CallPurpose,),
    "result": (CallResult,),
    "role": (Role,),
    "stage": (ListingStage,),
    "status": (SplitStatus, SheetStatus, CallStatus, BatchStatus, ActionStatus, PlanStatus),
    "kind": (ProposalKind, TimeOffKind, AppointmentKind),
    "mode": (FlowMode,),
    "channel": (Channel,),
    "claim": (ClaimKind,),
    "claim_state": (ClaimState,),
    "part": (DayPart,),
    "name_kind": (NameKind,),
    "tier": (DistributorTier,),
    "rhythm": (DeliveryRhythm,),
    "intake": (Intake,),
    "state": (RequestState,),
    "what": (Wish,),
    "special_days": (DayKind, YearState),
}
"""Column -> the closed lists its values come from."""

NAMED: dict[str, Any] = {
    "distributor_id": Distributor,
    "doctor_id": Doctor,
    "named_distributor_id": Distributor,
    "user_id": User,
    "hospital_id": Hospital,
    "right_hospital_id": Hospital,
    "one_id": Hospital,
    "other_id": Hospital,
    "owner_id": User,
    "product_id": Product,
    "region_id": Region,
    "rep_id": User,
    "shares": Doctor,
    "territory_id": Territory,
}
"""Column -> whose key it holds; of `shares` the doctors' keys are the names inside."""

Names = dict[tuple[str, int], str]
"""(Column, key) -> name."""


def names_behind(session: Session, values: Iterable[Mapping[str, Any] | None]) -> Names:
    """Return the names of everything that journal entries mention by key, one query a kind.

    Who may read an entry may read the names in it.
    """
    keys: dict[str, set[int]] = {}
    for mentioned in filter(None, values):
        for column in NAMED.keys() & mentioned.keys():
            value = mentioned[column]
            keys.setdefault(column, set()).update(
                map(int, value) if isinstance(value, Mapping) else filter(None, [value])
            )
    return {
        (column, key): name
        for column, wanted in keys.items()
        for key, name in session.execute(
            select(NAMED[column].id, NAMED[column].name).where(NAMED[column].id.in_(sorted(wanted)))
        )
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> list[tuple[str, str, str]]:
    """Return (word for the column, before, after) of what differs, in the reader's language."""
    old, new = _flat(before, names), _flat(after, names)
    return [
        (words, old.get(words, filters.NOTHING), new.get(words, filters.NOTHING))
        for words in dict.fromkeys([*old, *new])
        if old.get(words) != new.get(words)
    ]


def _flat(values: Mapping[str, Any], names: Names) -> dict[str, str]:
    found: dict[str, str] = {}
    for column, value in values.items():
        words = _(FIELDS[column]) if column in FIELDS else column
        if isinstance(value, Mapping):
            for key, inner in value.items():
                found[f"{words}: {_name(column, key, names)}"] = _value(column, inner, names)
        else:
            found[words] = _value(column, value, names)
    return found


def _name(column: str, key: Any, names: Names) -> str:
    text = str(key)
    return names.get((column, int(text)), text) if text.isdigit() else text


def _value(column: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return filters.NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_value(column, one, names) for one in value)
    if column.endswith("_fen"):
        return filters.money(value)
    if column.endswith("_on"):
        return filters.plain_day(date.fromisoformat(value))
    if column.endswith("_at"):
        return filters.instant(datetime.fromisoformat(value))
    if column.endswith("_id"):
        return _name(column, value, names)
    for terms in TERMS.get(column, ()):
        if value in set(terms):
            return filters.term(terms(value))
    return str(value)
