"""One style sheet and the scripts: small, cached for ever, under the hash of what they say."""

import gzip
import re
from pathlib import Path

import pytest

from repcrm.paths import STATIC
from repcrm.web.assets import Library, style_sheet

MOST_BYTES = 18_000
"""Style sheet of all pages, icons and the entry script, gzipped: 12 kB of the call sheet's 30 are its own."""


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


def test_the_style_sheet_begins_with_the_tokens_and_ends_with_the_pages():
    joined = style_sheet(
        {
            "css/pages/today.css": b"page{}",
            "css/components/card.css": b"/* a card */ card{}",
            "css/layout.css": b"layout{}",
            "css/base.css": b"base{}",
            "css/tokens.css": b"@layer tokens;\n\n  :root{}",
            "js/app.js": b"not css",
        }
    )
    assert joined == b"@layer tokens;\n:root{}\nbase{}\nlayout{}\ncard{}\npage{}"


def test_the_tag_changes_with_any_file(tmp_path: Path):
    (tmp_path / "a.js").write_text("1")
    before = Library(tmp_path).tag
    assert Library(tmp_path).tag == before
    (tmp_path / "a.js").write_text("2")
    assert Library(tmp_path).tag != before


def test_what_every_page_loads_is_small():
    library = Library(STATIC)
    weight = sum(len(library.files[name].zipped or b"") for name in ("app.css", "img/icons.svg", "js/app.js"))
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
