"""The real JavaScript of the offline call sheet, run by the node that lies in Playwright's wheel."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import playwright

NODE = Path(playwright.__file__).parent / "driver" / "node"
DRIVER = Path(__file__).with_name("driver.mjs")


class Node:
    """A running node; `node("next", entries)` calls a function of log.js or facts.js."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def __call__(self, name: str, *arguments: Any) -> Any:
        """Call a function, or read a constant."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([name, *arguments]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def running_node() -> Iterator[Node]:
    """A node that runs until the block ends."""
    command = [str(NODE), "--no-warnings", str(DRIVER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Node(process)
        assert process.stdin
        process.stdin.close()
