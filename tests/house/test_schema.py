"""Models = migrated schema, on both databases; and the migration is the one the models would write today."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

import repcrm.tables
from repcrm.db import schema
from repcrm.db.base import Base
from repcrm.db.engine import make_engine
from repcrm.db.migrations.regenerate import INITIAL, initial_migration
from tests.factories import make_department


def described(engine: Engine) -> dict[str, object]:
    """Every table as the database itself tells it: columns, keys, checks and indexes."""
    inspector = inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "checks": sorted((check["name"], check["sqltext"]) for check in inspector.get_check_constraints(table)),
            "indexes": sorted(
                str(
                    {**index, "dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}
                )
                for index in inspector.get_indexes(table)
            ),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_the_migrated_schema_is_that_of_the_models(engine, database_kind, request, tmp_path):
    if database_kind == "postgresql":
        server = request.getfixturevalue("postgresql")
        url = server.url(server.create())
    else:
        url = f"sqlite:///{tmp_path / 'models.sqlite3'}"
    by_models = make_engine(url)
    Base.metadata.create_all(by_models)
    expected = described(by_models)
    by_models.dispose()
    assert described(engine) == expected


def test_a_migrated_database_has_nothing_wrong_with_it(engine):
    assert schema.check(engine) == []
    assert schema.upgrade(engine) == []


def test_the_first_migration_is_what_the_models_would_write_today():
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(INITIAL), "-"],
        input=initial_migration(Base.metadata), capture_output=True, text=True, encoding="utf-8", check=True,
    ).stdout  # fmt: skip
    assert INITIAL.read_text(encoding="utf-8") == formatted, "run: python -m repcrm.tables"


@pytest.mark.databases("sqlite")
def test_a_database_not_migrated_is_found_out(tmp_path, database):
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert [str(finding) for finding in schema.check(engine)] == ["Migration 0001 has not been run."]
    engine.dispose()


def test_a_lost_trigger_is_found_out(engine, session, database_kind):
    on_table = " ON journal_entry" if database_kind == "postgresql" else ""
    name = "journal_entry_no_change" if database_kind == "postgresql" else "journal_entry_no_delete"
    session.execute(text(f"DROP TRIGGER {name}{on_table}"))
    session.commit()
    assert [finding.params for finding in schema.check(engine)] == [{"table": "journal_entry"}]


def test_a_column_too_many_is_found_out(engine, session):
    session.execute(text("ALTER TABLE region ADD COLUMN surplus INTEGER"))
    session.commit()
    assert ["surplus" in str(finding) for finding in schema.check(engine)] == [True]


@pytest.mark.databases("sqlite")
def test_a_key_that_points_nowhere_is_found_out(engine, session):
    department_id = make_department(session).id
    session.commit()
    session.close()
    raw = engine.raw_connection()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("UPDATE department SET hospital_id = 4711")
    raw.execute("PRAGMA foreign_keys = ON")
    raw.close()
    assert [str(finding) for finding in schema.check(engine)] == [
        f"Row {department_id} of table department points at a row of hospital that is not there."
    ]


def test_no_feature_is_forgotten_by_the_table_of_tables():
    with_models = {path.parent.name for path in Path(repcrm.tables.__file__).parent.glob("*/models.py")}
    assert {module.__name__.split(".")[1] for module in repcrm.tables.MODELS} == with_models | {"db"}
