from repcrm.planning.coverage import DoctorCount, coverage


def test_coverage_worked_out_by_hand():
    found = coverage(
        [
            DoctorCount("key", 4, goal=8, done=2, planned=3, proposed=6),
            DoctorCount("key", None, goal=8, done=9, planned=1, proposed=1),
            DoctorCount("general", 4, goal=4, done=0, planned=0, proposed=2),
            DoctorCount("general", 1, goal=0, done=1, planned=0, proposed=0),
        ]
    )
    # 5 of 8, 8 of 8 (what is too much makes up for nobody), 0 of 4; with the proposal 8, 8 and 2 of 20
    assert (found.total.doctors, found.total.goal, found.total.done, found.total.planned) == (4, 20, 12, 4)
    assert (found.total.covered, found.total.covered_after, found.total.reached) == (13, 18, 10)
    assert (found.total.percent, found.total.percent_after, found.total.percent_done) == (65, 90, 50)
    assert list(found.by_tier) == ["key", "general"]
    assert (found.by_tier["key"].percent, found.by_tier["general"].percent_after) == (81, 50)
    assert {rating: line.goal for rating, line in found.by_rating.items()} == {4: 12, 1: 0, 0: 8}
    assert found.by_rating[1].percent is None


def test_without_a_proposal_there_is_nothing_after():
    found = coverage([DoctorCount("key", 4, goal=8, done=2, planned=3)])
    assert found.total.percent_after is None
