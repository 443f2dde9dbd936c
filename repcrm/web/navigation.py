"""The ways through the product: what each role finds in the menu, and where it begins."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from flask_login import current_user

from repcrm.accounts.pinyin import initials_column, pinyin_column, readings_of_place
from repcrm.accounts.search import Entry as Findable
from repcrm.accounts.search import Wanted, rank
from repcrm.core.words import N_
from repcrm.organisation.access import Permission as P
from repcrm.organisation.access import Role
from repcrm.web.languages import catalogue

LONGEST = 200
"""Characters of the readings of a page's name."""


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
PLAN = Entry("plan.page", N_("Call plan"), "plan", P.VIEW_PLANS, short=N_("Plan"))
WEEK = Entry("week.page", N_("Week"), "calendar", P.LOG_CALLS)
MEETING = Entry("meeting.latest", N_("Monday meeting"), "presentation", P.VIEW_MEETING, tab=True, short=N_("Meeting"))
SHEETS = Entry("sheets.index", N_("Call sheets"), "check-circle", P.REVIEW_SHEETS, tab=True)
DOCTORS = Entry("doctors.index", N_("Doctors"), "people", P.VIEW_ACCOUNTS, tab=True)
HOSPITALS = Entry("hospitals.index", N_("Hospitals"), "hospital", P.VIEW_ACCOUNTS)
FOLLOW_UPS = Entry("follow_ups.index", N_("Follow-ups"), "flag", P.LOG_CALLS)
BOARD = Entry("board.page", N_("Live board"), "gauge", P.VIEW_TARGETS)
TARGETS = Entry("targets.grid", N_("Targets"), "target", P.VIEW_TARGETS)
SPLITS = Entry("splits.index", N_("Splits"), "split", P.PROPOSE_SPLIT)
REPORTS = Entry("reports.index", N_("Gap reports"), "chart", P.VIEW_REPORTS)
ACTIONS = Entry("actions.index", N_("Actions"), "list", P.CLOSE_ACTIONS)
MAP = Entry("map.page", N_("Map"), "pin", P.VIEW_CALLS)
PRODUCTS = Entry("products.index", N_("Products"), "pill", P.VIEW_CATALOGUE)
TERRITORIES = Entry("territories.index", N_("Territories"), "map", P.VIEW_TERRITORIES)
DISTRIBUTORS = Entry("distributors.index", N_("Distributors"), "box", P.VIEW_DISTRIBUTORS)
SETUP = Entry("setup.page", N_("Setup"), "check-circle", P.VIEW_SETUP)
IMPORTS = Entry("imports.index", N_("Imports"), "upload", P.IMPORT_DATA, tab=True)
CLAIMS = Entry("claims.index", N_("Claims"), "flag", P.VIEW_CLAIMS)
USERS = Entry("users.index", N_("Users"), "users", P.MANAGE_USERS, tab=True)
REGIONS = Entry("regions.index", N_("Regions"), "flag", P.MANAGE_USERS)
JOBS = Entry("jobs.index", N_("Clock jobs"), "jobs", P.VIEW_JOBS)
DIARY = Entry("diary.page", N_("Diary"), "clock", P.VIEW_DIARY)
EVENINGS = Entry("evenings.page", N_("Evening rounds"), "moon", P.VIEW_DIARY)
RECEPTION = Entry("reception.index", N_("Reception and ways"), "building", P.EDIT_RECEPTION)
JOURNAL = Entry("journal.index", N_("Journal"), "journal", P.VIEW_JOURNAL)
PLANNING_RULES = Entry("planning_settings.rules", N_("Planning rules"), "settings", P.LEAD_PLANS)
WORKDAYS = Entry("workdays.index", N_("Working days"), "calendar", P.MANAGE_CALENDAR)
CEILING = Entry("planning_settings.ceiling", N_("Ceiling on contact"), "settings", P.SET_CEILING)

