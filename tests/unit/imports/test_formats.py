"""Number formats: 46329 is 3 November 2026 for those that show a day, and plain numbers are what they are."""

import pytest

from repcrm.imports.reading.formats import read_format


def shown(value: float, code: str):
    found = read_format(code)
    return value if found is None else found.cell(value)


@pytest.mark.parametrize("code", ["yyyy-mm", 'yyyy"年"m"月"', "mmm-yy", 'm"月"', "[$-804]yyyy年mm月;@", "yyyymm", "mm"])
def test_a_date_that_shows_no_day_is_a_month(code):
    assert shown(46329, code) == {"month": "2026-11-01"}


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        'm"月"d"日"',
        "yyyy/m/d h:mm",
        "d-mmm",
        "[$-F800]dddd, mmmm dd, yyyy",
        "aaaa",
        "[DBNum1]yyyy年m月d日",
    ],
)
def test_a_date_that_shows_its_day_is_a_day(code):
    assert shown(46329, code) == {"on": "2026-11-03"}


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (7, "000", "007"),
        (123, "00000000", "00000123"),
        (1234, "000", "1234"),
        (20261103, "0000-00-00", "2026-11-03"),
        (202611, '0000"年"00"月"', "2026年11月"),
        (7, '"H"000', "H007"),
        (12, '0"件"', "12件"),
        (1200, '#,##0"盒"', "1200盒"),
        (8.625, '0.0"千元"', "8.625千元"),
        (-40, '0"盒";-0"盒"', "-40盒"),
        (12, 'General"件"', "12件"),
    ],
)
def test_what_a_number_format_shows_beside_the_digits_is_kept(value, code, said):
    assert shown(value, code) == said


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0",
        "0.00",
        "#,##0",
        "0%",
        "0.00E+00",
        "# ?/?",
        "#,##0.00_);(#,##0.00)",
        '"¥"#,##0.00',
        "[$¥-804]#,##0.00",
    ]
    + [
        '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
        "[Red]0;[Blue]-0",
        '0!.0,"万"',
        '#,##0.0,"千"',
        "@",
        "000.00",
    ],
)
def test_other_formats_leave_a_number_what_it_is(code):
    assert shown(12345, code) == 12345


def test_times_are_words_and_impossible_days_stay_numbers():
    assert shown(0.354167, "h:mm") == "08:30:00"
    assert shown(1.5, "[h]:mm") == "1 day, 12:00:00"
    assert (shown(-5, "yyyy-mm-dd"), shown(60, "yyyy-mm-dd")) == (-5, 60)
    assert (shown(59, "yyyy-mm-dd"), shown(61, "yyyy-mm-dd")) == ({"on": "1900-02-28"}, {"on": "1900-03-01"})


def test_days_of_1904_count_from_another_day():
    found = read_format("yyyy-mm-dd")
    assert found is not None
    assert found.cell(44867, is_1904=True) == {"on": "2026-11-03"}  # 1,462 days less than in the other calendar
