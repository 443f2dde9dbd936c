"""Stock of purchase-sales-stock sheets: it counts while its import does, and the newest sheet says what is there."""

from datetime import date

from repcrm.sales.lines import StockSeen
from repcrm.sales.models import BatchStatus
from repcrm.sales.queries import Stock, list_stock
from repcrm.sales.service import take_back_flow
from repcrm.sales.staging import let_count, stage_stock
from tests.factories import NOW, make_batch, make_distributor, make_hospital, make_lead, make_product, scope_of

OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)


def test_the_newest_stock_of_applied_sheets_is_listed_by_who_may_see_it(session, region, admin, rep):
    hospital, product = make_hospital(session, region=region).id, make_product(session).id
    distributor = make_distributor(session, name="甲")

    def sheet(period: str, on: date, own: int, there: int):
        batch = make_batch(
            session, distributor=distributor, period=period, status=BatchStatus.PREVIEWED, applied_at=None
        )
        stage_stock(
            session, batch, [(1, StockSeen(None, product, on, own)), (2, StockSeen(hospital, product, on, there))]
        )
        return batch

    let_count(session, sheet("2026-10", OCTOBER, 50, 7), admin.id, NOW, lines=0, packs=0)
    later = sheet("2026-11", NOVEMBER, -3, 9)
    october = [Stock("甲", None, product, OCTOBER, 50), Stock("甲", hospital, product, OCTOBER, 7)]
    november = [Stock("甲", None, product, NOVEMBER, -3), Stock("甲", hospital, product, NOVEMBER, 9)]

    def seen(person=admin):
        return sorted(list_stock(session, scope_of(person)), key=lambda stock: stock.hospital_id or 0)

    assert seen() == october  # the later sheet is only previewed
    let_count(session, later, admin.id, NOW, lines=0, packs=0)
    assert seen() == november
    assert seen(make_lead(session, region=region)) == november[1:]
    assert seen(make_lead(session)) == seen(rep) == []
    take_back_flow(session, later, admin.id, NOW)
    assert seen() == october
