"""How long the pages of the demo company take: `python bench/pages.py http://127.0.0.1:8000`, while `repcrm demo` runs.

Medians of ten, after one to warm up; the ratio is to the sign-in page, the cheapest there is, asked in the same run.
"""

import re
import statistics
import sys
import time
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

PAGES = {
    "rep1": ("/today", "/week", "/doctors", "/hospitals", "/meeting", "/follow-ups", "/calls/find", "/reports",
             "/board", "/map", "/plan", "/diary", "/offline"),
    "lead": ("/meeting", "/targets", "/sheets", "/doctors", "/hospitals", "/splits", "/actions", "/territories",
             "/board", "/board/figures", "/map", "/search/anything?q=zs", "/plan", "/plan/deviations", "/plan/unseen",
             "/diary", "/evenings"),
    "admin": ("/imports", "/admin/users", "/products", "/admin/jobs", "/admin/journal"),
}  # fmt: skip
TIMES = 10
PASSWORD = "repcrm-demo"


def main(base: str) -> None:
    """Sign in as each, ask for each page, print a line a page."""
    floor, _ = measure(build_opener(), base + "/sign-in")
    print(f"{'':8}{'/sign-in':14}{floor:8.1f} ms")
    for user, pages in PAGES.items():
        browser = signed_in(base, user)
        for page in pages:
            median, size = measure(browser, base + page)
            print(f"{user:8}{page:14}{median:8.1f} ms  x{median / floor:5.1f}  {size / 1024:6.0f} kB")


def signed_in(base: str, user: str) -> OpenerDirector:
    """A browser in which somebody of the demo has signed in."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(base + "/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', page)
    assert token is not None
    answers = {"csrf_token": token[1], "username": user, "password": PASSWORD, "next": ""}
    browser.open(base + "/sign-in", urlencode(answers).encode())
    return browser


def measure(browser: OpenerDirector, address: str) -> tuple[float, int]:
    """The median in milliseconds, and the size in bytes before compression."""
    taken = []
    for _ in range(TIMES + 1):
        begun = time.perf_counter()
        size = len(browser.open(address).read())
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[1:]), size


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
