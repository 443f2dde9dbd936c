"""A small company to import into: two hospitals, two products, a rep who holds them all."""

from datetime import date

import pytest

from repcrm.imports import service
from repcrm.imports.files import read_file
from repcrm.sales.models import ImportKind
from tests.factories import NOW, make_assignment, make_hospital, make_product, make_territory, scope_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def company(session, region, rep):
    """Hospitals H1 and H2 of the East, products P1 and P2, all held by the rep R1 in territory T1."""
    rep.code, rep.name = "R1", "陈晓"
    hospitals = [
        make_hospital(session, code="H1", name="江岸第一医院", short_name="江岸一院", region=region),
        make_hospital(session, code="H2", name="江岸第二医院", region=region),
    ]
    products = [make_product(session, code="P1", name="产品甲"), make_product(session, code="P2", name="产品乙")]
    territory = make_territory(session, code="T1", region=region)
    for hospital in hospitals:
        for product in products:
            make_assignment(session, hospital=hospital, product=product, rep=rep, territory=territory)
    session.commit()
    return {**{one.code: one for one in hospitals}, **{one.code: one for one in products}}


@pytest.fixture
def scope(admin):
    return scope_of(admin, TODAY)


@pytest.fixture
def preview(session, scope, company):
    """Preview a csv file given by its lines."""

    def preview(kind: str, *lines: str, **flow: str):
        file = read_file("\n".join(lines).encode(), f"{kind}.csv", ImportKind(kind))
        batch = service.preview(session, scope, file, now=NOW, **flow)
        session.commit()
        return batch

    return preview


@pytest.fixture
def apply(session, scope):
    """Apply a batch and commit."""

    def apply(batch):
        service.apply(session, scope, batch, now=NOW)
        session.commit()
        return batch

    return apply


@pytest.fixture
def undo(session, scope):
    """Undo a batch and commit."""

    def undo(batch):
        former = service.undo(session, scope, batch, now=NOW)
        session.commit()
        return former

    return undo


@pytest.fixture
def take_in(preview, apply):
    """Preview and apply in one go."""
    return lambda kind, *lines, **flow: apply(preview(kind, *lines, **flow))
