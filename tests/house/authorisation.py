"""Who may open which route: one row a route, read by test_routes.py. A new route adds its row here.

    "doctors.page": to("rep", "lead", "admin", thing=a_doctor),

says: the rep whose doctor it is, the lead of the region and the administrator get in. Whoever has a role that is
named, but stands in another region (other_rep, other_lead), gets 404; roles that are not named get 403; a stranger is
sent to sign in. `everybody()` is for public routes, `signed_in()` for those that any role may open. A thing is made
for the rep and the lead of the East before each visit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import count
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Doctor, Hospital
from repcrm.calls.models import CallSheet, CallStatus
from repcrm.catalogue.models import Product
from repcrm.imports.models import NameKind
from repcrm.meeting.models import Review
from repcrm.organisation import feeds, sign_in
from repcrm.organisation.models import Region, User
from repcrm.planning.cycle import Cycle
from repcrm.planning.models import CallPlan
from repcrm.reports.models import ReportSnapshot
from repcrm.sales.models import BatchStatus, Channel
from tests import factories as make

_days = count()

CHARACTERS = ("stranger", "rep", "other_rep", "lead", "other_lead", "admin")


@dataclass
class World:
    """Two regions with a rep and a lead each, an administrator, and a hospital of the East with a doctor."""

    session: Session
    visitor: User | None = None
    """Who is about to come; None: a stranger."""

    @cached_property
    def east(self) -> Region:
        return make.make_region(self.session, code="EAST", name="East")

    @cached_property
    def west(self) -> Region:
        return make.make_region(self.session, code="WEST", name="West")

    @cached_property
    def rep(self) -> User:
        return make.make_rep(self.session, region=self.east)

    @cached_property
    def other_rep(self) -> User:
        return make.make_rep(self.session, region=self.west)

    @cached_property
    def lead(self) -> User:
        return make.make_lead(self.session, region=self.east)

    @cached_property
    def other_lead(self) -> User:
        return make.make_lead(self.session, region=self.west)

    @cached_property
    def admin(self) -> User:
        return make.make_admin(self.session)

    @cached_property
    def product(self) -> Product:
        return make.make_product(self.session)

    @cached_property
    def hospital(self) -> Hospital:
        """A hospital of the East, assigned to its rep for ever."""
        hospital = make.make_hospital(self.session, region=self.east)
        make.make_assignment(self.session, hospital=hospital, product=self.product, rep=self.rep)
        return hospital

    @cached_property
    def doctor(self) -> Doctor:
        return make.make_doctor(self.session, hospital=self.hospital)

    @cached_property
    def report(self) -> ReportSnapshot:
        return make.make_snapshot(self.session, region=self.east)

    @cached_property
    def sheet(self) -> CallSheet:
        """The rep's sheet of a Monday."""
        return make.make_sheet(self.session, rep=self.rep)

    @cached_property
    def review(self) -> Review:
        return make.make_review(self.session, snapshot=self.report)

    def person(self, character: str) -> User | None:
        """The person who plays a character; None for the stranger."""
        return None if character == "stranger" else getattr(self, character)


Thing = Callable[[World], dict[str, Any]]
"""Makes what a route is about; returns the arguments of its address."""


@dataclass(frozen=True)
class Row:
    """Who gets in, and to what."""

    admitted: frozenset[str]
    thing: Thing
    hidden: frozenset[str] = field(default_factory=frozenset)
    by_token: bool = False
    """Open to programs with a token only: nobody's sign-in counts."""

    def outcome(self, character: str) -> str:
        """What becomes of a visitor: `in`, `404`, `403` or `sign in`."""
        if self.by_token:
            return "sign in"
        if character in self.admitted:
            return "in"
        if character in self.hidden:
            return "404"
        if character == "stranger":
            return "sign in"
        return "404" if character.removeprefix("other_") in self.admitted else "403"


def nothing(_: World) -> dict[str, Any]:
    """The address has no arguments."""
    return {}


def to(*characters: str, thing: Thing = nothing, hidden: tuple[str, ...] = ()) -> Row:
    """A route for these characters. A list that everybody of a role may open is for other_rep and other_lead, too.

    hidden  characters who get 404 although their role is not named
    """
    admitted = set(characters)
    if thing is nothing:
        admitted |= {f"other_{name}" for name in characters if name in ("rep", "lead")}
    return Row(frozenset(admitted), thing, frozenset(hidden))


def everybody(thing: Thing = nothing) -> Row:
    """A public route."""
    return Row(frozenset(CHARACTERS), thing)


