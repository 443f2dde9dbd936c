"""The questions a layout leaves open, each with the option of the command line that answers it."""

from collections.abc import Iterable, Sequence

from repcrm.core.words import N_
from repcrm.imports.columns import Column
from repcrm.imports.dates import ORDERS
from repcrm.imports.layout.answers import UNUSED
from repcrm.imports.layout.reading import ColumnReading, StatedTotal
from repcrm.imports.questions import Choice, Question
from repcrm.imports.units import PACK

SHOWN = 5
"""Examples of a question."""
_TAKE = Choice("take", N_("Include them"))
_LEAVE = Choice("leave", N_("Leave them out"))


def ask_column(sheet: str, column: Column, choices: Sequence[tuple[str, str, str, Sequence[str]]]) -> Question:
    """Ask which column holds a field.

    choices  value, letter, heading and first values of each column that could
    """
    offered = [
        Choice(value, N_("Column %(letter)s “%(heading)s”: %(examples)s"),
               {"letter": at, "heading": heading, "examples": ", ".join(examples)})
        for value, at, heading, examples in choices
    ]  # fmt: skip
    if not column.required:
        offered.append(Choice("", N_("None of them")))
    return Question(
        f"column:{column.field}",
        N_("Sheet “%(sheet)s”: which column holds %(english)s / %(chinese)s?"),
        {"sheet": sheet, "english": column.english, "chinese": column.chinese},
        offered,
        f'--column {column.field}="{choices[0][0]}"' if choices else f"--column {column.field}=HEADING",
        lasts=True,
    )


def ask_unused(sheet: str, columns: Sequence[ColumnReading]) -> Question:
    """Ask whether columns that are not read may be left out: one of them may turn sales into something else."""
    return Question(
        UNUSED,
        N_("Sheet “%(sheet)s”: these columns are not read. Do the lines mean the same without them?"),
        {"sheet": sheet},
        (Choice("leave", N_("Yes, leave them out")),),
        f"--answer {UNUSED}=leave",
        lasts=True,
        examples=[f"{one.letter} {one.heading}: {', '.join(one.examples)}" for one in columns],
    )


def ask_unnamed(sheet: str, name: str, columns: Sequence[str]) -> Question:
    """Ask whether columns that have cells, but no heading, may be left out."""
    return Question(
        f"{UNUSED}:{name}",
        N_("Sheet “%(sheet)s”: these columns have no heading and are not read: %(columns)s. Do the lines mean the same "
           "without them?"),
        {"sheet": sheet, "columns": ", ".join(columns)},
        (Choice("leave", N_("Yes, leave them out")),),
        f"--answer {UNUSED}=leave",
        lasts=True,
    )  # fmt: skip


def ask_month_column(sheet: str, name: str, columns: Sequence[tuple[str, str]]) -> Question:
    """Ask which of two columns of the same month counts."""
    return Question(
        name,
        N_("Sheet “%(sheet)s”: two columns are of the same month. Which one counts?"),
        {"sheet": sheet},
        [Choice(at, N_("Column %(letter)s “%(heading)s”"), {"letter": at, "heading": heading})
         for at, heading in columns],
        f'--answer "{name}={columns[0][0]}"',
        lasts=True,
    )  # fmt: skip


def ask_unit(sheet: str, at: str, heading: str, words: str) -> Question:
    """Ask what a quantity counts whose heading names no known unit."""
    return Question(
        "unit",
        N_("Sheet “%(sheet)s”, column %(letter)s “%(heading)s”: which unit is it in?"),
        {"sheet": sheet, "letter": at, "heading": heading},
        (Choice(PACK, N_("Packs")), Choice("件", N_("Cases (件)")), Choice("片", N_("Tablets (片)"))),
        f"--unit {PACK}",
        lasts=True,
        examples=(words,),
    )


def ask_unit_of_title(sheet: str, words: str) -> Question:
    """Ask what quantities count where a title names a unit that is not known."""
    return Question(
        "unit",
        N_("Sheet “%(sheet)s” says its unit is “%(words)s”. What do its quantities count?"),
        {"sheet": sheet, "words": words},
        (Choice(PACK, N_("Packs")), Choice("件", N_("Cases (件)")), Choice("片", N_("Tablets (片)"))),
        f"--unit {PACK}",
        lasts=True,
    )


