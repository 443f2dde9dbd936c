"""The working days of a real installation: made by the command line alone, never by the demo."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from repcrm.calls.packet import DayState, week_packet
from repcrm.cli import main
from repcrm.cli.db import migrate
from repcrm.core.periods import Period
from repcrm.db.engine import make_engine
from repcrm.db.journal import JournalEntry
from repcrm.organisation.calendar import read_year, work_calendar
from repcrm.organisation.models import CalendarDay, User
from repcrm.settings import Settings

SECRET = "x1y2" * 8
TODAY = date(2026, 11, 23)


@pytest.fixture
def bare(database_kind, request, tmp_path):
    """The address of a database without a single table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def run(bare, monkeypatch):
    """A command on the bare database: its exit status, standard output and standard error."""
    monkeypatch.setenv("REPCRM_DATABASE_URL", bare)
    monkeypatch.setenv("REPCRM_SECRET_KEY", SECRET)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*arguments):
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def look(bare):
    """A session on the bare database, once it has tables."""
    engine = make_engine(bare)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def installed(run, look):
    """A real installation: `db upgrade` and two `user add`, as docs/operations.md says; returns the rep."""
    assert run("db", "upgrade")[0] == 0
    assert run("user", "add", "--role", "admin", "--username", "wang", "--name", "王敏")[0] == 0
    added = run(
        "user", "add", "--role", "rep", "--username", "li", "--name", "李雷", "--code", "R1", "--region", "EAST"
    )
    assert added[0] == 0
    return look.scalars(select(User).where(User.username == "li")).one()


def states(look, rep, week):
    calendar = work_calendar(look, rep.region_id)
    return {day.day_on: day.state for day in week_packet(Period.parse(week), calendar, {}, TODAY).days}


def test_national_day_asks_no_sheet_and_the_make_up_saturday_does(look, installed):
    golden_week = states(look, installed, "2026-W40") | states(look, installed, "2026-W41")
    assert [golden_week[date(2026, 10, day)] for day in (1, 2, 5, 6, 7)] == [DayState.OFF] * 5
    assert [golden_week[date(2026, 10, day)] for day in (8, 9, 10)] == [DayState.MISSING] * 3
    assert date(2026, 10, 3) not in golden_week
    assert states(look, installed, "2026-W38")[date(2026, 9, 20)] is DayState.MISSING  # the Sunday worked for it


@pytest.mark.parametrize(
    ("month", "days"),
    [
        ("2025-01", 19),  # 23 weekdays - 1, 28, 29, 30, 31 January + Sunday the 26th
        ("2025-10", 18),  # 23 weekdays - 1, 2, 3, 6, 7, 8 October + Saturday the 11th
        ("2026-01", 21),  # 22 weekdays - 1 and 2 January + Sunday the 4th
        ("2026-02", 16),  # 20 weekdays - 16 to 20 and 23 February + Saturdays the 14th and 28th
        ("2026-09", 22),  # 22 weekdays - Friday the 25th + Sunday the 20th
        ("2026-10", 18),  # 22 weekdays - 1, 2, 5, 6, 7 October + Saturday the 10th
        ("2026-11", 21),  # 21 weekdays, nothing else
    ],
)
def test_the_working_days_of_a_month_are_those_of_the_official_calendar(look, installed, month, days):
    period = Period.parse(month)
    assert work_calendar(look, installed.region_id).count(period.from_on, period.until_on) == days


def everything(look):
    look.rollback()
    days = look.execute(select(CalendarDay.id, CalendarDay.on, CalendarDay.kind, CalendarDay.name_zh)).all()
    return days, look.scalar(select(func.count()).select_from(JournalEntry))


def test_a_second_upgrade_changes_nothing(run, look):
    assert run("db", "upgrade")[1] == "Migrations run: 0001\nWorking days loaded: CN 2025, CN 2026, CN 2027\n"
    before = everything(look)
    assert run("db", "upgrade")[1] == "The database is up to date.\n"
    assert everything(look) == before
    assert run("db", "check")[0] == 0