WAYS: dict[Role, tuple[Entry, ...]] = {
    Role.REP: (
        TODAY, replace(PLAN, tab=True), replace(DOCTORS, short=N_("Customers")),
        replace(BOARD, tab=True, short=N_("Results")), WEEK, replace(MEETING, tab=False), HOSPITALS, MAP, FOLLOW_UPS,
        DIARY, EVENINGS,
        TARGETS, SPLITS, ACTIONS, REPORTS, CLAIMS, PRODUCTS,
    ),
    Role.LEAD: (
        MEETING, BOARD, replace(TARGETS, tab=True), PLAN, SHEETS, DOCTORS, HOSPITALS, MAP,
        DIARY, EVENINGS, RECEPTION,
        SPLITS, ACTIONS, REPORTS, CLAIMS, TERRITORIES, PRODUCTS, DISTRIBUTORS, JOURNAL, PLANNING_RULES,
    ),
    Role.ADMIN: (
        IMPORTS, CLAIMS, USERS, SETUP, DOCTORS, HOSPITALS, REGIONS, TERRITORIES, PRODUCTS, DISTRIBUTORS, RECEPTION,
        WORKDAYS, JOBS, JOURNAL, CEILING,
    ),
}  # fmt: skip
"""Role -> its ways, the page it begins with first."""

ASIDE: tuple[Entry, ...] = (
    Entry("calls.find", N_("Log an unplanned call"), "plus", P.LOG_CALLS),
    Entry("board.screen", N_("Live board on the office screen"), "presentation", P.VIEW_TARGETS),
    Entry("sync.index", N_("To decide"), "conflict", P.LOG_CALLS),
    Entry("time_off.new", N_("Time off"), "plus", P.EDIT_DIARY),
    Entry("appointments.new", N_("Appointment"), "plus", P.EDIT_DIARY),
    Entry("travel.index", N_("Ways"), "map", P.EDIT_RECEPTION),
    Entry("plan_lead.deviations", N_("Deviations"), "chart", P.LEAD_PLANS),
    Entry("plan_lead.unseen", N_("Not seen for long"), "clock", P.LEAD_PLANS),
    Entry("splits.factors", N_("Adoption factors"), "star", P.APPROVE_SPLIT),
    Entry("doctors.new", N_("New doctor"), "plus", P.EDIT_ACCOUNTS),
    Entry("hospitals.new", N_("New hospital"), "plus", P.EDIT_ACCOUNTS),
    Entry("products.new", N_("New product"), "plus", P.EDIT_CATALOGUE),
    Entry("distributors.new", N_("New distributor"), "plus", P.EDIT_DISTRIBUTORS),
    Entry("names.index", N_("Remembered names"), "list", P.IMPORT_DATA),
    Entry("territories.new", N_("New territory"), "plus", P.EDIT_TERRITORIES),
    Entry("users.new", N_("New user"), "plus", P.MANAGE_USERS),
    Entry("regions.new", N_("New region"), "plus", P.MANAGE_USERS),
    Entry("search.page", N_("Search"), "search", P.VIEW_ACCOUNTS),
    Entry("identity.me", N_("My account"), "settings"),
    Entry("design.page", N_("Design"), "eye", P.MANAGE_USERS),
)
"""Pages that stand in no menu; the command palette leads there."""


def navigation() -> list[Entry]:
    """Return the ways open to the person who asks, the home page first."""
    return _open_ways(WAYS[current_user.role])


def every_page() -> list[Entry]:
    """Return every page the person who asks can open without saying of what: the menu first."""
    return _open_ways((*WAYS[current_user.role], *ASIDE))


def find_pages(words: str) -> list[Entry]:
    """Return the pages that fit what somebody typed, in either language, by pinyin or initials; all for no words."""
    pages = every_page()
    wanted = Wanted.read(words)
    if not wanted:
        return pages
    named = [_as_entry(number, page.label) for number, page in enumerate(pages)]
    return [pages[found.id] for found in rank(wanted, named, len(pages))]


def _open_ways(entries: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.permission is None or current_user.may(entry.permission)]


@cache
def _as_entry(number: int, label: str) -> Findable:
    chinese = catalogue("zh").gettext(label)
    readings = readings_of_place(chinese)
    return Findable(number, chinese, pinyin_column(readings, LONGEST), initials_column(readings, LONGEST), "", label)
