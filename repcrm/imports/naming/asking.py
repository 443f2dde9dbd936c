"""Names nobody knows yet, as questions with suggestions, and what people answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.imports.models import Named, NameKind
from repcrm.imports.naming.resolver import A_NEW_ONE, NOT_OURS, Resolver
from repcrm.imports.naming.service import answer_name
from repcrm.imports.questions import Choice, Question
from repcrm.organisation.access import Scope
from repcrm.sales.distributors import DistributorFacts, add_distributor
from repcrm.sales.models import Distributor

ASKED = {
    NameKind.HOSPITAL: N_("Which hospital is “%(name)s”? Lines: %(lines)s, packs: %(packs)s"),
    NameKind.PRODUCT: N_("Which product is “%(name)s”? Lines: %(lines)s, packs: %(packs)s"),
    NameKind.REP: N_("Which rep is “%(name)s”? Lines: %(lines)s"),
    NameKind.DISTRIBUTOR: N_("Which distributor is “%(name)s”?"),
    NameKind.REGION: N_("Which region is “%(name)s”? Lines: %(lines)s"),
}
LIKELY = 85
"""From which score on the first suggestion is preselected."""


def question_for(resolver: Resolver, kind: str, spelling: str, *, lines: int, packs: int) -> Question:
    """Return the question what a name stands for, with what it may stand for.

    lines, packs  how many rows wait for it, and how much they carry
    """
    of = NameKind(kind)
    match = resolver.find(of, None, spelling)
    choices = [
        Choice(one.code, "%(label)s (%(why)s)", {"label": one.label, "why": {"label": one.why}})
        for one in match.suggestions
    ]
    if of is NameKind.DISTRIBUTOR:
        choices.append(Choice(A_NEW_ONE, N_("A new distributor")))
    else:
        choices.append(Choice(NOT_OURS, N_("Not ours: set these lines aside")))
    best = match.suggestions[0] if match.suggestions else None
    return Question(
        f"name:{kind}:{spelling}",
        ASKED[of],
        {"name": spelling, "lines": lines, "packs": packs},
        tuple(choices),
        option=f'--name "{spelling}=CODE"',
        proposed=best.code if best is not None and best.score >= LIKELY else "",
    )


def answer_names(
    session: Session,
    scope: Scope,
    names: Mapping[str, str],
    *,
    distributor_id: int | None,
    now: datetime,
) -> None:
    """Remember what people say of names.

    names           `name:<kind>:<spelling>` -> a code or exact name, `new` (a distributor), or `none` (not ours)
    distributor_id  whose files say so; None: everybody's
    raises          BadInput for a code or name that is not on file
    """
    resolver = Resolver(session, scope.on, distributor_id)
    for key, answer in names.items():
        _word, kind, spelling = key.split(":", 2)
        target = _target(session, scope, resolver, NameKind(kind), spelling, answer, now)
        whose = None if NameKind(kind) is NameKind.DISTRIBUTOR else distributor_id
        answer_name(session, scope, NameKind(kind), spelling, target, now=now, distributor_id=whose)


def _target(
    session: Session, scope: Scope, resolver: Resolver, kind: NameKind, spelling: str, answer: str, now: datetime
) -> Named | None:
    if answer == NOT_OURS:
        return None
    if answer == A_NEW_ONE and kind is NameKind.DISTRIBUTOR:
        return _new_distributor(session, scope, spelling, now)
    match = resolver.find(kind, answer, None)
    if match.thing is None:
        raise BadInput(N_("“%(name)s” is neither a code nor an exact name."), name=answer)
    named: Named = match.thing
    return named


def _new_distributor(session: Session, scope: Scope, name: str, now: datetime) -> Distributor:
    """Add a distributor by its name alone; the rest of it is filled in on its own page."""
    number = (session.scalar(select(func.max(Distributor.id))) or 0) + 1
    return add_distributor(session, f"D{number:03}", DistributorFacts(name), actor_id=scope.user_id, now=now)
