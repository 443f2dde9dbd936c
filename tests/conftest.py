"""What every test may ask for: a database of its own, the cast, a browser that plays by the rules."""

import shutil
import socket
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from repcrm.app import create_app, flask_settings
from repcrm.db import schema
from repcrm.db.engine import make_engine
from repcrm.extensions import db
from repcrm.organisation.access import Role
from repcrm.organisation.models import Region, User
from repcrm.planning.engine.warm import compile_apart
from repcrm.settings import Settings
from repcrm.worker.kinds import KINDS
from repcrm.worker.runner import run_next
from tests import factories
from tests.client import Browser, browser_on
from tests.postgresql import Server, running_server
from tests.scratch import scratch_folder

DATABASES = ("sqlite",) if sys.platform == "win32" else ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=[*DATABASES, "both"], help="which databases tests run on; else one of them each")
    parser.addoption("--all", action="store_true", help="on both databases, and what takes minutes as well")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "databases(*names): runs on these databases only")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the planner before the first test, once on a machine: beside two busy workers it takes minutes."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        compile_apart()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on one of them, half of the tests on each; with --all on both.

    Pages run on SQLite: their statements are made below, and tried there.
    """
    if "database_kind" in metafunc.fixturenames:
        turn = DATABASES[zlib.crc32(metafunc.definition.nodeid.encode()) % len(DATABASES)]
        chosen = metafunc.config.getoption("--db") or ("both" if metafunc.config.getoption("--all") else turn)
        marker = metafunc.definition.get_closest_marker("databases")
        pages = {"browser", "web"} & set(metafunc.definition.path.parts)
        allowed = marker.args if marker else ("sqlite",) if pages else DATABASES
        kinds = [kind for kind in DATABASES if kind in allowed and chosen in (kind, "both")]
        if not kinds and not metafunc.config.getoption("--db"):
            kinds = list(allowed)[:1]
        metafunc.parametrize("database_kind", kinds, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless --all asks for it."""
    if not config.getoption("--all"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Nothing but this machine can be reached."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and not _is_this_machine(address[0]):
            raise PermissionError(f"tests do not use the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


# --- a database for each test ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server, started by the first test of a process that needs it."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def _postgresql_template(postgresql: Server) -> str:
    template = postgresql.create()
    _migrate(postgresql.url(template))
    return template


@pytest.fixture(scope="session")
def _sqlite_template() -> Iterator[Path]:
    with scratch_folder() as folder:
        file = folder / "template.sqlite3"
        _migrate(f"sqlite:///{file}")
        yield file


def _migrate(url: str) -> None:
    engine = make_engine(url)
    schema.upgrade(engine)
    engine.dispose()


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that only this test uses: migrated and empty; once SQLite, once PostgreSQL."""
    if database_kind == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        name = server.create(request.getfixturevalue("_postgresql_template"))
        yield server.url(name)
        server.drop(name)
    else:
        template: Path = request.getfixturevalue("_sqlite_template")
        with TemporaryDirectory(dir=template.parent) as folder:
            yield f"sqlite:///{shutil.copy(template, folder)}"


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """The engine of this test's database."""
    engine = make_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on this test's database; what the test leaves open is rolled back."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def save(session: Session) -> Callable[..., Any]:
    """Commit these things, so that others see them too; returns the first."""

    def save(*things: object) -> Any:
        session.add_all(things)
        session.commit()
        return things[0] if things else None

    return save


# --- the cast --------------------------------------------------------------------------------------------------------


@pytest.fixture
def region(session: Session, save: Callable[..., Any]) -> Region:
    """The region of the rep and the lead."""
    return save(factories.make_region(session, code="EAST", name="East"))


@pytest.fixture
def rep(session: Session, save: Callable[..., Any], region: Region) -> User:
    """A rep."""
    return save(factories.make_user(session, role=Role.REP, region=region, name="Rep of the East"))


@pytest.fixture
def lead(session: Session, save: Callable[..., Any], region: Region) -> User:
    """The rep's lead."""
    return save(factories.make_user(session, role=Role.LEAD, region=region, name="Lead of the East"))


@pytest.fixture
def other_rep(session: Session, save: Callable[..., Any]) -> User:
    """A rep of another region, who must see nothing of the rep's."""
    elsewhere = factories.make_region(session, code="WEST", name="West")
    return save(factories.make_user(session, role=Role.REP, region=elsewhere, name="Rep of the West"))


@pytest.fixture
def admin(session: Session, save: Callable[..., Any]) -> User:
    """An administrator."""
    return save(factories.make_user(session, role=Role.ADMIN, region=None, name="Administrator"))


# --- the application --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """The settings of an installation on this test's database."""
    return Settings(
        secret_key=SecretStr("for tests only " * 3), database_url=database, data_folder=tmp_path, scheduler=False
    )


def _make_app(settings: Settings, compiled: FileSystemBytecodeCache) -> Flask:
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled  # compiled once for all tests
    return app


@pytest.fixture(scope="session")
def _shared_app(_compiled_templates: FileSystemBytecodeCache) -> Flask:
    """An application for all tests of a process: making one takes longer than most of them."""
    nowhere = Settings(secret_key=SecretStr("for tests only " * 3), database_url="sqlite://", scheduler=False)
    return _make_app(nowhere, _compiled_templates)


@pytest.fixture
def app(settings: Settings, _shared_app: Flask) -> Iterator[Flask]:
    """The web application on this test's database; `own_app` is for tests that change it."""
    pristine = dict(_shared_app.config)
    _shared_app.config.update(flask_settings(settings))
    with _shared_app.app_context():
        cast(dict[str | None, Engine], db.engines)[None] = make_engine(settings.resolved_database_url(), gives_up=True)
    yield _shared_app
    with _shared_app.app_context():
        db.engine.dispose()
    _shared_app.config.clear()
    _shared_app.config.update(pristine)


@pytest.fixture
def own_app(settings: Settings, _compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """A web application that only this test uses: for more routes, or for threads that may outlive it."""
    app = _make_app(settings, _compiled_templates)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask, session: Session) -> Browser:
    """A browser in which nobody is signed in."""
    return browser_on(app, session)


@pytest.fixture
def client_as(app: Flask, session: Session) -> Callable[[User], Browser]:
    """A browser of a person's own: `client_as(rep).get("/today")`."""

    def signed_in(user: User) -> Browser:
        browser = browser_on(app, session)
        browser.sign_in(user)
        return browser

    return signed_in


# --- the clock and the counting ---------------------------------------------------------------------------------------


@pytest.fixture
def fixed_clock() -> Iterator[Callable[[str], time_machine.Traveller]]:
    """Stop the clock: `fixed_clock("2026-11-23T06:00+08:00")`; the traveller it returns can `shift` and `move_to`."""
    with ExitStack() as until_the_end:

        def stop_at(instant: str) -> time_machine.Traveller:
            at = datetime.fromisoformat(instant)
            assert at.tzinfo is not None, "say in which zone: 2026-11-23T06:00+08:00"
            return until_the_end.enter_context(time_machine.travel(at, tick=False))

        yield stop_at


@pytest.fixture
def query_counter() -> Callable[[], Any]:
    """Write down the statements sent to any database: `with query_counter() as queries: ...`, then `len(queries)`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        queries: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                queries.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def do_long_work(engine: Engine, session: Session, settings: Settings) -> Callable[[], None]:
    """Let a worker do everything that was asked for: `do_long_work()`. The test's session begins afresh."""

    def do() -> None:
        session.commit()
        while run_next(sessionmaker(engine), "test worker", KINDS, zone=settings.zone):
            pass

    return do
