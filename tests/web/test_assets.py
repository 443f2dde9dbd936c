"""One style sheet and the scripts: small, cached for ever, under the hash of what they say."""

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest

from repcrm.paths import STATIC
from repcrm.web.assets import Library, style_sheets
from repcrm.web.shell import FILES

MOST_BYTES = 12_000
"""Style sheet that phones load first, icons and the entry script, gzipped (bench/weight.py weighs the whole visit)."""


@pytest.fixture
def tag(app, client):
    found = re.search(r"/assets/(\w+)/app\.css", client.get("/sign-in").text)
    assert found
    return found[1]


def test_an_asset_is_kept_for_ever_under_its_hash(client, tag):
    response = client.get(f"/assets/{tag}/app.css")
    assert response.status_code == 200
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers


def test_an_old_hash_is_answered_but_not_kept(client):
    assert client.get("/assets/old/js/app.js").headers["Cache-Control"] == "no-cache"


def test_an_unknown_asset_is_not_found(client, tag):
    assert client.get(f"/assets/{tag}/js/none.js").status_code == 404
    assert client.get(f"/assets/{tag}/../app.py").status_code == 404


def test_a_browser_that_unpacks_gets_it_packed(client, tag):
    plain = client.get(f"/assets/{tag}/js/app.js")
    packed = client.get(f"/assets/{tag}/js/app.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_what_has_not_changed_is_not_sent_again(client, tag):
    etag = client.get(f"/assets/{tag}/app.css").headers["ETag"]
    assert client.get(f"/assets/{tag}/app.css", headers={"If-None-Match": etag}).status_code == 304


def test_the_style_sheets_begin_with_the_tokens_and_end_with_the_pages():
    phone, desk = style_sheets(
        {
            "css/pages/calls.css": b"page{}",
            "css/pages/targets.css": b"grid{}",
            "css/components/table.css": b"table{}",
            "css/components/card.css": b"/* a card */ card{}",
            "css/layout.css": b"layout{}",
            "css/base.css": b"base{}",
            "css/tokens.css": b"@layer tokens;\n\n  :root{}",
            "js/app.js": b"not css",
        }
    )
    assert phone == b"@layer tokens;\n:root{}\nbase{}\nlayout{}\ncard{}\npage{}"
    assert desk == b"table{}\ngrid{}"


def test_the_tag_changes_with_any_file(tmp_path: Path):
    (tmp_path / "a.js").write_text("1")
    before = Library(tmp_path).tag
    assert Library(tmp_path).tag == before
    (tmp_path / "a.js").write_text("2")
    assert Library(tmp_path).tag != before


def test_what_every_page_loads_is_small():
    library = Library(STATIC)
    weight = sum(len(library.files[name].zipped or b"") for name in ("app.css", "img/icons-phone.svg", "js/app.js"))
    assert weight <= MOST_BYTES


def test_no_style_or_script_comes_from_elsewhere():
    library = Library(STATIC)
    for name, asset in library.files.items():
        if name.endswith((".css", ".js")):
            text = asset.body.decode()
            assert "data:" not in text, name
            assert "@import" not in text, name
            assert not re.search(r"https?://", text), name


def test_every_icon_named_in_a_template_is_drawn():
    drawn = set(re.findall(r'symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text()))
    templates = STATIC.parent / "templates"
    named = re.compile(r"""(?:\bicon\(|icon=|icon_name=)["']([\w-]+)["']""")
    missing = {
        f"{path.name}: {name}"
        for path in templates.rglob("*.html")
        for name in named.findall(path.read_text())
        if name not in drawn
    }
    assert not missing


def test_scripts_lose_their_comments_and_nothing_else():
    """A text that spans lines would be spoilt by it, so there is none."""
    for path in (STATIC / "js").rglob("*.js"):
        for line in path.read_text("utf-8").splitlines():
            code = "" if line.strip().startswith("//") else line
            assert code.count("`") % 2 == 0, f"{path.name}: {line}"
    app_js = Library(STATIC).files["js/app.js"].body.decode()
    assert "//" not in app_js
    assert "export async function enhance(root = document) {" in app_js


def imported_by(library: Library, name: str) -> set[str]:
    """The modules that a script names, and those that they name."""
    found = {urljoin(name, other) for other in re.findall(r'from "(\.[^"]+)"', library.files[name].body.decode())}
    return found.union(*(imported_by(library, other) for other in found))


def test_the_phone_keeps_every_file_that_its_page_asks_for():
    library = Library(STATIC)
    assert imported_by(library, "js/offline/sheet.js") <= set(FILES)
    assert set(FILES) <= library.files.keys()


def test_the_phone_draws_its_icons_without_the_sheet_of_all_icons(client_as, rep):
    for address in ("/today", "/offline"):
        assert "img/icons.svg" not in client_as(rep).get(address).text
