"""Writing the first migration from the models, for as long as no database in use has run it."""

from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine
from sqlalchemy.types import TypeDecorator

from repcrm.db.append_only import APPEND_ONLY

INITIAL = Path(__file__).parent / "versions" / "0001_initial.py"

_FILE = '''"""Every table of the first release. Written by `python -m repcrm.tables`; do not edit by hand."""

import sqlalchemy as sa
from alembic import op

from repcrm.db.append_only import protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and protect those that only grow."""
{tables}
    for table in {append_only}:
        protect(op.get_bind(), table)
'''


def initial_migration(metadata: MetaData) -> str:
    """The text of a migration that makes every table of `metadata` from nothing."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection)
        steps = produce_migrations(context, metadata).upgrade_ops
        assert steps is not None
        code = render_python_code(steps, render_item=_plain_type)
    body = "\n".join(line.rstrip() for line in code.splitlines() if not line.strip().startswith("#"))
    return _FILE.format(tables=_indented(body), append_only=tuple(APPEND_ONLY))


def _indented(code: str) -> str:
    """The rendered code as the body of a function; Alembic indents only its later lines."""
    return "\n".join(f"    {line}" if line and not line.startswith("    ") else line for line in code.splitlines())


def _plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own column types as the type beneath them: a migration must outlive the code it came from."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False
