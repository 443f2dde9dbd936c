"""Settings read from the environment (REPCRM_...); refuses to start half configured."""

import os
import re
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET = 32
"""Characters a secret key must have at least."""

TILE_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~/{}=&?-]*")
"""Nothing in it could end a line of the content policy."""

DEMO_PASSWORD = "repcrm-demo"
"""The password of everybody in the demo company, and nowhere else."""
DEMO_SIGN_INS = ("rep1", "lead", "admin")
"""The user names that the demo shows: a rep, the regional lead, an administrator."""


class NotConfigured(Exception):
    """The environment does not say enough to start; the message tells the operator what to set."""


def user_data_folder() -> Path:
    """Return the folder of this person's data on this system, without making it."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "repcrm"


class Settings(BaseSettings):
    """Everything that differs between two installations; frozen once read.

    Each field is the environment variable REPCRM_<NAME>; docs/operations.md lists them.
    """

    model_config = SettingsConfigDict(env_prefix="REPCRM_", frozen=True, extra="ignore")

    demo: bool = False
    """The demo company on this machine: makes its own secret key and shows its sign-ins."""
    data_folder: Path = Field(default_factory=user_data_folder)
    """Where the SQLite database lives when `database_url` is not set."""
    database_url: str = ""
    """sqlite:///... or postgresql+psycopg://...; empty means a file in `data_folder`."""
    secret_key: SecretStr = SecretStr("")
    """Signs cookies and forms; at least 32 characters."""
    time_zone: str = "Asia/Shanghai"
    """The business time zone: decides what today is and when a week is closed."""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    scheduler: bool = True
    """Whether `serve` and `demo` also run the clock in this process."""
    worker: bool = True
    """Whether `serve` and `demo` also keep a worker process for long work."""
    offline: bool = True
    """Whether phones keep the call sheet for use without a network; off, their worker takes itself away."""
    https: bool = False
    """Reached over https only: cookies are Secure and HSTS is sent, whatever a proxy says."""
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = 0
    """How many proxies in front set X-Forwarded-*; 0 believes nobody."""
    upload_mb: Annotated[int, Field(ge=1, le=200)] = 100
    """The largest file or form that is read."""
    session_idle_minutes: Annotated[int, Field(ge=5, le=60 * 24 * 30)] = 60 * 24
    """A sign-in ends after so long without a request."""
    map_tiles: str = ""
    """https address of map tiles with {z}, {x} and {y} in it; empty: the map is a drawing of our own."""
    map_attribution: str = ""
    """What the owner of the tiles wants to be said under the map."""
    session_days: Annotated[int, Field(ge=1, le=365)] = 30
    """A sign-in ends after so many days, however busy."""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name!r} is not a time zone; write it like Asia/Shanghai") from error
        return name

    @field_validator("map_tiles")
    @classmethod
    def _tile_address(cls, address: str) -> str:
        if address and not TILE_ADDRESS.fullmatch(address):
            raise ValueError("is not an address of tiles; write it like https://tiles.example.com/{z}/{x}/{y}.png")
        if any(address.count(part) != 1 for part in ("{z}", "{x}", "{y}")) and address:
            raise ValueError("an address of tiles has {z}, {x} and {y} in it, once each")
        return address

    @model_validator(mode="after")
    def _complete(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if len(secret) < SHORTEST_SECRET and not (self.demo and not secret):
            raise ValueError(
                f"REPCRM_SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters; make one with: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The business time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def map_origin(self) -> str:
        """The one origin, besides our own, that pictures may come from; empty: none."""
        parts = urlsplit(self.map_tiles)
        return f"{parts.scheme}://{parts.netloc}" if self.map_tiles else ""

    @property
    def upload_bytes(self) -> int:
        """The largest request body that is read."""
        return self.upload_mb * 1024 * 1024

    @property
    def session_idle(self) -> timedelta:
        """How long a sign-in lasts without a request."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_lifetime(self) -> timedelta:
        """How long a sign-in lasts at most."""
        return timedelta(days=self.session_days)

    def resolved_database_url(self) -> str:
        """Return the address of the database: the one that was set, else the SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_folder / 'repcrm.sqlite3').absolute()}"

    def as_environment(self) -> dict[str, str]:
        """Return the environment in which another process reads the same settings."""
        values = {**self.model_dump(mode="json"), "secret_key": self.secret_key.get_secret_value()}
        return {f"REPCRM_{name.upper()}": str(value) for name, value in values.items()}

    def resolved_secret_key(self) -> str:
        """Return the key that signs cookies; the demo makes one at its first start and keeps it beside its data."""
        secret = self.secret_key.get_secret_value()
        return secret or _kept_secret(self.data_folder / "secret_key")


def read_settings(**overrides: object) -> Settings:
    """Read the settings from the environment.

    overrides  fields that the command line decides
    raises     NotConfigured, with one line per setting that is missing or wrong
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # values are checked by pydantic
    except ValidationError as error:
        raise NotConfigured(
            "\n".join(_sentence(problem["loc"], problem["msg"]) for problem in error.errors())
        ) from None


def _sentence(where: tuple[int | str, ...], what: str) -> str:
    words = what.removeprefix("Value error, ")
    return f"REPCRM_{str(where[0]).upper()}: {words}" if where and "REPCRM_" not in words else words


def _kept_secret(path: Path) -> str:
    """Return the secret in the file, made at the first call; only this user may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret + "\n")
    return secret
