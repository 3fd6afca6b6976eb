"""The demonstration city on the platform: governed, with a register, a past and people in office.

Everything is written by the services, as its people would write it, with an entry on the record
for each thing.  It is one transaction: an interrupted loading leaves nothing, a second one finds
that it is there.
"""

import io
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_
from kaohe.demo import platform_history as history
from kaohe.demo import platform_rules as rules
from kaohe.demo import platform_successions as successions
from kaohe.demo import platform_year as this_year
from kaohe.demo.platform_accounts import Cast, Listed, quick_hashing
from kaohe.demo.platform_journey import come_so_far
from kaohe.demo.platform_past import earlier_years
from kaohe.demo.platform_register import Roll, bureau, departments_of_city, register_of_city
from kaohe.demo.roster import credit_code
from kaohe.demo.years import person
from kaohe.documents.register_book import register_book
from kaohe.locale import translator
from kaohe.organization.models import Department, Jurisdiction
from kaohe.organization.queries.import_report import Options
from kaohe.organization.services import departments, imports, installation
from kaohe.organization.services.people import InPost
from kaohe.organization.services.units import enter_unit

CITY, NEIGHBOUR = "370699", "379901"
BOOK = "示例市事业单位名录.xlsx"
_DATA = Path(__file__).parent / "data" / "platform.toml"


class NotEmpty(Conflict):
    """A demonstration does not mix with real data."""

    code = "demo.not-empty"
    sentence = (
        "There is an installation with data of its own in this folder; a demonstration needs an"
        " empty one. Name another folder with KAOHE_HOME."
    )


def is_loaded() -> bool:
    """Whether the demonstration city is there, whole."""
    return Jurisdiction.objects.filter(code=CITY, name="示例市").exists()


def load(
    first: Mapping[str, str],
    keep: Callable[[list[Listed]], object],
    tell: Callable[[str], None],
) -> None:
    """Load the demonstration into an installation that was just made.

    Args:
        first: the first passwords of the three administrators.
        keep: puts the list of accounts where the login page finds it.
        tell: is given what has been done, as message ids.

    Raises:
        NotEmpty: there is other data.
    """
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    today = timezone.localdate()
    if not first or Jurisdiction.objects.exists():
        raise NotEmpty
    earlier = earlier_years(today.year)
    with transaction.atomic(), quick_hashing():
        cast = Cast(table, first, date(today.year, 1, 1))
        administrators = cast.open_administrators()
        _places(cast, table)
        cast.open("kaoban", "linchuan")
        city = Jurisdiction.objects.get(code=CITY)
        _departments(cast, city, table)
        tell(N_("jurisdictions, departments and the first accounts are entered"))
        roll = register_of_city(today, table["register"])
        _import(cast, city, roll)
        tell(N_("the register is imported"))
        successions.carry_all_out(cast, city, roll, today)
        tell(N_("what became of some units is carried out"))
        history.enter_grades(cast, city, [row for each in earlier for row in each.grades])
        history.change_posts(cast, city, roll)
        history.fix_years(cast, city, today)
        tell(N_("grades, posts and registers of earlier years are entered"))
        cast.open_the_rest()
        tell(N_("an account for each role is open"))
        committee = rules.found_committee(cast, city, table["committee"])
        rules.make_rules(cast, committee, table["documents"], today)
        _neighbour(cast, table["neighbour"])
        tell(N_("the committee sits, and its rules are issued"))
        this_year.import_earlier(cast, city, earlier)
        tell(N_("the folders of three earlier years are taken in"))
        come_so_far(cast, this_year.open_this_year(cast, city, today), today)
        tell(N_("the year is open, and its sheets are issued"))
        keep([*cast.listed(), *administrators])
    this_year.prepare_previews(city)


def _places(cast: Cast, table: Mapping[str, Any]) -> None:
    by = cast.user("sysadmin")
    made: dict[str, Jurisdiction] = {}
    for row in table["jurisdictions"]:
        made[row["code"]] = installation.enter_jurisdiction(
            by=by,
            code=row["code"],
            name=row["name"],
            office_name=row["office_name"],
            support=row.get("support", ""),
            parent=made.get(row.get("parent", "")),
        )


def _departments(cast: Cast, city: Jurisdiction, table: Mapping[str, Any]) -> None:
    by = cast.user("kaoban")
    parts = {bureau(name): part for name, part in table["parts"].items()}
    for row in table["members"]:
        departments.open_department(
            by=by,
            jurisdiction=city,
            name=row["name"],
            short_name=row["short"],
            in_charge=False,
            member_part=row["part"],
            document="示编〔2019〕1号",
        )
    for name in departments_of_city():
        departments.open_department(
            by=by,
            jurisdiction=city,
            name=name,
            short_name=name.replace("示例市", "市"),
            member_part=parts.get(name, ""),
            opened_on=date(2019, 1, 18),
            document="示编〔2019〕1号",
        )


def _import(cast: Cast, city: Jurisdiction, roll: Roll) -> None:
    """The register, as a workbook that is checked and applied."""
    by = cast.user("kaoban")
    names = list(Department.objects.filter(jurisdiction=city).values_list("name", flat=True))
    book = register_book(successions.rows_of_old(roll), names, translator("zh"))
    row = imports.start_import(by=by, jurisdiction=city, name=BOOK, stream=io.BytesIO(book))
    row = imports.check_import(by=by, key=row.pk, options=Options())
    imports.apply_import(by=by, key=row.pk, report=row.report)


def _neighbour(cast: Cast, table: Mapping[str, Any]) -> None:
    """The second city, small, with an office of its own."""
    by, place = cast.user("linchuan"), Jurisdiction.objects.get(code=NEIGHBOUR)
    made = {
        name: departments.open_department(by=by, jurisdiction=place, name=name)
        for name in table["departments"]
    }
    for number, (name, department, staff) in enumerate(table["units"]):
        enter_unit(
            by=by,
            jurisdiction=place,
            department=made[department],
            name=name,
            code=credit_code(51_000_000 + 17 * number, NEIGHBOUR),
            category="public_first",
            funding="full",
            funding_basis="appropriation",
            group="市直组",
            posts_approved=staff,
            posts_filled=staff,
            staff=staff,
            posts=[InPost("principal", person(48_000 + number), from_on=date(2023, 9, 1))],
        )