def signed_in(thing: Thing = nothing) -> Row:
    """A route for whoever has signed in."""
    return Row(frozenset(CHARACTERS) - {"stranger"}, thing)


def with_token(thing: Thing = nothing) -> Row:
    """A route for programs that send a token; tests/api tries the tokens."""
    return Row(frozenset(), thing, by_token=True)


# --- things -----------------------------------------------------------------------------------------------------------


def a_user(world: World) -> dict[str, Any]:
    return {"user_id": make.make_rep(world.session, region=world.east).id}


def a_region(world: World) -> dict[str, Any]:
    return {"region_id": world.east.id}


def a_work(world: World) -> dict[str, Any]:
    return {"work_id": make.make_work(world.session, asked_by=world.lead).id}


def an_own_sign_in(world: World) -> dict[str, Any]:
    user = world.visitor or world.rep
    sign_in.open_session(world.session, user, make.NOW, timedelta(days=3650), "another browser")
    return {"session_id": sign_in.list_sessions(world.session, user.id, make.NOW)[-1].id}


def a_stylesheet(_: World) -> dict[str, Any]:
    return {"tag": "any", "name": "app.css"}


def a_hospital(world: World) -> dict[str, Any]:
    return {"hospital_id": world.hospital.id}


def a_doctor(world: World) -> dict[str, Any]:
    return {"doctor_id": world.doctor.id}


def a_department(world: World) -> dict[str, Any]:
    return {"department_id": make.make_department(world.session, hospital=world.hospital).id}


def a_product(world: World) -> dict[str, Any]:
    return {"product_id": world.product.id}


def a_conversion(world: World) -> dict[str, Any]:
    return {"conversion_id": make.make_conversion(world.session, product=make.make_product(world.session)).id}


def a_distributor(world: World) -> dict[str, Any]:
    """One that is meant to deliver to the East only."""
    distributor = make.make_distributor(world.session)
    make.make_distributor_region(world.session, distributor=distributor, region=world.east)
    return {"distributor_id": distributor.id}


def a_token(world: World) -> dict[str, Any]:
    token = make.make_token(world.session, created_by=world.admin)
    return {"distributor_id": token.distributor_id, "token_id": token.id}


def a_sent_file(world: World) -> dict[str, Any]:
    return {"file_id": make.make_batch(world.session, created_by=world.admin, channel=Channel.API).id}


def a_claim(world: World) -> dict[str, Any]:
    """The rep's own."""
    claim = make.make_claim(world.session, hospital=world.hospital, product=world.product, made_by=world.rep)
    return {"claim_id": claim.id}


def a_sold_line(world: World) -> dict[str, Any]:
    return {"line": make.make_flow(world.session, hospital=world.hospital, product=world.product).id}


def a_name(world: World) -> dict[str, Any]:
    return {"alias_id": make.make_alias(world.session).id}


def a_name_of_a_distributor(world: World) -> dict[str, Any]:
    distributor = make.make_distributor(world.session)
    alias = make.make_alias(world.session, kind=NameKind.DISTRIBUTOR, named_distributor=distributor)
    return {"distributor_id": distributor.id, "alias_id": alias.id}


def a_product_in_a_hospital(world: World) -> dict[str, Any]:
    return {**a_hospital(world), **a_product(world)}


def a_listing(world: World) -> dict[str, Any]:
    listing = make.make_listing(world.session, hospital=world.hospital, product=make.make_product(world.session))
    return {"listing_id": listing.id}


def a_target(world: World) -> dict[str, Any]:
    product = make.make_product(world.session)
    make.make_assignment(world.session, hospital=world.hospital, product=product, rep=world.rep)
    return {"target_id": make.make_target(world.session, hospital=world.hospital, product=product).id}


def a_report(world: World) -> dict[str, Any]:
    return {"snapshot_id": world.report.id}


def a_meeting(world: World) -> dict[str, Any]:
    return {"review_id": world.review.id}


def an_action(world: World) -> dict[str, Any]:
    return {"action_id": make.make_action(world.session, review=world.review, owner=world.rep).id}


def a_day(_: World) -> dict[str, Any]:
    return {"day": make.MONDAY}


def a_week(_: World) -> dict[str, Any]:
    return {"week": "2026-W47"}


def a_sheet(world: World) -> dict[str, Any]:
    return {"sheet_id": world.sheet.id}


def a_call(world: World) -> dict[str, Any]:
    call = make.make_call(world.session, sheet=world.sheet, main_doctor=world.doctor, hospital=world.hospital)
    return {"call_id": call.id}


