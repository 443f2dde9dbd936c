from repcrm.planning.board import gap_percent


def test_the_gap_is_part_of_the_bound_whatever_its_sign():
    assert gap_percent(98.0, 100.0) == 2.0
    assert gap_percent(-105.0, -100.0) == 5.0  # guarantees that do not fit cost more than all calls bring
    assert gap_percent(100.0, 100.0) == 0.0
    assert gap_percent(98.0, None) is None
