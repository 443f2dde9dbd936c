"""Doctors: registered, posted, rated, found."""

from datetime import date

import pytest
from sqlalchemy import func, select

from repcrm.accounts import queries, service
from repcrm.accounts.duplicates import Likeness
from repcrm.accounts.models import AdoptionRating, Doctor, DoctorClass, Post, Tier
from repcrm.accounts.models import Session as Part
from repcrm.accounts.service import DoctorFacts
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from tests.factories import (
    LONG_AGO,
    MONDAY,
    NOW,
    make_assignment,
    make_call,
    make_department,
    make_hospital,
    make_product,
    make_rating,
    scope_of,
)


@pytest.fixture
def hospital(session, region, rep):
    hospital = make_hospital(session, region=region, name="东海医院")
    make_assignment(session, hospital=hospital, rep=rep)
    return hospital


@pytest.fixture
def cardio(session, hospital):
    return make_department(session, hospital=hospital, name="心内科")


@pytest.fixture
def register(session, cardio):
    """Register a doctor under the next code."""
    codes = iter(range(1, 100))

    def register(name, department=cardio, **facts):
        return service.register_doctor(session, f"D{next(codes)}", DoctorFacts(name, **facts), department, LONG_AGO)

    return register


def found(session, user, words):
    return [row.name for row in queries.find_doctors(session, scope_of(user), words)]


def test_a_registered_doctor_has_a_post_and_can_be_found(session, rep, register, cardio):
    doctor = register("曾小贤", doctor_class=DoctorClass.CHIEF, tier=Tier.KEY)
    post = queries.find_post(session, scope_of(rep), doctor.id)
    assert post is not None
    assert (post.department, post.from_on, post.until_on) == (cardio, LONG_AGO, None)
    for typed in ("曾", "小贤", "zxx", "zengx", "cengx", "zengxaioxian", "曾晓贤", doctor.code):
        assert found(session, rep, typed) == ["曾小贤"], typed
    row = queries.find_doctor_row(session, scope_of(rep), doctor.id)
    assert row is not None
    assert (row.hospital_name, row.department_name, row.tier) == ("东海医院", "心内科", Tier.KEY)


def test_a_taken_code_or_an_empty_name_registers_nobody(session, cardio, register):
    register("张三")
    for code, name in (("D1", "李四"), ("D9", "")):
        with pytest.raises(RuleBroken):
            service.register_doctor(session, code, DoctorFacts(name), cardio, LONG_AGO)
    assert session.scalar(select(func.count(Doctor.id))) == 1
    assert session.scalar(select(func.count(Post.id))) == 1


def test_signs_with_a_meaning_in_sql_are_only_signs(session, rep, register):
    register("张三")
    assert found(session, rep, "%") == found(session, rep, "_") == found(session, rep, "'") == []


def test_who_left_is_not_found_but_listed_when_asked_for(session, rep, register):
    register("张三", is_active=False)
    assert found(session, rep, "张三") == []
    everybody = queries.DoctorFilters(is_active=None)
    assert queries.list_doctors(session, scope_of(rep), everybody).total == 1
    assert queries.list_doctors(session, scope_of(rep), queries.DoctorFilters()).total == 0


def test_a_revision_is_refused_to_whoever_was_shown_an_older_version(session, register):
    doctor = register("张三")
    assert service.revise_doctor(session, doctor, DoctorFacts("章三"), version=1)
    assert doctor.name_pinyin == "zhangsan"
    with pytest.raises(Conflict):
        service.revise_doctor(session, doctor, DoctorFacts("李四"), version=1)
    assert (doctor.name, doctor.version) == ("章三", 2)


