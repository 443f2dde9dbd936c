"""The map: the hospitals of a territory where they stand, with the calls that are due there."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from repcrm.calls.queries import HospitalDue, list_hospitals_due
from repcrm.extensions import db
from repcrm.organisation.access import Permission
from repcrm.web.guards import requires
from repcrm.web.identity import current_scope
from repcrm.web.map_drawing import SIZE, Spot, Tile, draw_map

bp = Blueprint("map", __name__, url_prefix="/map")


@bp.get("")
@requires(Permission.VIEW_CALLS)
def page() -> ResponseReturnValue:
    """Show the hospitals of the territory or region, numbered alike on the map and in the list beside it."""
    scope, settings = current_scope(), current_app.config["REPCRM"]
    rows = list_hospitals_due(db.session, scope, scope.on)
    drawing = draw_map([spot for row in rows if (spot := _spot(row))])
    return render_template(
        "map/page.html",
        rows=rows,
        numbers={row.hospital.id: number for number, row in enumerate(rows, 1)},
        names={row.hospital.id: row.hospital.name for row in rows},
        drawing=drawing,
        size=SIZE,
        today=scope.on,
        due=sum(row.due.due for row in rows),
        unplaced=[row for row in rows if not _spot(row)],
        tiles=[(tile, _address(settings.map_tiles, tile)) for tile in drawing.tiles]
        if drawing and settings.map_tiles
        else [],
        attribution=settings.map_attribution,
        may_edit=scope.may(Permission.EDIT_ACCOUNTS),
        may_call=scope.may(Permission.LOG_CALLS),
    )


def _spot(row: HospitalDue) -> Spot | None:
    """Where a hospital goes on the map; None without coordinates."""
    place = row.hospital
    if place.latitude is None or place.longitude is None:
        return None
    return Spot(place.id, place.latitude, place.longitude, row.due.due, place.city)


def _address(pattern: str, tile: Tile) -> str:
    return pattern.format(z=tile.zoom, x=tile.column, y=tile.row)
