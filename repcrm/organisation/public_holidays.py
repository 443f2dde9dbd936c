"""Public holidays as the library `holidays` expects them: a first draft of a year that is not announced yet."""

import holidays

from repcrm.core.errors import BadInput, RuleBroken
from repcrm.core.words import N_
from repcrm.core.workdays import DayKind, SpecialDay

COUNTRIES = tuple(sorted(holidays.list_supported_countries(include_aliases=False)))
"""Two-letter codes of the countries that the library knows."""
CHINESE, ENGLISH = ("zh_CN", "zh_HK", "zh_TW"), ("en_US", "en_GB", "en_HK")
"""Languages of names, the one we prefer first."""
WEEKEND = {5, 6}
LONGEST_NAME = 100


def expected_days(country: str, year: int) -> list[SpecialDay]:
    """Return the public holidays and make-up days expected in a country and year, all of them provisional.

    country  two-letter code
    returns  in order; where the library has no Chinese name, the English one stands for it
    raises   BadInput for a country or year that the library knows nothing about,
             RuleBroken for a country whose working week is not Monday to Friday
    """
    if country not in COUNTRIES:
        raise BadInput(
            N_("Nothing is known about the public holidays of “%(country)s”."), field="country", country=country
        )
    expected = _in_language(country, year, ENGLISH)
    if not expected.weekend <= WEEKEND:
        raise RuleBroken(
            N_("The working week of %(country)s is not Monday to Friday. repcrm cannot count such weeks."),
            field="country",
            country=country,
        )
    chinese = _in_language(country, year, CHINESE)
    days = [
        SpecialDay(on, DayKind.HOLIDAY, True, _short(chinese[on] if _speaks(chinese, CHINESE) else name), _short(name))
        for on, name in expected.items()
        if on.year == year
    ]
    if not days:
        raise BadInput(
            N_("Nothing is known about the public holidays of %(country)s in %(year)s."),
            field="year",
            country=country,
            year=year,
        )
    days += [
        SpecialDay(on, DayKind.MAKEUP, True, "调休上班", "Make-up working day")
        for on in expected.weekend_workdays
        if on.year == year and on.weekday() in WEEKEND
    ]
    return sorted(days)


def _in_language(country: str, year: int, languages: tuple[str, ...]) -> holidays.HolidayBase:
    """What the library says in the first of these languages that it has for the country, else in its own."""
    spoken = holidays.country_holidays(country).supported_languages
    language = next((one for one in languages if one in spoken), None)
    return holidays.country_holidays(country, years=year, language=language)


def _speaks(answer: holidays.HolidayBase, languages: tuple[str, ...]) -> bool:
    return answer.language in languages


def _short(name: str) -> str:
    return name[:LONGEST_NAME]
