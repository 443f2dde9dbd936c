"""Whether a page is well-formed: every element is closed where it was opened, and no id stands twice."""

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])


def faults_of(html: str) -> list[str]:
    """What is wrong with a page or a part of one; nothing for a well-formed one."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    twice = [f"id {name!r} stands twice" for name, times in Counter(reader.ids).items() if times > 1]
    return [*reader.faults, *(f"<{tag}> is never closed" for tag in reader.open), *twice]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.faults.append(
                f"</{tag}> closes <{self.open[-1] if self.open else 'nothing'}> in line {self.getpos()[0]}"
            )

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}> has {name} twice" for name, times in Counter(names).items() if times > 1]
        self.ids += [value or "" for name, value in attrs if name == "id"]
