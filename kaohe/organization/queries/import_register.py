"""The register as it stands, in the form of a workbook: to compare with, and to export."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kaohe.core.register import FIELDS, Field, Kind, Known, KnownUnit, Value
from kaohe.core.texts import fold
from kaohe.organization.models import (
    Department,
    DepartmentName,
    Jurisdiction,
    Tenure,
    Unit,
    UnitName,
)

OF_NAMES = frozenset({"short_name", "aliases", "former_names"})
OF_PEOPLE = frozenset(
    {
        "principal",
        "principal_title",
        "principal_from",
        "legal_representative",
        "legal_from",
        "contact",
        "contact_phone",
    }
)
OF_UNIT = tuple(
    each.name
    for each in FIELDS
    if each.name not in OF_NAMES | OF_PEOPLE and each.name != "department"
)


class Post(NamedTuple):
    """A post that the register holds for each unit, and in which fields of a row it stands."""

    post: str
    name: str
    title: str = ""
    since: str = ""
    phone: str = ""


POSTS = (
    Post("principal", "principal", "principal_title", "principal_from"),
    Post("legal_representative", "legal_representative", since="legal_from"),
    Post("contact", "contact", phone="contact_phone"),
)


class Holder(NamedTuple):
    """Who holds a post of a unit today."""

    tenure: int
    tenure_version: int
    person: int
    person_version: int
    name: str


@dataclass(slots=True)
class Held:
    """What the register holds of a unit."""

    pk: int
    version: int
    code: str
    name: str
    department: int
    closed_on: date | None
    values: dict[str, Value]
    holders: dict[str, Holder] = field(default_factory=dict)  # by post
    earlier_names: tuple[str, ...] = ()
    dated_names: frozenset[str] = frozenset()  # earlier ones whose days are known: they stay

    @property
    def seal(self) -> str:
        """What the unit was when it was looked at; another one means that somebody changed it."""
        holders = sorted((post, *holder) for post, holder in self.holders.items())
        told = [self.version, self.closed_on, plain(self.values), holders]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Register:
    """All units of a jurisdiction, found by key, code or name."""

    units: dict[int, Held]
    departments: dict[int, str]  # open ones
    names: dict[str, int]  # every name by which an open department goes → its key
    by_code: dict[str, Held] = field(default_factory=dict)
    by_name: dict[str, Held] = field(default_factory=dict)  # open ones, by the folded name

    def __post_init__(self) -> None:
        for unit in self.units.values():
            if unit.code:
                self.by_code[unit.code] = unit
            if unit.closed_on is None:
                self.by_name[fold(unit.name)] = unit

    def known(self) -> Known:
        """What ``core.register`` checks a table against; departments are given by key."""
        return Known(
            {name: str(key) for name, key in self.names.items()},
            [
                KnownUnit(
                    unit.code,
                    unit.name,
                    unit.earlier_names,
                    _names(unit.values.get("aliases")),
                )
                for unit in self.units.values()
                if unit.closed_on is None
            ],
        )


def _names(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def register_of(jurisdiction: Jurisdiction, keys: Iterable[int] | None = None) -> Register:
    """The register of a jurisdiction; six queries, however many units it has.

    Args:
        keys: of the units that are wanted; None: all of them.
    """
    units = _units(jurisdiction, keys)
    wanted = None if keys is None else list(units)
    _add_names(jurisdiction, units, wanted)
    _add_people(jurisdiction, units, wanted)
    departments = dict(
        Department.objects.filter(jurisdiction=jurisdiction, closed_on__isnull=True).values_list(
            "pk", "name"
        )
    )
    return Register(units, departments, _department_names(jurisdiction, departments))


def _units(jurisdiction: Jurisdiction, keys: Iterable[int] | None) -> dict[int, Held]:
    rows = Unit.objects.filter(jurisdiction=jurisdiction)
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    found = {}
    columns = ("pk", "version", "department_id", "closed_on", *OF_UNIT)
    for pk, version, department, closed_on, *rest in rows.order_by("code", "pk").values_list(
        *columns
    ):
        values: dict[str, Value] = dict(zip(OF_UNIT, rest, strict=True))
        values["code"] = values["code"] or ""
        values["department"] = department
        code, name = str(values["code"]), str(values["name"])
        found[pk] = Held(pk, version, code, name, department, closed_on, values)
    return found


def _add_names(
    jurisdiction: Jurisdiction, units: dict[int, Held], wanted: list[int] | None
) -> None:
    rows = UnitName.objects.filter(unit__jurisdiction=jurisdiction).order_by("id")
    if wanted is not None:
        rows = rows.filter(unit__in=wanted)
    plates: defaultdict[int, list[str]] = defaultdict(list)
    former: defaultdict[int, list[str]] = defaultdict(list)
    dated: defaultdict[int, set[str]] = defaultdict(set)
    short: dict[int, str] = {}
    columns = ("unit_id", "kind", "name", "from_on", "to_on")
    for unit, kind, name, from_on, to_on in rows.values_list(*columns):
        if kind == "name" and name != units[unit].name:
            former[unit].append(name)
            if from_on is not None or to_on is not None:
                dated[unit].add(name)
        elif kind == "plate" and to_on is None:
            plates[unit].append(name)
        elif kind == "short" and to_on is None:
            short[unit] = name
    for key, held in units.items():
        held.values["short_name"] = short.get(key, "")
        held.values["aliases"] = tuple(dict.fromkeys(plates[key]))
        held.earlier_names = tuple(dict.fromkeys(former[key]))
        held.dated_names = frozenset(dated[key])
        held.values["former_names"] = held.earlier_names


def _add_people(
    jurisdiction: Jurisdiction, units: dict[int, Held], wanted: list[int] | None
) -> None:
    rows = Tenure.objects.filter(
        unit__jurisdiction=jurisdiction,
        to_on__isnull=True,
        post__in=[post.post for post in POSTS],
    ).order_by("id")
    if wanted is not None:
        rows = rows.filter(unit__in=wanted)
    columns = (
        *("unit_id", "post", "pk", "version", "title", "from_on"),
        *("person_id", "person__version", "person__name", "person__phone"),
    )
    by_post = {post.post: post for post in POSTS}
    for held in units.values():
        held.values.update(dict.fromkeys(OF_PEOPLE, ""))
        held.values.update(principal_from=None, legal_from=None)
    for unit, name, pk, version, title, since, person, seen, called, phone in rows.values_list(
        *columns
    ):
        held, post = units[unit], by_post[name]
        held.holders[name] = Holder(pk, version, person, seen, called)
        held.values[post.name] = called
        if post.title:
            held.values[post.title] = title
        if post.since:
            held.values[post.since] = since
        if post.phone:
            held.values[post.phone] = phone


def _department_names(jurisdiction: Jurisdiction, departments: Mapping[int, str]) -> dict[str, int]:
    """Every name that leads to one open department and no other; present names come first."""
    candidates: defaultdict[str, set[int]] = defaultdict(set)
    for pk, short in Department.objects.filter(pk__in=departments).values_list("pk", "short_name"):
        candidates[short].add(pk)
    for pk, name in DepartmentName.objects.filter(department__in=departments).values_list(
        "department_id", "name"
    ):
        candidates[name].add(pk)
    found = {name: pk for pk, name in departments.items()}
    for name, keys in candidates.items():
        if name and len(keys) == 1:
            found.setdefault(name, next(iter(keys)))
    return found


def plain(values: Mapping[str, Value]) -> dict[str, Any]:
    """Values as JSON holds them; what is empty is left out."""
    return {name: _plain(value) for name, value in values.items() if value not in (None, "", ())}


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, int) else str(value)


def parse(each: Field, value: Any) -> Value:
    """A value from JSON, as its field holds it."""
    if value is None:
        return each.empty if each.default is None else ""
    if each.name == "department" or each.kind is Kind.COUNT:
        return int(value)
    if each.kind is Kind.DATE:
        return date.fromisoformat(value)
    if each.kind is Kind.MONEY:
        return Decimal(value)
    return tuple(value) if each.kind is Kind.NAMES else str(value)
