"""The repcrm command: quick to explain itself, and read piece by piece."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from repcrm.cli import TOPICS, main

HEAVY = ("flask", "sqlalchemy", "pandas", "altair", "apscheduler", "pydantic", "waitress")


def test_help_is_written_without_reading_what_it_lists():
    script = (
        "import sys\nfrom repcrm.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "repcrm demo" in done.stdout


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_every_command_explains_itself(name):
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Usage:")


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_the_line_in_the_list_is_what_the_command_says_of_itself(name):
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name


def test_every_topic_has_its_module():
    assert main.list_commands(click.Context(main)) == list(TOPICS)


def test_a_command_there_is_not_is_said_so():
    result = CliRunner().invoke(main, ["nonsense"])
    assert result.exit_code == 2
    assert "No such command 'nonsense'" in result.output
