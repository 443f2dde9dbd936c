"""Call plans and their visits, what was proposed, what was asked for while a plan was locked, and a region's rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from repcrm.accounts.models import Doctor, Hospital, Session
from repcrm.calls.models import Call
from repcrm.db.base import Base, Versioned
from repcrm.db.types import UTCDateTime, term
from repcrm.organisation.models import Region, User
from repcrm.planning.terms import PlanStatus, ProposalKind, ProposalState, RequestState, VisitOrigin


class CallPlan(Versioned, Base):
    """A rep's plan of one cycle. It counts its versions with every change made through planning."""

    __tablename__ = "call_plan"
    __table_args__ = (
        UniqueConstraint("rep_id", "start_on"),
        CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published_has_its_time"),
        Index("ix_call_plan_start_on", "start_on"),
    )

    rep_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    start_on: Mapped[date]
    """The Monday its cycle begins on."""
    status: Mapped[PlanStatus] = mapped_column(term(PlanStatus), default=PlanStatus.DRAFT)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    rep: Mapped[User] = relationship(foreign_keys=[rep_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    locked_by: Mapped[User | None] = relationship(foreign_keys=[locked_by_id])

    @property
    def is_published(self) -> bool:
        """Whether its visits stand on the call sheets."""
        return self.status is PlanStatus.PUBLISHED

    @property
    def is_locked(self) -> bool:
        """Whether the lead has to be asked for a change."""
        return self.locked_at is not None


class PlanVisit(Base):
    """A doctor on a day of a plan. Of a published plan they are what was published, whatever became of the calls."""

    __tablename__ = "plan_visit"
    __table_args__ = (UniqueConstraint("plan_id", "doctor_id", "day_on"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("call_plan.id", ondelete="CASCADE"))
    doctor_id: Mapped[int] = mapped_column(ForeignKey("doctor.id"), index=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    day_on: Mapped[date]
    part: Mapped[Session] = mapped_column(term(Session, "plan_visit_part"))
    is_pinned: Mapped[bool] = mapped_column(default=False)
    """Agreed with the doctor: a proposal leaves it where it is."""
    origin: Mapped[VisitOrigin] = mapped_column(term(VisitOrigin))
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"), index=True)
    """The planned call it was published as."""

    doctor: Mapped[Doctor] = relationship()
    hospital: Mapped[Hospital] = relationship()
    call: Mapped[Call | None] = relationship()


class PlanProposal(Versioned, Base):
    """What the planner proposed for a plan, with its reasons and how good it is; only a person makes it the plan."""

    __tablename__ = "plan_proposal"
    __table_args__ = (Index("ix_plan_proposal_plan_state", "plan_id", "state"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("call_plan.id", ondelete="CASCADE"))
    work_id: Mapped[int | None] = mapped_column(ForeignKey("long_work.id", ondelete="SET NULL"))
    """The long work that made it; None: the night's batch."""
    kind: Mapped[ProposalKind] = mapped_column(term(ProposalKind))
    state: Mapped[ProposalState] = mapped_column(term(ProposalState), default=ProposalState.OPEN)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    now_on: Mapped[date]
    """The first day it may change."""
    basis_version: Mapped[int]
    """The version of the plan it fits: that it was made from, or that its last accepted part has led to."""
    basis: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the problem it solves: the same question is not asked twice in a night."""
    objective: Mapped[float]
    upper_bound: Mapped[float | None]
    """Proven: no plan is worth more; None where nothing was proven."""
    seconds: Mapped[float]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Keys of the changes that were accepted one by one."""
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    plan: Mapped[CallPlan] = relationship()


class ChangeRequest(Versioned, Base):
    """A change a rep asks for while the lead has locked the plan."""

    __tablename__ = "change_request"
    __table_args__ = (Index("ix_change_request_plan_state", "plan_id", "state"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("call_plan.id", ondelete="CASCADE"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(200))
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    """See `wishes.Wanted`."""
    state: Mapped[RequestState] = mapped_column(term(RequestState), default=RequestState.OPEN)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answer: Mapped[str] = mapped_column(String(200), default="")

    plan: Mapped[CallPlan] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])


class PlanningRules(Versioned, Base):
    """How a region plans its calls (see `policy.Policy`); without a row the defaults hold."""

    __tablename__ = "planning_rules"

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), unique=True)
    am_minutes: Mapped[int]
    pm_minutes: Mapped[int]
    eve_minutes: Mapped[int]
    calls_a_day: Mapped[int]
    evenings_a_week: Mapped[int]
    call_minutes: Mapped[int]
    entry_minutes: Mapped[int]
    hospitals_a_session: Mapped[int]
    hop_minutes: Mapped[int]
    noon_break_minutes: Mapped[int]
    evening_break_minutes: Mapped[int]
    key_goal_calls: Mapped[int]
    key_must_calls: Mapped[int]
    key_spacing_days: Mapped[int]
    key_calls_a_week: Mapped[int]
    general_spacing_days: Mapped[int]
    general_calls_a_week: Mapped[int]
    travel_price_an_hour: Mapped[int]
    evening_price: Mapped[int]
    must_price: Mapped[int]
    least_worth_yuan: Mapped[int]
    pull_permille: Mapped[int]
    evenness_permille: Mapped[int]

    region: Mapped[Region] = relationship()


class RatingWorth(Base):
    """What a rating stands for in a region's plans; 0: not rated."""

    __tablename__ = "rating_worth"
    __table_args__ = (
        UniqueConstraint("rules_id", "rating"),
        CheckConstraint("rating BETWEEN 0 AND 7", name="rating_zero_to_seven"),
        CheckConstraint("headroom_permille BETWEEN 0 AND 1000", name="headroom_permille_in_range"),
        CheckConstraint("goal_calls BETWEEN 0 AND 12", name="goal_calls_in_range"),
    )

    rules_id: Mapped[int] = mapped_column(ForeignKey("planning_rules.id", ondelete="CASCADE"))
    rating: Mapped[int]
    headroom_permille: Mapped[int]
    goal_calls: Mapped[int]
