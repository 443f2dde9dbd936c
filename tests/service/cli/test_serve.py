"""The server as an operator starts it: a process of its own that answers, and stops when told to."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

pytestmark = [
    pytest.mark.databases("sqlite"),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite kill"),
]


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def start(database, port):
    """A `repcrm` process on this test's database."""
    processes = []

    def start(*arguments):
        environment = {**os.environ, "REPCRM_DATABASE_URL": database, "REPCRM_SECRET_KEY": "x1y2" * 8}
        command = [sys.executable, "-c", "from repcrm.cli import main; main()", *arguments]
        process = subprocess.Popen(
            command, env={**environment, "REPCRM_PORT": str(port)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def answer(address):
    """The status and headers of a page, waiting for the server to come up."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                return response.status, dict(response.headers)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def test_it_serves_until_it_is_told_to_stop(start, port):
    process = start("serve", "--no-scheduler")
    status, headers = answer(f"http://127.0.0.1:{port}/sign-in")
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "Server" not in headers
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert said == f"Serving on http://127.0.0.1:{port}; stop with ctrl-c.\n"


def test_a_port_that_is_taken_is_said_in_a_sentence(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        process = start("serve", "--no-scheduler", "--port", str(number))
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert f"Error: 127.0.0.1:{number} cannot be used (Address already in use)." in said
    assert "--port" in said


def test_wsgi_servers_get_the_application_of_the_environment(database, monkeypatch):
    from repcrm.app import wsgi

    monkeypatch.setenv("REPCRM_DATABASE_URL", database)
    monkeypatch.setenv("REPCRM_SECRET_KEY", "x1y2" * 8)
    assert wsgi().test_client().get("/sign-in").status_code == 200
