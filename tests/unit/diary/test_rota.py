"""The rota of evening rounds: everybody's turn, nobody twice at once, and nothing lost."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from repcrm.diary.rota import Duty, Evening, round_days, share

MONDAY = date(2026, 11, 23)
ANN, BEN, CAI = 1, 2, 3
TEAM = frozenset({ANN, BEN, CAI})


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def week(*numbers: int, team: frozenset[int] = TEAM, hospital_id: int = 7) -> list[Evening]:
    return [Evening(day(number), hospital_id, team) for number in numbers]


def reps(duties: list[Duty]) -> list[int]:
    return [duty.rep_id for duty in duties]


def test_a_hospital_keeps_its_rounds_on_its_weekdays_but_not_on_a_holiday():
    # Monday and Thursday of two weeks are 0, 3, 7, 10; the first Thursday is a holiday.
    found = round_days([(7, 1), (7, 4)], [day(n) for n in range(14)], {day(3)})
    assert found == [(day(0), 7), (day(7), 7), (day(10), 7)]


def test_all_take_their_turn_and_begin_again_with_whom_it_was_longest_ago():
    assert reps(share(week(0, 1, 2, 3), away=set()).duties) == [ANN, BEN, CAI, ANN]


def test_who_had_fewer_before_comes_first():
    had = [Duty(day(-7), 7, ANN), Duty(day(-6), 7, ANN), Duty(day(-5), 7, BEN)]
    # 2, 1, 0 so far: Cai twice makes 2, 1, 2; with the week's limit of two, Ben is next, then Ann.
    assert reps(share(week(0, 1, 2, 3), away=set(), kept=had).duties) == [CAI, BEN, CAI, ANN]


def test_nobody_goes_who_is_away():
    assert reps(share(week(0), away={(ANN, day(0)), (BEN, day(0))}).duties) == [CAI]


def test_nobody_is_in_two_hospitals_and_the_scarcer_one_is_served_first():
    wide, narrow = week(0, hospital_id=7)[0], week(0, hospital_id=8, team=frozenset({ANN}))[0]
    assert share([wide, narrow], away=set()).duties == [Duty(day(0), 7, BEN), Duty(day(0), 8, ANN)]


def test_evenings_nobody_can_take_are_named():
    rota = share(week(0, 1, 2, team=frozenset({ANN})), away=set(), most_a_week=2)
    assert reps(rota.duties) == [ANN, ANN]
    assert [one.on for one in rota.nobody] == [day(2)]


def test_an_evening_changes_hands_when_it_was_given_before_somebody_could_not_take_a_later_one():
    # Ann and Ben share Monday; Ann alone can do Tuesday and Wednesday. In order Ann would have three, Ben none.
    evenings = [*week(0, team=frozenset({ANN, BEN})), *week(1, 2, team=frozenset({ANN}))]
    assert reps(share(evenings, away=set(), most_a_week=3).duties) == [BEN, ANN, ANN]


def test_who_alone_can_take_an_evening_hands_another_one_over():
    # In turn Ann has Monday and Wednesday, Ben Tuesday; Thursday only Ann can take, who has her two of the week:
    # Ben takes over Monday, the first that he can.
    evenings = [*week(0, 1, 2, team=frozenset({ANN, BEN})), *week(3, team=frozenset({ANN}), hospital_id=8)]
    rota = share(evenings, away=set())
    assert (reps(rota.duties), rota.nobody) == ([BEN, BEN, ANN, ANN], [])


@given(st.sets(st.integers(0, 27)), st.integers(1, 6))
def test_in_one_team_shares_differ_by_one_at_most_and_every_evening_is_taken(days, size):
    rota = share(week(*sorted(days), team=frozenset(range(size))), away=set(), most_a_week=7)
    had = Counter(reps(rota.duties))
    assert sum(had.values()) == len(days)
    assert rota.nobody == []
    assert max(had.values(), default=0) - min((had[rep] for rep in range(size)), default=0) <= 1


teams = st.frozensets(st.integers(0, 4), max_size=4)
evenings_to_share = st.dictionaries(st.tuples(st.integers(0, 20), st.integers(1, 3)), teams, max_size=25)


@given(evenings_to_share, st.sets(st.tuples(st.integers(0, 4), st.integers(0, 20))), st.integers(1, 3))
def test_whatever_the_teams_are_nothing_is_lost_and_nobody_has_two_more_than_one_who_could_help(wanted, away, most):
    evenings = [Evening(day(on), place, team) for (on, place), team in wanted.items()]
    gone = {(rep, day(on)) for rep, on in away}
    rota = share(evenings, gone, most_a_week=most)
    taken = {(duty.on, duty.hospital_id) for duty in rota.duties}
    assert len(taken) == len(rota.duties) == len(evenings) - len(rota.nobody)
    assert taken | {(one.on, one.hospital_id) for one in rota.nobody} == {(one.on, one.hospital_id) for one in evenings}

    team_of = {(one.on, one.hospital_id): one.team for one in evenings}
    had, busy = Counter(reps(rota.duties)), {(duty.rep_id, duty.on) for duty in rota.duties}
    weeks = Counter((duty.rep_id, duty.on.isocalendar()[:2]) for duty in rota.duties)
    assert len(busy) == len(rota.duties)
    assert max(weeks.values(), default=0) <= most
    for one in rota.nobody:
        spare = [rep for rep in one.team if weeks[rep, one.on.isocalendar()[:2]] < most]
        assert all((rep, one.on) in gone | busy for rep in spare)
    for duty in rota.duties:
        assert duty.rep_id in team_of[duty.on, duty.hospital_id]
        assert (duty.rep_id, duty.on) not in gone
        for other in team_of[duty.on, duty.hospital_id]:
            free = (other, duty.on) not in gone | busy and weeks[other, duty.on.isocalendar()[:2]] < most
            assert not (free and had[other] <= had[duty.rep_id] - 2)
