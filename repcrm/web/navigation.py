"""The ways through the product: what each role finds in the menu, and where it begins."""

from dataclasses import dataclass, replace

from flask_login import current_user

from repcrm.core.words import N_
from repcrm.organisation.access import Permission as P
from repcrm.organisation.access import Role


@dataclass(frozen=True)
class Entry:
    """One way: where to, in which words, for whom."""

    endpoint: str
    label: str
    icon: str
    permission: P | None = None
    """None: everybody who has signed in."""
    tab: bool = False
    """Stands at the foot of a phone, where there is room for five."""
    short: str | None = None
    """Fewer words, for the foot of a phone."""


TODAY = Entry("today.page", N_("Today"), "today", P.LOG_CALLS, tab=True)
WEEK = Entry("week.page", N_("Week"), "calendar", P.LOG_CALLS, tab=True)
MEETING = Entry("meeting.latest", N_("Monday meeting"), "presentation", P.VIEW_MEETING, tab=True, short=N_("Meeting"))
SHEETS = Entry("sheets.index", N_("Call sheets"), "check-circle", P.REVIEW_SHEETS, tab=True)
DOCTORS = Entry("doctors.index", N_("Doctors"), "people", P.VIEW_ACCOUNTS, tab=True)
HOSPITALS = Entry("hospitals.index", N_("Hospitals"), "hospital", P.VIEW_ACCOUNTS)
FOLLOW_UPS = Entry("follow_ups.index", N_("Follow-ups"), "flag", P.LOG_CALLS)
TARGETS = Entry("targets.grid", N_("Targets"), "target", P.VIEW_TARGETS)
SPLITS = Entry("splits.index", N_("Splits"), "split", P.PROPOSE_SPLIT)
REPORTS = Entry("reports.index", N_("Gap reports"), "chart", P.VIEW_REPORTS)
ACTIONS = Entry("actions.index", N_("Actions"), "list", P.CLOSE_ACTIONS)
PRODUCTS = Entry("products.index", N_("Products"), "pill", P.VIEW_CATALOGUE)
TERRITORIES = Entry("territories.index", N_("Territories"), "map", P.VIEW_TERRITORIES)
IMPORTS = Entry("imports.index", N_("Imports"), "upload", P.IMPORT_DATA, tab=True)
USERS = Entry("users.index", N_("Users"), "users", P.MANAGE_USERS, tab=True)
JOBS = Entry("jobs.index", N_("Clock jobs"), "jobs", P.VIEW_JOBS)
DIARY = Entry("diary.page", N_("Diary"), "clock", P.VIEW_DIARY)
EVENINGS = Entry("evenings.page", N_("Evening rounds"), "moon", P.VIEW_DIARY)
RECEPTION = Entry("reception.index", N_("Reception and ways"), "building", P.EDIT_RECEPTION)
JOURNAL = Entry("journal.index", N_("Journal"), "journal", P.VIEW_JOURNAL)
PLANNING_RULES = Entry("planning_settings.rules", N_("Planning rules"), "settings", P.LEAD_PLANS)
CEILING = Entry("planning_settings.ceiling", N_("Ceiling on contact"), "settings", P.SET_CEILING)

WAYS: dict[Role, tuple[Entry, ...]] = {
    Role.REP: (
        TODAY, WEEK, DOCTORS, MEETING, HOSPITALS, FOLLOW_UPS,
        DIARY, EVENINGS,
        TARGETS, SPLITS, ACTIONS, REPORTS, PRODUCTS,
    ),
    Role.LEAD: (
        MEETING, replace(TARGETS, tab=True), SHEETS, DOCTORS, HOSPITALS,
        DIARY, EVENINGS, RECEPTION,
        SPLITS, ACTIONS, REPORTS, TERRITORIES, PRODUCTS, JOURNAL, PLANNING_RULES,
    ),
    Role.ADMIN: (IMPORTS, USERS, DOCTORS, HOSPITALS, TERRITORIES, PRODUCTS, RECEPTION, JOBS, JOURNAL, CEILING),
}  # fmt: skip
"""Role -> its ways, the page it begins with first."""


def navigation() -> list[Entry]:
    """Return the ways open to the person who asks, the home page first."""
    return [
        entry for entry in WAYS[current_user.role] if entry.permission is None or current_user.may(entry.permission)
    ]
