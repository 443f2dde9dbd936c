"""What is settled about hospitals and ways, and what the planner reads of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from repcrm.accounts.models import Session as DayPart
from repcrm.core.errors import NotFound, RuleBroken
from repcrm.diary import queries
from repcrm.diary.service import set_base, set_reception, set_rounds, set_travel
from repcrm.diary.travel import Point, way_minutes
from tests.factories import make_evening_duty, make_hospital, make_rep_base
from tests.service.diary.conftest import NOW, TODAY, Team

MONDAY = date(2026, 11, 30)
SLOTS = {(1, DayPart.AM), (3, DayPart.PM)}
ORDINARY = {DayPart.AM: 210, DayPart.PM: 210, DayPart.EVE: 90}


def test_a_hospital_receives_when_somebody_said_so_else_always(team: Team) -> None:
    assert set_reception(team.session, team.scope(team.lead), team.hospital, SLOTS, now=NOW)
    for who in (team.rep, team.lead):
        assert queries.reception_of(team.session, team.scope(who)) == {team.hospital.id: SLOTS}
    assert queries.reception_of(team.session, team.scope(team.rep), [team.clinic.id]) == {}
    assert queries.reception_of(team.session, team.scope(team.stranger)) == {}


def test_what_is_said_again_takes_the_place_of_what_was(team: Team) -> None:
    who = team.scope(team.lead)
    set_reception(team.session, who, team.hospital, SLOTS, now=NOW)
    assert not set_reception(team.session, who, team.hospital, SLOTS, now=NOW)
    set_reception(team.session, who, team.hospital, [], now=NOW)
    assert queries.reception_of(team.session, who) == {}
    assert [(before, after) for _verb, before, after in team.journal("hospital")] == [
        ({"reception": []}, {"reception": ["1 am", "3 pm"]}),
        ({"reception": ["1 am", "3 pm"]}, {"reception": []}),
    ]


def test_an_eighth_day_is_refused(team: Team) -> None:
    with pytest.raises(RuleBroken):
        set_reception(team.session, team.scope(team.lead), team.hospital, [(8, DayPart.AM)], now=NOW)
    with pytest.raises(RuleBroken):
        set_rounds(team.session, team.scope(team.lead), team.hospital, [0], now=NOW)


def test_hospitals_with_reception_hours_or_rounds_are_listed(team: Team) -> None:
    who = team.scope(team.lead)
    set_reception(team.session, who, team.hospital, SLOTS, now=NOW)
    set_rounds(team.session, who, team.clinic, [1, 2], now=NOW)
    assert not set_rounds(team.session, who, team.clinic, [2, 1], now=NOW)
    found = {one.hospital_id: (one.slots, one.rounds) for one in queries.list_reception_windows(team.session, who)}
    assert found == {team.hospital.id: (SLOTS, set()), team.clinic.id: (set(), {1, 2})}


def test_ways_are_read_from_the_map_except_where_they_are_known_better(team: Team) -> None:
    set_travel(team.session, team.scope(team.lead), team.clinic, team.hospital, 12, now=NOW)
    base = make_rep_base(team.session, rep=team.rep)
    places = [team.hospital.id, team.clinic.id]
    travel = queries.travel_matrix(team.session, team.scope(team.rep), team.rep.id, places)
    home = Point(base.latitude, base.longitude)
    there = [way_minutes(home, Point(31.2, longitude)) for longitude in (121.4, 121.5)]
    assert travel.minutes == ((0, 12, there[0]), (12, 0, there[1]), (there[0], there[1], 0))
    assert (travel.unplaced, travel.has_base) == ((), True)


def test_the_order_asked_for_is_the_order_of_the_rows(team: Team) -> None:
    nowhere = make_hospital(team.session, region=team.region)
    places = [team.clinic.id, nowhere.id, team.hospital.id]
    travel = queries.travel_matrix(team.session, team.scope(team.lead), team.rep.id, places)
    assert travel.unplaced == (nowhere.id,)
    assert travel.minutes[0][2] == way_minutes(Point(31.2, 121.5), Point(31.2, 121.4))
    assert not travel.has_base


def test_ways_of_a_rep_or_to_a_hospital_out_of_scope_are_not_found(team: Team) -> None:
    elsewhere = make_hospital(team.session)
    for who, places in ((team.stranger, []), (team.colleague, []), (team.rep, [elsewhere.id])):
        with pytest.raises(NotFound):
            queries.travel_matrix(team.session, team.scope(who), team.rep.id, places)


def test_a_way_is_changed_and_forgotten(team: Team) -> None:
    who = team.scope(team.lead)
    set_travel(team.session, who, team.hospital, team.clinic, 12, now=NOW)
    way = set_travel(team.session, who, team.clinic, team.hospital, 15, now=NOW)
    assert queries.list_travel_overrides(team.session, team.scope(team.rep)) == [way]
    assert queries.list_travel_overrides(team.session, team.scope(team.stranger)) == []
    assert set_travel(team.session, who, team.hospital, team.clinic, None, now=NOW) is None
    assert set_travel(team.session, who, team.hospital, team.clinic, None, now=NOW) is None
    assert queries.list_travel_overrides(team.session, who) == []
    assert len(team.journal("travel_override")) == 3


def test_a_way_from_a_hospital_to_itself_another_region_or_of_minus_minutes_is_refused(team: Team) -> None:
    for other, minutes, field in (
        (team.hospital, 5, "other_id"),
        (make_hospital(team.session), 5, "other_id"),
        (team.clinic, -1, "minutes"),
        (team.clinic, 601, "minutes"),
    ):
        with pytest.raises(RuleBroken) as refused:
            set_travel(team.session, team.scope(team.lead), team.hospital, other, minutes, now=NOW)
        assert refused.value.field == field


def test_a_base_is_a_point_with_a_name_and_the_journal_does_not_tell_where(team: Team) -> None:
    who = team.scope(team.rep)
    set_base(team.session, who, team.rep, "office", Point(31.0, 121.0), now=NOW)
    base = set_base(team.session, who, team.rep, "home", Point(31.51249, 121.4996), now=NOW)
    assert base is not None
    assert (base.latitude, base.longitude) == (31.512, 121.5)
    assert queries.find_base(team.session, team.scope(team.lead), team.rep.id) == base
    assert queries.find_base(team.session, team.scope(team.colleague), team.rep.id) is None
    assert queries.list_bases(team.session, team.scope(team.lead)) == {team.rep.id: base}
    set_base(team.session, who, team.rep, "", None, now=NOW)
    assert queries.find_base(team.session, who, team.rep.id) is None
    assert [entry[2] for entry in team.journal("rep_base")] == [{"rep_id": team.rep.id}, {"rep_id": team.rep.id}, None]


def test_a_base_without_a_name_off_the_earth_or_of_somebody_else_is_refused(team: Team) -> None:
    for name, point in (("", Point(31, 121)), ("office", Point(91, 121)), ("office", Point(31, 181))):
        with pytest.raises(RuleBroken):
            set_base(team.session, team.scope(team.rep), team.rep, name, point, now=NOW)
    with pytest.raises(NotFound):
        set_base(team.session, team.scope(team.colleague), team.rep, "office", Point(31, 121), now=NOW)


def test_what_is_left_of_a_day_is_read_in_a_fixed_number_of_statements(
    team: Team, query_counter: Callable[[], Any]
) -> None:
    def left(days: list[date]) -> tuple[dict[Any, Any], int]:
        who = team.scope(team.rep)
        with query_counter() as statements:
            found = queries.openings(team.session, who, who.user_id, days, ORDINARY)
        return dict(found), len(statements)

    _nothing, few = left([MONDAY])
    team.meets()
    team.meets(rep_id=team.colleague.id, starts_at_time=None, minutes=120)
    team.meets(weekday=None, part=DayPart.PM, starts_at_time=None, hospital_id=team.clinic.id, minutes=45)
    team.takes_off(date(2026, 12, 1), date(2026, 12, 2))
    make_evening_duty(team.session, rep=team.rep, hospital=team.hospital, day_on=MONDAY)
    found, statements = left([MONDAY, date(2026, 12, 1), date(2026, 12, 5)])
    assert statements == few == 5
    assert [found[MONDAY, part].minutes for part in ORDINARY] == [180, 165, 90]
    assert [found[MONDAY, part].presences for part in ORDINARY] == [(), (team.clinic.id,), (team.hospital.id,)]
    assert {found[day, part].minutes for day in (date(2026, 12, 1), date(2026, 12, 5)) for part in ORDINARY} == {0}


def test_what_is_left_of_a_colleagues_day_is_not_found(team: Team) -> None:
    with pytest.raises(NotFound):
        queries.openings(team.session, team.scope(team.colleague), team.rep.id, [TODAY], ORDINARY)