def test_a_new_post_closes_the_former_one(session, rep, hospital, register, cardio):
    doctor = register("张三")
    bones = make_department(session, hospital=hospital, name="骨科")
    service.post_doctor(session, doctor, bones, date(2026, 11, 1))
    assert [
        (p.department.name, p.from_on, p.until_on) for p in queries.list_posts(session, scope_of(rep), doctor.id)
    ] == [
        ("骨科", date(2026, 11, 1), None),
        ("心内科", LONG_AGO, date(2026, 11, 1)),
    ]
    scope = scope_of(rep)
    assert queries.department_of(session, scope, doctor.id, date(2026, 10, 31)) == cardio
    assert queries.department_of(session, scope, doctor.id, date(2026, 11, 1)) == bones
    assert queries.list_doctors(session, scope, queries.DoctorFilters()).total == 1


def test_a_post_of_the_same_day_is_corrected_and_the_same_post_is_left_alone(session, hospital, register, cardio):
    doctor = register("张三")
    bones = make_department(session, hospital=hospital)
    first = service.post_doctor(session, doctor, cardio, MONDAY)
    assert first.from_on == LONG_AGO
    assert service.post_doctor(session, doctor, bones, LONG_AGO) is first
    assert first.department_id == bones.id
    assert session.scalar(select(func.count(Post.id))) == 1


def test_a_post_before_a_later_one_is_refused(session, hospital, register, cardio):
    doctor = register("张三")
    service.post_doctor(session, doctor, make_department(session, hospital=hospital), MONDAY)
    with pytest.raises(RuleBroken) as refusal:
        service.post_doctor(session, doctor, cardio, date(2026, 11, 1))
    assert refusal.value.field == "from_on"
    assert session.scalar(select(func.count(Post.id))) == 2


def test_a_rating_is_dated_signed_and_journalled(session, rep, hospital, register):
    doctor, product = register("张三"), make_product(session)
    call = make_call(session, rep=rep, hospital=hospital, main_doctor=doctor)
    service.rate_doctor(session, doctor, product, 3, date(2026, 11, 2), actor_id=rep.id, now=NOW)
    row = service.rate_doctor(session, doctor, product, 5, MONDAY, actor_id=rep.id, now=NOW, call_id=call.id)
    assert (row.rating, row.set_by, row.set_at, row.call_id) == (5, rep, NOW, call.id)
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [(e.verb, e.before, e.after["rating"], e.actor_id) for e in entries] == [
        ("rate_doctor", None, 3, rep.id),
        ("rate_doctor", {"rating": 3}, 5, rep.id),
    ]
    scope = scope_of(rep)
    assert queries.latest_ratings(session, scope, [doctor.id], date(2026, 11, 15)) == {(doctor.id, product.id): 3}
    assert queries.latest_ratings(session, scope, None, MONDAY) == {(doctor.id, product.id): 5}
    assert queries.latest_ratings(session, scope, None, date(2026, 11, 1)) == {}
    assert [r.rating for r in queries.rating_history(session, scope, doctor.id)] == [3, 5]


def test_of_two_ratings_of_one_day_the_last_counts(session, rep, register):
    doctor, product = register("张三"), make_product(session)
    for rating in (6, 2):
        service.rate_doctor(session, doctor, product, rating, MONDAY, actor_id=rep.id, now=NOW)
    assert queries.latest_ratings(session, scope_of(rep), [doctor.id], MONDAY) == {(doctor.id, product.id): 2}


@pytest.mark.parametrize("rating", [0, 8, -1])
def test_a_rating_outside_one_to_seven_is_refused(session, rep, register, rating):
    doctor, product = register("张三"), make_product(session)
    with pytest.raises(RuleBroken):
        service.rate_doctor(session, doctor, product, rating, MONDAY, actor_id=rep.id, now=NOW)
    assert session.scalar(select(func.count(AdoptionRating.id))) == 0
    assert session.scalar(select(func.count(JournalEntry.id))) == 0


