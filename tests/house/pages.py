"""The forms that stand on a page, filled in as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

FIRST_WORDS = {"number": "1", "date": "2026-11-24", "time": "09:30", "month": "2026-11"}
"""What is typed into an empty box of a kind; words into all others."""


@dataclass
class PageForm:
    """A form that is posted: where to, and what of each name."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    has_file: bool = False


def forms_on(html: str, address: str) -> list[PageForm]:
    """Return the forms of a page that are posted; a form without an action is posted to the page's own address."""
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PageForm] = []
        self.form: PageForm | None = None
        self.name = ""
        self.options: list[tuple[str, bool]] = []
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = PageForm(given.get("action") or self.address) if given.get("method") == "post" else None
        elif self.form is None or not given.get("name", self.name if tag == "option" else ""):
            return
        elif tag == "input" or (tag == "button" and given.get("value")):
            self._input(given)
        elif tag == "select":
            self.name, self.options = given["name"], []
        elif tag == "option":
            self.options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self.name, self.text = given["name"], []

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.form is None:
            return
        if tag == "select" and self.name:
            filled = [value for value, _chosen in self.options if value]
            chosen = [value for value, chosen in self.options if chosen and value] or filled[:1]
            self._put(self.name, "select", *chosen)
            self.name = ""
        elif tag == "textarea" and self.text is not None:
            self._put(self.name, "text", "".join(self.text).strip() or "Words")
            self.name, self.text = "", None
        elif tag == "form":
            self.forms.append(self.form)
            self.form = None

    def _input(self, given: dict[str, str]) -> None:
        assert self.form is not None
        name, kind = given["name"], given.get("type", "text")
        if kind == "file":
            self.form.has_file = True
        elif kind in ("radio", "checkbox"):
            if "checked" in given or name not in self.form.fields:
                self._put(name, "select", given.get("value", "on"))
        elif kind in ("hidden", "submit") or given.get("value"):
            self._put(name, kind, given.get("value", ""))
        else:
            self._put(name, kind, FIRST_WORDS.get(kind, "Words"))

    def _put(self, name: str, kind: str, *values: str) -> None:
        assert self.form is not None
        self.form.fields[name] = list(values)
        self.form.kinds[name] = kind