def ask_money_of_title(sheet: str, words: str) -> Question:
    """Ask about amounts where a title names another currency; they can only be left out."""
    return Question(
        "column:value",
        N_("Sheet “%(sheet)s” gives its amounts in %(words)s, but only yuan can be kept. Leave the amounts out?"),
        {"sheet": sheet, "words": words},
        (Choice("", N_("Yes, leave them out")),),
        "--column value=",
        lasts=True,
    )


def ask_title(sheet: str, name: str, title: str, *, with_returns: bool) -> Question:
    """Ask what lines are whose title speaks of returns, of something that is no sale, or of sums of several months."""
    returns = (Choice("return", N_("Returns: packs count as negative")),) if with_returns else ()
    return Question(
        f"title:{name}",
        N_("Sheet “%(sheet)s” is called “%(title)s”. What are its lines?"),
        {"sheet": sheet, "title": title},
        (Choice("sale", N_("Take them as they stand")), *returns),
        f'--answer "title:{name}=sale"',
    )


def ask_money(sheet: str, at: str, heading: str, words: str) -> Question:
    """Ask in which unit of money a column is."""
    return Question(
        "money",
        N_("Sheet “%(sheet)s”, column %(letter)s “%(heading)s”: which unit are the amounts in?"),
        {"sheet": sheet, "letter": at, "heading": heading},
        (
            Choice("yuan", N_("Yuan")),
            Choice("thousand", N_("Thousands of yuan")),
            Choice("ten-thousand", N_("Ten-thousands of yuan (万元)")),
        ),
        "--money yuan",
        lasts=True,
        examples=(words,),
    )


def ask_dates(sheet: str, at: str, heading: str, examples: Sequence[str]) -> Question:
    """Ask in which order day, month and year are written."""
    labels = {"dmy": N_("Day, month, year"), "mdy": N_("Month, day, year"), "ymd": N_("Year, month, day")}
    return Question(
        "dates",
        N_("Sheet “%(sheet)s”, column %(letter)s “%(heading)s”: in which order are the dates written?"),
        {"sheet": sheet, "letter": at, "heading": heading},
        [Choice(order, labels[order]) for order in ORDERS],
        "--dates dmy",
        lasts=True,
        examples=examples[:SHOWN],
    )


def ask_year(sheet: str, years: Sequence[int], examples: Sequence[str]) -> Question:
    """Ask for the year of months or days that do not name it."""
    choices = [Choice(str(year), "%(year)s", {"year": year}) for year in years]
    return Question(
        "year",
        N_("Sheet “%(sheet)s”: which year do these dates belong to?"),
        {"sheet": sheet},
        choices,
        f"--year {years[0] if years else 2026}",
        examples=examples[:SHOWN],
    )


def ask_decimal(examples: Sequence[str]) -> Question:
    """Ask whether numbers are written with a decimal comma."""
    return Question(
        "decimal",
        N_("Which decimal mark does the file use?"),
        {},
        (Choice("point", N_("Point: 1,234.50")), Choice("comma", N_("Comma: 1.234,50"))),
        "--answer decimal=comma",
        lasts=True,
        examples=examples[:SHOWN],
    )


def ask_period(sheet: str) -> Question:
    """Ask for the month of lines that carry no date."""
    return Question(
        "period",
        N_("Sheet “%(sheet)s” has no date column. Which month do its lines belong to, such as 2026-11?"),
        {"sheet": sheet},
        option="--period 2026-11",
    )


def ask_type(word: str, count: int, *, is_known: bool) -> Question:
    """Ask what to do with lines of a type that is unknown, or no sale.

    is_known  whether the type is known to be no sale
    """
    message = (
        N_("The type “%(word)s” (rows: %(count)s) is not a sale. Leave these lines out?")
        if is_known
        else N_("What does the type “%(word)s” (rows: %(count)s) mean?")
    )
    return Question(
        f"type:{word}",
        message,
        {"word": word or "–", "count": count},
        (
            Choice("sale", N_("Sale")),
            Choice("return", N_("Return: packs count as negative")),
            Choice("skip", N_("Neither: leave these lines out")),
        ),
        f'--type "{word}=skip"' if is_known else f'--type "{word}=sale"',
        proposed="skip" if is_known else "",
        lasts=True,
    )


def ask_hidden_rows(sheet: str, name: str, rows: Sequence[int], packs: str) -> Question:
    """Ask whether hidden and filtered-out lines count."""
    return Question(
        f"hidden_rows:{name}",
        N_("Hidden rows of sheet “%(sheet)s”: %(count)s (%(rows)s), packs: %(packs)s. Do they count?"),
        {"sheet": sheet, "count": len(rows), "rows": ", ".join(_numbers(rows)), "packs": packs},
        (_TAKE, _LEAVE),
        "--hidden-rows leave",
    )


