"""A small company to import into: two hospitals, two products, a rep who holds them all."""

from datetime import date

import pytest

from repcrm.imports import service
from repcrm.imports.opened import open_import
from repcrm.sales.models import Distributor, ImportKind
from tests.factories import (
    NOW,
    make_assignment,
    make_distributor,
    make_hospital,
    make_product,
    make_territory,
    scope_of,
)

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
def known_distributor(session):
    """Put a distributor on file under a name, once."""

    def known_distributor(name: str) -> Distributor:
        found = session.query(Distributor).filter_by(name=name).one_or_none()
        return found or make_distributor(session, name=name)

    return known_distributor


@pytest.fixture
def preview_file(session, scope, company, known_distributor):
    """Preview the bytes of a file, with answers to what it leaves open; the distributor is put on file."""

    def preview_file(kind: str, content: bytes, name: str = "", batch=None, **answers: str):
        if "distributor" in answers:
            known_distributor(answers["distributor"])
            session.commit()
        file = open_import(content, name or f"{kind}.csv", ImportKind(kind))
        asides = service.asides_of(session, batch) if batch is not None else {}
        drafted = service.draft(session, scope, file, answers, now=NOW, asides=asides)
        batch = service.save(session, scope, drafted, now=NOW, batch=batch)
        session.commit()
        return batch

    return preview_file


@pytest.fixture
def preview(preview_file):
    """Preview a csv file given by its lines."""
    return lambda kind, *lines, **answers: preview_file(kind, "\n".join(lines).encode(), **answers)


@pytest.fixture
def look_again(session, preview_file):
    """Check the rows of a batch again against what is on file now, perhaps with more answers."""

    def look_again(batch, **answers: str):
        content, name, kind = batch.content, batch.file_name, batch.kind.value
        return preview_file(kind, content, name, batch=batch, **{**batch.answers, **answers})

    return look_again


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
    """Revert a batch and commit."""

    def undo(batch):
        former = service.revert(session, scope, batch, now=NOW)
        session.commit()
        return former

    return undo


@pytest.fixture
def take_in(preview, apply):
    """Preview and apply in one go."""
    return lambda kind, *lines, **flow: apply(preview(kind, *lines, **flow))
