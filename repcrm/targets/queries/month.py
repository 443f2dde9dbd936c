"""The month so far: what is left of it (S43), and the live board (S36)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import PackUnit, Product
from repcrm.core.periods import Period, PeriodKind
from repcrm.core.workdays import Doubt, WorkCalendar
from repcrm.organisation.access import Role, Scope
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.models import User
from repcrm.sales.models import BatchStatus, ImportBatch, ImportKind
from repcrm.targets.attainment import RUN_RATE_DAYS, days_left, elapsed
from repcrm.targets.board import Clock, Standing, stand, stand_by
from repcrm.targets.queries.places import list_places


@dataclass(frozen=True)
class MonthLeft:
    """One product of a month, for a rep's territory or a lead's region.

    floor_packs   None: no target
    actual_packs  None: no flow has come in yet
    left_packs    still missing to the floor, 0 when reached; None without a target
    days_left     working days of the month that remain, today included
    """

    product_id: int
    product: str
    unit: PackUnit
    floor_packs: int | None
    actual_packs: int | None
    left_packs: int | None
    days_left: int


@dataclass(frozen=True)
class BoardLine:
    """A rep, hospital or product on the board; `id` None is what nobody holds."""

    id: int | None
    name: str
    standing: Standing


@dataclass(frozen=True)
class Board:
    """The month at this moment, for a rep's own or a lead's region.

    doubts    the years in its figures whose working days are not certain
    total     everything together
    reps      empty for a rep
    flow_at   when the newest flow was imported; None: never
    """

    month: Period
    clock: Clock
    doubts: tuple[Doubt, ...]
    total: Standing
    reps: tuple[BoardLine, ...]
    hospitals: tuple[BoardLine, ...]
    products: tuple[BoardLine, ...]
    flow_at: datetime | None


def month_left(session: Session, scope: Scope, today: date) -> list[MonthLeft]:
    """Return per product how much of this month's floor is still missing, by product name.

    A rep is credited as in the reports: day by day for the hospitals x products held, targets and monthly
    sources by working days. Products with neither target nor flow are left out.
    """
    calendar = work_calendar(session, scope.region_id)
    clock = _clock(Period.of(PeriodKind.MONTH, today), today, calendar)
    places = list_places(session, scope, today, calendar, with_recent=False)
    standings = stand_by(places, lambda place: place.product_id, clock)
    wanted = select(Product).where(Product.id.in_(standings)).order_by(Product.name, Product.id)
    return [_left(product, standings[product.id]) for product in session.scalars(wanted)]


def month_board(session: Session, scope: Scope, today: date) -> Board:
    """Return the month of a day as it stands: the whole, and each rep, hospital and product, most to go first."""
    calendar = work_calendar(session, scope.region_id)
    month = Period.of(PeriodKind.MONTH, today)
    clock = _clock(month, today, calendar)
    places = list_places(session, scope, today, calendar)
    by_rep = stand_by(places, lambda place: place.rep_id, clock) if scope.role is not Role.REP else {}
    by_hospital = stand_by(places, lambda place: place.hospital_id, clock)
    by_product = stand_by(places, lambda place: place.product_id, clock)
    return Board(
        month,
        clock,
        calendar.doubts(calendar.start_of_last(RUN_RATE_DAYS, today), month.to_on),
        stand(places, clock),
        _lines(session, User, by_rep),
        _lines(session, Hospital, by_hospital),
        _lines(session, Product, by_product),
        session.scalar(
            select(func.max(ImportBatch.applied_at)).where(
                ImportBatch.kind == ImportKind.FLOW, ImportBatch.status == BatchStatus.APPLIED
            )
        ),
    )


def _clock(month: Period, today: date, calendar: WorkCalendar) -> Clock:
    return Clock(elapsed(month, today, calendar), days_left(month, today, calendar))


def _left(product: Product, standing: Standing) -> MonthLeft:
    return MonthLeft(
        product.id,
        product.name,
        product.unit,
        standing.floor_packs,
        standing.actual_packs,
        standing.left_packs,
        standing.clock.days_left,
    )


def _lines(
    session: Session, kind: type[User | Hospital | Product], standings: dict[int, Standing] | dict[int | None, Standing]
) -> tuple[BoardLine, ...]:
    ids = [key for key in standings if key is not None]
    rows = session.execute(select(kind.id, kind.name).where(kind.id.in_(ids))) if ids else ()
    names = {id_: name for id_, name in rows}  # noqa: C416 - dict() of rows is not typed
    return tuple(BoardLine(key, names[key] if key is not None else "", one) for key, one in standings.items())
