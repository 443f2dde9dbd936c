"""The commands that README and docs tell people to type."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "SECURITY.md")
    if (ROOT / name).exists()
] + sorted((ROOT / "docs").glob("*.md"))  # fmt: skip

OURS = re.compile(r"(?:[A-Z_]+=\S+ )*(?:repcrm(?: |$)|gunicorn |python3? (?:dev\.py|bench/))")
CRON = re.compile(r"^(?:[\d*,/-]+ ){4}[\d*,/-]+\s+")
COMMENT = re.compile(r"\s+#\s.*$")


def commands_of(page: Path) -> list[str]:
    """The commands of a page as they are written, in its order: lines of its blocks, and code within its sentences."""
    found: list[str] = []
    in_fence = False
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            in_fence = not in_fence
        elif in_fence or line.startswith("    "):
            found += CRON.sub("", COMMENT.sub("", line.strip())).split(" && ")
        else:
            found += re.findall(r"`([^`]+)`", line)
    return [command for command in found if OURS.match(command)]


def all_commands() -> dict[str, str]:
    """Command -> the first page that has it."""
    pages: dict[str, str] = {}
    for page in PAGES:
        for command in commands_of(page):
            pages.setdefault(command, page.name)
    return pages
