"""Door of the operators: the `repcrm` command."""

from importlib import import_module
from importlib.util import find_spec

import click

from repcrm import __version__

TOPICS = {
    "demo": "Start the demo company on this machine.",
    "serve": "Serve the pages.",
    "db": "Bring the database up to date, or check it.",
    "calendar": "Show, load and confirm public holidays.",
    "check": "Tell what is still to be set up, and when reports can be trusted.",
    "user": "Add people, shut them out, set passwords.",
    "import": "Read accounts, territories, targets and flow from files.",
    "plan": "Plan the calls of a cycle.",
    "report": "Freeze gap reports, or write one out.",
    "scheduler": "Run the clock by itself.",
    "worker": "Do long work by itself.",
    "job": "Look at what the clock has done, or do it again.",
}
"""Command -> what its line in --help says. Its module, repcrm/cli/<command>.py, is only read when it is used."""

MODULES = {"import": "imports"}
"""Commands whose module cannot carry their name."""


class Topics(click.Group):
    """Commands that live in a module each, read when they are asked for, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands there are, in the order of TOPICS."""
        return [name for name in TOPICS if find_spec(_module(name))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, its module read now; None if there is none."""
        if cmd_name not in TOPICS or not find_spec(_module(cmd_name)):
            return None
        command = import_module(_module(cmd_name)).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without reading their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, TOPICS[name]) for name in self.list_commands(ctx)])


def _module(name: str) -> str:
    return f"{__name__}.{MODULES.get(name, name)}"


@click.group(cls=Topics, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="repcrm")
def main() -> None:
    """repcrm: the plan, the call sheets and the gap reports of a pharmaceutical field force.

    \b
    To look around:
      repcrm demo                                 a whole company, with reps and figures, at port 8000
    \b
    To run it for real:
      export REPCRM_SECRET_KEY=...                at least 32 random characters
      export REPCRM_DATABASE_URL=postgresql+psycopg://repcrm@localhost/repcrm
      repcrm db upgrade                           make the tables
      repcrm user add --role admin --username ... the first administrator
      repcrm serve                                the pages and the clock

    Each command explains itself: repcrm COMMAND --help
    """
