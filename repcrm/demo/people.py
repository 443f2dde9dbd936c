"""The people of the demo company, their calendar and their territories."""

from repcrm.demo.world import World
from repcrm.organisation import service
from repcrm.organisation.access import Role
from repcrm.organisation.calendar import work_calendar
from repcrm.organisation.passwords import hash_password
from repcrm.organisation.regions import add_region
from repcrm.organisation.shipped import load_shipped
from repcrm.organisation.territories import open_territory
from repcrm.settings import DEMO_PASSWORD


def hire(world: World) -> None:
    """Load the calendar, found the region, take everybody on and open a territory for each rep."""
    session, begins = world.session, world.instant(world.begins_on, 8)
    load_shipped(session, now=begins)
    region = world.facts.regions[0]
    world.region = add_region(session, None, code=region["code"], name=region["name"], now=begins)
    world.calendar = work_calendar(session, world.region.id)
    password_hash = hash_password(DEMO_PASSWORD)
    actor_id = None
    for row in world.facts.people:
        role = Role(row["role"])
        if role is Role.REP and len(world.reps) == world.size.reps:
            continue
        user = service.add_user(
            session, actor_id, code=row["code"], username=row["username"], name=row["name"], role=role,
            region_id=None if role is Role.ADMIN else world.region.id, now=begins, password_hash=password_hash,
        )  # fmt: skip
        match role:
            case Role.ADMIN:
                world.admin, actor_id = user, user.id
            case Role.LEAD:
                world.lead = user
            case Role.REP:
                world.reps.append(user)
                territory = open_territory(session, row["territory"], row["territory_name"], world.region.id)
                world.territories[row["territory"]] = territory
                world.rep_of_territory[row["territory"]] = user
