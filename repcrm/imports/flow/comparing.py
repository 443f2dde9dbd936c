"""A sales file against what its distributor reported before: what is new, changed, on file already, or gone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from repcrm.core.periods import Period
from repcrm.imports.flow.lines import Amount, LineKey
from repcrm.imports.verdicts import Problem, Verdict

Reported = tuple[LineKey, Amount, int]
"""A line that counts, and the batch it belongs to."""


@dataclass(frozen=True)
class Amendment:
    """A verdict that is only known once the whole file has been compared.

    before  the verdict it takes the place of
    kept    what else is kept of the row, as `Row.as_json` writes it
    """

    number: int
    before: Verdict
    verdict: Verdict
    kept: dict[str, Any]

    @classmethod
    def change(cls, number: int, changes: dict[str, list[int | None]]) -> "Amendment":
        """Call a new line changed: field -> [before, after]."""
        return cls(number, Verdict.NEW, Verdict.CHANGED, {"changes": changes})

    @classmethod
    def refuse(cls, number: int, before: Verdict, problems: Sequence[Problem]) -> "Amendment":
        """Refuse a line after all."""
        return cls(number, before, Verdict.REFUSED, {"problems": [problem.as_json() for problem in problems]})


class Comparison:
    """Pairs lines with those on file, a month at a time, without keeping the file's own lines.

    reported  gives the lines that count of the distributor in a month, by its first day; asked once a month
    """

    def __init__(self, reported: Callable[[date], Iterable[Reported]]) -> None:
        self._reported = reported
        self._before: dict[date, dict[LineKey, list[tuple[Amount, int]]]] = {}
        self._waiting: list[tuple[int, LineKey, Amount]] = []
        self._file: Counter[date] = Counter()
        self._seen: dict[int, int] = {}

    @property
    def months(self) -> Counter[date]:
        """First day of a month -> lines of the file in it."""
        return self._file

    def see(self, on: date) -> None:
        """Count a line of the file by its month, whether or not its names are known."""
        self._file[on.replace(day=1)] += 1

    def repeats(self, number: int, key: LineKey, amount: Amount) -> int | None:
        """Return the number of an earlier line of the file that says exactly the same, None if there is none."""
        earlier = self._seen.setdefault(hash((key, amount)), number)
        return earlier if earlier != number else None

    def add(self, number: int, key: LineKey, amount: Amount) -> Verdict:
        """Compare a line: on file already exactly so, else new as far as is known yet."""
        month = key.on.replace(day=1)
        there = self._lines_of(month).get(key)
        if there:
            for place, (former, _) in enumerate(there):
                if former == amount:
                    del there[place]
                    return Verdict.UNCHANGED
            self._waiting.append((number, key, amount))
        return Verdict.NEW

    def pair(self, period: Period) -> list[Amendment]:
        """Call lines of a period changed that are about the same as one that no line of the file repeats.

        period  the one the file replaces
        """
        amendments = []
        for number, key, amount in self._waiting:
            there = self._before[key.on.replace(day=1)][key]
            if key.on not in period or not there:
                continue
            there.sort(key=lambda line: (line[0].packs, line[0].value_fen or 0))
            (former, _) = there.pop(0)
            changes: dict[str, list[int | None]] = {}
            if former.packs != amount.packs:
                changes["packs"] = [former.packs, amount.packs]
            if former.value_fen != amount.value_fen:
                changes["value"] = [former.value_fen, amount.value_fen]
            amendments.append(Amendment.change(number, changes))
        return amendments

    def gone(self, period: Period, replaced: set[int]) -> tuple[int, int]:
        """Count the lines, and their packs, of the batches to be replaced that the file no longer has.

        replaced  ids of the batches that a file for the period would replace
        """
        lines = packs = 0
        for month in Period.months(period):
            for left in self._lines_of(month.from_on).values():
                for amount, batch_id in left:
                    if batch_id in replaced:
                        lines, packs = lines + 1, packs + amount.packs
        return lines, packs

    def _lines_of(self, month: date) -> dict[LineKey, list[tuple[Amount, int]]]:
        if month not in self._before:
            lines: dict[LineKey, list[tuple[Amount, int]]] = defaultdict(list)
            for key, amount, batch_id in self._reported(month):
                lines[key].append((amount, batch_id))
            self._before[month] = dict(lines)
        return self._before[month]
