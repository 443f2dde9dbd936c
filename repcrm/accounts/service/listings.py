"""Products moved through a hospital's listing pipeline."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.accounts.listing import check_move
from repcrm.accounts.models import Hospital, Listing, ListingStage
from repcrm.accounts.service.versions import claim, put
from repcrm.catalogue.models import Product
from repcrm.core.errors import RuleBroken
from repcrm.core.words import N_
from repcrm.db.journal import record, values_of


def open_listing(
    session: Session,
    hospital: Hospital,
    product: Product,
    since_on: date,
    stage: ListingStage = ListingStage.NOT_LISTED,
    *,
    potential_packs: int | None = None,
    competitor_note: str = "",
) -> Listing:
    """Begin to follow a product in a hospital, at the stage where it stands today.

    since_on         since when it stands there
    potential_packs  packs a month the hospital could use, as estimated
    raises           RuleBroken (field `product_id`) if it is followed already
    """
    _check(potential_packs)
    followed = select(Listing.id).where(Listing.hospital_id == hospital.id, Listing.product_id == product.id)
    if session.scalar(followed):
        raise RuleBroken(N_("%(product)s is on file in this hospital."), field="product_id", product=product.name)
    listing = Listing(
        hospital=hospital,
        product=product,
        stage=stage,
        since_on=since_on,
        potential_packs=potential_packs,
        competitor_note=competitor_note,
    )
    session.add(listing)
    session.flush()
    return listing


def move_listing(
    session: Session,
    listing: Listing,
    to: ListingStage,
    moved_on: date,
    *,
    actor_id: int | None,
    now: datetime,
    today: date,
    version: int | None = None,
) -> None:
    """Move a product on in a hospital's pipeline, as of a day. Goes into the journal.

    raises  RuleBroken for a move the pipeline does not know, or a day before the last move or still to come;
            Conflict if somebody else was faster
    """
    claim(session, listing, version)
    check_move(listing.stage, listing.since_on, to, moved_on, today)
    before = values_of(listing, "stage", "since_on")
    put(listing, {"stage": to, "since_on": moved_on})
    session.flush()
    after = values_of(listing, "stage", "since_on")
    record(session, actor_id, "listing", listing.id, "move_listing", before, after, at=now)


def revise_listing(
    session: Session, listing: Listing, potential_packs: int | None, competitor_note: str, version: int | None = None
) -> bool:
    """Put another potential and other words on competitors in place; returns whether anything differed.

    raises  Conflict if somebody else was faster
    """
    _check(potential_packs)
    claim(session, listing, version)
    changed = put(listing, {"potential_packs": potential_packs, "competitor_note": competitor_note})
    session.flush()
    return changed


def _check(potential_packs: int | None) -> None:
    if potential_packs is not None and potential_packs < 0:
        raise RuleBroken(N_("A potential cannot be negative."), field="potential_packs")