def test_an_edited_day_survives_an_upgrade(run, look, installed, tmp_path):
    text = run("calendar", "show", "2027")[1].replace("National Day,yes", "Golden Week,no")
    edited = tmp_path / "2027.csv"
    edited.write_text(text + "2027-10-09,makeup,国庆节,Golden Week,no\n", "utf-8")
    status, said, _ = run("calendar", "load", str(edited))
    assert (status, said) == (
        0,
        "4 days added, changed or removed.\nCN 2027: 254 working days before, 255 now.\n",
    )
    assert run("db", "upgrade")[1] == "The database is up to date.\n"
    look.rollback()
    assert [day.name_en for day in read_year(look, "CN", 2027).days[-4:]] == ["Golden Week"] * 4


def test_processes_that_upgrade_at_once_load_everything_once(bare, look):
    settings = Settings(secret_key=SECRET, database_url=bare, _env_file=None)
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        loaded = list(pool.map(migrate, [settings] * 3))
    assert sorted(len(years) for _missing, years in loaded) == [0, 0, 3]
    assert everything(look)[1] == 3  # a journal entry a year
    assert len(read_year(look, "CN", 2026).days) == 39


def test_a_year_is_shown_as_load_reads_it(run, installed):
    status, shown, aside = run("calendar", "show", "2026")
    assert (status, aside) == (0, "CN 2026: announced; 248 working days.\n")
    assert shown.splitlines()[:2] == [
        "day,kind,name_zh,name_en,provisional",
        "2026-01-01,holiday,元旦,New Year's Day,no",
    ]
    assert run("calendar", "show", "2027", "--country", "jp")[2] == "JP 2027: not on file; 261 working days.\n"


def test_a_year_is_confirmed_once(run, installed):
    assert run("calendar", "confirm", "2027")[1] == "CN 2027: 13 days are confirmed.\n"
    assert run("calendar", "show", "2027")[2] == "CN 2027: announced; 254 working days.\n"
    assert run("calendar", "confirm", "2027")[::2] == (1, "Error: Nothing in CN 2027 is provisional.\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("day,kind\n2027-01-01,holiday\n", "The file has no column “name_zh”."),
        ("2027-01-01,party,元旦,New Year,no\n", "Line 2, kind: “party” is none of holiday, makeup."),
        ("2027-13-01,holiday,元旦,New Year,no\n", "Line 2: “2027-13-01” is not a day."),
        ("2027-01-01,holiday,元旦,New Year,perhaps\n", "Line 2, provisional: “perhaps” is none of yes, no."),
        ("2027-01-01,holiday\n", "Line 2, provisional: “None” is none of yes, no."),
        ("2027-01-04,makeup,元旦,New Year,no\n", "2027-01-04 is not a Saturday or Sunday"),
        ("2027-01-01,holiday,元旦,New Year,no\n" * 2, "Line 3: 2027-01-01 is in the file twice."),
        ("", "The file has no days."),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_with_its_line(run, look, installed, tmp_path, content, said):
    head = "" if content.startswith("day") else "day,kind,name_zh,name_en,provisional\n"
    path = tmp_path / "wrong.csv"
    path.write_text(head + content, "utf-8")
    before = everything(look)
    status, _, aside = run("calendar", "load", str(path))
    assert status == 1
    assert said in aside
    assert everything(look) == before


def test_a_file_that_is_not_utf_8_is_refused(run, installed, tmp_path):
    path = tmp_path / "gbk.csv"
    path.write_bytes("day,kind,name_zh,name_en,provisional\n2027-01-01,holiday,元旦,New Year,no\n".encode("gb18030"))
    assert run("calendar", "load", str(path))[::2] == (1, "Error: The file is not in UTF-8.\n")