def ask_hidden_columns(sheet: str, name: str, columns: Sequence[str]) -> Question:
    """Ask whether hidden columns are to be read."""
    return Question(
        f"hidden_columns:{name}",
        N_("Sheet “%(sheet)s”: these columns are hidden but would be used: %(columns)s. Use them?"),
        {"sheet": sheet, "columns": ", ".join(columns)},
        (_TAKE, _LEAVE),
        f'--answer "hidden_columns:{name}=take"',
        lasts=True,
    )


def ask_blank_cells(sheet: str, column: Column, heading: str, rows: Sequence[int], count: int) -> Question:
    """Ask whether empty cells stand for the cell above them."""
    return Question(
        f"blank_cells:{column.field}",
        N_("Sheet “%(sheet)s”: “%(heading)s” has empty cells: %(count)s. Does the value above apply?"),
        {"sheet": sheet, "heading": heading, "count": count},
        (Choice("above", N_("Yes, use the value above")), Choice("refuse", N_("No, refuse these rows"))),
        "--blank-cells above",
        proposed="above",
        lasts=True,
        examples=_numbers(rows),
    )


def ask_totals(totals: Sequence[StatedTotal]) -> Question:
    """Ask about totals that their lines do not add up to."""
    first = totals[0]
    stated, computed = first.stated or 0, first.computed
    return Question(
        "totals",
        N_(

                "Totals that do not match their lines: %(count)s. The first: sheet “%(sheet)s”, row %(row)s, "
                "column %(letter)s states %(stated)s, the lines add up to %(computed)s (difference "
                "%(difference)s)."

        ),
        {
            "count": len(totals), "sheet": first.sheet, "row": first.row, "letter": first.at, "stated": f"{stated:f}",
            "computed": f"{computed:f}", "difference": f"{stated - computed:+f}",
        },
        (Choice("accept", N_("Use the lines anyway")),),
        "--totals accept",
        examples=[f"{one.sheet} {one.at}{one.row}: {one.stated} / {one.computed:f}" for one in totals[:SHOWN]],
    )  # fmt: skip


def ask_overlap(sheet: str, name: str, packs: str, other: str, other_packs: str) -> Question:
    """Ask whether a sheet repeats another one."""
    return Question(
        f"sheet:{name}",
        N_(
            "Sheet “%(sheet)s” (%(packs)s packs) seems to hold the same packs as sheet “%(other)s” (%(other_packs)s "
            "packs). Read both?"
        ),
        {"sheet": sheet, "packs": packs, "other": other, "other_packs": other_packs},
        (
            Choice("leave", N_("No, leave sheet “%(sheet)s” out"), {"sheet": sheet}),
            Choice("take", N_("Yes, read both")),
        ),
        f'--sheet "{name}=leave"',
        proposed="leave",
    )


def ask_hidden_sheet(name: str, lines: int) -> Question:
    """Ask whether a hidden sheet with lines is to be read."""
    return Question(
        f"sheet:{name}",
        N_("The hidden sheet “%(sheet)s” seems to hold data (rows: %(count)s). Read it?"),
        {"sheet": name, "count": lines},
        (Choice("leave", N_("No, leave it out")), Choice("take", N_("Yes, read it"))),
        f'--sheet "{name}=leave"',
        proposed="leave",
    )


def ask_incomplete_sheet(name: str, columns: str) -> Question:
    """Ask whether a sheet that lacks a column may be left out."""
    return Question(
        f"sheet:{name}",
        N_("Sheet “%(sheet)s” lacks the column %(columns)s, so it cannot be read. Leave it out?"),
        {"sheet": name, "columns": columns},
        (Choice("leave", N_("Yes, leave it out")),),
        f'--sheet "{name}=leave"',
        proposed="leave",
    )


def ask_quarters(sheet: str, headings: Sequence[str]) -> Question:
    """Ask whether targets of quarters are to be divided among their months."""
    return Question(
        "quarters",
        N_("Sheet “%(sheet)s” has quarterly targets only (%(headings)s). Split them by month?"),
        {"sheet": sheet, "headings": ", ".join(headings[:SHOWN])},
        (Choice("divide", N_("Yes, by working days")), Choice("refuse", N_("No, refuse them"))),
        "--quarters divide",
    )


def _numbers(rows: Iterable[int]) -> list[str]:
    numbers = list(map(str, rows))
    return [*numbers[:SHOWN], "…"] if len(numbers) > SHOWN else numbers
