"""The lines of a search over time: values worked out by hand."""

from repcrm.web.plan_work import Trace, draw_trace


def test_one_figure_is_no_line():
    assert draw_trace([]) is None
    assert draw_trace([[0.1, 5, 9]]) is None


def test_time_goes_right_and_worth_goes_up():
    # 300 wide and 56 high with a margin of 3: 0 s at 3, 2 s at 297; 10 at the foot (53), 20 at the top (3), 15 midway
    assert draw_trace([[0, 10, 20], [2, 15, 20]]) == Trace("3.0,53.0 297.0,28.0", "3.0,3.0 297.0,3.0")


def test_nothing_proven_yet_leaves_the_bound_out():
    assert draw_trace([[0, 10, None], [2, 20, None]]) == Trace("3.0,53.0 297.0,3.0", "")
