"""Distributors added, revised and deactivated."""

import pytest
from sqlalchemy import select

from repcrm.core.errors import Conflict, NotFound, RuleBroken
from repcrm.db.journal import JournalEntry
from repcrm.sales import queries
from repcrm.sales.distributors import DistributorFacts, add_distributor, revise_distributor
from repcrm.sales.models import DeliveryRhythm, Intake
from tests.factories import NOW, make_distributor, make_distributor_region, scope_of


@pytest.fixture
def add(session, admin):
    """Add a distributor."""

    def add(code="DA", name="甲医药", region_ids=(), **facts):
        return add_distributor(session, code, DistributorFacts(name, **facts), region_ids, actor_id=admin.id, now=NOW)

    return add


def test_a_distributor_is_added_with_its_area_and_journalled(session, admin, region, add):
    distributor = add(region_ids=[region.id], rhythm=DeliveryRhythm.WEEKLY, due_day=2)
    assert queries.list_areas(session, scope_of(admin)) == {distributor.id: [region]}
    entry = session.scalars(select(JournalEntry).where(JournalEntry.subject == "distributor")).one()
    assert (entry.verb, entry.after["regions"], entry.after["due_day"]) == ("add_distributor", [region.code], 2)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "da"}, "code"),
        ({"code": "D-A"}, "code"),
        ({"name": "甲 醫藥"}, "name"),
        ({"name": ""}, "name"),
        ({"due_day": 29}, "due_day"),
        ({"due_day": 0}, "due_day"),
        ({"rhythm": DeliveryRhythm.WEEKLY, "due_day": 8}, "due_day"),
        ({"region_ids": [4711]}, "region_ids"),
    ],
)
def test_what_is_taken_or_out_of_range_is_refused_beside_its_field(add, facts, field):
    add()
    with pytest.raises(RuleBroken) as refused:
        add(**{"code": "DB", "name": "乙医药", **facts})
    assert refused.value.field == field


def test_a_distributor_is_revised_and_deactivated(session, admin, region, add):
    distributor = add(region_ids=[region.id])
    facts = DistributorFacts("甲医药", intake=Intake.APPLY, is_active=False)

    def revise(version):
        return revise_distributor(session, distributor, facts, (), actor_id=admin.id, now=NOW, version=version)

    assert revise(1) is True
    assert (distributor.is_active, distributor.intake, distributor.version) == (False, Intake.APPLY, 2)
    assert queries.list_areas(session, scope_of(admin)) == {}
    assert queries.list_distributors(session, scope_of(admin), active_only=True) == []
    assert revise(2) is False
    with pytest.raises(Conflict):
        revise(1)
    verbs = session.scalars(select(JournalEntry.verb).where(JournalEntry.subject == "distributor")).all()
    assert sorted(verbs) == ["add_distributor", "revise_distributor"]


def test_a_lead_sees_the_distributors_of_the_region_and_those_that_deliver_everywhere(
    session, admin, lead, rep, region, other_rep
):
    own, everywhere, elsewhere = (make_distributor(session, name=name) for name in "ABC")
    make_distributor_region(session, distributor=own, region=region)
    make_distributor_region(session, distributor=elsewhere, region_id=other_rep.region_id)
    assert queries.list_distributors(session, scope_of(lead)) == [own, everywhere]
    assert queries.list_distributors(session, scope_of(admin)) == [own, everywhere, elsewhere]
    assert queries.list_distributors(session, scope_of(rep)) == []
    with pytest.raises(NotFound):
        queries.get_distributor(session, scope_of(lead), elsewhere.id)
