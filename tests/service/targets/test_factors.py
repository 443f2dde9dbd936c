"""Setting the adoption factors."""

import pytest

from repcrm.core.errors import Conflict, RuleBroken
from repcrm.targets.attribution import DEFAULT_FACTORS
from repcrm.targets.queries import adoption_factors
from repcrm.targets.service import set_factors
from tests.factories import NOW, make_adoption_factor, scope_of


def test_without_rows_the_defaults_count(session):
    assert adoption_factors(session) == DEFAULT_FACTORS
    make_adoption_factor(session, rating=4, permille=650)
    assert adoption_factors(session)[4] == 650


def test_a_lead_sets_other_factors(session, lead):
    wanted = {**DEFAULT_FACTORS, 3: 450}
    set_factors(session, scope_of(lead), wanted, shown=DEFAULT_FACTORS, now=NOW)
    assert adoption_factors(session) == wanted
    set_factors(session, scope_of(lead), DEFAULT_FACTORS, shown=wanted, now=NOW)
    assert adoption_factors(session) == DEFAULT_FACTORS


def test_factors_that_fall_or_were_changed_meanwhile_are_refused(session, lead):
    with pytest.raises(RuleBroken):
        set_factors(session, scope_of(lead), {**DEFAULT_FACTORS, 3: 50}, shown=DEFAULT_FACTORS, now=NOW)
    with pytest.raises(Conflict):
        set_factors(session, scope_of(lead), DEFAULT_FACTORS, shown={**DEFAULT_FACTORS, 3: 50}, now=NOW)
    assert adoption_factors(session) == DEFAULT_FACTORS
