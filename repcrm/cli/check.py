"""repcrm check: what a company still has to set up."""

import click

from repcrm.cli.context import operators_language, session_scope, settings_or_exit
from repcrm.core import clock
from repcrm.core.words import N_
from repcrm.organisation.access import Role, Scope
from repcrm.setup.checklist import Checklist
from repcrm.setup.queries import get_checklist
from repcrm.setup.words import Speech


@click.command("check")
def command() -> None:
    """Tell what is set up, what is missing, and from when on gap reports can be trusted.

    The same as the page Setup shows. Ends with 0 if everything is in order, with 1 if something is missing.
    """
    from repcrm.web.languages import catalogue  # the catalogues lie with the pages

    settings = settings_or_exit()
    speech = Speech(catalogue(operators_language()).gettext)
    with session_scope(settings) as session:
        operator = Scope(0, Role.ADMIN, None, clock.today(settings.zone))
        checklist = get_checklist(session, operator, settings.zone)
    _say(checklist, speech)
    if not checklist.is_complete:
        raise click.exceptions.Exit(1)


def _say(checklist: Checklist, speech: Speech) -> None:
    for item in checklist.items:
        state, topic = speech.translate(item.state.label), speech.translate(item.topic.label)
        click.echo(f"[{state}] {topic}: {speech.counts(item)}")
        for finding in item.findings:
            click.echo(f"  - {speech.finding(finding)}")
    click.echo()
    for readiness in checklist.readiness:
        click.echo(speech.verdict(readiness))
        for finding in readiness.obstacles:
            click.echo(f"  - {speech.finding(finding)}")
    if checklist.is_complete:
        click.echo(speech.translate(N_("Everything is set up.")))
