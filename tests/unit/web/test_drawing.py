"""Where the marks of the small drawings go."""

from repcrm.web.drawing import BRIDGE_WIDTH, draw_bridge, draw_bullet, draw_sparkline


def test_a_bullet_leaves_air_beyond_the_largest_mark():
    bullet = draw_bullet(actual=500, target=1000, expected=750)
    # the scale ends at 1000 x 1.1 = 1100, drawn 200 wide
    assert (bullet.actual, bullet.expected, bullet.target) == (90.9, 136.4, 181.8)
    assert bullet.stretch is None


def test_what_is_not_known_is_not_drawn():
    bullet = draw_bullet(actual=None, target=1000)
    assert bullet.actual is None
    assert draw_bullet(None, None).target is None


def test_a_bullet_of_nothing_does_not_divide_by_zero():
    assert draw_bullet(actual=0, target=0).actual == 0


def test_a_negative_actual_stays_within_the_drawing():
    assert draw_bullet(actual=-20, target=100).actual == 0


def test_a_stretch_below_the_target_is_not_a_range():
    assert draw_bullet(actual=1, target=100, stretch=100).stretch is None
    assert draw_bullet(actual=1, target=100, stretch=200).stretch == 181.8


def test_a_sparkline_goes_from_left_to_right_and_upwards():
    line = draw_sparkline([1, 4, 7], low=1, high=7)
    assert line.lines == ["4.0,28.0 60.0,16.0 116.0,4.0"]
    assert line.last == (116.0, 4.0)


def test_a_gap_breaks_the_line():
    assert draw_sparkline([1, None, 3]).lines == ["4.0,28.0", "116.0,4.0"]


def test_a_sparkline_of_nothing_is_empty():
    assert draw_sparkline([None, None]).lines == []
    assert draw_sparkline([]).last is None


def test_a_flat_line_stays_on_the_ground():
    assert draw_sparkline([5, 5]).lines == ["4.0,28.0 116.0,28.0"]


def step(label, value, total=False):
    return {"label": label, "value": value, "text": str(value), "total": total}


def test_a_bridge_walks_from_total_to_total():
    bridge = draw_bridge([step("before", 100, True), step("late flow", -50), step("after", 50, True)])
    assert bridge.zero == 0
    assert [(bar.kind, bar.x, bar.width) for bar in bridge.bars] == [
        ("total", 0, 400),
        ("down", 200, 200),
        ("total", 0, 200),
    ]


def test_a_bridge_below_zero_keeps_its_zero_in_view():
    bridge = draw_bridge([step("before", 50, True), step("fell", -100), step("after", -50, True)])
    assert bridge.zero == 200
    assert [(bar.x, bar.width) for bar in bridge.bars] == [(200, 200), (0, 400), (0, 200)]


def test_a_tiny_step_can_still_be_seen_and_none_at_all_cannot():
    bridge = draw_bridge([step("before", 100_000, True), step("tiny", 1), step("nothing", 0)])
    assert [bar.width for bar in bridge.bars] == [400, 2, 0]
    assert all(bar.x + bar.width <= BRIDGE_WIDTH for bar in bridge.bars)


def test_a_bridge_of_no_steps_is_empty():
    assert draw_bridge([]).bars == []
