"""`repcrm import watch`: files are taken, put away with a report, exactly once, whatever is killed."""

import os
import random
import subprocess
import sys
import time

import pytest
from sqlalchemy import func, select

from repcrm.sales.models import BatchStatus, FlowLine, ImportBatch, Intake
from repcrm.sales.queries import active
from tests.factories import make_distributor, make_hospital, make_product

HEADER = "医院编码,产品编码,日期,盒数,单号\n"
COMMAND = "from repcrm.cli import main; main()"


@pytest.fixture
def distributor(session, region, admin):
    make_hospital(session, code="H1", name="江岸第一医院", region=region)
    make_product(session, code="P1", name="产品甲")
    distributor = make_distributor(session, code="DC-1", name="海棠医药", intake=Intake.APPLY)
    session.commit()
    return distributor


@pytest.fixture
def folder(tmp_path):
    """The folder that is watched."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def start(database, distributor, folder):
    """Start the command on the folder in a process of its own."""
    running = []

    def start(*options: str):
        environment = {
            **os.environ, "REPCRM_DATABASE_URL": database, "REPCRM_SECRET_KEY": "for tests only " * 3,
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        arguments = ["import", "watch", str(folder), "--distributor", "海棠医药", *options]
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", COMMAND, *arguments], env=environment, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def finish(process) -> str:
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def november(count: int, document: str) -> str:
    """Lines of one pack each, every one with a number of its own."""
    lines = (f"H1,P1,2026-11-{number % 28 + 1:02},1,{document}-{number}\n" for number in range(count))
    return HEADER + "".join(lines)


def packs_that_count(session) -> int:
    session.rollback()
    return session.scalar(select(func.coalesce(func.sum(FlowLine.packs), 0)).where(active()))


def names_in(folder) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_files_are_put_where_they_belong_with_a_report(session, start, folder):
    (folder / "clear.csv").write_text(november(3, "A"))
    (folder / "wrong.csv").write_text(HEADER + "H1,P1,2026-10-03,1.5,X\n")
    (folder / "picture.pdf").write_bytes(b"%PDF-1.7 no table")
    finish(start("--once"))
    assert names_in(folder) == {
        "applied/clear.csv", "applied/clear.csv.txt", "waiting/wrong.csv", "waiting/wrong.csv.txt",
        "refused/picture.pdf", "refused/picture.pdf.txt",
    }  # fmt: skip
    assert "3 new" in (folder / "applied/clear.csv.txt").read_text()
    assert "row 2: D “盒数”: “1.5” is not a whole number." in (folder / "waiting/wrong.csv.txt").read_text()
    assert "cannot be read" in (folder / "refused/picture.pdf.txt").read_text()
    assert packs_that_count(session) == 3


def test_the_same_file_dropped_again_counts_once(session, start, folder):
    for _ in range(2):
        (folder / "flow.csv").write_text(november(3, "A"))
        finish(start("--once"))
    assert packs_that_count(session) == 3
    assert names_in(folder) == {"applied/flow.csv", "applied/flow.csv.txt"}
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 1


def test_an_unknown_distributor_and_admin_end_it_with_a_sentence(start):
    process = start("--once", "--by", "nobody")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "There is no such admin." in said


@pytest.mark.slow
def test_two_at_once_count_everything_once(session, start, folder):
    (folder / "large.csv").write_text(november(2_500, "L"))
    for number in range(3):
        (folder / f"small{number}.csv").write_text(HEADER + f"H1,P1,2026-{number + 7:02}-03,10,S\n")
    one, other = start("--once"), start("--once")
    finish(one), finish(other)
    assert packs_that_count(session) == 2_500 + 3 * 10
    assert len(names_in(folder)) == 2 * 4
    assert all(name.startswith("applied/") for name in names_in(folder))
    states = session.scalars(select(ImportBatch.status)).all()
    assert states == [BatchStatus.APPLIED] * 4


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_any_point_nothing_is_half_and_a_later_run_finishes(session, start, folder):
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    (folder / "large.csv").write_text(november(6_000, "L"))
    (folder / "small.csv").write_text(HEADER + "H1,P1,2026-10-03,10,S\n")
    for _ in range(4):
        process = start("--once")
        time.sleep(3 + chance.random() * 5)
        process.kill()
        process.wait()
        assert packs_that_count(session) in (0, 10, 6_000, 6_010), f"a file counts whole or not at all (seed {seed})"
    finish(start("--once"))
    assert packs_that_count(session) == 6_010
    assert names_in(folder) == {
        "applied/large.csv", "applied/large.csv.txt", "applied/small.csv", "applied/small.csv.txt",
    }  # fmt: skip
