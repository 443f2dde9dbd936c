"""repcrm import watch: take sales files out of a folder as they arrive."""

import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from repcrm.cli.context import in_words, log_to_stderr, operators_language, sessions, settings_or_exit
from repcrm.core import clock
from repcrm.core.errors import BadInput, NotFound, RepCRMError
from repcrm.core.garbage import set_loaded_apart
from repcrm.core.words import N_
from repcrm.db.unit_of_work import unit_of_work
from repcrm.imports import intake
from repcrm.imports.arrivals import ArrivalState, report_of, state_of
from repcrm.imports.intake import Arrival
from repcrm.imports.watched_folder import FOLDER_OF, REFUSED, Seen, complete, look, put_away, read_file
from repcrm.imports.words import Translate
from repcrm.organisation.access import Role
from repcrm.organisation.models import User
from repcrm.sales.models import BatchStatus, Channel, Distributor, ImportBatch
from repcrm.settings import Settings
from repcrm.spelling import name_key
from repcrm.worker.kinds import KINDS
from repcrm.worker.runner import run_next

log = logging.getLogger(__name__)

SETTLE_SECONDS = 2.0
"""A file that has not changed for so long is complete."""
PAUSE_SECONDS = 0.5
ATTEMPTS = 3
"""How often a file is tried again whose worker was killed."""


@click.command("watch")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--distributor", "name", required=True, help="Whose files they are: code or name.")
@click.option("--by", "username", help="Username of the admin who answers for them; the first one if left out.")
@click.option("--period", default="", help="What the files report, 2026-11; else the dates in each file decide.")
@click.option("--once", is_flag=True, help="Take the files that are there, then end.")
def watch(folder: Path, name: str, username: str | None, period: str, once: bool) -> None:
    """Take sales files out of FOLDER as they arrive.

    A file that has stopped growing is checked like an upload, and applied if the distributor's page says so. It is
    moved into applied/, waiting/ or refused/ in FOLDER, with a .txt that says why. Stop it with Ctrl-C at any time; a
    file that was interrupted is taken again.
    """
    settings = settings_or_exit()
    set_loaded_apart()
    log_to_stderr()
    with sessions(settings) as make_session:
        with make_session() as session:
            watcher = Watcher(
                make_session,
                settings,
                folder,
                distributor_id=_distributor(session, name).id,
                by_id=_admin(session, username).id,
                answers=intake.answers_of(period, ""),
            )
        before: Seen = look(folder)
        while True:
            time.sleep(SETTLE_SECONDS)
            now = look(folder)
            for path in complete(before, now):
                watcher.take(path)
            if once:
                return
            before = now


@dataclass(frozen=True)
class Watcher:
    """Takes the files of one folder, for one distributor.

    by_id  the admin who answers for them
    """

    make_session: sessionmaker[Session]
    settings: Settings
    folder: Path
    distributor_id: int
    by_id: int
    answers: dict[str, str]

    def take(self, path: Path) -> None:
        """Import a complete file and put it away with its report; one that cannot be settled now stays."""
        content = read_file(path, self.settings.upload_bytes)
        if content is None:
            self._refuse_if_too_large(path)
            return
        try:
            batch_id = self._settle(path.name, content)
        except RepCRMError as error:
            self._put_away(path, REFUSED, in_words(error))
            return
        with self.make_session() as session:
            batch = session.get_one(ImportBatch, batch_id)
            state = state_of(batch)
            report = "\n".join(report_of(session, batch, operators_language(), _translate()))
        if state is not ArrivalState.READING:
            self._put_away(path, FOLDER_OF[state], report)

    def _settle(self, name: str, content: bytes) -> int:
        """Receive a file and settle it; a large one with whatever worker gets to it first, else here."""
        with unit_of_work(self.make_session) as session:
            distributor = session.get_one(Distributor, self.distributor_id)
            arrival = Arrival(name, content, Channel.FOLDER, self.by_id, self.answers)
            batch_id = intake.receive(session, distributor, arrival, now=clock.now()).batch.id
        for _attempt in range(ATTEMPTS):
            intake.settle(self.make_session, batch_id, zone=self.settings.zone)
            self._work_until_settled(batch_id)
            with self.make_session() as session:
                if session.get_one(ImportBatch, batch_id).status is not BatchStatus.READING:
                    break
        return batch_id

    def _work_until_settled(self, batch_id: int) -> None:
        """Read a large file here, or wait for the worker that has begun to; one that was killed is waited for, too."""
        worker, kinds = f"watch {os.getpid()}", {intake.WORK: KINDS[intake.WORK]}
        while True:
            with self.make_session() as session:
                if not intake.is_under_way(session, batch_id, now=clock.now()):
                    return
            if not run_next(self.make_session, worker, kinds, zone=self.settings.zone):
                time.sleep(PAUSE_SECONDS)

    def _refuse_if_too_large(self, path: Path) -> None:
        if path.exists() and path.stat().st_size > self.settings.upload_bytes:
            most = self.settings.upload_mb
            error = BadInput(N_("The file is larger than %(most)s MB, the most this installation reads."), most=most)
            self._put_away(path, REFUSED, in_words(error))

    def _put_away(self, path: Path, folder: str, report: str) -> None:
        target = put_away(path, folder, f"{report}\n")
        if target is not None:
            log.info("%s -> %s", path.name, target.relative_to(self.folder))


def _distributor(session: Session, name: str) -> Distributor:
    """Return the active distributor with a code or name."""
    for one in session.scalars(select(Distributor).where(Distributor.is_active)):
        if name_key(name) in (name_key(one.code), name_key(one.name)):
            return one
    raise NotFound(N_("No active distributor has the code or name %(name)s."), name=name)


def _admin(session: Session, username: str | None) -> User:
    """Return the admin with a username, else the first one."""
    admins = select(User).where(User.role == Role.ADMIN, User.is_active).order_by(User.id)
    if username is not None:
        admins = admins.where(User.username == username.strip().lower())
    admin = session.scalars(admins).first()
    if admin is None:
        raise NotFound(N_("There is no such admin. Name one with --by, or add one: repcrm user add --role admin"))
    return admin


def _translate() -> Translate:
    from repcrm.web.languages import catalogue  # Flask is only loaded when there is something to say

    return catalogue(operators_language()).gettext
