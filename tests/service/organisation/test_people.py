"""What is done to people: each verb, what it refuses, and that the journal keeps it."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.core.errors import Conflict, NotFound, RepCRMError, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.db.unit_of_work import begin_writing
from repcrm.organisation import passwords, queries, service, sign_in
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from tests import factories
from tests.factories import NOW, scope_of

GOOD = "correct horse battery"


def journal(session):
    return [(entry.verb, entry.actor_id, entry.reason) for entry in session.scalars(select(JournalEntry))]


def is_signed_in(session, token):
    session.expire_all()
    return sign_in.find_session(session, token, NOW) is not None


@pytest.fixture
def second_admin(session, save):
    return save(factories.make_admin(session))


def add(session, region, **values):
    facts = {"code": "R9", "username": "Chen", "name": "陈晓", "role": Role.REP, "region_id": region.id, **values}
    return service.add_user(session, None, now=NOW, **facts)


def test_a_new_person_is_kept_in_lower_case_and_journalled(session, region):
    user = add(session, region)
    assert (user.username, user.role, user.region_id, user.is_active) == ("chen", Role.REP, region.id, True)
    assert journal(session) == [("add_user", None, "")]


@pytest.mark.parametrize(
    ("values", "field"), [({"code": "OTHER"}, "username"), ({"username": "other"}, "code"), ({"code": " "}, "code")]
)
def test_code_and_user_name_are_taken_once(session, region, values, field):
    add(session, region)
    with pytest.raises(RuleBroken) as refusal:
        add(session, region, **values)
    assert refusal.value.field == field


@pytest.mark.parametrize("role", [Role.REP, Role.LEAD])
def test_field_people_belong_to_a_region(session, region, role):
    with pytest.raises(RuleBroken) as refusal:
        add(session, region, role=role, region_id=None)
    assert refusal.value.field == "region_id"


def test_an_administrator_belongs_to_none(session, region):
    assert add(session, region, role=Role.ADMIN).region_id is None


def test_editing_takes_the_version_that_was_shown(session, rep, admin):
    service.edit_user(session, admin.id, rep, version=1, code="R1", name="陈晓", now=NOW)
    assert (rep.version, rep.code, rep.name) == (2, "R1", "陈晓")
    with pytest.raises(Conflict):
        service.edit_user(session, admin.id, rep, version=1, code="R2", name="陈晓", now=NOW)
    assert rep.code == "R1"


def test_another_role_ends_all_sign_ins_and_says_why(session, rep, admin):
    token = sign_in.open_session(session, rep, NOW, timedelta(days=1), "browser")
    facts = {"version": 1, "role": Role.LEAD, "region_id": rep.region_id, "now": NOW}
    with pytest.raises(RuleBroken) as refusal:
        service.change_role(session, admin.id, rep, reason="  ", **facts)
    assert refusal.value.field == "reason"
    session.refresh(rep)
    service.change_role(session, admin.id, rep, reason="promoted", **facts)
    assert rep.role is Role.LEAD
    assert not is_signed_in(session, token)
    assert journal(session) == [("change_role", admin.id, "promoted")]


def test_the_same_role_again_is_refused(session, rep, admin):
    with pytest.raises(RuleBroken, match="already"):
        service.change_role(
            session, admin.id, rep, version=1, role=Role.REP, region_id=rep.region_id, reason="none", now=NOW
        )


def test_disabling_ends_all_sign_ins_and_enabling_does_not_bring_them_back(session, rep, admin):
    token = sign_in.open_session(session, rep, NOW, timedelta(days=1), "browser")
    service.disable_user(session, admin.id, rep, reason="left", now=NOW)
    assert not is_signed_in(session, token)
    service.enable_user(session, admin.id, rep, reason="came back", now=NOW)
    assert rep.is_active
    assert not is_signed_in(session, token)
    assert journal(session) == [("disable_user", admin.id, "left"), ("enable_user", admin.id, "came back")]


def test_nobody_shuts_themselves_out(session, admin, second_admin):
    with pytest.raises(RuleBroken, match="yourself"):
        service.disable_user(session, admin.id, admin, reason="tired", now=NOW)


def test_the_last_administrator_stays(session, region, admin, second_admin):
    service.disable_user(session, admin.id, second_admin, reason="left", now=NOW)
    with pytest.raises(RuleBroken, match="last administrator"):
        service.disable_user(session, None, admin, reason="left", now=NOW)
    with pytest.raises(RuleBroken, match="last administrator"):
        service.change_role(
            session, None, admin, version=1, role=Role.LEAD, region_id=region.id, reason="moved", now=NOW
        )


def test_a_reset_password_is_for_one_sign_in(session, rep, admin):
    token = sign_in.open_session(session, rep, NOW, timedelta(days=1), "browser")
    password = service.reset_password(session, admin.id, rep, now=NOW)
    assert passwords.is_right(rep.password_hash, password)
    assert rep.must_change_password
    assert not is_signed_in(session, token)
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.verb, entry.before, entry.after) == ("reset_password", None, None)


def test_changing_ones_own_password_keeps_this_browser_and_ends_the_others(session, save, region):
    rep = save(factories.make_rep(session, region=region, password_hash=passwords.hash_password(GOOD)))
    here = sign_in.open_session(session, rep, NOW, timedelta(days=1), "here")
    there = sign_in.open_session(session, rep, NOW, timedelta(days=1), "there")
    login = sign_in.find_session(session, here, NOW)
    assert login is not None
    change: dict[str, Any] = {"now": NOW, "keep_session_id": login.id}
    for current, new, field in [
        ("wrong", GOOD + "!", "current"),
        (GOOD, GOOD, "password"),
        (GOOD, "short", "password"),
    ]:
        with pytest.raises(RuleBroken) as refusal:
            service.change_own_password(session, rep, current=current, password=new, **change)
        assert refusal.value.field == field
    service.change_own_password(session, rep, current=GOOD, password=GOOD + "!", **change)
    assert passwords.is_right(rep.password_hash, GOOD + "!")
    assert is_signed_in(session, here)
    assert not is_signed_in(session, there)


def test_people_are_seen_within_scope_only(session, rep, lead, other_rep, admin):
    def seen_by(user):
        return {found.id for found in queries.list_users(session, scope_of(user))}

    assert seen_by(admin) == {rep.id, lead.id, other_rep.id, admin.id}
    assert seen_by(lead) == {rep.id, lead.id}
    assert seen_by(rep) == {rep.id}
    assert [found.id for found in queries.list_reps(session, scope_of(lead))] == [rep.id]
    with pytest.raises(NotFound):
        queries.get_user(session, scope_of(lead), other_rep.id)
    with pytest.raises(NotFound):
        queries.get_region(session, scope_of(lead), other_rep.region_id)


def test_people_are_found_by_name_user_name_and_code(session, save, admin):
    save(
        factories.make_rep(session, code="A-17", username="chen", name="陈晓"),
        factories.make_rep(session, code="B_18", username="li", name="李雷"),
    )

    def found(text):
        return [user.username for user in queries.list_users(session, scope_of(admin), text=text)]

    assert found("陈") == ["chen"]
    assert found("CHEN") == ["chen"]
    assert found("a-17") == ["chen"]
    assert found("b_1") == ["li"]
    assert found("%") == []


def test_a_lead_reads_the_work_of_the_own_region_and_an_admin_the_rest(session, save, rep, lead, other_rep, admin):
    save(
        factories.make_journal_entry(session, actor=rep, subject="quota_split"),
        factories.make_journal_entry(session, actor=other_rep, subject="quota_split"),
        factories.make_journal_entry(session, actor=admin, subject="user_account"),
    )

    def read_by(user):
        return {(entry.actor_id, entry.subject) for entry in session.scalars(queries.list_journal(scope_of(user)))}

    assert read_by(lead) == {(rep.id, "quota_split")}
    assert read_by(admin) == {(admin.id, "user_account")}
    assert read_by(rep) == {(rep.id, "quota_split")}


def both_at_once(engine, *deeds):
    """Run the deeds at the same time, each in a unit of work of its own; returns how each ended."""
    together = Barrier(len(deeds))
    ends: dict[int, type[RepCRMError] | None] = {}

    def run(number, deed):
        with Session(engine) as own:
            together.wait()
            begin_writing(own)
            try:
                deed(own)
                own.commit()
                ends[number] = None
            except RepCRMError as error:
                ends[number] = type(error)

    threads = [Thread(target=run, args=(number, deed)) for number, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ends[number] for number in range(len(deeds))]


def test_of_two_who_edit_at_once_one_is_told(engine, session, rep, admin):
    rep_id, admin_id = rep.id, admin.id
    session.commit()

    def named(name):
        def edit(own):
            user = own.get_one(User, rep_id)
            service.edit_user(own, admin_id, user, version=1, code="R1", name=name, now=NOW)

        return edit

    ends = both_at_once(engine, named("陈晓"), named("李雷"))
    assert sorted(ends, key=str) == [Conflict, None]
    session.refresh(rep)
    assert (rep.version, rep.name) == (2, "陈晓" if ends[0] is None else "李雷")


def test_two_administrators_cannot_retire_each_other(engine, session, admin, second_admin):
    first, second = admin.id, second_admin.id
    session.commit()

    def retires(actor, other):
        def disable(own):
            service.disable_user(own, actor, own.get_one(User, other), reason="left", now=NOW)

        return disable

    ends = both_at_once(engine, retires(first, second), retires(second, first))
    assert sorted(ends, key=str) == [RuleBroken, None]
    assert len(session.scalars(select(User.id).where(User.is_active)).all()) == 1
