"""A claim, from the rep's phone to the back office's desk and back."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import (
    make_assignment,
    make_batch,
    make_distributor,
    make_flow,
    make_hospital,
    make_product,
    make_snapshot,
)


def test_a_claim_on_the_phone_is_corrected_at_the_desk(session, open_page, rep, admin):
    hospital = make_hospital(session, region=rep.region, code="H101", name="江岸第一人民医院")
    make_hospital(session, region=rep.region, code="H102", name="江岸第二人民医院")
    product = make_product(session, name="舒安平片 10 mg × 28")
    make_assignment(session, hospital=hospital, product=product, rep=rep)
    batch = make_batch(session, distributor=make_distributor(session, name="海棠医药有限公司"))
    for packs, document in ((100, "XS-20261116-0077"), (-5, "TH-20261120-0003"), (60, "")):
        make_flow(session, batch=batch, hospital=hospital, product=product, packs=packs, document=document)
    make_snapshot(session, region=rep.region)
    session.commit()

    phone = open_page(rep, f"/hospitals/{hospital.id}", language="zh", viewport=PHONE)
    phone.get_by_role("link", name="流向", exact=True).click()
    phone.goto(f"{phone.url.partition('?')[0]}?month=2026-11")
    phone.get_by_role("link", name="对此行 100 盒提出申诉").click()
    phone.get_by_role("radio", name="医院有误").check()
    phone.get_by_label("备注").fill("这张单子是二院的，送货司机走错了门。")
    phone.get_by_role("button", name="提交申诉").click()
    expect(phone.get_by_text("待答复").first).to_be_visible()

    desk = open_page(admin, "/claims", language="en", viewport=DESKTOP)
    desk.get_by_role("link", name=re.compile("江岸第一人民医院")).click()
    desk.get_by_label("Right hospital").fill("H102")
    desk.get_by_label("Answer").first.fill("Confirmed with the distributor.")
    desk.get_by_role("button", name="Accept and correct").click()
    expect(desk.get_by_text("corrected").first).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("Confirmed with the distributor.")).to_be_visible()
    phone.goto(f"{phone.url.rpartition('/claims')[0]}/hospitals/{hospital.id}/sales?month=2026-11")
    expect(phone.get_by_text("−100").first).to_be_visible()


def test_a_token_is_made_and_copied(session, open_page, admin):
    distributor = make_distributor(session, name="海棠医药有限公司")
    session.commit()
    desk = open_page(admin, f"/distributors/{distributor.id}", language="zh", viewport=DESKTOP)
    desk.get_by_label("令牌用途").fill("用友 U8")
    desk.get_by_role("button", name="生成令牌").click()
    expect(desk.get_by_label("令牌", exact=True)).to_have_value(re.compile("^repcrm_"))
    desk.get_by_role("link", name="返回商业公司").click()
    expect(desk.get_by_role("rowheader", name="用友 U8")).to_be_visible()