def a_planned_call(world: World) -> dict[str, Any]:
    call = make.make_call(
        world.session, sheet=world.sheet, main_doctor=world.doctor, hospital=world.hospital, status=CallStatus.PLANNED
    )
    return {"call_id": call.id}


def a_follow_up(world: World) -> dict[str, Any]:
    call = make.make_call(world.session, sheet=world.sheet, main_doctor=world.doctor, hospital=world.hospital)
    return {"follow_up_id": make.make_follow_up(world.session, call=call).id}


def a_month(_: World) -> dict[str, Any]:
    return {"month": "2026-11"}


def a_rep(world: World) -> dict[str, Any]:
    return {"rep_id": world.rep.id}


def a_time_off(world: World) -> dict[str, Any]:
    """Far ahead, so that it can be cancelled."""
    from_on = date(2031, 1, 6) + timedelta(days=next(_days))
    found = make.make_time_off(
        world.session, rep=world.rep, from_on=from_on, until_on=from_on + timedelta(days=1)
    )  # fmt: skip
    return {"time_off_id": found.id}


def an_appointment(world: World) -> dict[str, Any]:
    return {"appointment_id": make.make_appointment(world.session, rep=world.rep).id}


def an_evening(world: World) -> dict[str, Any]:
    day_on = date(2031, 1, 6) + timedelta(days=next(_days))
    duty = make.make_evening_duty(world.session, hospital=world.hospital, rep=world.rep, day_on=day_on)
    return {"duty_id": duty.id}


def a_way(world: World) -> dict[str, Any]:
    """From the hospital to a new one, whose key is larger."""
    one, other = world.hospital, make.make_hospital(world.session, region=world.east)
    return {"override_id": make.make_travel_override(world.session, one=one, other=other).id}


def a_decision(world: World) -> dict[str, Any]:
    call = make.make_call(world.session, sheet=world.sheet, main_doctor=world.doctor, hospital=world.hospital)
    return {"conflict_id": make.make_conflict(world.session, call=call).id}


def a_batch(world: World) -> dict[str, Any]:
    batch = make.make_batch(world.session, status=BatchStatus.PREVIEWED, created_by=world.admin, applied_at=None)
    return {"batch_id": batch.id}


def an_applied_batch(world: World) -> dict[str, Any]:
    return {"batch_id": make.make_batch(world.session, created_by=world.admin).id}


def a_template(_: World) -> dict[str, Any]:
    return {"kind": "flow", "ext": "xlsx"}


def a_day_of_a_plan(world: World) -> dict[str, Any]:
    world.session.execute(delete(CallPlan))
    make.make_plan(world.session, rep=world.rep, start_on=Cycle.of(make.NEXT_MONDAY).start_on)
    return {"rep_id": world.rep.id, "day": make.NEXT_MONDAY}


def a_doctor_in_a_plan(world: World) -> dict[str, Any]:
    return {**a_day_of_a_plan(world), "doctor": world.doctor.id}


def a_proposal(world: World) -> dict[str, Any]:
    a_day_of_a_plan(world)
    plan = world.session.scalars(select(CallPlan)).one()
    return {"proposal_id": make.make_proposal(world.session, plan=plan).id}


def a_change_asked_for(world: World) -> dict[str, Any]:
    a_day_of_a_plan(world)
    plan = world.session.scalars(select(CallPlan)).one()
    return {"request_id": make.make_change_request(world.session, plan=plan, asked_by=world.rep).id}


def own_planning_work(world: World) -> dict[str, Any]:
    user = world.visitor or world.rep
    return {"work_id": make.make_work(world.session, asked_by=user, kind="propose", wish={"plan_id": 1}).id}


def a_calendar(world: World) -> dict[str, Any]:
    feeds.revoke_feeds(world.session, world.rep.id, make.NOW)
    return {"token": feeds.make_feed(world.session, world.rep, make.NOW)}


def an_own_calendar(world: World) -> dict[str, Any]:
    user = world.visitor or world.rep
    feeds.revoke_feeds(world.session, user.id, make.NOW)
    feeds.make_feed(world.session, user, make.NOW)
    return {"feed_id": feeds.list_feeds(world.session, user.id)[0].id}


# --- the table --------------------------------------------------------------------------------------------------------

