"""The doctors of the demo company: drawn from the seed's names, posted, on the roster, and some of them moving on."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from repcrm.accounts import service
from repcrm.accounts.models import Department, Doctor, DoctorClass, Tier
from repcrm.accounts.models import Session as DayPart
from repcrm.accounts.service import DoctorFacts
from repcrm.core.apportion import apportion
from repcrm.demo.world import Person, Ward, World

C = DoctorClass
CLASSES = (C.CHIEF, C.EXPERT, C.GENERAL, C.NURSING)
TITLES = {
    C.CHIEF: ("主任医师", "副主任医师", "副主任医师", "主治医师"),
    C.EXPERT: ("返聘专家",),
    C.GENERAL: ("住院医师", "住院医师", "主治医师", "规培医生"),
    C.NURSING: ("护士长", "主管护师", "护师", "护师"),
}
CHANCE_OF_KEY = {C.CHIEF: 0.12, C.EXPERT: 0.1, C.GENERAL: 0.02, C.NURSING: 0.02}
CHANCE_OF_KEY_HEAD = 0.25
"""Of heads of departments. About fifteen key doctors a rep: eight calls a cycle on each leave time for the others."""
PARTS = (DayPart.AM, DayPart.AM, DayPart.AM, DayPart.PM, DayPart.PM, DayPart.EVE)


def register_doctors(world: World) -> None:
    """Put the doctors on file, more where there are more beds; some change post later, some leave."""
    beds = {hospital.id: int(world.hospital_rows[hospital.id]["beds"]) + 150 for hospital in world.hospitals.values()}
    names = _names(world)
    number = 0
    for hospital_id, count in apportion(world.size.doctors, beds).items():
        wards = world.wards[hospital_id]
        weights = {place: int(_weight(world, ward)) for place, ward in enumerate(wards)}
        for place, heads in apportion(count, weights).items():
            for rank in range(heads):
                number += 1
                _register(world, number, next(names), hospital_id, wards[place], rank)
    _transfers(world)


def _register(world: World, number: int, name: str, hospital_id: int, ward: Ward, rank: int) -> None:
    chance = world.rng("doctor", number)
    usual = chance.choices(CLASSES, (30, 7, 45, 18))[0]
    doctor_class = C.CHIEF if rank == 0 else usual
    of_key = CHANCE_OF_KEY_HEAD if rank == 0 else CHANCE_OF_KEY[doctor_class]
    tier = Tier.KEY if chance.random() < of_key else Tier.GENERAL
    facts = DoctorFacts(
        name=name,
        doctor_class=doctor_class,
        tier=tier,
        title=TITLES[doctor_class][0] if rank == 0 else chance.choice(TITLES[doctor_class]),
        office_phone=f"0{chance.randrange(510, 580)}-555{chance.randrange(10000):04}" if chance.random() < 0.5 else "",
        work_email=f"d{number:04}@hospital.example" if chance.random() < 0.3 else "",
    )
    since_on = date(chance.randrange(2008, 2024), chance.randrange(1, 13), 1)
    department = world.session.get_one(Department, ward.department_id)
    doctor = service.register_doctor(world.session, f"D{number:04}", facts, department, since_on, confirmed_new=True)
    roster = tuple(_roster(chance, doctor_class, tier))
    if roster:
        service.set_clinic_roster(world.session, doctor, roster)
    person = Person(doctor.id, hospital_id, ward, tier is Tier.KEY, doctor_class is C.NURSING, roster)
    _form_opinions(world, person, chance)
    world.people.append(person)
    world.staff.setdefault(hospital_id, []).append(person)


def _form_opinions(world: World, person: Person, chance: Random) -> None:
    for code, product in world.products.items():
        person.leaning[product.id] = chance.choices((1, 2, 3, 4, 5), (5, 25, 40, 22, 8))[0]
        person.ceiling[product.id] = chance.choices((3, 4, 5, 6, 7), (12, 25, 30, 20, 13))[0]
        if code == "P6":
            person.leaning[product.id] = min(person.leaning[product.id], 3)


def _roster(chance: Random, doctor_class: DoctorClass, tier: Tier) -> Iterator[tuple[int, DayPart]]:
    if doctor_class is C.NURSING or (doctor_class is C.GENERAL and chance.random() < 0.5):
        return
    slots: set[tuple[int, DayPart]] = set()
    for _ in range(chance.randrange(1, 4 if tier is Tier.KEY else 3)):
        slots.add((chance.randrange(1, 6 if chance.random() < 0.9 else 7), chance.choice(PARTS)))
    yield from sorted(slots)


def _transfers(world: World) -> None:
    """Move every hundredth doctor to another department at some time, and let a few leave."""
    chance = world.rng("transfers")
    days = (world.today - world.begins_on).days
    for person in world.people[57::100]:
        day = world.begins_on + timedelta(days=chance.randrange(30, days))
        wards = [ward for ward in world.wards[chance.choice(list(world.wards))] if ward is not person.ward]
        _move(world, person, chance.choice(wards), day)
    for person in world.people[83::240]:
        _leave(world, person, world.begins_on + timedelta(days=chance.randrange(30, days)))


def _move(world: World, person: Person, ward: Ward, day: date) -> None:
    def move() -> None:
        doctor = world.session.get_one(Doctor, person.doctor_id)
        service.post_doctor(world.session, doctor, world.session.get_one(Department, ward.department_id), day)
        world.staff[person.hospital_id].remove(person)
        person.hospital_id, person.ward = ward.hospital_id, ward
        world.staff[person.hospital_id].append(person)

    world.happens(world.instant(day, 0, 5), move)


def _leave(world: World, person: Person, day: date) -> None:
    def leave() -> None:
        doctor = world.session.get_one(Doctor, person.doctor_id)
        kept = {name: getattr(doctor, name) for name in DoctorFacts.__dataclass_fields__}
        service.revise_doctor(world.session, doctor, DoctorFacts(**{**kept, "is_active": False}))
        world.staff[person.hospital_id].remove(person)

    world.happens(world.instant(day, 0, 5), leave)


def _names(world: World) -> Iterator[str]:
    chance = world.rng("names")
    surnames, given = world.facts.names["surname"], world.facts.names["given"]
    weights = [max(1, 40 - place) for place in range(len(surnames))]
    while True:
        yield chance.choices(surnames, weights)[0] + chance.choice(given)


def _weight(world: World, ward: Ward) -> str:
    return next(row["weight"] for row in world.facts.departments if row["name"] == ward.name)
