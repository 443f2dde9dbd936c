"""`repcrm import`: the same words as the pages, and an exit code that says how it ended."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from repcrm.cli import main
from repcrm.sales.models import BatchStatus, FlowLine, ImportBatch
from repcrm.sales.queries import active


def counting():
    """Select the packs of the lines that count."""
    return select(FlowLine.packs).where(active())


HEADER = "医院编码,产品编码,日期,盒数\n"


@pytest.fixture
def run(session, database, monkeypatch, tmp_path, admin, company):
    """Run the command on a file of these lines."""
    monkeypatch.setenv("REPCRM_DATABASE_URL", database)
    monkeypatch.setenv("REPCRM_SECRET_KEY", "for tests only " * 3)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def run(*arguments: str, lines: str | None = None):
        file = []
        if lines is not None:
            (tmp_path / "file.csv").write_text(lines)
            file = [str(tmp_path / "file.csv")]
        session.rollback()  # what the command has done is seen by a transaction that begins after it
        return CliRunner().invoke(main, ["import", arguments[0], *file, *arguments[1:]])

    return run


def test_a_file_is_taken_in_and_the_same_file_changes_nothing(session, run):
    asked = run("flow", "--distributor", "甲", lines=HEADER + "H1,P1,2026-11-03,12\n")
    assert asked.exit_code == 1
    assert 'Answer with: --name "甲=CODE"' in asked.output
    first = run("flow", "--distributor", "甲", "--name", "甲=new", lines=HEADER + "H1,P1,2026-11-03,12\n")
    assert first.exit_code == 0, first.output
    assert "1 new, 0 changed, 0 unchanged, 0 rejected" in first.output
    again = run("flow", "--distributor", "甲", lines=HEADER + "H1,P1,2026-11-03,12\n")
    assert "No changes: every row is already in the system." in again.output
    assert list(session.scalars(select(FlowLine.packs))) == [12]
    number = session.scalar(select(ImportBatch.id).where(ImportBatch.status == BatchStatus.APPLIED))
    assert run("undo", str(number)).exit_code == 0
    assert run("undo", str(number)).exit_code == 1


def test_refused_rows_are_printed_and_nothing_is_taken_in(session, run):
    lines = HEADER + "H1,P1,2026-11-03,12\nH9,P1,2026-11-03,12\nH1,P1,2026-11-04,1.5\n"
    ended = run("flow", "--distributor", "甲", "--name", "甲=new", lines=lines)
    assert ended.exit_code == 1
    assert "row 4: D “盒数”: “1.5” is not a whole number." in ended.output
    assert "Which hospital is “H9”? Lines: 1, packs: 12" in ended.output
    assert '--name "H9=CODE"' in ended.output
    assert session.scalars(select(FlowLine)).all() == []
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_dry_run_leaves_everything_as_it_is(session, run):
    ended = run("targets", "--dry-run", lines="医院编码,产品编码,月份,保底\nH1,P1,2026-11,10\n")
    assert ended.exit_code == 0
    assert "1 new" in ended.output
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_forbidden_column_is_refused_by_name(run):
    ended = run("flow", "--distributor", "甲", lines="医院编码,产品编码,日期,盒数,Rx count\nH1,P1,2026-11-03,12,3\n")
    assert ended.exit_code == 1
    assert "column E, row 1: “Rx count” is about how much single doctors prescribe" in ended.output


def test_a_template_is_written(run, tmp_path):
    assert run("template", "flow", str(tmp_path / "t.xlsx"), "--language", "zh").exit_code == 0
    assert (tmp_path / "t.xlsx").stat().st_size > 1000


def test_lines_are_only_taken_away_with_the_option_that_says_so(session, run):
    first = HEADER + "H1,P1,2026-11-03,12\nH1,P1,2026-11-04,8\n"
    assert run("flow", "--distributor", "甲", "--name", "甲=new", lines=first).exit_code == 0
    fewer = HEADER + "H1,P1,2026-11-05,5\n"
    asked = run("flow", "--distributor", "甲", lines=fewer)
    assert asked.exit_code == 1
    assert "Replace: lines that the file does not have are taken away (lines: 2, packs: 20)" in asked.output
    assert "--add / --replace" in asked.output
    assert run("flow", "--distributor", "甲", "--add", lines=fewer).exit_code == 0
    assert sorted(session.scalars(counting())) == [5, 8, 12]
    assert run("flow", "--distributor", "甲", "--replace", lines=fewer).exit_code == 0
    session.rollback()
    assert sorted(session.scalars(counting())) == [5]


def test_a_name_is_answered_once_and_known_from_then_on(session, run):
    header = "医院名称,产品编码,日期,盒数\n"
    answers = ("--name", "甲=new", "--name", "一院=H1")
    assert run("flow", "--distributor", "甲", *answers, lines=header + "一院,P1,2026-10-03,12\n").exit_code == 0
    again = run("flow", "--distributor", "甲", lines=header + "一院,P1,2026-11-03,7\n")
    assert again.exit_code == 0, again.output
    session.rollback()
    assert sorted(session.scalars(counting())) == [7, 12]
