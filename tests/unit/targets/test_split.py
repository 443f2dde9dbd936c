"""The split of a hospital's month among its doctors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repcrm.core.errors import RuleBroken
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.split import Candidate, Part, Way, difference, meet, obstacle, propose

ZHAO = Candidate(1, is_key=True, rating=7, last_packs=50)
QIAN = Candidate(2, is_key=False, rating=3, last_packs=30)
SUN = Candidate(3, is_key=False)


@pytest.mark.parametrize(
    ("way", "parts"),
    [
        (Way.RATING, [59, 23, 18]),  # factors 1000, 400, 300 of 1700: 58.8, 23.5, 17.6
        (Way.TIER, [60, 20, 20]),  # 3, 1, 1 of 5
        (Way.EVEN, [34, 33, 33]),
        (Way.LAST, [63, 37, 0]),  # 50, 30, 0 of 80: 62.5, 37.5; equal remainders go to the earlier
    ],
)
def test_100_packs_among_three_doctors(way, parts):
    assert list(propose(100, [ZHAO, QIAN, SUN], way, DEFAULT_FACTORS).values()) == parts


def test_a_locked_part_stays():
    locked = Candidate(2, is_key=False, packs=10, is_locked=True)
    assert propose(100, [ZHAO, locked, SUN], Way.TIER, DEFAULT_FACTORS) == {1: 68, 2: 10, 3: 22}


def test_locked_parts_above_the_target_are_refused():
    locked = Candidate(2, is_key=False, packs=110, is_locked=True)
    with pytest.raises(RuleBroken, match="locked"):
        propose(100, [ZHAO, locked], Way.EVEN, DEFAULT_FACTORS)


def test_nobody_and_no_last_split_are_refused_in_words():
    with pytest.raises(RuleBroken, match="no doctor"):
        propose(100, [], Way.EVEN, DEFAULT_FACTORS)
    with pytest.raises(RuleBroken, match="no last split"):
        propose(100, [SUN], Way.LAST, DEFAULT_FACTORS)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([], "No doctor has been given a part yet."),
        ([60, 30], "10 packs are still to be given out."),
        ([60, 45], "5 packs too many have been given out."),
    ],
)
def test_a_split_is_handed_in_only_when_nothing_is_left(shares, words):
    assert str(obstacle(100, shares)) == words


def test_a_split_without_difference_may_be_handed_in():
    assert difference(100, [60, 40]) == 0
    assert obstacle(100, [60, 40]) is None
    assert obstacle(0, [0, 0]) is None


candidates = st.lists(
    st.builds(
        Candidate,
        doctor_id=st.integers(1, 10_000),
        is_key=st.booleans(),
        rating=st.none() | st.integers(1, 7),
        last_packs=st.none() | st.integers(0, 500),
        packs=st.none() | st.integers(0, 200),
        is_locked=st.booleans(),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda candidate: candidate.doctor_id,
)


@given(st.integers(0, 50_000), candidates, st.sampled_from(Way))
def test_a_proposal_adds_up_and_keeps_locked_parts(target, doctors, way):
    try:
        parts = propose(target, doctors, way, DEFAULT_FACTORS)
    except RuleBroken:
        return
    assert sum(parts.values()) == target
    assert obstacle(target, list(parts.values())) is None
    assert all(parts[doctor.doctor_id] == (doctor.packs or 0) for doctor in doctors if doctor.is_locked)
    assert all(part >= 0 for part in parts.values())


class TestTwoPeopleAtOnce:
    """What was shown, what one made of it, what the other has saved meanwhile."""

    def test_each_part_is_looked_at_by_itself(self):
        shown = {1: Part(10), 2: Part(20), 3: Part(30), 4: Part(40), 5: Part(50)}
        mine = {1: Part(11), 2: Part(20), 3: Part(33), 4: Part(44), 5: Part(50)}
        theirs = {1: Part(10), 2: Part(22), 3: Part(33), 4: Part(45), 5: Part(50)}
        # 1 only mine, 2 only theirs, 3 both to the same, 4 both and differently, 5 nobody
        assert meet(shown, mine, theirs) == ((4,), (2,))

    def test_a_lock_is_a_change_and_so_is_a_part_that_is_new_or_gone(self):
        shown = {1: Part(10), 2: Part(20)}
        assert meet(shown, shown, {1: Part(10, is_locked=True), 2: Part(20)}) == ((), (1,))
        assert meet(shown, shown, {1: Part(10)}) == ((), (2,))
        assert meet(shown, {1: Part(10), 2: Part(5)}, {1: Part(10), 3: Part(20)}) == ((2,), (3,))


parts = st.dictionaries(st.integers(1, 5), st.builds(Part, st.none() | st.integers(0, 3), st.booleans()))


@given(parts, parts, parts)
def test_nothing_of_either_is_lost_in_silence(shown, mine, theirs):
    meeting = meet(shown, mine, theirs)
    for doctor in {*shown, *mine, *theirs}:
        before, own, other = (side.get(doctor, Part()) for side in (shown, mine, theirs))
        if other not in (before, own):
            assert (doctor in meeting.theirs) is (own == before)
            assert (doctor in meeting.clashes) is (own != before)
