"""What the first visit to the call sheet weighs, and when something is seen: `python bench/weight.py`.

Everything the page asks for on a phone that has never been here is counted as gzip sends it: page, style sheet,
scripts and icons. It ends with 1 above 30 kB, or when the first contentful paint is later than 1.8 s at 1.6 Mbit/s and
150 ms. What the service worker fetches afterwards, to open without a network, and the rep's own data stand beside it.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from pydantic import SecretStr
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from repcrm.app import create_app
from repcrm.core import clock
from repcrm.db import schema
from repcrm.db.engine import make_engine
from repcrm.demo import SMALL, build
from repcrm.settings import DEMO_PASSWORD, Settings

MOST_BYTES = 30_000
MOST_MS = 1_800
LATENCY_MS, BYTES_A_SECOND = 150, 1_600_000 / 8
PHONE = {"width": 390, "height": 844}
DATA = "/api/"
TIMES = 5


class Scales:
    """A WSGI app around the app that weighs every answer's body as it leaves."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.weighed: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, packed with gzip where the browser would take something tighter."""
        body = b"".join(self.app({**environ, "HTTP_ACCEPT_ENCODING": "gzip"}, start_response))
        self.weighed[environ["PATH_INFO"]] += len(body)
        return [body]


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log(self, *_: Any) -> None:
        """No line a request."""


def main() -> int:
    """Weigh and time; returns 1 where a limit is broken."""
    with tempfile.TemporaryDirectory() as folder:
        scales = Scales(create_app(company(Path(folder))))
        server = make_server("127.0.0.1", 0, scales, threaded=True, request_handler=Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            cookies = sign_in(browser, address := f"http://127.0.0.1:{server.server_port}")
            weight = weigh(browser, address, cookies, scales)
            paint = statistics.median(first_paint(browser, address, cookies) for _ in range(TIMES))
        server.shutdown()
    print(f"first contentful paint   {paint:6.0f} ms, of {MOST_MS} (median of {TIMES}, 1.6 Mbit/s, 150 ms)")
    return int(weight > MOST_BYTES or paint > MOST_MS)


def company(folder: Path) -> Settings:
    """The settings of a small demo company."""
    url = f"sqlite:///{folder / 'weight.sqlite3'}"
    engine = make_engine(url)
    schema.upgrade(engine)
    settings = Settings(secret_key=SecretStr("only to be weighed " * 2), database_url=url, data_folder=folder)
    with Session(engine) as session:
        build(session, clock.today(settings.zone), size=SMALL)
        session.commit()
    engine.dispose()
    return settings


def sign_in(browser: Browser, address: str) -> Any:
    """The cookies of the first rep."""
    page = browser.new_page(base_url=address, service_workers="block")
    page.goto("/sign-in")
    page.fill("[name=username]", "rep1")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/today")
    page.wait_for_load_state("networkidle")
    cookies = page.context.cookies()
    page.context.close()
    return cookies


def weigh(browser: Browser, address: str, cookies: Any, scales: Scales) -> int:
    """Print and add up what a first visit brings, and what the worker adds to it; returns the page's own bytes."""
    own, data = brought(browser, address, cookies, scales, with_worker=False)
    for path, size in sorted(own.items(), key=lambda item: -item[1]):
        print(f"{size:7,} {path.split('/', 3)[-1] if path.startswith('/assets/') else path}")
    everything, _ = brought(browser, address, cookies, scales, with_worker=True)
    page = sum(own.values())
    print(f"{page:7,} bytes together, of {MOST_BYTES:,}")
    print(f"{sum(everything.values()) - page:7,} bytes that the worker fetches afterwards, to open without a network")
    print(f"{data:7,} bytes of the rep's own plan and doctors beside it")
    return page


def brought(
    browser: Browser, address: str, cookies: Any, scales: Scales, with_worker: bool
) -> tuple[dict[str, int], int]:
    """Path -> bytes of the files of a first visit, and the bytes of data."""
    context = browser.new_context(
        base_url=address, viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True,
        service_workers="allow" if with_worker else "block",
    )  # fmt: skip
    context.add_cookies(cookies)
    scales.weighed.clear()
    page = context.new_page()
    page.goto("/today")
    page.wait_for_load_state("networkidle")
    if with_worker:
        until(page, "await caches.match('/offline')")
    time.sleep(1)
    context.close()
    files = {path: size for path, size in scales.weighed.items() if not path.startswith(DATA)}
    return files, sum(scales.weighed.values()) - sum(files.values())


def until(page: Page, condition: str) -> None:
    """Wait inside the page: Playwright's own way evaluates strings, which our CSP forbids."""
    page.evaluate(f"async () => {{ while (!({condition})) await new Promise((go) => setTimeout(go, 50)); }}")


def first_paint(browser: Browser, address: str, cookies: Any) -> float:
    """Milliseconds until something is seen on a phone that has never been here."""
    context = browser.new_context(base_url=address, viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)
    context.add_cookies(cookies)
    page = context.new_page()
    context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    page.goto("/today")
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    until(page, f"{paint} !== undefined")
    found: float = page.evaluate(paint)
    context.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
