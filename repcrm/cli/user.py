"""repcrm user: people, from the command line."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from repcrm.cli.context import session_scope
from repcrm.core import clock
from repcrm.core.codes import code_key
from repcrm.db.codes import find_by_codes
from repcrm.organisation import passwords, service, sign_in
from repcrm.organisation.access import Role
from repcrm.organisation.models import Region, User
from repcrm.organisation.regions import add_region


@click.group("user")
def command() -> None:
    """Add people, shut them out, set passwords.

    \b
    Examples:
      repcrm user add --role admin --username wang --name 王敏
      repcrm user add --role rep --username li --name 李雷 --code R07 --region EAST
      repcrm user password li
      repcrm user disable li --reason "left the company"
    """


@command.command()
@click.option("--username", required=True, help="To sign in with; kept in lower case.")
@click.option("--name", required=True, help="The name colleagues read.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--code", help="The company's own code of the person; the user name unless given.")
@click.option("--region", help="Code of the region of a rep or lead; made if it is new.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
def add(username: str, name: str, role: str, code: str | None, region: str | None, password_stdin: bool) -> None:
    """Add a person. A password is made and shown once; it must be changed at the first sign-in."""
    given = _read_password() if password_stdin else None
    password = given or passwords.one_time_password()
    with session_scope() as session:
        if given:
            passwords.check_rules(given, sign_in.normal_username(username))
        user = service.add_user(
            session,
            None,
            code=code or username,
            username=username,
            name=name,
            role=Role(role),
            region_id=_region(session, region).id if region else None,
            now=clock.now(),
            password_hash=passwords.hash_password(password),
            must_change_password=given is None,
        )
        added = user.username
    click.echo(f"{added} may sign in as {role}." + ("" if given else f" First password, shown once: {password}"))


@command.command()
@click.argument("username")
@click.option("--reason", required=True, help="Why; the journal keeps it.")
def disable(username: str, reason: str) -> None:
    """Shut a person out; all their sign-ins end, what they did stays."""
    with session_scope() as session:
        service.disable_user(session, None, _user(session, username), reason=reason, now=clock.now())
    click.echo(f"{username} is shut out.")


@command.command()
@click.argument("username")
@click.option("--reason", required=True, help="Why; the journal keeps it.")
def enable(username: str, reason: str) -> None:
    """Let a person in again."""
    with session_scope() as session:
        service.enable_user(session, None, _user(session, username), reason=reason, now=clock.now())
    click.echo(f"{username} may sign in again.")


@command.command()
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one.")
def password(username: str, password_stdin: bool) -> None:
    """Give a person a new password; all their sign-ins end."""
    given = _read_password() if password_stdin else None
    with session_scope() as session:
        user = _user(session, username)
        if given:
            service.set_password(session, None, user, given, now=clock.now())
            made = None
        else:
            made = service.reset_password(session, None, user, now=clock.now())
    click.echo(f"New password of {username}, shown once: {made}" if made else f"The password of {username} is set.")


def _user(session: Session, username: str) -> User:
    found = session.scalar(select(User).where(User.username == sign_in.normal_username(username)))
    if found is None:
        raise click.ClickException(f"There is nobody called {username}.")
    return found


def _region(session: Session, code: str) -> Region:
    found = find_by_codes(session, Region, [code]).get(code_key(code))
    return found or add_region(session, None, code=code, name=code, now=clock.now())


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
