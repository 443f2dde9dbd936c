"""repcrm report: freezing by hand, and writing a report out for an outsider."""

import json
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy import select

from repcrm.cli import main
from repcrm.reports.models import ReportSnapshot
from tests import factories

COLUMNS = [
    "level", "region", "rep", "hospital", "product", "doctor", "floor_packs", "stretch_packs", "actual_packs",
    "gap_packs", "floor_fen", "actual_fen", "gap_fen", "attainment", "calls_planned", "calls_done", "calls_effective",
    "estimated",
]  # fmt: skip


@pytest.fixture
def run(database, monkeypatch, session, region, fixed_clock):
    """A command on this test's database on Monday morning: its exit status and the bytes it writes."""
    fixed_clock("2026-11-23T06:00+08:00")
    monkeypatch.setenv("REPCRM_DATABASE_URL", database)
    monkeypatch.setenv("REPCRM_SECRET_KEY", "x1y2" * 8)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    product = factories.make_product(session, code="P1")
    factories.make_price(session, product=product)
    for code, packs in (("H1", 20), ("H2", -3)):
        hospital = factories.make_hospital(session, region=region, code=code)
        factories.make_assignment(session, hospital=hospital, product=product)
        factories.make_target(session, hospital=hospital, product=product, floor_packs=105, stretch_packs=126)
        factories.make_flow(session, hospital=hospital, product=product, packs=packs)
    session.commit()

    def run(*arguments):
        result = CliRunner().invoke(main, ["report", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        session.expire_all()
        return result.exit_code, result.stdout_bytes or result.output.encode()

    return run


def frozen(session):
    return list(session.scalars(select(ReportSnapshot).order_by(ReportSnapshot.id)))


WEEK = ("--kind", "week", "--period", "2026-W47")


def test_freezing_twice_leaves_one_snapshot_a_region(run, session):
    west = factories.make_region(session, code="WEST")
    factories.make_target(session, hospital=factories.make_hospital(session, region=west))
    session.commit()
    assert run("freeze", *WEEK)[0] == 0
    status, said = run("freeze", *WEEK)

    assert status == 0
    assert said.count(b"stays") == 2
    assert [(one.region.code, one.revision) for one in frozen(session)] == [("EAST", 1), ("WEST", 1)]


def test_a_region_without_data_is_passed_over(run, session):
    factories.make_region(session, code="WEST")
    session.commit()
    status, said = run("freeze", *WEEK)
    assert (status, said.splitlines()[-1]) == (0, b"WEST 2026-W47 no data yet")
    assert [one.region.code for one in frozen(session)] == ["EAST"]
    status, said = run("freeze", *WEEK, "--region", "WEST")
    assert (status, b"no calls, targets or distributor sales" in said) == (1, True)


def test_revising_makes_the_next_revision(run, session):
    run("freeze", *WEEK, "--region", "EAST")
    status, said = run("freeze", *WEEK, "--revise")
    assert (status, b"Say why" in said) == (1, True)

    assert run("freeze", *WEEK, "--revise", "--reason", "late flow")[0] == 0
    assert [(one.revision, one.reason) for one in frozen(session)] == [(1, ""), (2, "late flow")]
    assert json.loads(run("show", *WEEK)[1])["header"]["revision"] == 2
    assert json.loads(run("show", *WEEK, "--revision", "1")[1])["header"]["revision"] == 1


def test_an_outsider_can_add_everything_up_again(run, session):
    run("freeze", *WEEK)
    report = json.loads(run("show", *WEEK, "--region", "EAST", "--format", "json")[1])

    [snapshot] = frozen(session)
    assert report["header"] == {
        "kind": "week", "period": "2026-W47", "from_on": "2026-11-16", "to_on": "2026-11-22", "region": "EAST",
        "revision": 1, "data_as_of": snapshot.data_as_of_at.isoformat(), "frozen_at": "2026-11-22T22:00:00+00:00",
        "hash": snapshot.digest, "not_in": [], "share_not_in": None,
    }  # fmt: skip
    assert {tuple(row) for row in report["rows"]} == {tuple(COLUMNS)}
    [whole] = [row for row in report["rows"] if row["level"] == "region"]
    assert (whole["floor_packs"], whole["actual_packs"], whole["gap_packs"], whole["attainment"]) == (50, 17, 33, 0.34)
    assert whole["gap_fen"] == 33 * 5000
    for level in ("region_product", "rep", "hospital", "product", "doctor"):
        rows = [row for row in report["rows"] if row["level"] == level]
        for column in COLUMNS[6:13] + COLUMNS[14:17]:
            assert sum(row[column] for row in rows) == whole[column], (level, column)


def test_a_workbook_goes_to_a_file(run, tmp_path):
    run("freeze", *WEEK)
    file = tmp_path / "week.xlsx"
    assert run("show", *WEEK, "--format", "xlsx", "--language", "zh", "-o", str(file)) == (0, b"")
    assert load_workbook(BytesIO(file.read_bytes())).sheetnames[0] == "摘要"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("freeze", "--kind", "week", "--period", "2026-W48"), "2026-W48 has not ended yet"),
        (("freeze", "--kind", "month", "--period", "2026-W47"), "2026-W47 is not a month"),
        (("freeze", "--kind", "week", "--period", "2026-W54"), "is not a period"),
        (("freeze", *WEEK, "--region", "MOON"), "There is no region MOON. Regions: EAST."),
        (("freeze", *WEEK, "--by", "nobody"), "nobody with the user name nobody"),
        (("show", "--kind", "week", "--period", "2026-W40"), "has not been frozen"),
        (("show", *WEEK, "--region", "MOON"), "There is no region MOON"),
        (("freeze", *WEEK, "--revise", "--reason", "why not"), "nothing to revise"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run, session, arguments, words):
    status, said = run(*arguments)

    assert status == 1
    assert words in said.decode()
    assert frozen(session) == []


def test_where_there_are_several_regions_one_must_be_named(run, session):
    west = factories.make_region(session, code="WEST")
    factories.make_target(session, hospital=factories.make_hospital(session, region=west))
    session.commit()
    run("freeze", *WEEK)
    assert b"Say which region" in run("show", *WEEK)[1]
    assert run("show", *WEEK, "--region", "WEST")[0] == 0


def test_a_period_that_ends_today_in_shanghai_is_over_though_not_in_london(run):
    assert date(2026, 11, 22) < factories.NEXT_MONDAY
    assert run("freeze", *WEEK)[0] == 0, "it is still Sunday in UTC"
