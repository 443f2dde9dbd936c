"""The same promises from SQLite and from PostgreSQL."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from repcrm.db.unit_of_work import begin_writing, unit_of_work
from repcrm.organisation.models import Region, Territory, User
from tests.factories import make_journal_entry, make_region


def test_a_key_that_points_nowhere_is_refused(session):
    session.add(Territory(code="T", name="Nowhere", region_id=4711))
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_instant_comes_back_aware_and_in_utc(session, admin):
    session.expire_all()
    assert admin.created_at == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert admin.created_at.tzinfo is UTC


def test_chinese_words_are_kept_as_they_are_in_json(session, save):
    save(make_journal_entry(session, after={"name": "第一医院"}))
    assert "第一医院" in session.scalar(text("SELECT CAST(after AS TEXT) FROM journal_entry"))


def test_a_unit_of_work_commits_once(engine: Engine):
    with unit_of_work(sessionmaker(engine)) as session:
        make_region(session, code="NORTH")
    with Session(engine) as session:
        assert session.scalars(select(Region.code)).all() == ["NORTH"]


def test_a_unit_of_work_that_fails_leaves_nothing_behind(engine: Engine):
    def add_a_region_and_fail() -> None:
        with unit_of_work(sessionmaker(engine)) as session:
            make_region(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_a_region_and_fail()
    with Session(engine) as session:
        assert session.scalars(select(Region)).all() == []


def test_what_was_read_before_writing_begins_is_read_afresh(session, engine, rep):
    assert rep.name == "Rep of the East"
    with unit_of_work(sessionmaker(engine)) as other:
        other.get_one(User, rep.id).name = "Renamed"
    begin_writing(session)
    assert rep.name == "Renamed"


def test_beginning_to_write_after_a_change_is_refused(session, rep):
    rep.name = "Renamed"
    with pytest.raises(RuntimeError, match="before the first change"):
        begin_writing(session)


def test_beginning_to_write_twice_is_beginning_once(session, rep):
    begin_writing(session)
    rep.name = "Renamed"
    begin_writing(session)
    assert rep.name == "Renamed"


def test_writers_wait_for_each_other_and_none_is_refused(engine, save, session):
    key = save(make_region(session, name="0")).id

    def count_up() -> None:
        for _ in range(20):
            with unit_of_work(sessionmaker(engine)) as mine:
                region = mine.scalars(select(Region).where(Region.id == key).with_for_update()).one()
                region.name = str(int(region.name) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    assert session.get_one(Region, key).name == "80"
