"""Things of one kind by their codes and exact names; products also by what their packs say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from repcrm.catalogue.pack_form import PackForm, read_pack_form
from repcrm.core.codes import code_key
from repcrm.spelling import name_key


@dataclass(frozen=True, eq=False)
class Entry:
    """A thing with everything it is called.

    codes      the first one is shown; further ones also find it, such as a user name
    names      the first one is shown; short names come after it
    city       of a hospital; empty else
    is_active  still worked, sold or employed
    form       of a product: its name and pack, read apart
    """

    thing: Any
    codes: tuple[str, ...]
    names: tuple[str, ...]
    city: str = ""
    is_active: bool = True
    form: PackForm | None = None

    @property
    def code(self) -> str:
        """The code that is shown."""
        return self.codes[0]

    @property
    def label(self) -> str:
        """Code and name, as people know it."""
        return " ".join(dict.fromkeys((self.codes[0], *self.names[:1])))


class Index:
    """What the things of one kind are called, exactly."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        self._by_code: dict[str, Entry] = {}
        self._by_name: dict[str, list[Entry]] = {}
        self._by_form: dict[str, list[Entry]] = {}
        self._by_id: dict[int, Entry] = {}
        for entry in self.entries:
            self._by_id[entry.thing.id] = entry
            self._by_code.update((code_key(code), entry) for code in entry.codes)
            for name in dict.fromkeys(map(name_key, entry.names)):
                self._by_name.setdefault(name, []).append(entry)
            if entry.form is not None:
                self._by_form.setdefault(entry.form.name, []).append(entry)

    def of(self, thing_id: int) -> Entry | None:
        """The entry of a thing."""
        return self._by_id.get(thing_id)

    def coded(self, code: str) -> Entry | None:
        """The thing of a code."""
        return self._by_code.get(code_key(code))

    def exact(self, spelling: str, also: str = "") -> list[Entry]:
        """The things that a code or exact name stands for; several where they share the name.

        also  what a column of its own says of the pack
        """
        if not also and (entry := self.coded(spelling)) is not None:
            return [entry]
        named = self._by_name.get(name_key(spelling), []) if not also else []
        if not self._by_form:
            return named
        written = read_pack_form(f"{spelling} {also}")
        same_name = self._by_form.get(written.name, []) if written.name else []
        packed = [entry for entry in same_name if entry.form is not None and written.is_within(entry.form)]
        return list(dict.fromkeys([*packed, *named]))
