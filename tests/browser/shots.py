"""Pictures of every page: `python3 dev.py shots [--data FOLDER] [--only WORD] [--out FOLDER]`; see docs/screens.md."""

import argparse
import logging
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from repcrm.app import create_app
from repcrm.core import clock
from repcrm.db import schema
from repcrm.db.engine import make_engine
from repcrm.demo import SMALL, build
from repcrm.meeting.models import Review
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from repcrm.settings import Settings, read_settings
from tests.browser.conftest import AWAKE, DESKTOP, PHONE, SWITCHES, cookie_of
from tests.browser.walk import menu_of, things_of
from tests.scratch import scratch_folder

PROJECTOR = {"width": 1280, "height": 720}
OFFICE = {"width": 1920, "height": 1080}
PAPER = {"width": 1123, "height": 794}
"""A4 landscape at 96 dots an inch."""
TALLEST = 2400
"""Pixels of a picture; a longer page is cut there, as nobody looks further."""


@dataclass(frozen=True)
class Look:
    """One way of looking at the product."""

    language: str
    viewport: dict[str, int]
    options: dict[str, Any] = field(default_factory=dict)
    media: str = "screen"


LOOKS = {
    "phone-zh": Look("zh", PHONE, {"has_touch": True, "is_mobile": True}),
    "desktop-en": Look("en", DESKTOP),
    "dark-phone-zh": Look("zh", PHONE, {"color_scheme": "dark", "has_touch": True, "is_mobile": True}),
    "dark-desktop-en": Look("en", DESKTOP, {"color_scheme": "dark"}),
    "meeting-zh": Look("zh", PROJECTOR),
    "meeting-en": Look("en", PROJECTOR),
    "office-zh": Look("zh", OFFICE),
    "print-zh": Look("zh", PAPER, media="print"),
    "print-en": Look("en", PAPER, media="print"),
}
"""Name of the folder -> what is in it."""
PRINTED = re.compile(r"/(meeting|reports|sheets|targets|board|map|week)\b")
SLIDES = ("actions", "figures", "trend", "products", "facts", "decide", "next")


def main() -> int:
    """Take the pictures that were asked for and say where they are."""
    words = argparse.ArgumentParser(prog="dev.py shots", description=__doc__)
    words.add_argument("--data", type=Path, help="the folder of a `repcrm demo`; without it a small company is made")
    words.add_argument("--only", default="", help="only names that contain this, such as phone-zh/rep-today")
    words.add_argument("--out", type=Path, default=Path("shots"))
    wanted = words.parse_args()
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sys.exit("There is no Chromium on this machine.")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with company(wanted.data) as settings, sync_playwright() as playwright:
        app = create_app(settings)
        with served(app) as address, Session(make_engine(settings.resolved_database_url())) as session:
            chromium = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
            taken = [
                shot
                for name, look in LOOKS.items()
                for shot in _look(chromium, app, session, address, wanted.out / name, look, wanted.only)
            ]
            chromium.close()
    print(f"{len(taken)} pictures in {wanted.out}/")  # noqa: T201 - says where they are
    return 0


@contextmanager
def company(data: Path | None) -> Iterator[Settings]:
    """The settings of a demo company: the one in the folder, else a small one made for the occasion."""
    if data is not None:
        yield read_settings(demo=True, data_folder=data.absolute(), scheduler=False)
        return
    with scratch_folder() as folder:
        settings = read_settings(demo=True, data_folder=folder, scheduler=False)
        engine = make_engine(settings.resolved_database_url())
        schema.upgrade(engine)
        with Session(engine) as session:
            build(session, clock.today(settings.zone), size=SMALL)
            session.commit()
        engine.dispose()
        yield settings


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the app while it is served."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def _look(
    chromium: Chromium, app: Flask, session: Session, address: str, folder: Path, look: Look, only: str
) -> Iterator[Path]:
    for role in Role:
        user = session.scalars(select(User).where(User.role == role).order_by(User.id)).first()
        assert user is not None
        pages = {
            name: path
            for path in _pages_of(app, session, role, user, folder.name)
            if only in f"{folder.name}/{(name := _name(role, path))}"
        }
        if not pages:
            continue
        locale = "zh-CN" if look.language == "zh" else "en-GB"
        context = chromium.new_context(viewport=look.viewport, locale=locale, base_url=address, **look.options)  # type: ignore[arg-type]  # a plain dict
        context.add_cookies([{"name": "repcrm", "value": cookie_of(app, session, user), "url": address}])
        page = context.new_page()
        page.emulate_media(media="print" if look.media == "print" else "screen")
        for name, path in pages.items():
            yield _shot(page, path, folder / name, look)
        context.close()


def _shot(page: Page, path: str, target: Path, look: Look) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    page.goto(path)
    page.wait_for_selector(AWAKE, state="attached")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": look.viewport["width"], "height": max(height, look.viewport["height"])})
    page.screenshot(path=target.with_suffix(".png"))
    page.set_viewport_size(look.viewport)  # type: ignore[arg-type]  # a plain dict
    if look.media == "print":
        page.pdf(path=target.with_suffix(".pdf"), prefer_css_page_size=True)
    return target


def _pages_of(app: Flask, session: Session, role: Role, user: User, look: str) -> list[str]:
    """The pages of a role that are worth looking at in this way."""
    everything = [*menu_of(app, role), *things_of(session, role, user), "/me"]
    if look.startswith("meeting"):
        review = session.scalar(select(func.max(Review.id)))
        return [f"/meeting/{review}/slides?at={at}" for at in SLIDES] if role is Role.LEAD else []
    if look.startswith("office"):
        return ["/board/screen"] if role is Role.LEAD else []
    if look.startswith("print"):
        return [path for path in everything if PRINTED.match(path) and "slides" not in path]
    return [path for path in everything if "slides" not in path]


def _name(role: Role, path: str) -> str:
    """What a picture is called: lead-doctors is the list, lead-doctors-x one of it."""
    words = re.sub(r"[0-9]+", "x", path.split("&")[0].lower())
    return f"{role.value}-{re.sub(r'[^a-z]+', '-', words).strip('-')}"


if __name__ == "__main__":
    sys.exit(main())
