"""What operators do at the command line, on a real database."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from repcrm.cli import main
from repcrm.db.unit_of_work import unit_of_work
from repcrm.organisation import passwords
from repcrm.organisation.access import Role
from repcrm.organisation.models import User

SECRET = "x1y2" * 8
GOOD = "correct horse battery"


@pytest.fixture
def run(database, monkeypatch):
    """A command on this test's database: its exit status and what it says."""
    monkeypatch.setenv("REPCRM_DATABASE_URL", database)
    monkeypatch.setenv("REPCRM_SECRET_KEY", SECRET)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*arguments, stdin=""):
        result = CliRunner().invoke(main, arguments, input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result.exit_code, result.output

    return run


def user(session, username):
    session.commit()
    return session.scalar(select(User).where(User.username == username))


def test_a_migrated_database_is_in_order(run):
    assert run("db", "upgrade") == (0, "Working days loaded: CN 2025, CN 2026, CN 2027\n")
    assert run("db", "upgrade") == (0, "The database is up to date.\n")
    assert run("db", "check") == (0, "The database is in order.\n")


@pytest.mark.databases("sqlite")
def test_a_database_is_made_and_only_then_used(run, monkeypatch, tmp_path):
    monkeypatch.setenv("REPCRM_DATABASE_URL", "")
    monkeypatch.setenv("REPCRM_DATA_FOLDER", str(tmp_path / "new"))
    status, said = run("user", "password", "chen")
    assert status == 1
    assert "repcrm db upgrade" in said
    assert run("serve")[0] == 1
    assert run("db", "upgrade")[0] == 0
    assert run("db", "check") == (0, "The database is in order.\n")
    assert run("user", "password", "chen") == (1, "Error: There is nobody called chen.\n")


def test_the_first_administrator_is_added(run, session):
    status, said = run("user", "add", "--role", "admin", "--username", "Wang", "--name", "王敏")
    added = user(session, "wang")
    assert status == 0
    assert (added.role, added.code, added.region_id, added.must_change_password) == (Role.ADMIN, "Wang", None, True)
    assert passwords.is_right(added.password_hash, said.split()[-1])


def test_a_rep_is_added_with_a_region_and_a_password_of_ones_own(run, session):
    arguments = ["--role", "rep", "--username", "li", "--name", "李雷", "--region", "EAST", "--password-stdin"]
    assert run("user", "add", *arguments, stdin="short\n") == (1, "Error: Use at least 12 characters.\n")
    assert user(session, "li") is None
    assert run("user", "add", *arguments, stdin=GOOD + "\n") == (0, "li may sign in as rep.\n")
    added = user(session, "li")
    assert (added.region.code, added.must_change_password) == ("EAST", False)
    assert passwords.is_right(added.password_hash, GOOD)


def test_a_person_is_shut_out_and_let_in_again(run, session, rep):
    assert run("user", "disable", rep.username, "--reason", "left")[0] == 0
    assert not user(session, rep.username).is_active
    session.expire_all()
    assert run("user", "enable", rep.username, "--reason", "back")[0] == 0
    assert user(session, rep.username).is_active


def test_a_new_password_is_shown_once(run, session, rep):
    said = run("user", "password", rep.username)[1]
    session.expire_all()
    assert passwords.is_right(user(session, rep.username).password_hash, said.split()[-1])


def test_a_refusal_is_a_sentence_in_the_language_of_the_terminal(run, monkeypatch, admin):
    refused = "This is the last administrator; somebody must be able to manage the users."
    assert run("user", "disable", admin.username, "--reason", "x") == (1, f"Error: {refused}\n")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    status, said = run("user", "disable", admin.username, "--reason", "x")
    assert (status, said) == (1, "Error: 这是最后一位管理员，必须有人能够管理用户。\n")


def test_half_configured_it_does_not_start(run, monkeypatch):
    monkeypatch.setenv("REPCRM_SECRET_KEY", "")
    for command in (["serve"], ["db", "check"], ["user", "password", "chen"]):
        status, said = run(*command)
        assert status == 1
        assert "REPCRM_SECRET_KEY must be set" in said


@pytest.mark.databases("sqlite")
def test_a_busy_database_is_said_in_a_sentence(run, engine, monkeypatch):
    with unit_of_work(sessionmaker(engine)):  # somebody else writes, for longer than anybody waits
        status, said = run("user", "password", "chen")
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        in_chinese = run("user", "password", "chen")[1]
    assert (status, said) == (
        1,
        "Error: The database is busy: someone else has been writing for too long. Nothing was changed; try again.\n",
    )
    assert "数据库正忙" in in_chinese
