"""``kaohe year …``: list the assessment years, write one as a folder, make one of a folder."""

import argparse
import sys
from typing import TYPE_CHECKING

from kaohe.cli.platform import must_be_ready, on_platform
from kaohe.cli.talk import refuses, say, tell_problems
from kaohe.core.problems import N_
from kaohe.core.tables import INPUT_TABLES
from kaohe.inquiry.writing import check_out, written_aside

if TYPE_CHECKING:
    from kaohe.locale import Translate

SCHEME, WORKBOOK = "scheme.toml", "assessment.xlsx"
OURS = frozenset(
    {f"{table}.{form}" for table in INPUT_TABLES for form in ("csv", "parquet")}
    | {SCHEME, WORKBOOK}
)
STATES = {
    "open": N_("open year"),
    "closed": N_("closed year"),
    "archived": N_("archived year"),
}


@on_platform
def list_year(options: argparse.Namespace) -> int:
    """The years, a line each."""
    from kaohe.indicators.queries.operating_years import year_lines

    _ = options.translate
    must_be_ready()
    found = year_lines(options.jurisdiction)
    if not found:
        say(_("There is no assessment year yet. Import a folder, or open one in the pages."))
    sentence = _("{place} {year}  {state}  units {units}, sheets {sheets}  {title}{folder}")
    for row in found:
        folder = _(" (with its folder)") if row.folder else ""
        state = _(STATES.get(row.state, row.state))
        say(sentence.format(**row._asdict() | {"state": state, "folder": folder}))
    return 0


@on_platform
@refuses
def export_year(options: argparse.Namespace) -> int:
    """A year as an assessment folder; with obstacles nothing is written but with ``--draft``."""
    from kaohe.indicators.queries.operating_years import year_on_machine
    from kaohe.indicators.queries.year_export import export_of, write_export

    _ = options.translate
    must_be_ready()
    check_out(options.folder, force=options.force, mark=SCHEME)
    year = year_on_machine(options.year, options.jurisdiction)
    export = export_of(year, draft=options.draft)
    tell_problems([*export.obstacles, *export.warnings], _, sys.stderr)
    if not export.is_ready(draft=options.draft):
        say(_("The year {year} was not exported.").format(year=year.year), sys.stderr)
        return 1
    with written_aside(options.folder, replace=options.force, ours=OURS) as folder:
        write_export(export, folder, options.format)
    sentence = _("{units} units and {items} indicators of {year} lie in {folder}")
    counts = {"units": len(export.inputs.units), "items": len(export.inputs.items)}
    say(sentence.format(year=year.year, folder=options.folder, **counts))
    return 0


@on_platform
@refuses
def import_year(options: argparse.Namespace) -> int:
    """A folder as a year, whole or not at all."""
    from kaohe.indicators.queries.operating_years import place_on_machine, who_enters
    from kaohe.indicators.queries.preview_base import prepare
    from kaohe.indicators.queries.whole_folder import read_whole
    from kaohe.indicators.services import year_folders

    _ = options.translate
    must_be_ready()
    whole = read_whole(options.folder, translate=_)
    place = place_on_machine(options.jurisdiction or whole.scheme.jurisdiction)
    by = who_enters(place, options.user)
    row = year_folders.import_year(by=by, jurisdiction=place, whole=whole)
    prepare(row)
    tell_problems(whole.warnings, _, sys.stderr)
    _tell(_, row.year, place.name, len(whole.inputs.units))
    return 0


def _tell(translate: "Translate", year: int, place: str, units: int) -> None:
    sentence = translate("The year {year} of {place} is there, with {units} units.")
    say(sentence.format(year=year, place=place, units=units))
