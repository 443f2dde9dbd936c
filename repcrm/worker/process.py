"""The worker as a process: itself, and as the child that a server keeps alive beside its pages."""

import logging
import os
import subprocess
import threading

from sqlalchemy.orm import sessionmaker

from repcrm.core.child import python
from repcrm.core.garbage import set_loaded_apart
from repcrm.db.engine import make_engine
from repcrm.planning.engine.warm import warm_up_in_background
from repcrm.scheduler.runs import worker_name
from repcrm.settings import Settings
from repcrm.worker.kinds import KINDS
from repcrm.worker.runner import run

log = logging.getLogger(__name__)

AGAIN_AFTER_SECONDS = 2.0
COMMAND = "import sys; from repcrm.cli import main; sys.exit(main())"


def work_until_told(settings: Settings, over: threading.Event) -> None:
    """Do long work until `over` is set."""
    engine = make_engine(settings.resolved_database_url())
    set_loaded_apart()
    warm_up_in_background()  # so that the first who asks for a plan does not wait for a compiler
    try:
        run(sessionmaker(engine), worker_name(), KINDS, over, zone=settings.zone)
    finally:
        engine.dispose()


class Attendant:
    """Keeps a worker process beside the pages: started again when it dies, ended with its server.

    The child holds one end of a pipe: when the server is gone, however it went, the pipe closes and the child ends.
    """

    def __init__(self, settings: Settings) -> None:
        self._environment = {**os.environ, **settings.as_environment()}
        self._over = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._attend, name="worker attendant", daemon=True)

    def start(self) -> None:
        """Start the worker, without waiting for it."""
        self._thread.start()

    def shutdown(self) -> None:
        """End the worker politely; what it is doing counts as lost if it does not stop in time."""
        self._over.set()
        if self._child is not None:
            self._child.terminate()
        self._thread.join(timeout=5)

    def _attend(self) -> None:
        while not self._over.is_set():
            command = python(COMMAND, "worker", "--with-server")
            with subprocess.Popen(command, stdin=subprocess.PIPE, env=self._environment) as self._child:
                status = self._child.wait()
            if not self._over.is_set():
                log.warning("the worker ended with %s; it is started again", status)
                self._over.wait(AGAIN_AFTER_SECONDS)