def test_a_roster_is_replaced_as_a_whole(session, rep, register):
    doctor, other = register("张三"), register("李四")
    service.set_clinic_roster(session, doctor, [(3, Part.EVE), (3, Part.AM), (1, Part.PM)])
    service.set_clinic_roster(session, other, [(3, Part.PM)])
    scope = scope_of(rep)
    assert queries.clinic_roster(session, scope, doctor.id) == [(1, Part.PM), (3, Part.AM), (3, Part.EVE)]
    assert [row.name for row in queries.doctors_in_clinic(session, scope, 3)] == ["张三", "李四"]
    assert [row.name for row in queries.doctors_in_clinic(session, scope, 3, Part.PM)] == ["李四"]
    service.set_clinic_roster(session, doctor, [(5, Part.AM), (5, Part.AM)])
    assert queries.clinic_rosters(session, scope) == {doctor.id: [(5, Part.AM)], other.id: [(3, Part.PM)]}
    with pytest.raises(RuleBroken):
        service.set_clinic_roster(session, doctor, [(8, Part.AM)])
    assert queries.clinic_roster(session, scope, doctor.id) == [(5, Part.AM)]


def test_doctors_are_filtered_and_sorted(session, rep, hospital, register):
    bones = make_department(session, hospital=hospital, name="骨科")
    product, second = make_product(session), make_product(session)
    key = register("赵一", tier=Tier.KEY, doctor_class=DoctorClass.CHIEF)
    good = register("钱二", department=bones)
    register("孙三")
    make_rating(session, doctor=key, product=product, rating=2)
    make_rating(session, doctor=good, product=product, rating=6)
    make_rating(session, doctor=good, product=second, rating=3)

    def names(**filters):
        return [d.name for d in queries.list_doctors(session, scope_of(rep), queries.DoctorFilters(**filters)).items]

    assert names(sort="rating") == ["钱二", "赵一", "孙三"]
    assert names(sort="tier")[0] == "赵一"
    assert names(tier=Tier.KEY) == names(doctor_class=DoctorClass.CHIEF) == ["赵一"]
    assert names(department_id=bones.id) == names(rating=6) == names(words="qe") == ["钱二"]
    assert names(rating=3) == []  # the best of any product counts
    assert names(rating=3, product_id=second.id) == ["钱二"]
    assert names(rating=queries.NOT_RATED) == ["孙三"]
    assert names(hospital_id=hospital.id + 1) == []
    assert names(leave_out=session.scalars(select(Doctor.id).where(Doctor.id != key.id)).all()) == ["赵一"]


def test_doctors_of_a_hospital_come_by_department_the_key_ones_first(session, rep, hospital, register):
    bones = make_department(session, hospital=hospital, name="Bones")
    register("钱二")
    register("赵一", tier=Tier.KEY)
    register("孙三", department=bones)
    rows = queries.list_doctors_of_hospital(session, scope_of(rep), hospital.id, MONDAY)
    assert [row.name for row in rows] == ["孙三", "赵一", "钱二"]


def test_a_possible_duplicate_is_proposed_not_merged(session, lead, other_rep, hospital, register):
    there = register("王芳")
    register("赵强")
    proposed = service.propose_duplicates(session, scope_of(lead), "汪方", hospital.id, "心内科")
    assert [(c.person.id, c.why) for c in proposed] == [
        (there.id, (Likeness.SAME_SOUND, Likeness.SAME_HOSPITAL, Likeness.SAME_DEPARTMENT))
    ]
    assert service.propose_duplicates(session, scope_of(other_rep), "王芳", hospital.id, "心内科") == []


def test_a_rating_elsewhere_is_not_found(session, other_rep, register):
    rating = make_rating(session, doctor=register("张三"))
    with pytest.raises(NotFound):
        queries.get_rating(session, scope_of(other_rep), rating.id)


def test_a_doctor_with_the_name_of_another_has_to_be_confirmed(session, register, cardio):
    register("曾小贤")
    with pytest.raises(RuleBroken) as refusal:
        register("曾 小賢")
    assert refusal.value.field == "name"
    facts = DoctorFacts("曾小贤")
    assert service.register_doctor(session, "D77", facts, cardio, LONG_AGO, confirmed_new=True).code == "D77"