ROUTES: dict[str, Row] = {
    # shell
    "assets.file": everybody(a_stylesheet),
    "work.page": to("lead", thing=a_work, hidden=("rep", "other_rep", "admin")),
    "work.progress": to("lead", thing=a_work, hidden=("rep", "other_rep", "admin")),
    "work.stop": to("lead", thing=a_work, hidden=("rep", "other_rep", "admin")),
    "home.page": signed_in(),
    "identity.sign_in": everybody(),
    "identity.sign_in_now": everybody(),
    "identity.language": everybody(),
    "identity.sign_out": signed_in(),
    "identity.me": signed_in(),
    "identity.password": signed_in(),
    "identity.revoke": signed_in(an_own_sign_in),
    "setup.page": to("admin"),
    "users.index": to("admin"),
    "users.new": to("admin"),
    "users.add": to("admin"),
    "users.edit": to("admin", thing=a_user),
    "users.save": to("admin", thing=a_user),
    "users.change_role": to("admin", thing=a_user),
    "users.disable": to("admin", thing=a_user),
    "users.enable": to("admin", thing=a_user),
    "users.first_passwords": to("admin"),
    "users.reset_password": to("admin", thing=a_user),
    "regions.index": to("admin"),
    "regions.new": to("admin"),
    "regions.add": to("admin"),
    "regions.edit": to("admin", thing=a_region),
    "regions.save": to("admin", thing=a_region),
    "journal.index": to("lead", "admin"),
    # design
    "design.page": to("admin"),
    "design.options": to("admin"),
    "design.theme": everybody(),
    # accounts, catalogue, territories
    "hospitals.index": to("rep", "lead", "admin"),
    "hospitals.page": to("rep", "lead", "admin", thing=a_hospital),
    "hospitals.new": to("lead", "admin"),
    "hospitals.add": to("lead", "admin"),
    "hospitals.edit": to("lead", "admin", thing=a_hospital),
    "hospitals.save": to("lead", "admin", thing=a_hospital),
    "hospitals.new_department": to("lead", "admin", thing=a_hospital),
    "hospitals.add_department": to("lead", "admin", thing=a_hospital),
    "hospitals.department": to("lead", "admin", thing=a_department),
    "hospitals.save_department": to("lead", "admin", thing=a_department),
    "listings.page": to("lead", "admin", thing=a_product_in_a_hospital),
    "listings.open": to("lead", "admin", thing=a_product_in_a_hospital),
    "listings.move": to("lead", "admin", thing=a_listing),
    "listings.save": to("lead", "admin", thing=a_listing),
    "doctors.index": to("rep", "lead", "admin"),
    "doctors.page": to("rep", "lead", "admin", thing=a_doctor),
    "doctors.new": to("lead", "admin"),
    "doctors.add": to("lead", "admin"),
    "doctors.edit": to("lead", "admin", thing=a_doctor),
    "doctors.save": to("lead", "admin", thing=a_doctor),
    "doctors.move": to("lead", "admin", thing=a_doctor),
    "doctors.save_roster": to("lead", "admin", thing=a_doctor),
    "ratings.edit": to("rep", "lead", thing=a_doctor),
    "ratings.save": to("rep", "lead", thing=a_doctor),
    "search.page": to("rep", "lead", "admin"),
    "search.options": to("rep", "lead", "admin"),
    "search.palette": to("rep", "lead", "admin"),
    "search.anything": to("rep", "lead", "admin"),
    "products.index": to("rep", "lead", "admin"),
    "products.page": signed_in(a_product),
    "products.new": to("admin"),
    "products.add": to("admin"),
    "products.edit": to("admin", thing=a_product),
    "products.save": to("admin", thing=a_product),
    "products.set_price": to("admin", thing=a_product),
    "products.add_competitor": to("admin", thing=a_product),
    "products.set_conversion": to("admin", thing=a_product),
    "products.end_conversion": to("admin", thing=a_conversion),
    "distributors.index": to("lead", "other_lead", "admin"),
    "distributors.page": to("lead", "admin", thing=a_distributor),
    "distributors.new": to("admin"),
    "distributors.add": to("admin"),
    "distributors.edit": to("admin", thing=a_distributor),
    "distributors.save": to("admin", thing=a_distributor),
    "distributors.add_name": to("admin", thing=a_distributor),
    "tokens.make": to("admin", thing=a_distributor),
    "tokens.revoke": to("admin", thing=a_token),
    "sales_files.send": with_token(),
    "sales_files.state": with_token(a_sent_file),
    "claims.sales": to("rep", "lead", thing=a_hospital),
    "claims.index": to("rep", "lead", "admin"),
    "claims.new": to("rep", thing=a_sold_line),
    "claims.add": to("rep", thing=a_sold_line),
    "claims.page": to("rep", "lead", "admin", thing=a_claim),
    "claims.withdraw": to("rep", thing=a_claim),
    "claims.accept": to("admin", thing=a_claim),
    "claims.decline": to("admin", thing=a_claim),
    "distributors.remove_name": to("admin", thing=a_name_of_a_distributor),
    "names.index": to("admin"),
    "names.remove": to("admin", thing=a_name),
    "territories.index": to("lead", "admin"),
    "territories.page": to("lead", "admin", thing=a_hospital),
    "territories.hand_over": to("admin", thing=a_hospital),
    "territories.new": to("admin"),
    "territories.add": to("admin"),
    # calls
    "today.page": to("rep"),
    "today.page_on": to("rep", "other_rep", thing=a_day),
    "today.plan": to("rep", "other_rep", thing=a_day),
    "today.submit": to("rep", "other_rep", thing=a_day),
    "calls.find": to("rep"),
    "calls.new": to("rep", thing=a_doctor),
    "calls.save": to("rep", thing=a_doctor),
    "calls.record": to("rep", thing=a_planned_call),
    "calls.log": to("rep", thing=a_planned_call),
    "calls.page": to("rep", "lead", thing=a_call),
    "calls.edit": to("rep", thing=a_call),
    "calls.revise": to("rep", thing=a_call),
    "calls.undo": to("rep", thing=a_call),
    "calls.change": to("rep", thing=a_planned_call),
    "calls.move": to("rep", thing=a_planned_call),
    "calls.cancel": to("rep", thing=a_planned_call),
    "week.page": to("rep"),
    "week.page_of": to("rep", "other_rep", thing=a_week),
    "sheets.index": to("lead"),
    "sheets.week": to("lead", "other_lead", thing=a_week),
    "sheets.page": to("rep", "lead", thing=a_sheet),
    "sheets.accept": to("lead", thing=a_sheet),
    "sheets.send_back": to("lead", thing=a_sheet),
    "follow_ups.index": to("rep"),
    "follow_ups.keep": to("rep", thing=a_follow_up),
    "follow_ups.reopen": to("rep", thing=a_follow_up),
    # what comes from devices
    "shell.page": everybody(),
    "shell.worker": everybody(),
    "shell.manifest": everybody(),
    "sync.index": to("rep"),
    "sync.settle": to("rep", thing=a_decision),
    "api.token": to("rep"),
    "api.day_pack": to("rep"),
    "api.operations": to("rep"),
    # call plans
    "calls.miss": to("rep", thing=a_planned_call),
    "calls.reopen": to("rep", thing=a_planned_call),
    "plan.page": to("rep", "lead"),
    "plan.page_of": to("rep", "lead", thing=a_day_of_a_plan),
    "plan.place": to("rep", "lead", thing=a_doctor_in_a_plan),
    "plan.put": to("rep", thing=a_day_of_a_plan),
    "plan.take_out": to("rep", thing=a_day_of_a_plan),
    "plan.pin": to("rep", thing=a_day_of_a_plan),
    "plan.copy": to("rep", thing=a_day_of_a_plan),
    "plan.publish": to("rep", thing=a_day_of_a_plan),
    "plan.lock": to("lead", thing=a_day_of_a_plan),
    "plan.unlock": to("lead", thing=a_day_of_a_plan),
    "proposals.ask": to("rep", thing=a_day_of_a_plan),
    "proposals.progress": to("rep", "lead", "other_rep", "other_lead", thing=own_planning_work),
    "proposals.accept": to("rep", thing=a_proposal),
    "proposals.dismiss": to("rep", thing=a_proposal),
    "plan_changes.index": to("rep", "lead", thing=a_day_of_a_plan),
    "plan_changes.answer": to("lead", thing=a_change_asked_for),
    "plan_lead.deviations": to("lead"),
    "plan_lead.unseen": to("lead"),
    "plan_lead.propose_all": to("lead"),
    # the calendar feed
    "feeds.calendar": everybody(a_calendar),
    "feeds.make": to("rep"),
    "feeds.revoke": to("rep", "other_rep", thing=an_own_calendar),
    # targets
    "targets.grid": to("rep", "lead"),
    "targets.save": to("lead"),
    "targets.spread": to("lead"),
    "targets.ask": to("lead"),
    "splits.index": to("rep", "lead"),
    "splits.page": to("rep", "lead", thing=a_target),
    "splits.save": to("rep", "lead", thing=a_target),
    "splits.hand_in": to("rep", "lead", thing=a_target),
    "splits.suggest": to("rep", "lead", thing=a_target),
    "splits.approve": to("lead", thing=a_target),
    "splits.send_back": to("lead", thing=a_target),
    "splits.factors": to("lead"),
    "splits.save_factors": to("lead"),
    # diary
    "diary.page": to("rep", "lead"),
    "diary.page_of": to("rep", "other_rep", "lead", "other_lead", thing=a_week),
    "diary.base": to("rep", "lead", thing=a_rep),
    "diary.set_base": to("rep", "lead", thing=a_rep),
    "diary.forget_base": to("rep", "lead", thing=a_rep),
    "time_off.new": to("rep", "lead"),
    "time_off.add": to("rep", "lead"),
    "time_off.page": to("rep", "lead", thing=a_time_off),
    "time_off.cancel": to("rep", "lead", thing=a_time_off),
    "appointments.new": to("rep", "lead"),
    "appointments.add": to("rep", "lead"),
    "appointments.page": to("rep", "lead", thing=an_appointment),
    "appointments.save": to("rep", "lead", thing=an_appointment),
    "appointments.skip": to("rep", "lead", thing=an_appointment),
    "appointments.cancel": to("rep", "lead", thing=an_appointment),
    "evenings.page": to("rep", "lead"),
    "evenings.page_of": to("rep", "other_rep", "lead", "other_lead", thing=a_month),
    "evenings.share": to("lead"),
    "evenings.duty": to("rep", "lead", thing=an_evening),
    "evenings.swap": to("rep", "lead", thing=an_evening),
    "reception.index": to("lead", "admin"),
    "reception.edit": to("lead", "admin", thing=a_hospital),
    "reception.save": to("lead", "admin", thing=a_hospital),
    "travel.index": to("lead", "admin"),
    "travel.add": to("lead", "admin"),
    "travel.forget": to("lead", "admin", thing=a_way),
    "board.page": to("rep", "lead"),
    "board.screen": to("rep", "lead"),
    "board.figures": to("rep", "lead"),
    "map.page": to("rep", "lead"),
    # imports
    "imports.index": to("admin"),
    "imports.read": to("admin"),
    "imports.page": to("admin", thing=a_batch),
    "imports.answer": to("admin", thing=a_batch),
    "imports.aside": to("admin", thing=a_batch),
    "imports.apply": to("admin", thing=a_batch),
    "imports.look_again": to("admin", thing=a_batch),
    "imports.discard": to("admin", thing=a_batch),
    "imports.undo": to("admin", thing=an_applied_batch),
    "imports.refused": to("admin", thing=a_batch),
    "imports.template": to("admin", thing=a_template),
    # working days
    "workdays.index": to("admin"),
    "workdays.set_day": to("admin"),
    "workdays.remove_day": to("admin"),
    "workdays.confirm_year": to("admin"),
    "workdays.start_year": to("admin"),
    "workdays.follow": to("admin"),
    "workdays.unfollow": to("admin"),
    # call planning: rules
    "planning_settings.rules": to("lead", "other_lead"),
    "planning_settings.save_rules": to("lead", "other_lead"),
    "planning_settings.ceiling": to("admin"),
    "planning_settings.save_ceiling": to("admin"),
    # reports, meeting, jobs
    "reports.index": to("rep", "lead"),
    "reports.freeze": to("lead"),
    "reports.page": to("rep", "lead", thing=a_report),
    "reports.revise": to("lead", thing=a_report),
    "reports.export": to("rep", "lead", thing=a_report),
    "meeting.latest": to("rep", "lead"),
    "meeting.open_now": to("lead", thing=a_report),
    "meeting.page": to("rep", "lead", thing=a_meeting),
    "meeting.slides": to("rep", "lead", thing=a_meeting),
    "meeting.decide": to("lead", thing=a_meeting),
    "meeting.note": to("lead", thing=a_meeting),
    "meeting.close": to("lead", thing=a_meeting),
    "actions.index": to("rep", "lead"),
    "actions.page": to("rep", "lead", thing=an_action),
    "actions.finish": to("rep", "lead", thing=an_action),
    "actions.drop": to("lead", thing=an_action),
    "actions.reopen": to("rep", "lead", thing=an_action),
    "actions.carry_on": to("lead", thing=an_action),
    "jobs.index": to("admin"),
    "jobs.run": to("admin"),
}
