"""Forms of the target grid."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from repcrm.core.errors import BadInput, RepCRMError
from repcrm.targets.grid import (
    COLUMN_WAYS,
    MOST_PACKS,
    ROW_WAYS,
    CellKey,
    Measure,
    Range,
    SpreadWay,
    StaleCell,
    read_packs,
    with_measure,
)
from repcrm.targets.service import CellEdit
from repcrm.web.forms import Form, choices
from repcrm.web.languages import say


class Shown(NamedTuple):
    """A cell as the grid was when it was shown: what typing is compared with."""

    version: int
    floor_packs: int
    stretch_packs: int
    is_locked: bool


class GridForm(Form):
    """A whole grid: a box for each cell, what was shown in them, and why they change."""

    shown = HiddenField()
    reason = StringField(_l("Why it changes"), [Optional(), Length(max=300)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base = _read_shown(self.shown.data)
        self.typed = dict(_named("cell:"))
        self.locks = {key for key, _text in _named("lock:")}
        self.picks = dict(_named("pick:"))
        self.wrong: dict[CellKey, str] = {}
        self.stale: dict[CellKey, StaleCell] = {}

    def packs(self) -> dict[CellKey, int]:
        """What is typed in each cell, as far as it can be read."""
        found = {}
        for key, text in self.typed.items():
            try:
                packs = read_packs(text)
            except BadInput as error:
                self.wrong[key] = say(error)
                continue
            if packs is not None:
                found[key] = packs
        return found

    def edits(self, product_id: int, measure: Measure) -> list[CellEdit]:
        """What is to be saved; cells that cannot be taken are noted in `wrong`."""
        packs = self.packs()
        edits = []
        for key in self.typed:
            if key in self.wrong or self.picks.get(key) == "theirs":
                continue
            if key in self.stale_before and key not in self.picks:
                self.wrong[key] = _("Choose whose figure counts: yours or theirs.")
                continue
            try:
                edit = self._edit(key, packs.get(key), product_id, measure)
            except RepCRMError as error:
                self.wrong[key] = say(error)
                continue
            if edit:
                edits.append(edit)
        return edits

    @property
    def stale_before(self) -> set[CellKey]:
        """Cells for which the last answer asked whose figure counts."""
        return {key for key, _text in _named("stale:")}

    def meet(self, cells: Mapping[CellKey, StaleCell]) -> None:
        """Take note of what others have saved, so that the next attempt is about that."""
        self.stale = dict(cells)
        for key, cell in cells.items():
            is_locked = self.base[key].is_locked if key in self.base else False
            self.base[key] = Shown(cell.version, cell.floor_packs, cell.stretch_packs, is_locked)

    def _edit(self, key: CellKey, packs: int | None, product_id: int, measure: Measure) -> CellEdit | None:
        base = self.base.get(key)
        if base is None and packs is None:
            return None
        before = Range(base.floor_packs, base.stretch_packs) if base else None
        after = with_measure(before, measure, packs or 0)
        is_locked = key in self.locks
        if base and (before, base.is_locked) == (after, is_locked):
            return None
        version = base.version if base else 0
        return CellEdit(key.hospital_id, product_id, key.month_on, *after, version=version, is_locked=is_locked)


class SpreadForm(Form):
    """What is to be spread: every month over the hospitals, or a figure over one hospital's months."""

    what = StringField(validators=[InputRequired()])
    hospital_id = IntegerField(validators=[Optional()])
    row_total = StringField(validators=[Optional()])
    row_way = StringField(default=SpreadWay.EVEN.value)

    @property
    def way(self) -> SpreadWay:
        """What the figure is spread by.

        raises  BadInput for a way there is not
        """
        text = self.row_way.data if self.what.data == "row" else self.what.data
        ways = ROW_WAYS if self.what.data == "row" else COLUMN_WAYS
        if text is None or text not in ways:
            raise BadInput(_("Choose how to spread it."))
        return SpreadWay(text)


class AskForm(Form):
    """What the company asks of the region for a whole period."""

    versions = HiddenField()
    floor = IntegerField(_l("Floor"), [InputRequired(_l("Enter a whole number of packs.")), NumberRange(0, MOST_PACKS)])
    stretch = IntegerField(
        _l("Stretch"), [InputRequired(_l("Enter a whole number of packs.")), NumberRange(0, MOST_PACKS)]
    )
    way = RadioField(
        _l("Spread over the months"),
        choices=choices([(SpreadWay.RUN_RATE.value, _l("by working days")), (SpreadWay.EVEN.value, _l("evenly"))]),
        default=SpreadWay.RUN_RATE.value,
    )

    def shown_versions(self) -> dict[str, int]:
        """Month -> the version that was shown."""
        try:
            return {str(month): int(version) for month, version in _json(self.versions.data).items()}
        except (TypeError, ValueError) as error:
            raise BadInput(_("The form did not arrive whole. Load the page again.")) from error


def write_shown(cells: Mapping[CellKey, Shown]) -> str:
    """Put what was shown into one hidden field."""
    return json.dumps({str(key): cell for key, cell in cells.items()}, separators=(",", ":"))


def _read_shown(text: str | None) -> dict[CellKey, Shown]:
    try:
        return {
            CellKey.read(key): Shown(int(version), int(floor), int(stretch), bool(locked))
            for key, (version, floor, stretch, locked) in _json(text).items()
        }
    except (TypeError, ValueError) as error:
        raise BadInput(_("The form did not arrive whole. Load the page again.")) from error


def _json(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise BadInput(_("The form did not arrive whole. Load the page again.")) from error
    return found if isinstance(found, dict) else {}


def _named(prefix: str) -> list[tuple[CellKey, str]]:
    return [
        (CellKey.read(name.removeprefix(prefix)), text)
        for name, text in request.form.items()
        if name.startswith(prefix)
    ]
