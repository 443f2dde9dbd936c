"""Where the marks of a rating chart go."""

from datetime import date

from repcrm.web.rating_chart import HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw_ratings, first_month

TODAY = date(2026, 11, 23)
BEGIN = date(2026, 8, 15)  # 100 days before today


def test_a_rating_holds_until_the_next_and_up_to_today():
    chart = draw_ratings([(BEGIN, 1), (date(2026, 10, 4), 7)], BEGIN, TODAY)  # the second after 50 of 100 days
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    assert chart.path == f"M{LEFT}.0 92.0H{middle}V{TOP}.0H{WIDTH - RIGHT}.0"
    assert [(mark.x, mark.y, mark.rating) for mark in chart.marks] == [(LEFT, HEIGHT - 20, 1), (middle, TOP, 7)]


def test_what_was_rated_before_begins_at_the_edge_without_a_mark():
    chart = draw_ratings([(date(2025, 1, 1), 2), (date(2026, 1, 1), 4)], BEGIN, TODAY)
    assert chart.path.startswith(f"M{LEFT}.0 50.0H")
    assert chart.marks == []


def test_of_two_ratings_of_one_day_the_last_is_drawn():
    chart = draw_ratings([(BEGIN, 1), (BEGIN, 4)], BEGIN, TODAY)
    assert [mark.rating for mark in chart.marks] == [4]


def test_nothing_rated_draws_nothing_and_the_future_is_not_drawn():
    assert draw_ratings([], BEGIN, TODAY).path == ""
    assert draw_ratings([(date(2026, 12, 1), 5)], BEGIN, TODAY).path == ""


def test_months_stand_below_and_five_of_them_at_most_have_words():
    chart = draw_ratings([], date(2025, 6, 1), TODAY)
    assert len(chart.ticks) == 18
    assert [tick.words for tick in chart.ticks if tick.words] == ["2025-06", "2025-10", "2026-02", "2026-06", "2026-10"]


def test_a_chart_begins_with_the_first_rating_within_eighteen_months():
    assert first_month([date(2026, 3, 7), date(2026, 5, 1)], TODAY) == date(2026, 3, 1)
    assert first_month([date(2024, 3, 7)], TODAY) == date(2025, 6, 1)
    assert first_month([], TODAY) == date(2026, 9, 1)
    assert first_month([TODAY], TODAY) == date(2026, 9, 1)
