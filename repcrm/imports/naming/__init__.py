"""Who and what a file means: an exact name, a name a person has explained, or a question with suggestions."""

from repcrm.imports.models import NameKind
from repcrm.imports.naming.matches import Match, Suggestion
from repcrm.imports.naming.resolver import Resolver

__all__ = ["Match", "NameKind", "Resolver", "Suggestion"]
