"""repcrm check: the checklist for an operator, in the language of the terminal."""

from datetime import date, datetime

import pytest
from click.testing import CliRunner

from repcrm.cli import main
from tests import factories as make


@pytest.fixture
def check(database, monkeypatch, fixed_clock):
    """The command on Tuesday 24 November 2026: its exit status and lines."""
    fixed_clock("2026-11-24T09:00+08:00")
    monkeypatch.setenv("REPCRM_DATABASE_URL", database)
    monkeypatch.setenv("REPCRM_SECRET_KEY", "x1y2" * 8)

    def run(language="C.UTF-8"):
        monkeypatch.setenv("LC_ALL", language)
        result = CliRunner().invoke(main, ["check"])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result.exit_code, result.output.splitlines()

    return run


def test_an_empty_installation_ends_with_1_and_says_what_is_missing(check):
    status, lines = check()
    assert status == 1
    assert lines[:2] == [
        "[not set up] Working days: Years 0",
        "  - There are no public holidays on file for 2026: Monday to Friday are counted as working days.",
    ]
    assert "[not set up] Regions and people: Regions 0 · Regional leads 0 · Reps 0" in lines
    assert "The first weekly gap report can be for 2026-W47, once this is complete:" in lines


def test_it_speaks_the_language_of_the_terminal(check):
    status, lines = check("zh_CN.UTF-8")
    assert status == 1
    assert lines[:2] == ["[未设置] 工作日: 年度 0", "  - 尚未录入 2026 年的节假日，工作日按周一至周五计算。"]


def test_a_company_that_has_everything_ends_with_0(check, session, region):
    make.make_calendar_day(session)
    make.make_lead(session, region=region, password_hash="x")
    rep = make.make_rep(session, region=region, password_hash="x")
    hospital, product = make.make_hospital(session, region=region), make.make_product(session)
    make.make_price(session, product=product)
    make.make_doctor(session, hospital=hospital)
    make.make_assignment(session, hospital=hospital, product=product, rep=rep)
    make.make_target(session, hospital=hospital, product=product)
    make.make_target(session, hospital=hospital, product=product, month_on=date(2026, 12, 1))
    make.make_batch(
        session,
        created_by=make.make_admin(session, password_hash="x"),
        applied_at=datetime.fromisoformat("2026-11-23T09:00+08:00"),
    )
    session.commit()
    status, lines = check()
    assert status == 0, lines
    assert lines[-3:] == [
        "The first monthly gap report can be for 2026-11, once this is complete:",
        "  - Distributors whose sales for 2026-11 are not complete: 1 (" + lines[-2].split("(")[1],
        "Everything is set up.",
    ]
    assert "Weekly gap reports can be trusted from 2026-W45 on." in lines
