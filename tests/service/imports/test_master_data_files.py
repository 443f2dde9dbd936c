"""Files of regions, people, products, prices, competitors, departments and listings: added, revised, undone."""

from datetime import date

import pytest
from sqlalchemy import select

from repcrm.accounts.models import Department, Listing, ListingStage
from repcrm.catalogue.models import Competitor, PackUnit, Product, ProductPrice
from repcrm.core.errors import Conflict
from repcrm.imports.verdicts import Verdict
from repcrm.organisation.access import Role
from repcrm.organisation.models import Region, User
from repcrm.organisation.service import give_first_passwords, reset_password
from repcrm.sales.models import ImportChange
from tests.factories import NOW, make_department, make_listing, make_price
from tests.service.imports.kept import rows_of

PEOPLE = "工号,姓名,用户名,岗位,大区,在职状态"
PRODUCTS = "产品编码,品名,规格,单位,是否在售"


def verdicts(batch):
    return [row.verdict for row in rows_of(batch)]


def problems(batch):
    return [[(p.letter, p.message % p.params) for p in row.problems] for row in rows_of(batch)]


def by_code(session, model, code):
    return session.scalar(select(model).where(model.code == code))


def test_regions_are_added_and_renamed_and_that_is_undone(session, company, region, preview, apply, undo):
    batch = preview("regions", "大区编码,大区名称", "EAST,华东大区", "NORTH,华北大区")
    assert verdicts(batch) == [Verdict.CHANGED, Verdict.NEW]
    apply(batch)
    assert (region.name, by_code(session, Region, "NORTH").name) == ("华东大区", "华北大区")
    undo(batch)
    session.refresh(region)
    assert region.name == "East"
    assert by_code(session, Region, "NORTH") is None


def test_people_are_added_without_a_password(session, take_in):
    take_in("people", PEOPLE, "R7,李雷,LiLei,医药代表,EAST,", "M7,韩梅,,地区经理,East,在职")
    rep, lead = by_code(session, User, "R7"), by_code(session, User, "M7")
    assert (rep.username, rep.role, rep.region.code, rep.is_active) == ("lilei", Role.REP, "EAST", True)
    assert (lead.username, lead.role) == ("m7", Role.LEAD)
    assert rep.password_hash is lead.password_hash is None


def test_a_person_on_file_is_renamed_promoted_and_deactivated(session, rep, take_in, undo):
    batch = take_in("people", PEOPLE, "R1,陈小,,地区经理,EAST,离职")
    session.refresh(rep)
    assert (rep.name, rep.role, rep.is_active) == ("陈小", Role.LEAD, False)
    undo(batch)
    session.refresh(rep)
    assert (rep.name, rep.role, rep.is_active) == ("陈晓", Role.REP, True)


def test_what_a_new_person_lacks_is_said_beside_its_column(session, admin, preview):
    admin.code = "A1"
    batch = preview(
        "people",
        PEOPLE,
        "R7,李雷,,,EAST,",
        "R8,韩梅,,代表,,",
        "R9,王强,,代表,EAST,离职",
        "工9,赵敏,,代表,EAST,",
        f"R10,孙丽,{admin.username},代表,EAST,",
        "A1,管理员,,代表,EAST,",
        "R1,陈晓,chen,,,",
        "R11,周杰,,总经理,EAST,",
    )
    said = problems(batch)
    assert said[0] == [("D", "A new person needs a role.")]
    assert said[1] == [("E", "A new person needs a region.")]
    assert said[2] == [("F", "This person no longer works here and is not on file. Remove the row.")]
    assert said[3] == [("A", "A user name has letters, digits and . _ - @ only.")]
    assert said[4] == [("C", f"The user name “{admin.username}” belongs to Administrator.")]
    assert said[5] == [("A", "Administrator is an administrator. Change this on the Users page.")]
    assert said[6][0][1].startswith("The user name on file is “")
    assert said[7][0][1].startswith("“总经理” is none of: 医药代表")


def test_two_people_of_one_user_name_are_refused(preview):
    batch = preview("people", PEOPLE, "R7,李雷,lilei,代表,EAST,", "R8,李磊,LILEI,代表,EAST,")
    assert verdicts(batch) == [Verdict.NEW, Verdict.REFUSED]


def test_no_password_is_kept_by_an_import_or_brought_back_by_undoing_it(session, rep, take_in, undo):
    batch = take_in("people", PEOPLE, "R1,陈小,,,,")
    reset_password(session, None, rep, now=NOW)
    mine = rep.password_hash
    session.commit()
    undo(batch)
    session.refresh(rep)
    assert (rep.name, rep.password_hash) == ("陈晓", mine)
    kept = session.scalars(select(ImportChange).where(ImportChange.batch_id == batch.id)).one()
    assert not {"password_hash", "must_change_password", "language"} & kept.before.keys()


def test_first_passwords_go_to_those_who_have_none(session, rep, take_in):
    take_in("people", PEOPLE, "R7,李雷,,代表,EAST,")
    reset_password(session, None, rep, now=NOW)
    new, mine = by_code(session, User, "R7"), rep.password_hash
    given = give_first_passwords(session, None, {new.id: "a hash", rep.id: "another"}, now=NOW)
    assert given == [new]
    assert (new.password_hash, new.must_change_password, rep.password_hash) == ("a hash", True, mine)


