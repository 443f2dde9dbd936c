"""The checklist in a reader's words; the interface lends its translation and how it shows days and periods."""

from collections.abc import Callable
from dataclasses import dataclass

from repcrm.core.periods import PeriodKind
from repcrm.core.words import N_
from repcrm.setup.checklist import Finding, Item, Readiness, Value

Translate = Callable[[str], str]
NAMED = 8
"""Names that are written out; of the others only their number."""

TRUSTED = {
    PeriodKind.WEEK: N_("Weekly gap reports can be trusted from %(period)s on."),
    PeriodKind.MONTH: N_("Monthly gap reports can be trusted from %(period)s on."),
}
WAITING = {
    PeriodKind.WEEK: N_("The first weekly gap report can be for %(period)s, once this is complete:"),
    PeriodKind.MONTH: N_("The first monthly gap report can be for %(period)s, once this is complete:"),
}


@dataclass(frozen=True)
class Speech:
    """How a reader is spoken to.

    show  a day, a period or a number as the reader expects it
    """

    translate: Translate
    show: Callable[[Value], str] = str

    def finding(self, finding: Finding) -> str:
        """Say what is missing, by name."""
        values = {name: self.show(value) for name, value in finding.params.items()}
        return self.translate(finding.message) % {
            **values,
            "count": self.show(len(finding.names)),
            "names": self.names(finding),
        }

    def names(self, finding: Finding) -> str:
        """Write out the first names, and say how many more there are."""
        joint = self.translate(N_(", "))
        named, others = joint.join(finding.names[:NAMED]), len(finding.names) - NAMED
        if others <= 0:
            return named
        return self.translate(N_("%(names)s and %(others)s more")) % {"names": named, "others": self.show(others)}

    def counts(self, item: Item) -> str:
        """Say how much of it there is: Regions 2 · Reps 8."""
        return " · ".join(f"{self.translate(count.label)} {self.show(count.number)}" for count in item.counts)

    def verdict(self, readiness: Readiness) -> str:
        """Say from when on reports can be trusted, or which one may be the first."""
        message = (TRUSTED if readiness.first else WAITING)[readiness.kind]
        return self.translate(message) % {"period": self.show(readiness.nearest)}
