"""`repcrm import`: the same words as the pages, and an exit code that says how it ended."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from repcrm.cli import main
from repcrm.sales.models import BatchStatus, FlowLine, ImportBatch

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
    first = run("flow", "--source", "甲", "--period", "2026-11", lines=HEADER + "H1,P1,2026-11-03,12\n")
    assert first.exit_code == 0, first.output
    assert "1 new, 0 changed, 0 unchanged, 0 refused" in first.output
    again = run("flow", "--source", "甲", lines=HEADER + "H1,P1,2026-11-03,12\n")
    assert "Nothing to do: every row is on file already." in again.output
    assert list(session.scalars(select(FlowLine.packs))) == [12]
    number = session.scalar(select(ImportBatch.id).where(ImportBatch.status == BatchStatus.APPLIED))
    assert run("undo", str(number)).exit_code == 0
    assert run("undo", str(number)).exit_code == 1


def test_refused_rows_are_printed_and_nothing_is_taken_in(session, run):
    ended = run("flow", "--source", "甲", lines=HEADER + "H1,P1,2026-11-03,12\nH9,P1,2026-11-03,12\n")
    assert ended.exit_code == 1
    assert "row 3: A “医院编码”: There is no hospital “H9”." in ended.output
    assert session.scalars(select(FlowLine)).all() == []
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_dry_run_leaves_everything_as_it_is(session, run):
    ended = run("targets", "--dry-run", lines="医院编码,产品编码,月份,保底\nH1,P1,2026-11,10\n")
    assert ended.exit_code == 0
    assert "1 new" in ended.output
    assert session.scalars(select(ImportBatch)).all() == []


def test_a_forbidden_column_is_refused_by_name(run):
    ended = run("flow", "--source", "甲", lines="医院编码,产品编码,日期,盒数,Rx count\nH1,P1,2026-11-03,12,3\n")
    assert ended.exit_code == 1
    assert "column E, row 1: “Rx count” is about how much single doctors prescribe" in ended.output


def test_a_template_is_written(run, tmp_path):
    assert run("template", "flow", str(tmp_path / "t.xlsx"), "--language", "zh").exit_code == 0
    assert (tmp_path / "t.xlsx").stat().st_size > 1000