def test_products_are_added_and_revised(session, company, take_in, undo):
    batch = take_in("products", PRODUCTS, "P1,产品甲,10mg×28片,盒,停售", "P9,产品壬,5ml,支,")
    session.refresh(company["P1"])
    assert not company["P1"].is_active
    new = by_code(session, Product, "P9")
    assert (new.name, new.pack_size, new.unit, new.is_active) == ("产品壬", "5ml", PackUnit.VIAL, True)
    undo(batch)
    session.refresh(company["P1"])
    assert company["P1"].is_active
    assert by_code(session, Product, "P9") is None


def test_a_new_product_needs_pack_and_unit(preview):
    batch = preview("products", PRODUCTS, "P9,产品壬,,箱,")
    assert [p.split(":")[0] for _, p in problems(batch)[0]] == ["“箱” is none of"]
    batch = preview("products", PRODUCTS, "P9,产品壬,,,")
    assert problems(batch)[0] == [
        ("C", "A new product needs its pack, such as 10 mg x 28."),
        ("D", "A new product needs its unit: box, vial or bottle."),
    ]


def test_prices_are_set_by_day(session, company, take_in, undo, preview):
    make_price(session, product=company["P1"], from_on=date(2026, 1, 1), price_fen=5000)
    batch = take_in("prices", "产品编码,单价（元）,开始日期", "P1,52.80,2026-01-01", "产品乙,30,2026-07-01")
    found = session.execute(select(ProductPrice.product_id, ProductPrice.from_on, ProductPrice.price_fen)).all()
    assert sorted(found) == [
        (company["P1"].id, date(2026, 1, 1), 5280),
        (company["P2"].id, date(2026, 7, 1), 3000),
    ]
    undo(batch)
    assert session.scalars(select(ProductPrice.price_fen)).all() == [5000]
    assert problems(preview("prices", "产品编码,单价,开始日期", "P1,0,2026-01-01"))[0] == [
        ("B", "A price is more than 0.")
    ]


def test_competitors_are_added_and_their_makers_revised(session, company, take_in, undo):
    take_in("competitors", "产品编码,竞品名称,厂家", "P1,竞品甲,某厂", "P2,竞品甲,某厂")
    batch = take_in("competitors", "产品编码,竞品名称,厂家", "P1,竞品甲,另一厂", "P2,竞品甲,某厂")
    assert sorted(session.scalars(select(Competitor.maker))) == ["另一厂", "某厂"]
    undo(batch)
    assert session.scalars(select(Competitor.maker)).all() == ["某厂", "某厂"]


def test_departments_are_added_and_put_out_of_scope(session, company, take_in, undo):
    make_department(session, hospital=company["H1"], name="心内科", beds=None)
    batch = take_in("departments", "医院编码,科室,床位数,目标科室,样板科室", "H1,心内科,60,否,", "H1,肾内科,,,是")
    found = session.execute(select(Department.name, Department.beds, Department.in_scope, Department.is_model)).all()
    assert sorted(map(tuple, found)) == [("心内科", 60, False, False), ("肾内科", None, True, True)]
    undo(batch)
    found = session.execute(select(Department.name, Department.beds, Department.in_scope)).all()
    assert list(map(tuple, found)) == [("心内科", None, True)]


def test_listings_are_opened_and_moved_on_as_the_pipeline_allows(session, company, take_in, undo):
    on_file = make_listing(
        session, hospital=company["H1"], product=company["P1"], stage=ListingStage.COMMITTEE,
        since_on=date(2026, 5, 1), potential_packs=None,
    )  # fmt: skip
    batch = take_in(
        "listings", "医院编码,产品编码,进药状态,起始日期,月潜力", "H1,P1,已进药,2026-06-01,300",
        "H2,P2,临采,2026-07-01,",
    )  # fmt: skip
    session.refresh(on_file)
    assert (on_file.stage, on_file.since_on, on_file.potential_packs) == (ListingStage.LISTED, date(2026, 6, 1), 300)
    other = session.scalar(select(Listing).where(Listing.hospital_id == company["H2"].id))
    assert other.stage is ListingStage.TEMPORARY
    undo(batch)
    session.refresh(on_file)
    assert (on_file.stage, on_file.potential_packs) == (ListingStage.COMMITTEE, None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("H1,P1,未进药,2026-06-01", ("C", "From “listed” it cannot go to “not_listed”.")),
        ("H1,P1,已退出,2026-01-01", ("D", "It has stood at “listed” since 2026-05-01 only.")),
        ("H1,P1,已进药,2026-04-01", ("D", "On file it stands there since 2026-05-01.")),
        ("H2,P1,已进药,2027-04-01", ("D", "That day is still to come.")),
    ],
)
def test_a_listing_that_cannot_be_is_refused(session, company, preview, row, said):
    make_listing(
        session, hospital=company["H1"], product=company["P1"], stage=ListingStage.LISTED, since_on=date(2026, 5, 1)
    )
    batch = preview("listings", "医院编码,产品编码,进药状态,起始日期", row)
    shown = rows_of(batch)[0].problems
    letter, words = said
    assert [p.letter for p in shown] == [letter]
    params = {name: v["label"].replace(" ", "_") if isinstance(v, dict) else v for name, v in shown[0].params.items()}
    assert shown[0].message % params == words


def test_a_new_person_who_has_signed_in_is_not_taken_away(session, take_in, undo):
    from datetime import timedelta

    from repcrm.organisation import sign_in

    batch = take_in("people", PEOPLE, "R7,李雷,,代表,EAST,")
    sign_in.open_session(session, by_code(session, User, "R7"), NOW, timedelta(days=1), "a browser")
    session.commit()
    with pytest.raises(Conflict, match="has been used since"):
        undo(batch)
