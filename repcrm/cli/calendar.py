"""repcrm calendar: public holidays and make-up working days."""

import csv
import io
from pathlib import Path

import click

from repcrm.cli.context import session_scope
from repcrm.core import clock
from repcrm.core.errors import BadInput
from repcrm.core.words import N_
from repcrm.core.workdays import FILE_COLUMNS, read_special_days
from repcrm.organisation import workdays
from repcrm.organisation.calendar import CalendarYear, read_year
from repcrm.organisation.models import DEFAULT_COUNTRY

YEAR = click.argument("year", type=click.IntRange(1900, 2999))
COUNTRY = click.option(
    "--country", default=DEFAULT_COUNTRY, show_default=True, callback=lambda _context, _option, code: code.upper(),
    help="Two-letter code of the country.",
)  # fmt: skip


@click.group("calendar")
def command() -> None:
    """Show, load and confirm public holidays and make-up working days.

    \b
    `repcrm db upgrade` loads those of mainland China. When the notice of the next year comes:
      repcrm calendar show 2027                       what is on file
      repcrm calendar confirm 2027                    it was announced as it is on file
      repcrm calendar load workdays-2027.csv          it was announced otherwise
    """


@command.command("show")
@YEAR
@COUNTRY
def show_command(year: int, country: str) -> None:
    """Write a year to standard output as `load` reads it; how certain it is goes to standard error."""
    with session_scope() as session:
        found = read_year(session, country, year)
    click.echo(_as_csv(found), nl=False)
    click.echo(f"{country} {year}: {found.state.label}; {found.working_days} working days.", err=True)


@command.command("load")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@COUNTRY
def load_command(path: Path, country: str) -> None:
    """Make the years that a file mentions exactly what the file says; other years stay as they are.

    FILE is CSV in UTF-8 with the columns day, kind (holiday or makeup), name_zh, name_en and provisional (yes or no).
    """
    with session_scope() as session:
        days = read_special_days(_lines(path))
        years = sorted({day.on.year for day in days})
        before = {year: read_year(session, country, year).working_days for year in years}
        changed = workdays.replace_years(session, None, country, days, now=clock.now())
        after = {year: read_year(session, country, year).working_days for year in years}
    click.echo(f"{changed} days added, changed or removed.")
    for year in years:
        click.echo(f"{country} {year}: {before[year]} working days before, {after[year]} now.")


@command.command("confirm")
@YEAR
@COUNTRY
def confirm_command(year: int, country: str) -> None:
    """Note that a provisional year was announced exactly as it is on file."""
    with session_scope() as session:
        days = workdays.confirm_year(session, None, country, year, now=clock.now())
    click.echo(f"{country} {year}: {days} days are confirmed.")


def _lines(path: Path) -> io.StringIO:
    try:
        return io.StringIO(path.read_text("utf-8-sig"), newline="")
    except UnicodeDecodeError:
        raise BadInput(N_("The file is not in UTF-8.")) from None


def _as_csv(year: CalendarYear) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FILE_COLUMNS)
    for day in year.days:
        writer.writerow((day.on, day.kind.value, day.name_zh, day.name_en, "yes" if day.is_provisional else "no"))
    return out.getvalue()
