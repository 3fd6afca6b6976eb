"""What became of some units of the demonstration city: the deeds behind its table of successions.

The register is first entered as it was; then a unit gets a new code, two merge into one, one takes
in another, and one is split, of whose halves the smaller is closed later.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kaohe.core.register_fields import Value
from kaohe.core.rows import Succession
from kaohe.core.successions import Deed, Form
from kaohe.demo.platform_accounts import Cast
from kaohe.demo.platform_register import Roll
from kaohe.demo.roster import credit_code
from kaohe.organization.models import Jurisdiction, Unit
from kaohe.organization.queries.successions import Asked, NewUnit
from kaohe.organization.services.people import appoint
from kaohe.organization.services.successions import carry_out
from kaohe.organization.services.units import CORRECTABLE, correct_unit

OFFICE = "kaoban"
Row = Mapping[str, Value]
NAMES = {"merger": ("（老城部）", "（新区部）"), "absorption": ("服务点",), "split": ("综合站",)}
_HALF = "分站"
_POSTS = (
    ("principal", "principal_title", "principal_from", ""),
    ("legal_representative", "", "legal_from", ""),
    ("contact", "", "", "contact_phone"),
)


def _by_unit(roll: Roll) -> dict[str, list[Succession]]:
    found: dict[str, list[Succession]] = {}
    for row in roll.successions:
        found.setdefault(row.unit, []).append(row)
    return found


def rows_of_old(roll: Roll) -> list[Row]:
    """The register before anything became of anybody."""
    deeds = _by_unit(roll)
    return [old for row in roll.rows for old in _old(row, deeds.get(str(row["code"]), []))]


def _old(row: Row, deeds: list[Succession]) -> Iterable[Row]:
    kind = deeds[0].kind if deeds else ""
    if kind == "continuation":
        yield {**row, "code": deeds[0].predecessor}
        return
    if kind in ("", "absorption"):
        yield row
    for deed, tail in zip(deeds, NAMES.get(kind, ()), strict=True):
        yield {
            **row,
            "code": deed.predecessor,
            "name": f"{row['name']}{tail}",
            "short_name": "",
            "aliases": (),
            "former_names": (),
        }


def carry_all_out(cast: Cast, city: Jurisdiction, roll: Roll, today: date) -> int:
    """Carry the deeds out, each on its day; how many."""
    rows = {str(row["code"]): (number, row) for number, row in enumerate(roll.rows)}
    deeds = _by_unit(roll)
    for code, found in deeds.items():
        number, row = rows[code]
        day = min(date(found[0].year, 3, 1), today)
        old = [Unit.objects.get(jurisdiction=city, code=each.predecessor) for each in found]
        _CARRY[found[0].kind](cast, city, row, old, day, number)
    return len(deeds)


def _ask(
    cast: Cast, city: Jurisdiction, deed: Deed, units: list[Unit], day: date, **terms: Any
) -> list[Unit]:
    keys = tuple(unit.pk for unit in units)
    asked = Asked(deed, keys, day, f"示编〔{day.year}〕8号", "深化事业单位改革", **terms)
    return carry_out(by=cast.user(OFFICE), jurisdiction=city, asked=asked, seen={})


def _continue(
    cast: Cast, city: Jurisdiction, row: Row, old: list[Unit], day: date, _number: int
) -> None:
    _ask(cast, city, Deed.RENAME, old, day, code=str(row["code"]))


def _merge(
    cast: Cast, city: Jurisdiction, row: Row, old: list[Unit], day: date, _number: int
) -> None:
    new = NewUnit(str(row["name"]), str(row["code"]))
    _ask(cast, city, Deed.MERGE, old, day, form=Form.INTO_NEW, newcomers=(new,))
    _furnish(cast, city, row, day)


def _absorb(
    cast: Cast, city: Jurisdiction, row: Row, old: list[Unit], day: date, _number: int
) -> None:
    unit = Unit.objects.get(jurisdiction=city, code=row["code"])
    terms = {"form": Form.INTO_EXISTING, "survivor": unit.pk}
    _ask(cast, city, Deed.MERGE, [unit, *old], day, **terms)


def _split(
    cast: Cast, city: Jurisdiction, row: Row, old: list[Unit], day: date, number: int
) -> None:
    half = credit_code(49_458_000 + 17 * number + 9)
    news = (NewUnit(str(row["name"]), str(row["code"])), NewUnit(f"{row['name']}{_HALF}", half))
    _ask(cast, city, Deed.SPLIT, old, day, newcomers=news, continues=False)
    _furnish(cast, city, row, day)
    gone = Unit.objects.get(jurisdiction=city, code=half)
    _ask(cast, city, Deed.CLOSE, [gone], date(day.year, 12, 1))


_CARRY = {"continuation": _continue, "merger": _merge, "absorption": _absorb, "split": _split}


def _furnish(cast: Cast, city: Jurisdiction, row: Row, day: date) -> None:
    """What the register says of a unit that has just begun, and who is in post there."""
    by = cast.user(OFFICE)
    unit = Unit.objects.get(jurisdiction=city, code=row["code"])
    fields = {name: row[name] for name in CORRECTABLE if name in row and name != "code"}
    unit = correct_unit(by=by, unit=unit, seen=None, **fields)
    for post, title, since, phone in _POSTS:
        begun = row.get(since)
        appoint(
            by=by,
            place=unit,
            post=post,
            name=str(row[post]),
            title=str(row.get(title, "")),
            phone=str(row.get(phone, "")),
            from_on=max(begun, day) if isinstance(begun, date) else day,
        )
