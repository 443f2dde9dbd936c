"""The facts of the demo company: seed/*.csv as rows of text."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True)
class Facts:
    """What the seed says; each list in the order of its file."""

    regions: list[Row]
    people: list[Row]
    products: list[Row]
    prices: list[Row]
    competitors: list[Row]
    distributors: list[Row]
    hospitals: list[Row]
    departments: list[Row]
    targets: list[Row]
    reception: list[Row]
    ways: list[Row]
    leave: list[Row]
    names: dict[str, list[str]]
    """surname, given -> names"""
    phrases: dict[str, list[str]]
    """what is said -> ways of saying it"""


def read_facts(folder: Path) -> Facts:
    """Read the seed.

    folder  of the CSV files, see its README
    """
    tables = {
        name: _rows(folder / f"{name}.csv")
        for name in (
            "regions", "people", "products", "prices", "competitors", "distributors", "hospitals", "departments",
            "targets", "reception", "ways", "leave",
        )
    }  # fmt: skip
    return Facts(
        **tables,
        names=_grouped(_rows(folder / "names.csv"), "name"),
        phrases=_grouped(_rows(folder / "phrases.csv"), "text"),
    )


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _grouped(rows: list[Row], column: str) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row["kind"]].append(row[column])
    return dict(groups)
