"""What the demo company sells and where: products with their prices, hospitals with departments and listings."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from repcrm.accounts import service as accounts
from repcrm.accounts.listing import BUYING, ListingStage
from repcrm.accounts.models import Hospital, HospitalGrade, HospitalStatus, Listing
from repcrm.accounts.service import HospitalFacts
from repcrm.catalogue import service as catalogue
from repcrm.catalogue.models import PackUnit, Product
from repcrm.catalogue.service import ProductFacts
from repcrm.core.periods import Period, PeriodKind
from repcrm.demo.facts import Row
from repcrm.demo.world import Ward, World

S = ListingStage
UNLISTED = (
    S.NOT_LISTED, S.NOT_LISTED, S.NOT_LISTED, S.APPLIED, S.PHARMACY_ACCEPTED, S.COMMITTEE, S.REFUSED, S.DELISTED,
)  # fmt: skip
"""Where a product that a hospital does not buy may stand."""
PATH = (S.APPLIED, S.PHARMACY_ACCEPTED, S.COMMITTEE, S.LISTED)


def stock_catalogue(world: World) -> None:
    """Take up the products with their prices and competitors."""
    for row in world.facts.products[: world.size.products]:
        facts = ProductFacts(
            row["name"], row["pack_size"], PackUnit(row["unit"]), in_uptake=row["in_uptake"] == "yes"
        )  # fmt: skip
        world.products[row["code"]] = catalogue.add_product(world.session, row["code"], facts)
    for row in world.facts.prices:
        if product := world.products.get(row["product"]):
            _set_price(world, product, int(row["price_fen"]), _months_ago(world.month, int(row["months_ago"])))
    for row in world.facts.competitors:
        if product := world.products.get(row["product"]):
            noted = catalogue.add_competitor(world.session, product, row["name"], row["maker"])
            world.competitors.setdefault(product.id, []).append(noted)


def open_hospitals(world: World) -> None:
    """Open the hospitals, their departments and what is listed there."""
    wanted = [row for row in world.facts.hospitals if row["territory"] in world.territories]
    for row in wanted[: world.size.hospitals]:
        hospital = accounts.open_hospital(world.session, row["code"], world.region.id, _hospital_facts(row))
        world.hospitals[row["code"]] = hospital
        world.hospital_rows[hospital.id] = row
        world.wards[hospital.id] = list(_wards(world, hospital, int(row["beds"])))
        for code, product in world.products.items():
            _list_product(world, hospital, code, product)


def _set_price(world: World, product: Product, price_fen: int, from_on: date) -> None:
    def change() -> None:
        catalogue.set_price(world.session, product, price_fen, from_on, actor_id=world.admin.id, now=announced)

    announced = world.instant(from_on - timedelta(days=12), 10)
    if announced.date() < world.begins_on:
        announced = world.instant(world.begins_on, 9)
        change()
    else:
        world.happens(announced, change)


def _hospital_facts(row: Row) -> HospitalFacts:
    return HospitalFacts(
        name=row["name"],
        short_name=row["short_name"],
        grade=HospitalGrade(row["grade"]),
        status=HospitalStatus(row["status"]),
        city=row["city"],
        address=row["address"],
        latitude=float(row["latitude"]) if row["latitude"] else None,
        longitude=float(row["longitude"]) if row["longitude"] else None,
        beds=int(row["beds"]),
        pharmacy_note=row["pharmacy_note"],
        key_people_note=row["key_people_note"],
    )


def _wards(world: World, hospital: Hospital, beds: int) -> Iterator[Ward]:
    rows = [row for row in world.facts.departments if int(row["from_beds"]) <= beds]
    total = sum(int(row["weight"]) for row in rows)
    for place, row in enumerate(rows):
        department = accounts.add_department(
            world.session, hospital, row["name"],
            beds=beds * int(row["weight"]) // total if row["ward_nurses"] == "yes" else None,
            in_scope=row["in_scope"] == "yes", is_model=beds > 700 and place < 2,
        )  # fmt: skip
        yield Ward(department.id, hospital.id, row["name"])


def _list_product(world: World, hospital: Hospital, code: str, product: Product) -> None:
    chance = world.rng("listing", hospital.code, code)
    has_targets = any((row["hospital"], row["product"]) == (hospital.code, code) for row in world.facts.targets)
    fixed = any(row["hospital"] == hospital.code for row in world.facts.targets)
    usable = not fixed and {ward.name for ward in world.wards[hospital.id]} & set(world.departments_of[code])
    listed = has_targets or (usable and chance.random() < 0.62)
    rises = not listed and usable and chance.random() < 0.3
    stage = (S.LISTED if chance.random() < 0.9 or has_targets else S.TEMPORARY) if listed else chance.choice(UNLISTED)
    since_on = world.begins_on - timedelta(days=chance.randrange(20, 900 if listed else 160))
    rivals = world.competitors[product.id]
    note = world.phrase(chance, "listing_note", competitor=chance.choice(rivals).name)
    beds = int(world.hospital_rows[hospital.id]["beds"])
    usual = beds * int(_row_of(world, code)["packs_per_1000_beds"]) // 1000
    listing = accounts.open_listing(
        world.session, hospital, product, since_on, S.NOT_LISTED if rises else stage,
        potential_packs=round(usual * chance.uniform(0.15, 0.26)) * 10 if chance.random() < 0.8 else None,
        competitor_note=note if chance.random() < 0.7 else "",
    )  # fmt: skip
    place = hospital.id, product.id
    if stage in BUYING and not rises:
        world.buying_from[place] = since_on
    elif rises:
        _rise(world, listing, chance)
    elif stage in (S.APPLIED, S.PHARMACY_ACCEPTED, S.COMMITTEE):
        _linger(world, listing, chance)


def _rise(world: World, listing: Listing, chance: Random) -> None:
    """Let a product come all the way into the drug list, within the company's history or on the way there."""
    day = world.begins_on + timedelta(days=chance.randrange(10, 330))
    for stage in PATH:
        day = world.next_working_day(day)
        _move(world, listing, stage, day)
        if stage is S.LISTED and day <= world.today:
            world.buying_from[listing.hospital_id, listing.product_id] = day
        day += timedelta(days=chance.randrange(25, 75))


def _linger(world: World, listing: Listing, chance: Random) -> None:
    """Let an application be withdrawn and made again lately: it is waiting now, for some a long while."""
    refused_on = world.next_working_day(world.begins_on + timedelta(days=12))
    start = max(world.today - timedelta(days=chance.randrange(40, 140)), refused_on + timedelta(days=14))
    start = world.next_working_day(start)
    if listing.stage is not S.APPLIED:
        _move(world, listing, S.REFUSED, refused_on)
        _move(world, listing, S.APPLIED, start)
    if chance.random() < 0.5:
        _move(world, listing, S.PHARMACY_ACCEPTED, world.next_working_day(start + timedelta(days=21)))


def _move(world: World, followed: Listing, to: ListingStage, day: date) -> None:
    listing_id = followed.id

    def move() -> None:
        listing = world.session.get_one(Listing, listing_id)
        actor = world.holder.get((listing.hospital_id, listing.product_id), world.lead)
        accounts.move_listing(
            world.session, listing, to, day, actor_id=actor.id, now=world.instant(day, 15, 20), today=day
        )  # fmt: skip

    world.happens(world.instant(day, 15, 20), move)


def _row_of(world: World, code: str) -> Row:
    return next(row for row in world.facts.products if row["code"] == code)


def _months_ago(month: Period, count: int) -> date:
    return month.trail(count + 1)[0].from_on if month.kind is PeriodKind.MONTH else month.from_on
