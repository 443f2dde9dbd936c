"""The schema of a database: bringing it up to date, and telling whether it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from repcrm.core.words import N_
from repcrm.db.append_only import unprotected
from repcrm.db.base import Base
from repcrm.db.engine import WRITING

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_224_726
"""Key of the PostgreSQL advisory lock under which one process upgrades and the others wait."""


class Finding(NamedTuple):
    """Something wrong with a database: an English message and the values of its placeholders."""

    message: str
    params: dict[str, Any]

    def __str__(self) -> str:
        return self.message % self.params


def upgrade(engine: Engine, load: Callable[[Session], object] | None = None) -> list[str]:
    """Bring a database up to the newest migration; an empty one gets every table.

    load     what comes after the migrations, in the same transaction: the data that a release brings with it
    returns  the revisions that were missing, oldest first; [] if it was up to date
    raises   RuntimeError if rows point at rows that are not there; then nothing has changed

    Any number of processes may call it at once: one does it, the others wait and find it done.
    """
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        # SQLite cannot switch this inside a transaction, and a table that is rebuilt must not take its children along.
        _switch_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
                missing = pending(connection)
                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if load is not None:
                    with Session(connection, join_transaction_mode="create_savepoint") as session:
                        load(session)
                        session.commit()
                if broken := _broken_foreign_keys(connection):
                    raise RuntimeError("; ".join(map(str, broken)))
        finally:
            _switch_foreign_keys(connection, on=True)
    return missing


def check(engine: Engine) -> list[Finding]:
    """What is wrong with a database: pending migrations, tables unlike the models, lost triggers, dangling keys.

    returns  [] if all is well

    Every model must have been imported, which importing `repcrm.tables` sees to; else tables seem too many.
    """
    with engine.connect() as connection:
        if missing := pending(connection):
            return [Finding(N_("Migration %(revision)s has not been run."), {"revision": name}) for name in missing]
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
        return [
            *(Finding(N_("The tables are not as the models say: %(difference)s"), {"difference": repr(difference)})
              for difference in differences),
            *(Finding(N_("Table %(table)s has lost the triggers that keep it append-only."), {"table": table})
              for table in unprotected(connection)),
            *_broken_foreign_keys(connection),
        ]  # fmt: skip


def pending(connection: Connection) -> list[str]:
    """The migrations that a database has not seen yet, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    current = MigrationContext.configure(connection).get_current_revision()
    return [script.revision for script in scripts.iterate_revisions("heads", current or "base")][::-1]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _switch_foreign_keys(connection: Connection, on: bool) -> None:
    if connection.dialect.name == "sqlite":
        # Past SQLAlchemy, which would begin a transaction first.
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _broken_foreign_keys(connection: Connection) -> list[Finding]:
    if connection.dialect.name != "sqlite":
        return []
    return [
        Finding(
            N_("Row %(row)s of table %(table)s points at a row of %(parent)s that is not there."),
            {"table": table, "row": row, "parent": parent},
        )
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check")
    ]
