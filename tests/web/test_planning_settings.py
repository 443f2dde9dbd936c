"""The rules a region plans by, and the company's ceiling on contact."""

from datetime import date

from sqlalchemy import select

from repcrm.calls.models import Call, ContactCeiling
from repcrm.db.journal import JournalEntry
from repcrm.planning.models import PlanningRules, RatingWorth
from repcrm.planning.policy import RATINGS, RULES, Policy
from repcrm.planning.queries import get_policy
from tests import factories as make

ENGLISH = {"Accept-Language": "en"}


def defaults(**changes):
    policy = Policy()
    given = {name: getattr(policy, name) for name in RULES}
    for rating, worth in policy.worths.items():
        given |= {f"headroom_{rating}": worth.headroom_permille, f"goal_{rating}": worth.goal_calls}
    return {**given, "version": 0, **changes}


def test_a_lead_sees_the_defaults_and_sets_the_own_rules(client_as, session, lead):
    client = client_as(lead)
    page = client.get("/plan/settings")
    assert page.status_code == 200
    # 2,000 yuan x 1000 x 100 permille = 200; of four calls the first earns 200 (1 - exp(-0.35)) = 59.06
    assert "59.06 · 41.62 · 29.33 · 20.67" in page.text

    answer = client.post("/plan/settings", data=defaults(key_goal_calls=6, headroom_7=100))

    assert answer.status_code == 302
    policy = get_policy(session, make.scope_of(lead))
    assert (policy.key_goal_calls, policy.worths[7].headroom_permille, policy.call_minutes) == (6, 100, 15)
    entry = session.scalars(select(JournalEntry)).one()
    assert (entry.before, entry.after) == (
        {"key_goal_calls": 8, "headroom_permille_7": 250}, {"key_goal_calls": 6, "headroom_permille_7": 100},
    )  # fmt: skip
    assert session.query(RatingWorth).count() == len(RATINGS)
    assert client.post("/plan/settings", data=defaults(version=0)).status_code == 409
    assert client.post("/plan/settings", data=defaults(version=1)).status_code == 302


def test_rules_nobody_could_plan_by_are_refused_with_what_was_typed(client_as, session, lead):
    client = client_as(lead)
    for changes, words in (
        ({"call_minutes": "many"}, "Enter a whole number from 1 to 120."),
        ({"key_must_calls": 12}, "No more calls can be guaranteed than are the goal."),
        ({"goal_3": 99}, "Enter a whole number from 0 to 12."),
    ):
        answer = client.post("/plan/settings", data=defaults(**changes), headers=ENGLISH)
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{next(iter(changes.values()))}"' in answer.text
    assert session.scalar(select(PlanningRules)) is None


def test_the_ceiling_is_set_and_lifted_by_an_administrator(client_as, session, admin):
    client = client_as(admin)
    assert client.post("/plan/ceiling", data={"version": 0, "calls": 8}).status_code == 422
    assert client.post("/plan/ceiling", data={"version": 0, "calls": 8, "window_days": 0}).status_code == 422
    assert client.post("/plan/ceiling", data={"version": 0, "calls": 8, "window_days": 28}).status_code == 302
    row = session.scalars(select(ContactCeiling)).one()
    assert (row.calls, row.window_days) == (8, 28)
    assert 'value="28"' in client.get("/plan/ceiling").text
    assert client.post("/plan/ceiling", data={"version": 0, "calls": 9, "window_days": 28}).status_code == 409
    assert client.post("/plan/ceiling", data={"version": 1, "calls": "", "window_days": ""}).status_code == 302
    session.expire_all()
    assert session.scalar(select(ContactCeiling)) is None


def test_a_call_over_the_ceiling_is_recorded_with_its_reason(client_as, session, rep, region, save, fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")
    product = make.make_product(session)
    hospital = make.make_hospital(session, region=region)
    make.make_assignment(session, hospital=hospital, product=product, rep=rep)
    doctor = make.make_doctor(session, hospital=hospital)
    sheet = make.make_sheet(session, rep=rep, day_on=date(2026, 11, 20))
    make.make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital)
    session.add(ContactCeiling(id=1, calls=1, window_days=7))
    save()
    client = client_as(rep)
    address = f"/calls/new?doctor_id={doctor.id}&day=2026-11-23"
    said = {"outcome": "goal_met", "purposes": "increase_use", "call_type": "one_to_one"}

    warned = client.post(address, data=said, headers=ENGLISH)
    assert warned.status_code == 422
    assert f"{doctor.name} had 1 calls of the company within 7 days already" in warned.text
    assert 'name="ceiling_reason"' in warned.text
    assert client.post(address, data={**said, "ceiling_reason": "She asked for the study"}).status_code == 302

    call = session.scalars(select(Call).where(Call.day_on == date(2026, 11, 23))).one()
    assert call.ceiling_reason == "She asked for the study"
    entry = session.scalars(select(JournalEntry).where(JournalEntry.verb == "pass_ceiling")).one()
    assert entry.reason == "She asked for the study"
    assert "She asked for the study" in client.get(f"/calls/{call.id}").text


def test_a_doctor_not_met_is_not_held_to_the_ceiling(client_as, session, rep, region, save, fixed_clock):
    fixed_clock("2026-11-23T10:00+08:00")
    hospital = make.make_hospital(session, region=region)
    make.make_assignment(session, hospital=hospital, product=make.make_product(session), rep=rep)
    doctor = make.make_doctor(session, hospital=hospital)
    sheet = make.make_sheet(session, rep=rep, day_on=date(2026, 11, 20))
    make.make_call(session, sheet=sheet, main_doctor=doctor, hospital=hospital)
    session.add(ContactCeiling(id=1, calls=1, window_days=7))
    save()
    said = {"outcome": "doctor_not_met", "purposes": "increase_use", "call_type": "one_to_one"}
    answer = client_as(rep).post(f"/calls/new?doctor_id={doctor.id}&day=2026-11-23", data=said)
    assert answer.status_code == 302
