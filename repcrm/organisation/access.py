"""Who may do what, on one screen: roles, permissions, and the scope in which data is seen."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum, auto

from repcrm.core.words import N_, Term


class Role(Term):
    """What a person is to the field force."""

    REP = "rep", N_("rep")
    LEAD = "lead", N_("regional lead")
    ADMIN = "admin", N_("administrator")


class Permission(StrEnum):
    """Something a person may do; a route carries exactly one."""

    VIEW_ACCOUNTS = auto()
    EDIT_ACCOUNTS = auto()
    RATE_DOCTORS = auto()
    LOG_CALLS = auto()
    VIEW_CALLS = auto()
    REVIEW_SHEETS = auto()
    VIEW_TARGETS = auto()
    ASSIGN_TARGETS = auto()
    PROPOSE_SPLIT = auto()
    APPROVE_SPLIT = auto()
    IMPORT_DATA = auto()
    VIEW_REPORTS = auto()
    FREEZE_REPORTS = auto()
    VIEW_MEETING = auto()
    RUN_MEETING = auto()
    CLOSE_ACTIONS = auto()
    VIEW_CATALOGUE = auto()
    EDIT_CATALOGUE = auto()
    VIEW_DISTRIBUTORS = auto()
    EDIT_DISTRIBUTORS = auto()
    CONNECT_DISTRIBUTORS = auto()
    VIEW_CLAIMS = auto()
    CLAIM_SALES = auto()
    ANSWER_CLAIMS = auto()
    VIEW_TERRITORIES = auto()
    EDIT_TERRITORIES = auto()
    VIEW_DIARY = auto()
    EDIT_DIARY = auto()
    EDIT_RECEPTION = auto()
    SHARE_EVENINGS = auto()
    MANAGE_USERS = auto()
    VIEW_JOURNAL = auto()
    VIEW_JOBS = auto()
    RUN_JOBS = auto()
    VIEW_SETUP = auto()
    PLAN_CALLS = auto()
    VIEW_PLANS = auto()
    LEAD_PLANS = auto()
    SET_CEILING = auto()
    MANAGE_CALENDAR = auto()


P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.REP: frozenset(
        {
            P.VIEW_ACCOUNTS, P.RATE_DOCTORS, P.LOG_CALLS, P.VIEW_CALLS, P.VIEW_TARGETS, P.PROPOSE_SPLIT,
            P.VIEW_REPORTS, P.VIEW_MEETING, P.CLOSE_ACTIONS, P.VIEW_CATALOGUE,
            P.VIEW_DIARY, P.EDIT_DIARY,
            P.PLAN_CALLS, P.VIEW_PLANS, P.VIEW_CLAIMS, P.CLAIM_SALES,
        }
    ),
    Role.LEAD: frozenset(
        {
            P.VIEW_ACCOUNTS, P.EDIT_ACCOUNTS, P.RATE_DOCTORS, P.VIEW_CALLS, P.REVIEW_SHEETS, P.VIEW_TARGETS,
            P.ASSIGN_TARGETS, P.PROPOSE_SPLIT, P.APPROVE_SPLIT, P.VIEW_REPORTS, P.FREEZE_REPORTS, P.VIEW_MEETING,
            P.RUN_MEETING, P.CLOSE_ACTIONS, P.VIEW_CATALOGUE, P.VIEW_TERRITORIES, P.VIEW_DISTRIBUTORS, P.VIEW_JOURNAL,
            P.VIEW_DIARY, P.EDIT_DIARY, P.EDIT_RECEPTION, P.SHARE_EVENINGS,
            P.VIEW_PLANS, P.LEAD_PLANS, P.VIEW_CLAIMS,
        }
    ),
    # An administrator keeps master data and imports files; calls, targets, gaps and diaries are not theirs to read.
    Role.ADMIN: frozenset(
        {
            P.VIEW_ACCOUNTS, P.EDIT_ACCOUNTS, P.IMPORT_DATA, P.VIEW_CATALOGUE, P.EDIT_CATALOGUE, P.VIEW_TERRITORIES,
            P.EDIT_TERRITORIES, P.VIEW_DISTRIBUTORS, P.EDIT_DISTRIBUTORS, P.MANAGE_USERS, P.VIEW_JOURNAL, P.VIEW_JOBS,
            P.EDIT_RECEPTION, P.SET_CEILING, P.MANAGE_CALENDAR, P.RUN_JOBS, P.VIEW_SETUP, P.CONNECT_DISTRIBUTORS,
            P.VIEW_CLAIMS, P.ANSWER_CLAIMS,
        }
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Whose eyes a query looks through.

    user_id    who asks
    role       a rep sees the own territory, a lead the own region, an administrator all master data
    region_id  the region of a rep or lead; None for an administrator
    on         the day whose territory counts, so that the past is seen as it was
    """

    user_id: int
    role: Role
    region_id: int | None
    on: date

    def may(self, permission: Permission) -> bool:
        """Whether the role carries this permission."""
        return permission in ROLE_PERMISSIONS[self.role]

    def as_of(self, day: date) -> "Scope":
        """The same eyes on another day."""
        return replace(self, on=day)
