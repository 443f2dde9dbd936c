"""Why a name could not be used, for kinds of files that refuse the row."""

from dataclasses import dataclass

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.models import NameKind
from repcrm.imports.naming.matches import Match


@dataclass(frozen=True)
class Words:
    """What is said of a kind of names."""

    unknown: str
    unknown_but: str
    not_ours: str


WORDS = {
    NameKind.HOSPITAL: Words(
        N_("There is no hospital “%(name)s”."),
        N_("There is no hospital “%(name)s”. Is it %(nearest)s?"),
        N_("“%(name)s” has been marked as no hospital of ours."),
    ),
    NameKind.PRODUCT: Words(
        N_("There is no product “%(name)s”."),
        N_("There is no product “%(name)s”. Is it %(nearest)s?"),
        N_("“%(name)s” has been marked as no product of ours."),
    ),
    NameKind.REP: Words(
        N_("There is no rep “%(name)s”."),
        N_("There is no rep “%(name)s”. Is it %(nearest)s?"),
        N_("“%(name)s” has been marked as no rep of ours."),
    ),
    NameKind.DISTRIBUTOR: Words(
        N_("There is no distributor “%(name)s”."),
        N_("There is no distributor “%(name)s”. Is it %(nearest)s?"),
        N_("“%(name)s” has been marked as no distributor of ours."),
    ),
    NameKind.REGION: Words(
        N_("There is no region “%(name)s”."),
        N_("There is no region “%(name)s”. Is it %(nearest)s?"),
        N_("“%(name)s” has been marked as no region of ours."),
    ),
}


def refusal(kind: NameKind, match: Match, name: str) -> BadInput:
    """Return why a name that is open or not ours cannot be used, with the likeliest thing it may stand for."""
    words = WORDS[kind]
    if match.state == "not_ours":
        return BadInput(words.not_ours, name=name)
    if match.how:
        return BadInput(match.how, **match.params)
    if match.suggestions:
        return BadInput(words.unknown_but, name=name, nearest=match.suggestions[0].label)
    return BadInput(words.unknown, name=name)
