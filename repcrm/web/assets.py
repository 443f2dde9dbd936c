"""Style sheets, scripts and icons: one style sheet, cached for ever under the hash of what it says. No build step."""

import gzip
import mimetypes
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue

from repcrm.web.guards import public

bp = Blueprint("assets", __name__, url_prefix="/assets")

STYLE_SHEET, DESK_SHEET = "app.css", "desk.css"
LAYERS = ("tokens", "base", "layout")
"""Style sheets that come first, in this order; then components/*.css by name, then pages/*.css."""
PHONE = (
    "badge", "banner", "button", "card", "chips", "combobox", "dialog", "empty_state", "error_summary", "facts",
    "field", "icon", "menu", "pagination", "progress", "rating", "status", "toast", "toolbar", "week_dots",
    "calls", "offline",
)  # fmt: skip
"""What the call sheet on a phone needs beside the layers: `app.css`. All the rest is `desk.css`, loaded after it."""
ICONS, PHONE_ICONS = "img/icons.svg", "img/icons-phone.svg"
PHONE_SYMBOLS = frozenset(
    (
        "today", "calendar", "people", "person", "presentation", "hospital", "target", "split", "list", "chart", "pill",
        "settings", "search", "plus", "minus", "check", "check-circle", "close", "chevron-left", "chevron-right",
        "undo", "refresh", "download", "phone", "flag", "more", "alert", "info", "conflict", "cloud", "cloud-off",
        "sign-out", "language", "brand", "clock", "gauge", "map", "moon", "pin", "plan", "status-submitted",
        "status-good", "status-returned",
    )
)  # fmt: skip
"""Icons of the call sheet, in a file of their own: the whole sheet of icons is twice as large."""
FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED_KINDS = {".css", ".js", ".svg", ".json", ".webmanifest", ".txt"}
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    kind: str
    zipped: bytes | None


@dataclass
class Library:
    """All files below static/, and a tag that changes whenever one of them does.

    The tag is part of the address (/assets/<tag>/js/app.js), so the relative imports of a module stay under it too:
    a browser never mixes the scripts of two releases.
    """

    folder: Path
    files: dict[str, Asset] = field(default_factory=dict)
    tag: str = ""

    def __post_init__(self) -> None:
        """Read everything once."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        bodies = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}
        bodies[STYLE_SHEET], bodies[DESK_SHEET] = style_sheets(bodies)
        bodies[PHONE_ICONS] = phone_icons(bodies.get(ICONS, b""))
        digest = sha256()
        for name, body in sorted(bodies.items()):
            digest.update(name.encode() + b"\0" + body + b"\0")
            self.files[name] = _asset(name, _shorter(body) if name.endswith(".js") else body)
        self.tag = digest.hexdigest()[:12]


def style_sheets(bodies: dict[str, bytes]) -> tuple[bytes, bytes]:
    """Join the style sheets below css/, each in the order of the cascade: tokens, base, layout, components, pages.

    returns  what phones need first, and the rest
    """
    first = [f"css/{layer}.css" for layer in LAYERS]
    rest = sorted(name for name in bodies if name.startswith("css/") and name.endswith(".css") and name not in first)
    phone = [name for name in rest if Path(name).stem in PHONE]
    desk = [name for name in rest if Path(name).stem not in PHONE]
    return _joined(bodies, [*first, *phone]), _joined(bodies, desk)


def phone_icons(icons: bytes) -> bytes:
    """The icons of the call sheet out of the sheet of all icons, which has one symbol a line."""
    lines = icons.decode().splitlines()
    kept = [line for line in lines if (name := _symbol(line)) is None or name in PHONE_SYMBOLS]
    return "\n".join(kept).encode()


def _symbol(line: str) -> str | None:
    return line.split('"', 2)[1] if line.startswith("<symbol id=") else None


def _joined(bodies: dict[str, bytes], names: list[str]) -> bytes:
    return b"\n".join(_smaller(bodies[name]) for name in names if name in bodies)


@bp.app_template_global()
def asset(name: str) -> str:
    """Return the address of a file below static/, or of the style sheet (`app.css`)."""
    return url_for("assets.file", tag=_library().tag, name=name)


@bp.app_template_global()
def icon_sheet(symbol: str) -> str:
    """Return the address of the file that an icon is drawn in."""
    return asset(PHONE_ICONS if symbol in PHONE_SYMBOLS else ICONS)


@bp.get("/<tag>/<path:name>")
@public
def file(tag: str, name: str) -> ResponseReturnValue:
    """Send a file; under the current tag it may be kept for ever."""
    library = _library()
    found = library.files.get(name)
    if found is None:
        abort(404)
    zipped = found.zipped is not None and request.accept_encodings["gzip"] > 0
    response = Response(found.zipped if zipped else found.body, mimetype=found.kind)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    if found.zipped is not None:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER if tag == library.tag else "no-cache"
    response.set_etag(f"{library.tag}{'-gz' if zipped else ''}")
    return response.make_conditional(request)


def _library() -> Library:
    """Return the app's library; while debugging it is read anew so that edits show at once."""
    held = current_app.extensions.get("repcrm_assets")
    if held is None or current_app.debug:
        held = current_app.extensions["repcrm_assets"] = Library(Path(current_app.static_folder or "static"))
    return held


def _asset(name: str, body: bytes) -> Asset:
    suffix = Path(name).suffix
    zipped = gzip.compress(body, 9, mtime=0) if suffix in COMPRESSED_KINDS else None
    return Asset(body, mimetypes.guess_type(name)[0] or "application/octet-stream", zipped)


def _shorter(script: bytes) -> bytes:
    """Drop lines that only comment, indentation and empty lines of a script; a test sees that no text spans lines."""
    lines = map(str.strip, script.decode().splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")).encode()


def _smaller(css: bytes) -> bytes:
    """Drop comments, indentation and empty lines; nothing cleverer, so that it cannot be wrong."""
    text = css.decode()
    while (begin := text.find("/*")) >= 0:
        end = text.find("*/", begin + 2)
        text = text[:begin] + text[end + 2 :] if end >= 0 else text[:begin]
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line).encode()
