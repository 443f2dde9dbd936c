"""XML read piece by piece: what has been read to its end is handed over and forgotten."""

from collections.abc import Collection, Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from repcrm.imports.reading.limits import Limits, Refused

CHUNK = 1 << 18
DEEPEST = 100
OPEN, WHOLE, CLOSE = "open", "whole", "close"


class _Locals(dict[str, str]):
    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition("}")[2]
        return self[name]


LOCAL = _Locals()
"""Name of an element or attribute -> the same without its namespace, which differs from one dialect to the next."""


def local(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return LOCAL[name]


def attribute(element: Element, name: str) -> str | None:
    """The attribute of a local name, whatever its namespace."""
    return next((value for key, value in element.items() if local(key) == name), None)


def find(element: Element, name: str) -> Element | None:
    """The first child of a local name."""
    return next((child for child in element if local(child.tag) == name), None)


def walk(file: IO[bytes], limits: Limits, through: Collection[str]) -> Iterator[tuple[str, Element]]:
    """Yield the elements of a document in its order.

    through  local names of the elements that are entered: they come when they open (without their children) and when
             they close; every other child of theirs comes when it is whole
    raises   Refused for broken XML, a document type (entities are a weapon, no form of table needs them), and an
             element that is larger than `limits.part_bytes`
    """
    builder = TreeBuilder()
    root = builder.start("file", {})
    parser = XMLParser(target=builder)
    opened: list[Element] = []
    waiting = 0
    try:
        chunk = file.read(CHUNK)
        _refuse_doctype(chunk)
        while chunk:
            parser.feed(chunk)
            waiting += len(chunk)
            for event in _complete(root, through, opened, is_closed=False):
                waiting = 0
                yield event
            _refuse_depth(root)
            if waiting > limits.part_bytes:
                raise Refused("part too large", megabytes=limits.part_bytes >> 20)
            chunk = file.read(CHUNK)
        parser.feed(b"")
        builder.end("file")
        parser.close()
    except (ParseError, expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("damaged") from error
    yield from _complete(root, through, opened, is_closed=True)


def _complete(
    node: Element, through: Collection[str], opened: list[Element], *, is_closed: bool
) -> Iterator[tuple[str, Element]]:
    """Yield what is whole below a node and take it away; of a node that is still open, its last child may be, too."""
    children = list(node)
    for number, child in enumerate(children, 1):
        child_closed = is_closed or number < len(children)
        if local(child.tag) in through:
            if child not in opened:
                opened.append(child)
                yield OPEN, child
            yield from _complete(child, through, opened, is_closed=child_closed)
            if child_closed:
                opened.remove(child)
                yield CLOSE, child
        elif child_closed:
            yield WHOLE, child
    del node[: len(children) if is_closed else max(len(children) - 1, 0)]


def _refuse_depth(node: Element) -> None:
    """Refuse a document whose open elements, each the last child of the one above, are too many."""
    for _ in range(DEEPEST):
        if not len(node):
            return
        node = node[-1]
    raise Refused("too deep", most=DEEPEST)


def _refuse_doctype(chunk: bytes) -> None:
    def refuse(*_: object) -> None:
        raise Refused("entities")

    prologue = expat.ParserCreate()
    prologue.StartDoctypeDeclHandler = refuse
    prologue.Parse(chunk, False)
