"""One design: a component is a macro, a style sheet and, if it moves, a script of one name; /design shows them all."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, STATIC = ROOT / "templates", ROOT / "static"

NOT_COMPONENTS = {
    "app": "wakes the others",
    "form": "how any form sends itself",
    "keys": "keys of the whole page",
    "packs": "reads numbers, for the grid and the split",
    "palette": "fetches the command palette, a dialog with a combobox",
    "refresh": "fetches a partial again",
    "theme": "light or dark, in the account menu",
    "unfold": "opens what a phone keeps folded",
    "work": "follows long work on its page",
    "grid": "the page of targets",
    "split": "the page of a split",
    "meeting": "the slides",
}
"""Scripts that are no component's, and what they are."""
DRAWN_BY_OTHERS = {"toasts", "error_list"}
"""Macros that stand there through another: the layout, the summary of a form."""
ONLY_WHILE_A_SCRIPT_RUNS = {"file-drop--over", "file-drop--ready"}
"""Classes that no page is sent with."""

IMPORT = re.compile(r"""{%-?\s*from\s+"components/(\w+)\.html"\s+import\s+([^%]+?)\s*-?%}""")
MACRO = re.compile(r"{%-?\s*macro\s+(\w+)")
CLASS_IN_CSS = re.compile(r"\.([a-z][\w-]*)")
ASSET = re.compile(r"asset\('js/(\w+)\.js'\)")
SCRIPT = re.compile(r"""from "\./(\w+)\.js\"""")
MODULE = re.compile(r""""\[data-[^"]+":\s*"(\w+)\"""")


def names(folder: Path, suffix: str) -> set[str]:
    return {path.stem for path in folder.glob(f"*.{suffix}")}


def macros() -> dict[str, str]:
    """Every macro of a component -> its file."""
    return {
        macro: path.stem
        for path in (TEMPLATES / "components").glob("*.html")
        for macro in MACRO.findall(path.read_text("utf-8"))
    }


def imported_by(paths: Iterator[Path] | list[Path]) -> set[str]:
    """The macros that some templates import."""
    return {
        name.strip()
        for path in paths
        for _file, imported in IMPORT.findall(path.read_text("utf-8"))
        for name in re.sub(r" as \w+", "", imported).split(",")
    }


def pages() -> list[Path]:
    """Templates that use components and are none."""
    apart = {"components", "design"}
    return [path for path in TEMPLATES.rglob("*.html") if path.parent.name not in apart]


def test_every_component_has_a_style_sheet_of_its_name_and_none_is_without_one():
    assert names(TEMPLATES / "components", "html") == names(STATIC / "css" / "components", "css")


def test_every_script_is_a_components_or_says_what_it_is():
    known = {*macros(), *macros().values()}
    assert names(STATIC / "js", "js") - known == set(NOT_COMPONENTS)


def test_every_script_is_reached():
    app = (STATIC / "js" / "app.js").read_text("utf-8")
    woken = set(MODULE.findall(app))
    in_pages = {name for path in TEMPLATES.rglob("*.html") for name in ASSET.findall(path.read_text("utf-8"))}
    by_others = {name for path in (STATIC / "js").glob("*.js") for name in SCRIPT.findall(path.read_text("utf-8"))}
    assert woken | in_pages | by_others == names(STATIC / "js", "js")


def test_whatever_a_page_uses_stands_on_the_page_of_the_design():
    shown = imported_by(list((TEMPLATES / "design").glob("*.html"))) | DRAWN_BY_OTHERS
    assert imported_by(pages()) - shown == set()
    files = {file for macro, file in macros().items() if macro in shown}
    assert files == names(TEMPLATES / "components", "html")


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_of_every_component_stands_there(client_as, admin, language):
    page = client_as(admin).get("/design?toasts=1", headers={"Accept-Language": language}).text
    shown = {name for names in re.findall(r'class="([^"]*)"', page) for name in names.split()}
    options = client_as(admin).get("/design/options?q=c").text
    shown |= {name for names in re.findall(r'class="([^"]*)"', options) for name in names.split()}
    for path in sorted((STATIC / "css" / "components").glob("*.css")):
        text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text("utf-8"), flags=re.S)
        wanted = set(CLASS_IN_CSS.findall(text)) - ONLY_WHILE_A_SCRIPT_RUNS
        assert wanted - shown == set(), path.name


def test_every_empty_state_says_what_to_do_next():
    told = re.compile(r"""empty_state\((_\("[^"]*"(?:, \w+=[^()]*(?:\([^()]*\))?)*\)), (?!None|icon_name|level)[^)]""")
    silent = [
        f"{path.relative_to(TEMPLATES)}: {call[:60]}"
        for path in pages()
        for call in re.findall(r"empty_state\(.*", path.read_text("utf-8"))
        if not told.match(call)
    ]
    assert silent == []
