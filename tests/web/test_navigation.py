"""The menu: every way leads somewhere, only where its reader may go, and begins at the right place."""

import pytest

from repcrm.organisation.access import ROLE_PERMISSIONS, Permission, Role
from repcrm.web.guards import SIGNED_IN, guard_of
from repcrm.web.navigation import ASIDE, WAYS

pytestmark = pytest.mark.databases("sqlite")

ENTRIES = {entry.endpoint: entry for entries in WAYS.values() for entry in entries}


def test_each_way_asks_for_the_permission_of_its_page(app):
    asked = {name: entry.permission for name, entry in ENTRIES.items()}
    assert asked == {name: guard_of(app.view_functions[name]) for name in asked}


@pytest.mark.parametrize("role", Role)
def test_a_role_is_shown_only_where_it_may_go(role):
    assert {entry.permission for entry in WAYS[role]} <= ROLE_PERMISSIONS[role]


@pytest.mark.parametrize("role", Role)
def test_the_foot_of_a_phone_has_room_for_four_ways_and_more(role):
    assert 1 <= len([entry for entry in WAYS[role] if entry.tab]) <= 4
    assert WAYS[role][0].tab


def test_everybody_begins_with_the_page_their_week_turns_on():
    begin = {role: WAYS[role][0].endpoint for role in Role}
    assert begin == {Role.REP: "today.page", Role.LEAD: "meeting.latest", Role.ADMIN: "imports.index"}


def test_whoever_may_open_a_list_of_the_menu_finds_it_there():
    reachable = {entry.permission for entry in ENTRIES.values()}
    assert Permission.MANAGE_USERS in reachable
    for role, entries in WAYS.items():
        shown = {entry.endpoint for entry in entries}
        hidden = {
            name for name, entry in ENTRIES.items() if entry.permission in ROLE_PERMISSIONS[role] and name not in shown
        }
        assert hidden == set(), role


def test_the_palette_leads_to_every_page_that_can_be_opened_without_saying_of_what(app):
    """What is no page of its own stands here: partials, downloads, addresses that only lead on."""
    no_page = {
        "home.page",
        "identity.sign_in",
        "search.options",
        "search.palette",
        "search.anything",
        "board.figures",
        "design.options",
        "api.day_pack",
        "api.token",
        "shell.manifest",
        "shell.page",
        "shell.worker",
    }
    pages = {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments
    } - no_page
    needs_more = {"calls.new", "claims.new"}  # of which doctor, of which line or month
    assert pages - needs_more == {entry.endpoint for entry in [*ENTRIES.values(), *ASIDE]}


def test_a_page_aside_asks_for_the_permission_of_its_page(app):
    for entry in ASIDE:
        guard = guard_of(app.view_functions[entry.endpoint])
        assert guard == (entry.permission or SIGNED_IN), entry.endpoint
