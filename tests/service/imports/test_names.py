"""Names in files: exact, explained once by a person, or a question."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from repcrm.catalogue.models import PackUnit
from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.imports import queries
from repcrm.imports.models import NameAlias
from repcrm.imports.naming import NameKind, Resolver
from repcrm.imports.naming.resolver import BY_ALIAS, BY_ANSWER, BY_CODE, RENAMED, RETIRED, SEVERAL, TORN, UNLIKE
from repcrm.imports.naming.service import answer_name, undo_alias
from repcrm.imports.queries import AliasFilters
from tests.factories import (
    NOW,
    make_alias,
    make_distributor,
    make_hospital,
    make_product,
    make_rep,
    scope_of,
)

TODAY = date(2026, 11, 23)
HOSPITAL, PRODUCT = NameKind.HOSPITAL, NameKind.PRODUCT


@pytest.fixture
def scope(admin):
    return scope_of(admin, TODAY)


@pytest.fixture
def tinglan(session, region):
    return make_hospital(session, code="H001", name="云泽市听澜医院", city="云泽市", region=region)


@pytest.fixture
def yunshuping(session):
    return make_product(session, code="P1", name="云舒平片", pack_size="5 mg × 28 片", unit=PackUnit.BOX)


@pytest.fixture
def find(session):
    """Resolve one name afresh."""

    def find(kind, name=None, code=None, also="", distributor=None, **answers):
        said = {key.replace("__", ":"): value for key, value in answers.items()}
        return Resolver(session, TODAY, distributor.id if distributor else None, said).find(kind, code, name, also=also)

    return find


@pytest.mark.parametrize("name", ["云泽市 听澜 医院", "雲澤市聽瀾醫院", "云澤市听澜医院", "h001", "Ｈ００１"])
def test_what_differs_by_blanks_width_case_or_traditional_characters_is_found(find, tinglan, name):
    match = find(HOSPITAL, name)
    assert (match.state, match.thing, match.how) == ("found", tinglan, "")


@pytest.mark.parametrize(
    "name", ["云泽市听澜医院药房", "云泽市听澜医院（东院区）", "云泽市听澜医院有限公司", "YZTL", "听澜医院"]
)
def test_anything_weaker_is_open_with_a_suggestion(find, tinglan, name):
    match = find(HOSPITAL, name)
    assert (match.state, match.thing) == ("open", None)
    assert match.suggestions[0].code == "H001"


def test_codes_that_differ_by_punctuation_are_two_hospitals(session, find):
    first, second = make_hospital(session, code="1-12"), make_hospital(session, code="11-2")
    assert [find(HOSPITAL, code=code).thing for code in ("1-12", "11-2")] == [first, second]
    assert find(HOSPITAL, code="112").state == "open"


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("云舒平片 5mg*28片", ""),
        ("云舒平片5mg×28片/盒", ""),
        ("云舒平片", "5 mg x 28 片"),
        ("云舒平片(5mg)", ""),
        ("云舒平片", ""),
    ],
)
def test_a_product_is_found_by_what_its_pack_says(find, yunshuping, name, also):
    assert find(PRODUCT, name, also=also).thing is yunshuping


def test_a_product_of_another_pack_is_never_matched_nor_suggested(find, yunshuping):
    for match in (find(PRODUCT, "云舒平片 10mg×14片"), find(PRODUCT, "云舒平片", also="10mg×14片")):
        assert (match.state, match.suggestions) == ("open", ())
    assert find(PRODUCT, "云舒平片", "P1", also="10mg×14片").how == UNLIKE


def test_a_name_that_two_products_share_needs_its_pack(session, find, yunshuping):
    strong = make_product(session, code="P9", name="云舒平片", pack_size="10 mg × 14 片")
    assert find(PRODUCT, "云舒平片").how == SEVERAL
    assert {one.code for one in find(PRODUCT, "云舒平片").suggestions} == {"P1", "P9"}
    assert find(PRODUCT, "云舒平片 10mg*14片").thing is strong


def test_a_code_and_a_name_have_to_agree(session, find, tinglan):
    other = make_hospital(session, code="H002", name="澄湖市中心医院")
    assert find(HOSPITAL, "云泽听澜医院", "H001").how == BY_CODE
    torn = find(HOSPITAL, "澄湖市中心医院", "H001")
    assert (torn.state, torn.how, {one.code for one in torn.suggestions}) == ("open", TORN, {"H001", "H002"})
    assert find(HOSPITAL, "青麦医药", "H001").how == UNLIKE
    for near in ("澄江市中心医院", "澄湖市中医医院"):  # a code that happens to be ours, and the name of a neighbour
        assert find(HOSPITAL, near, "H002").how == UNLIKE
    assert find(HOSPITAL, "云泽市听澜医院药房", "H001").state == "open"
    assert find(HOSPITAL, "澄湖市中心医院", "KH-77").thing is other  # a code of the distributor's own


def test_a_name_is_asked_once_and_remembered(session, scope, find, tinglan):
    assert find(HOSPITAL, "听澜门诊").state == "open"
    answer_name(session, scope, HOSPITAL, "听澜门诊", tinglan, now=NOW)
    match = find(HOSPITAL, "聽瀾 門診")
    assert (match.state, match.thing, match.how) == ("found", tinglan, BY_ALIAS)
    entry = session.scalars(select(JournalEntry).where(JournalEntry.subject == "name_alias")).one()
    assert (entry.verb, entry.actor_id, entry.after["hospital_id"]) == ("answer_name", scope.user_id, tinglan.id)


def test_a_name_can_be_said_to_be_none_of_ours(session, scope, find, tinglan):
    answer_name(session, scope, HOSPITAL, "青麦大药房", None, now=NOW)
    assert find(HOSPITAL, "青麦大药房").state == "not_ours"


def test_what_a_distributors_files_say_beats_what_all_files_say(session, scope, find, tinglan):
    other, distributor = make_hospital(session), make_distributor(session)
    answer_name(session, scope, HOSPITAL, "第一客户", tinglan, now=NOW)
    answer_name(session, scope, HOSPITAL, "第一客户", other, now=NOW, distributor_id=distributor.id)
    assert find(HOSPITAL, "第一客户", distributor=distributor).thing is other
    assert find(HOSPITAL, "第一客户", distributor=make_distributor(session)).thing is tinglan
    assert find(HOSPITAL, "第一客户").thing is tinglan


def test_another_distributors_name_only_suggests(session, scope, find, tinglan):
    distributor = make_distributor(session)
    answer_name(session, scope, HOSPITAL, "客户零零七", tinglan, now=NOW, distributor_id=distributor.id)
    match = find(HOSPITAL, "客户零零七", distributor=make_distributor(session))
    assert (match.state, match.suggestions[0].code) == ("open", "H001")


def test_a_second_answer_takes_the_place_of_the_first(session, scope, find, tinglan):
    other = make_hospital(session)
    first = answer_name(session, scope, HOSPITAL, "听澜门诊", tinglan, now=NOW)
    assert answer_name(session, scope, HOSPITAL, "听澜门诊", tinglan, now=NOW) is first
    answer_name(session, scope, HOSPITAL, "听澜门诊", other, now=NOW + timedelta(hours=1))
    assert find(HOSPITAL, "听澜门诊").thing is other
    assert (first.undone_at, first.undone_by_id) == (NOW + timedelta(hours=1), scope.user_id)


def test_a_name_that_is_removed_is_asked_about_again(session, scope, find, tinglan):
    alias = answer_name(session, scope, HOSPITAL, "听澜门诊", tinglan, now=NOW)
    undo_alias(session, scope, alias, now=NOW)
    assert find(HOSPITAL, "听澜门诊").state == "open"
    with pytest.raises(Conflict):
        undo_alias(session, scope, alias, now=NOW)


def test_a_hospital_that_gets_the_name_later_is_asked_about(session, scope, find, tinglan):
    answer_name(session, scope, HOSPITAL, "江岸新院", tinglan, now=NOW)
    make_hospital(session, code="H900", name="江岸新院")
    match = find(HOSPITAL, "江岸新院")
    assert (match.state, match.how, [one.code for one in match.suggestions]) == ("open", RENAMED, ["H900", "H001"])


def test_a_name_of_a_product_no_longer_sold_still_stands_for_it(session, scope, find, yunshuping):
    answer_name(session, scope, PRODUCT, "云舒平老包装", yunshuping, now=NOW)
    yunshuping.is_active = False
    session.flush()
    assert (find(PRODUCT, "云舒平老包装").thing, find(PRODUCT, "云舒平老包装").how) == (yunshuping, RETIRED)


def test_a_name_confirmed_without_its_pack_holds_for_that_pack_only(session, scope, find, yunshuping):
    answer_name(session, scope, PRODUCT, "舒平降压", yunshuping, now=NOW)
    assert find(PRODUCT, "舒平降压", also="5mg*28片").thing is yunshuping
    assert find(PRODUCT, "舒平降压", also="10mg*14片").state == "open"


def test_an_answer_for_this_file_counts_for_this_file(find, tinglan):
    assert find(HOSPITAL, "听澜门诊", name__hospital__听澜门诊="h001").how == BY_ANSWER
    assert find(HOSPITAL, "听澜门诊", name__hospital__听澜门诊="none").state == "not_ours"
    assert find(HOSPITAL, "听澜门诊", name__hospital__听澜门诊="new").state == "open"


def test_a_hundred_thousand_lookups_of_few_names_ask_the_database_once(session, tinglan, query_counter):
    resolver = Resolver(session, TODAY)
    with query_counter() as sent:
        for number in range(100_000):
            resolver.find(HOSPITAL, None, ("云泽市听澜医院", "听澜医院", "青麦医药")[number % 3])
    assert len(sent) <= 3


def test_an_answer_has_to_be_a_thing_of_its_kind(session, scope, tinglan, yunshuping):
    for kind, spelling, target in (
        (PRODUCT, "某某", tinglan),
        (NameKind.REP, "某某", scope),
        (HOSPITAL, "···", tinglan),
    ):
        with pytest.raises(RuleBroken):
            answer_name(session, scope, kind, spelling, target, now=NOW)
    gone = make_rep(session, is_active=False)
    with pytest.raises(RuleBroken, match="no longer active"):
        answer_name(session, scope, NameKind.REP, "某某", gone, now=NOW)
    assert session.scalar(select(func.count(NameAlias.id))) == 0


def test_the_very_name_of_one_thing_cannot_stand_for_another(session, scope, tinglan):
    other = make_hospital(session)
    with pytest.raises(RuleBroken, match="H001"):
        answer_name(session, scope, HOSPITAL, "雲澤市聽瀾醫院", other, now=NOW)


def test_names_in_use_are_listed_by_kind_distributor_and_words(session, scope, lead, tinglan):
    distributor = make_distributor(session, name="甲医药")
    own = make_alias(session, spelling="听澜门诊", hospital=tinglan, distributor=distributor)
    general = make_alias(session, spelling="第一客户", hospital=make_hospital(session, name="江岸第一医院"))
    named = make_alias(session, kind=NameKind.DISTRIBUTOR, spelling="甲公司", named_distributor=distributor)
    make_alias(session, spelling="旧名", undone_at=NOW, undone_by_id=scope.user_id)

    def listed(**filters):
        return set(session.scalars(queries.list_aliases(scope, AliasFilters(**filters))).unique())

    assert listed() == {own, general, named}
    assert listed(kind=NameKind.DISTRIBUTOR) == {named}
    assert listed(distributor_id=distributor.id) == {own}
    assert listed(distributor_id=0) == {general, named}
    assert listed(words="聽瀾") == {own}
    assert listed(words="江岸") == {general}
    assert queries.list_names_of_distributor(session, scope, distributor.id) == [named]
    assert session.scalars(queries.list_aliases(scope_of(lead), AliasFilters())).all() == []
    with pytest.raises(NotFound):
        queries.get_alias(session, scope_of(lead), own.id)
