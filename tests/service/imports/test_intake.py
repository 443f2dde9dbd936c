"""Files that arrive without a person: received once, applied as the company chose, the rest waits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from repcrm.core.errors import BadInput, Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.db.unit_of_work import unit_of_work
from repcrm.imports import intake, service
from repcrm.imports.arrivals import ArrivalState, report_of, state_of
from repcrm.imports.intake import Arrival, answers_of, clean_name, receive, settle
from repcrm.sales.models import BatchStatus, Channel, Distributor, FlowLine, FlowMode, ImportBatch, Intake
from repcrm.sales.queries import active
from tests.factories import make_admin, make_batch, make_distributor, make_flow, make_token, scope_of

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
HEADER = "医院编码,产品编码,日期,盒数\n"
TWO_LINES = HEADER + "H1,P1,2026-11-03,12\nH2,P1,2026-11-04,-2\n"


@pytest.fixture
def distributor(session, company):
    return make_distributor(session, code="DC-1", name="海棠医药", intake=Intake.APPLY)


@pytest.fixture
def arrive(session, engine, admin, distributor, settings):
    """Let a file arrive, and settle it."""

    def arrive(text: str, name="flow.csv", channel=Channel.API, by=admin, of=distributor, **answers) -> ImportBatch:
        content = text.encode() if isinstance(text, str) else text
        batch = receive(session, of, Arrival(name, content, channel, by.id, answers), now=NOW).batch
        session.commit()
        batch_id = batch.id
        session.commit()
        settle(sessionmaker(engine), batch_id, zone=settings.zone)
        session.commit()
        return batch

    return arrive


def packs_that_count(session) -> int:
    return session.scalar(select(func.coalesce(func.sum(FlowLine.packs), 0)).where(active()))


def test_a_clear_file_is_applied_where_the_company_chose_so(session, arrive, distributor):
    batch = arrive(TWO_LINES)
    assert (batch.status, batch.distributor, batch.period) == (BatchStatus.APPLIED, distributor, "2026-11")
    assert packs_that_count(session) == 12 - 2
    assert batch.content is None


def test_a_clear_file_waits_for_a_person_where_the_company_chose_so(session, arrive, distributor):
    distributor.intake = Intake.PREVIEW
    batch = arrive(TWO_LINES)
    assert state_of(batch) is ArrivalState.PREVIEWED
    assert packs_that_count(session) == 0


def test_a_second_person_is_never_left_out_and_any_admin_is_one(session, arrive, admin, distributor):
    distributor.needs_second_person = True
    batch = arrive(TWO_LINES)
    assert state_of(batch) is ArrivalState.PREVIEWED
    service.apply(session, scope_of(admin), batch, now=NOW)
    assert packs_that_count(session) == 10


def test_an_upload_of_such_a_distributor_is_still_applied_by_someone_else(session, arrive, admin, distributor):
    distributor.needs_second_person = True
    batch = arrive(TWO_LINES)
    batch.channel = Channel.PAGE
    with pytest.raises(RuleBroken, match="second person"):
        service.apply(session, scope_of(admin), batch, now=NOW)
    service.apply(session, scope_of(make_admin(session)), batch, now=NOW)
    assert packs_that_count(session) == 10


def test_the_same_bytes_again_are_the_same_import(session, arrive):
    first = arrive(TWO_LINES)
    assert arrive(TWO_LINES, name="again.csv") is first
    assert arrive(TWO_LINES, channel=Channel.FOLDER) is first
    assert packs_that_count(session) == 10
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 1


def test_the_same_bytes_of_another_distributor_are_another_import(session, arrive):
    first = arrive(TWO_LINES)
    other = arrive(TWO_LINES, of=make_distributor(session))
    assert other is not first


def test_another_file_that_says_the_same_changes_nothing(session, arrive):
    arrive(TWO_LINES)
    again = arrive(TWO_LINES + "\n")
    assert again.status is BatchStatus.UNCHANGED
    assert packs_that_count(session) == 10


def test_lines_with_a_name_nobody_knows_wait_and_the_others_count(session, arrive):
    batch = arrive(HEADER + "H1,P1,2026-11-03,12\nH-unknown,P1,2026-11-03,5\n")
    assert (batch.status, batch.count_open) == (BatchStatus.APPLIED, 1)
    assert packs_that_count(session) == 12
    assert any("H-unknown" in line for line in report_of(session, batch, "en", str))


def test_a_rejected_row_keeps_the_whole_file_waiting_and_is_named(session, arrive):
    batch = arrive(HEADER + "H1,P1,2026-11-03,12\nH1,P1,2026-11-04,1.5\n")
    assert state_of(batch) is ArrivalState.WAITING
    assert packs_that_count(session) == 0
    assert any("row 3: D “盒数”: “1.5” is not a whole number." in line for line in report_of(session, batch, "en", str))


def test_lines_that_would_be_taken_away_are_asked_about_until_the_sender_says_so(session, arrive):
    arrive(TWO_LINES)
    batch = arrive(HEADER + "H1,P1,2026-11-03,12\n")
    assert [question["key"] for question in batch.questions] == ["mode"]
    assert packs_that_count(session) == 10
    again = arrive(HEADER + "H1,P1,2026-11-03,12\n", **answers_of("", "replace"))
    assert (again, again.status, again.mode) == (batch, BatchStatus.APPLIED, FlowMode.REPLACES)
    assert packs_that_count(session) == 12


def test_a_settled_file_is_not_settled_otherwise(session, arrive):
    arrive(TWO_LINES)
    with pytest.raises(Conflict, match="received before"):
        arrive(TWO_LINES, period="2026-10")


def test_a_file_that_cannot_be_read_is_kept_with_the_reason_and_read_again(session, arrive):
    batch = arrive(b"PK\x03\x04 not really")
    assert state_of(batch) is ArrivalState.REFUSED
    assert "damaged" in " ".join(report_of(session, batch, "en", str))
    assert arrive(b"PK\x03\x04 not really") is batch
    assert state_of(batch) is ArrivalState.REFUSED


def test_rows_of_another_distributor_are_never_taken_for_this_one(session, arrive):
    make_distributor(session, name="别家医药")
    batch = arrive("商业公司,医院编码,产品编码,日期,盒数\n别家医药,H1,P1,2026-11-03,12\n")
    assert state_of(batch) is ArrivalState.WAITING
    assert packs_that_count(session) == 0


def test_a_file_a_person_discarded_does_not_come_back(session, arrive, admin, distributor):
    distributor.intake = Intake.PREVIEW
    batch = arrive(TWO_LINES)
    service.reject(session, scope_of(admin), batch, now=NOW)
    assert state_of(arrive(TWO_LINES)) is ArrivalState.DISCARDED


def test_a_reverted_file_does_not_come_back_by_itself(session, arrive, admin):
    batch = arrive(TWO_LINES)
    service.revert(session, scope_of(admin), batch, now=NOW)
    assert state_of(arrive(TWO_LINES)) is ArrivalState.REVERTED
    assert packs_that_count(session) == 0


def test_a_file_whose_reading_was_interrupted_is_read_when_it_comes_again(session, admin, distributor, arrive):
    arrival = Arrival("flow.csv", TWO_LINES.encode(), Channel.API, admin.id)
    batch = receive(session, distributor, arrival, now=NOW).batch
    session.commit()  # and the process is killed
    assert state_of(batch) is ArrivalState.READING
    assert arrive(TWO_LINES).status is BatchStatus.APPLIED
    assert packs_that_count(session) == 10


def test_the_same_file_sent_four_times_at_once_is_received_and_counted_once(
    session, engine, admin, distributor, settings
):
    session.commit()
    make_session, distributor_id = sessionmaker(engine), distributor.id
    arrival = Arrival("flow.csv", TWO_LINES.encode(), Channel.API, admin.id)
    session.commit()

    def send(_: int) -> int:
        with unit_of_work(make_session) as own:
            batch_id = receive(own, own.get_one(Distributor, distributor_id), arrival, now=NOW).batch.id
        settle(make_session, batch_id, zone=settings.zone)
        return batch_id

    with ThreadPoolExecutor(4) as senders:
        assert len(set(senders.map(send, range(4)))) == 1
    assert packs_that_count(session) == 10
    assert session.scalars(select(ImportBatch.status)).all() == [BatchStatus.APPLIED]
    verbs = session.scalars(select(JournalEntry.verb).where(JournalEntry.subject == "import_batch")).all()
    assert verbs == ["apply_batch", "receive_file"]


def test_a_large_file_is_left_to_a_worker_and_ends_the_same(session, arrive, do_long_work):
    days = [f"H1,P1,2026-11-{day:02},{packs},{packs}-{day}\n" for packs in range(1, 102) for day in range(1, 22)]
    batch = arrive("医院编码,产品编码,日期,盒数,单号\n" + "".join(days))
    assert state_of(batch) is ArrivalState.READING
    do_long_work()
    session.expire_all()
    assert (batch.status, batch.staged_lines) == (BatchStatus.APPLIED, 21 * 101)
    assert packs_that_count(session) == 21 * 101 * 102 // 2
    assert arrive("医院编码,产品编码,日期,盒数,单号\n" + "".join(days)) is batch


def test_a_large_file_that_needs_a_second_person_waits_after_the_worker(session, arrive, do_long_work, distributor):
    distributor.needs_second_person = True
    batch = arrive(HEADER + "".join(f"H1,P1,2026-11-{day:02},{n}\n" for n in range(1, 102) for day in range(1, 22)))
    do_long_work()
    session.expire_all()
    assert state_of(batch) is ArrivalState.PREVIEWED
    assert packs_that_count(session) == 0


def test_what_became_of_a_file_is_in_the_audit_log(session, arrive, distributor):
    batch = arrive(TWO_LINES)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.verb == "receive_file")).one()
    assert entry.subject_id == batch.id
    assert entry.after == {
        "source": "海棠医药", "file_name": "flow.csv", "channel": "api", "status": "applied", "rows": 2,
        "rejected": 0, "waiting": 0,
    }  # fmt: skip


def test_a_token_reads_the_files_of_its_distributor_that_arrived_without_a_person(session, arrive, distributor):
    batch, token = arrive(TWO_LINES), make_token(session, distributor=distributor)
    assert intake.get_received(session, token, batch.id) is batch
    uploaded = make_batch(session, distributor=distributor, channel=Channel.PAGE)
    for number in (uploaded.id, make_batch(session, channel=Channel.API).id, 9999):
        with pytest.raises(NotFound):
            intake.get_received(session, token, number)


def test_what_a_correction_changed_meanwhile_makes_the_file_wait(session, arrive, distributor, company, admin):
    distributor.intake = Intake.PREVIEW
    batch = arrive(TWO_LINES)
    make_flow(
        session, batch=make_batch(session, distributor=distributor), hospital=company["H1"], product=company["P1"]
    )
    distributor.intake = Intake.APPLY
    session.commit()
    again = arrive(TWO_LINES)  # unfinished, so it is read again: now it would take a line away, and asks
    assert again is batch
    assert [question["key"] for question in batch.questions] == ["mode"]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("flow.xlsx", "flow.xlsx"), ("C:\\temp\\11月.xls", "11月.xls"), ("../../etc/passwd", "passwd"),
        ("a\0b\n.csv", "ab.csv"), ("", "sales"), ("x" * 300, "x" * 200),
    ],
)  # fmt: skip
def test_the_name_of_a_file_is_only_a_name(name, clean):
    assert clean_name(name) == clean


@pytest.mark.parametrize(("period", "mode"), [("soon", ""), ("", "merge"), ("2026-13", "")])
def test_what_a_sender_says_has_to_mean_something(period, mode):
    with pytest.raises(BadInput):
        answers_of(period, mode)
