"""The tests' own furniture: every model has a factory, whose defaults are lawful."""

import inspect

import pytest

from repcrm.db.base import Base
from repcrm.organisation.access import Role
from tests import factories

MAKERS = {
    name: maker for name, maker in vars(factories).items() if name.startswith("make_") and inspect.isfunction(maker)
}


@pytest.mark.parametrize("name", MAKERS)
def test_the_defaults_of_a_factory_are_lawful(session, name):
    MAKERS[name](session)
    session.commit()


def test_every_model_has_a_factory():
    made = {inspect.signature(maker).return_annotation for maker in MAKERS.values()}
    in_passing = {"CallDoctor", "LoginSession", "SignInThrottle", "ImportChange", "ShippedYear"}
    assert {mapper.class_.__name__ for mapper in Base.registry.mappers} - in_passing == {m.__name__ for m in made}


def test_a_related_thing_is_given_itself_or_by_its_key(session):
    hospital = factories.make_hospital(session)
    assert factories.make_department(session, hospital=hospital).hospital_id == hospital.id
    assert factories.make_department(session, hospital_id=hospital.id).hospital_id == hospital.id


def test_an_assignment_stays_within_the_region_of_its_hospital(session):
    hospital = factories.make_hospital(session)
    assignment = factories.make_assignment(session, hospital=hospital)
    assert assignment.rep.region_id == assignment.territory.region_id == hospital.region_id


def test_the_cast_is_of_two_regions_and_three_roles(rep, lead, other_rep, admin):
    assert rep.region_id == lead.region_id != other_rep.region_id
    assert [person.role for person in (rep, lead, other_rep, admin)] == [Role.REP, Role.LEAD, Role.REP, Role.ADMIN]
