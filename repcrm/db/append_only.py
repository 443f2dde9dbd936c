"""Tables whose rows are never changed or taken away, held to it by the database itself."""

from sqlalchemy import Connection, text

APPEND_ONLY = ("journal_entry", "report_snapshot", "snapshot_chart")
"""Triggers rather than ORM events: those miss bulk updates, and everything that is not our program."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION repcrm_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def protect(connection: Connection, table: str) -> None:
    """Make the database refuse every UPDATE and DELETE on a table; migrations call it.

    A migration that rebuilds the table on SQLite (Alembic's batch mode) drops the triggers: it calls this again.
    """
    for statement in _triggers(table, connection.dialect.name):
        connection.execute(text(statement))


def unprotected(connection: Connection) -> list[str]:
    """The append-only tables that lack a trigger, whatever the reason."""
    found = set(connection.scalars(text(_INSTALLED[connection.dialect.name])))
    return [table for table in APPEND_ONLY if not _names(table, connection.dialect.name) <= found]


_INSTALLED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _names(table: str, dialect: str) -> set[str]:
    if dialect == "sqlite":
        return {f"{table}_no_update", f"{table}_no_delete"}
    return {f"{table}_no_change"}


def _triggers(table: str, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        _FUNCTION,
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION repcrm_refuse_change()",
    ]
