"""Who holds what in the demo company, and the hand-overs of its history."""

from collections.abc import Callable
from datetime import date, timedelta

from repcrm.accounts.models import Hospital
from repcrm.catalogue.models import Product
from repcrm.demo.world import World
from repcrm.organisation.models import User
from repcrm.organisation.territories import give, hand_over, leave_unassigned


def give_out(world: World) -> None:
    """Give every hospital with every product to the rep of its territory; one big hospital is shared by two."""
    for hospital in world.hospitals.values():
        for code, product in world.products.items():
            shared = hospital.code == "H002" and code >= "P4"
            territory = "T1" if shared else world.hospital_rows[hospital.id]["territory"]
            _give(world, hospital, product, territory, world.begins_on)
    _change_hands(world)


def _change_hands(world: World) -> None:
    monday = world.today - timedelta(days=world.today.weekday())
    places = [hospital for hospital in world.hospitals.values() if world.hospital_rows[hospital.id]["status"]]
    wednesday, spring = monday - timedelta(days=5), monday - timedelta(days=190)
    last, other = places[-1], places[-2]
    _hand_over(world, last, _elsewhere(world, last), wednesday, "代表工作量调整")
    if spring > world.begins_on:
        _hand_over(world, other, _elsewhere(world, other), spring, "半年度辖区调整")
        _leave_open(world, places[len(places) // 2], spring + timedelta(days=60), spring + timedelta(days=74))


def _elsewhere(world: World, hospital: Hospital) -> str:
    """The territory before the hospital's own; before the first comes the last."""
    codes = list(world.territories)
    return codes[codes.index(world.hospital_rows[hospital.id]["territory"]) - 1]


def _give(
    world: World, hospital: Hospital, product: Product, code: str, day: date, until_on: date | None = None
) -> None:
    give(
        world.session, world.territories[code], hospital, product.id, world.rep_of_territory[code], day, until_on,
        actor_id=world.admin.id, now=world.instant(day, 7, 30),
    )  # fmt: skip
    world.holder[hospital.id, product.id] = world.rep_of_territory[code]


def _hand_over(world: World, hospital: Hospital, code: str, day: date, reason: str) -> None:
    """Hand a hospital over from a day on, decided the evening before."""
    territory, rep = world.territories[code], world.rep_of_territory[code]
    decided = world.instant(day - timedelta(days=1), 18)

    def decide() -> None:
        for product in _products(world):
            hand_over(
                world.session, territory, hospital, product.id, rep, day,
                actor_id=world.admin.id, now=decided, reason=reason,
            )  # fmt: skip

    world.happens(decided, decide)
    world.happens(world.instant(day, 0, 1), _takes(world, hospital, rep))


def _leave_open(world: World, hospital: Hospital, from_on: date, until_on: date) -> None:
    """Let nobody hold one product of a hospital for a while."""
    product = _products(world)[0]
    code = world.hospital_rows[hospital.id]["territory"]

    def leave() -> None:
        leave_unassigned(
            world.session, hospital, product.id, from_on,
            actor_id=world.admin.id, now=world.instant(from_on, 7), reason="等待交接",
        )  # fmt: skip
        del world.holder[hospital.id, product.id]

    world.happens(world.instant(from_on, 7), leave)
    world.happens(world.instant(until_on, 7), lambda: _give(world, hospital, product, code, until_on))


def _takes(world: World, hospital: Hospital, rep: User) -> Callable[[], None]:
    def take() -> None:
        for product in _products(world):
            world.holder[hospital.id, product.id] = rep

    return take


def _products(world: World) -> list[Product]:
    return list(world.products.values())
