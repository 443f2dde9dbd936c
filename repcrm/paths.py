"""Where templates, static files and the seed lie: inside the package when installed, beside it in the tree."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder_of(name: str, package: Path = PACKAGE) -> Path:
    """Return the folder `name` as the wheel keeps it, or else as the tree does."""
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


TEMPLATES = folder_of("templates")
STATIC = folder_of("static")
SEED = folder_of("seed")
TRANSLATIONS = PACKAGE / "translations"
