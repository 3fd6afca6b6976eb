"""What the register says of each unit of the demonstration city."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from kaohe.core.register_fields import FIELD, Value, choice_of
from kaohe.core.rows import PastGrade, Succession, Tenure
from kaohe.demo import plan
from kaohe.demo.chance import Chance
from kaohe.demo.roster import Member, default_size, roster, town_hall
from kaohe.demo.years import past_of, person, tenures_of

SEED = 1
RARE = "王䶮"  # a name that old fonts and databases lose
_LEVELS = ((400, "section_chief"), (90, "section_deputy"), (0, "subsection"))
_CERTIFICATE = timedelta(days=5 * 365 + 1)
_ODD_STATUS = {3: "changing", 5: "void"}  # the unit's place among those with an expired certificate


@dataclass(frozen=True, slots=True)
class Roll:
    """The city as rows: the register, and who followed whom in which post."""

    rows: list[Mapping[str, Value]]
    later: list[Tenure]  # posts that somebody else holds by now, in the order of their days
    grades: Sequence[PastGrade]
    successions: Sequence[Succession]


def bureau(name: str) -> str:
    """A department as the platform names it: bureaus bear the name of the city."""
    return name if name.endswith(("人民政府", "办事处")) else f"示例市{name}"


def register_of_city(today: date, table: Mapping[str, Any]) -> Roll:
    """The register of the demonstration city on a day.

    Args:
        table: ``register`` of platform.toml.
    """
    members = roster(default_size(), SEED)
    past = past_of(members, today.year, SEED)
    posts: dict[tuple[str, str], list[Tenure]] = {}
    for row in tenures_of(members, today.year, SEED):
        held = posts.setdefault((row.unit, row.post), [])
        if row.from_on <= today or not held:  # of a unit founded later in the year: its first ones
            held.append(row._replace(from_on=min(row.from_on, today)))
    rows = [_row(number, member, posts, today, table) for number, member in enumerate(members)]
    later = [
        row
        for held in posts.values()
        for before, row in pairwise(held)
        if row.person != before.person
    ]
    return Roll(rows, later, past.history, past.successions)


def _row(
    number: int,
    member: Member,
    posts: Mapping[tuple[str, str], list[Tenure]],
    today: date,
    table: Mapping[str, Any],
) -> Mapping[str, Value]:
    unit = member.unit
    chance = Chance(SEED, "register", unit.unit)
    principal = posts[unit.unit, "principal"][0]
    legal = posts[unit.unit, "legal_representative"][0]
    road = chance.pick(table["roads"])
    return {
        "code": unit.unit,
        "name": unit.name,
        "short_name": unit.name.replace("示例市", "") if number % 9 == 0 else "",
        "aliases": (f"{unit.name}志愿服务站",) if number % 41 == 7 else (),
        "former_names": (unit.name.replace("示例市", "示例县"),) if number % 37 == 5 else (),
        "department": bureau(unit.department),
        "category": choice_of(FIELD["category"], unit.category or "") or "",
        "funding_basis": unit.funding_basis,
        "sector": unit.sector or "",
        "group": unit.group,
        "purpose": table["purposes"].get(unit.sector, table["purposes"][""]),
        "address": f"示例市{road}{chance.between(1, 198)}号",
        "registrar": table["registrar"],
        "principal": RARE if number == 0 else principal.person,
        "principal_title": table["titles"].get(member.kind, table["title"]),
        "principal_from": principal.from_on,
        "legal_representative": RARE
        if number == 0 and legal.person == principal.person
        else legal.person,
        "legal_from": legal.from_on,
        "contact": person(20_000 + number),
        "contact_phone": f"0000-{2_210_100 + number}",
        **_staffing(member, chance),
        **_certificate(number, chance, today),
    }


def _staffing(member: Member, chance: Chance) -> dict[str, Value]:
    unit = member.unit
    filled = unit.staff
    spare = chance.between(0, max(filled // 10, 1))
    leaders = 2 + (filled > 60) + (filled > 150) + 2 * (filled > 400)
    level = next(code for least, code in _LEVELS if filled >= least)
    return {
        "funding": "subsidy" if unit.category == "公益二类" else "full",
        "level": level,
        "posts_approved": filled + spare,
        "posts_filled": filled,
        "leader_posts": leaders,
        "leaders_filled": leaders - chance.happens(20),
        "temporary_staff": chance.between(0, filled // 8) if chance.happens(70) else None,
        "staff": unit.staff,
        "start_up": Decimal(chance.between(10, 900)) / 10 + filled // 4,
    }


def _certificate(number: int, chance: Chance, today: date) -> dict[str, Value]:
    """Mostly good for years; a few expired, a few to be renewed soon, two in an odd state."""
    if number % 23 == 4:
        ends = today - timedelta(days=chance.between(3, 120))
    elif number % 19 == 6:
        ends = today + timedelta(days=chance.between(2, 58))
    else:
        ends = today + timedelta(days=chance.between(120, 1700))
    place = number // 23 if number % 23 == 4 else -1
    return {
        "cert_from": ends - _CERTIFICATE,
        "cert_to": ends,
        "status": _ODD_STATUS.get(place, "normal"),
    }


def departments_of_city() -> list[str]:
    """The departments in charge of units: the bureaus, then towns and subdistricts."""
    bureaus = [bureau(row["name"]) for row in plan.city()["departments"]]
    return bureaus + [town_hall(town) for town in plan.city()["towns"]]
