"""The register of units: enter, correct, set names.  Successions have services of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.leaf import Event, Fact
from kaohe.core.problems import errors_in
from kaohe.core.register import check_code, normal_code
from kaohe.core.texts import clean, clean_long, fold
from kaohe.journal.bulk import new_row
from kaohe.organization.models import (
    Affiliation,
    Department,
    Jurisdiction,
    Person,
    Succession,
    Tenure,
    Unit,
    UnitName,
    User,
)
from kaohe.organization.queries.access import require
from kaohe.organization.services.people import InPost, build_posts
from kaohe.organization.services.units_refusals import (
    CertificateEndsEarly,
    CodeInUse,
    CodeTaken,
    CodeTakenElsewhere,
    CodeUnsound,
    DepartmentNotHere,
    NameTooEarly,
    TooManyNames,
    UnitNameTaken,
)
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record_all,
    save,
    taken,
)

_BY_SUCCESSION = ("name", "department_id", "closed_on")
CORRECTABLE = (*(name for name in Unit.plain if name not in _BY_SUCCESSION), "purpose")
MOST_NAMES = 30
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Built:
    """A unit with all that begins with it, made and not yet saved."""

    unit: Unit
    names: list[UnitName]
    affiliation: Affiliation
    people: list[Person] = field(default_factory=list)
    tenures: list[Tenure] = field(default_factory=list)
    document: str = ""


def build_unit(
    *,
    jurisdiction: Jurisdiction,
    department: Department,
    name: str,
    short_name: str = "",
    plates: Iterable[str] = (),
    former_names: Iterable[str] = (),
    posts: Iterable[InPost] = (),
    document: str = "",
    **fields: Any,
) -> Built:
    """A unit and its first names, affiliation, people and posts; writes and asks nothing.

    For bulk: save ``unit``, then ``names``, ``affiliation`` and ``people``, then ``tenures``; the
    entries are ``entries_of_built``.  The present name is the row of kind "name" that says the
    same as ``unit.name`` and has no last day; a former name of unknown days has no days at all.

    Args:
        fields: attributes of ``Unit``, as they are to be kept.
    """
    kept = {key: _kept(key, value) for key, value in fields.items()}
    unit = new_row(Unit, jurisdiction=jurisdiction, department=department, name=clean(name), **kept)
    begins, document = unit.opened_on, clean(document)
    names = [_name(unit, "name", unit.name, from_on=begins, document=document)]
    names += [_name(unit, "name", each) for each in _distinct(former_names)]
    if clean(short_name):
        names.append(_name(unit, "short", clean(short_name), from_on=begins))
    names += [_name(unit, "plate", each, from_on=begins) for each in _distinct(plates)]
    people, tenures = build_posts(unit, posts)
    affiliation = new_row(
        Affiliation, unit=unit, department=department, from_on=begins, document=document
    )
    return Built(unit, names, affiliation, people, tenures, document)


def entries_of_built(built: Built) -> list[Event]:
    """What the record is told of a unit that was built and is saved: one for each object."""
    extra: dict[str, Fact] = {}
    for key, kind in (("short_name", "short"), ("plates", "plate"), ("former_names", "name")):
        found = [each.name for each in built.names if each.kind == kind]
        found = found[1:] if kind == "name" else found
        if found:
            extra[key] = found[0] if kind == "short" else found
    if built.document:
        extra["document"] = built.document
    code = built.unit.code or ""
    return [
        created(built.unit, "unit.entered", unit=code, extra=extra),
        *(created(person, "person.entered") for person in built.people),
        *(
            created(tenure, "tenure.begun", unit=code, effective_on=tenure.from_on)
            for tenure in built.tenures
        ),
    ]


@transaction.atomic
def enter_unit(
    *,
    by: User,
    jurisdiction: Jurisdiction,
    department: Department,
    name: str,
    code: str | None = None,
    plates: Sequence[str] = (),
    former_names: Sequence[str] = (),
    posts: Sequence[InPost] = (),
    **fields: Any,
) -> Unit:
    """Enter a unit with its names, its department and who is in post, an entry for each object.

    Args:
        code: may be given later.
        posts: principal, legal representative, contact; one name in several posts is one person.
        fields: ``short_name``, ``document``, and every other attribute that the register keeps.

    Raises:
        RoleMissing: ``by`` may not, there.
        CodeUnsound, CodeTaken, CodeTakenElsewhere: about the code.
        UnitNameTaken: an open unit bears the name.
        DepartmentNotHere: the department is closed or of another jurisdiction.
        CertificateEndsEarly, TooManyNames: about other fields.
    """
    require(by, Verb.UNIT_MANAGE, Target(jurisdiction.lineage, department.pk))
    here = taken(Jurisdiction, jurisdiction.pk, None)  # two new units come one by one
    if department.jurisdiction_id != here.pk or department.closed_on is not None:
        raise DepartmentNotHere(name=department.name)
    _check_count([*plates, *former_names])
    built = build_unit(
        jurisdiction=here,
        department=department,
        name=name,
        code=code,
        plates=plates,
        former_names=former_names,
        posts=posts,
        **fields,
    )
    _check_name(built.unit)
    if built.unit.code:
        _check_code(built.unit)
    _check_days(built.unit)
    built.unit.save()
    UnitName.objects.bulk_create(built.names)
    built.affiliation.save()
    for row in (*built.people, *built.tenures):
        row.save()
    record_all(entries_of_built(built), by=by)
    return built.unit


@transaction.atomic
def correct_unit(*, by: User, unit: Unit, seen: int | None, **fields: Any) -> Unit:
    """Mend what the register says of a unit, or bring it up to date.

    The name, the department and the closing are matters of succession.  The code may be given
    later, and corrected as long as no snapshot and no succession names it.

    Args:
        fields: of ``CORRECTABLE``.

    Raises:
        RoleMissing: ``by`` may not.
        CodeUnsound, CodeTaken, CodeTakenElsewhere, CodeInUse: about the code.
        CertificateEndsEarly: the certificate would end before it begins.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.UNIT_MANAGE, unit)
    row = taken(Unit, unit.pk, seen)
    before, old_code = State(row), row.code
    for key in CORRECTABLE:
        if key in fields:
            setattr(row, key, _kept(key, fields[key]))
    if row.code != old_code:
        if old_code and (row.years.exists() or _succession_names(old_code)):
            raise CodeInUse(found=old_code)
        if row.code:
            taken(Jurisdiction, row.jurisdiction_id, None)
            _check_code(row)
    _check_days(row)
    if not is_same(row, before):
        event = changed(row, before, "unit.corrected", unit=row.code or old_code or "")
        save(row, by=by, event=event)
    return row


@transaction.atomic
def set_names(
    *,
    by: User,
    unit: Unit,
    seen: int | None,
    short_name: str,
    plates: Sequence[str],
    former_names: Sequence[str],
    on: date,
    document: str = "",
) -> Unit:
    """Say which short name and plates a unit has from a day on; those left out end the day before.

    Args:
        former_names: all that the unit bore on unknown days; those with days stay as they are.

    Raises:
        RoleMissing: ``by`` may not.
        NameTooEarly: a name that is left out begins on that day or later.
        TooManyNames: there are more than can be kept.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.UNIT_MANAGE, unit)
    row = taken(Unit, unit.pk, seen)
    _check_count([*plates, *former_names])
    was = _names_said(row)
    _change_names(row, "short", [short_name] if clean(short_name) else [], on, document)
    _change_names(row, "plate", plates, on, document)
    kept = set(_distinct(former_names))
    undated = row.names.filter(kind="name", from_on__isnull=True, to_on__isnull=True)
    for name in undated.exclude(name=row.name):
        if name.name in kept:
            kept.discard(name.name)
        else:
            name.delete()  # it was a mistake; the record keeps that it stood here
    UnitName.objects.bulk_create([_name(row, "name", each) for each in sorted(kept)])
    now = _names_said(row)
    moved = {key: value for key, value in now.items() if was[key] != value}
    if moved:
        extra = {**moved, **({"document": clean(document)} if clean(document) else {})}
        code = row.code or ""
        event = changed(row, State(row), "unit.names-set", unit=code, effective_on=on, extra=extra)
        event = replace(event, was={key: was[key] for key in moved})
        save(row, by=by, event=event)
    return row


def _change_names(unit: Unit, kind: str, wanted: Iterable[str], on: date, document: str) -> None:
    """End the names of a kind that are not wanted any more, begin those that are new."""
    new = set(_distinct(wanted))
    for name in unit.names.filter(kind=kind, to_on__isnull=True):
        if name.name in new:
            new.discard(name.name)
            continue
        if name.from_on is not None and name.from_on >= on:
            raise NameTooEarly(name=name.name, begin=name.from_on)
        name.to_on = on - _DAY
        name.save(update_fields=["to_on"])
    rows = [_name(unit, kind, each, from_on=on, document=clean(document)) for each in sorted(new)]
    UnitName.objects.bulk_create(rows)


def _names_said(unit: Unit) -> dict[str, Fact]:
    """The names of a unit besides its present one, as the record tells them."""
    rows = list(unit.names.filter(to_on__isnull=True).order_by("id"))
    short = next((each.name for each in rows if each.kind == "short"), "")
    return {
        "short_name": short,
        "plates": sorted(each.name for each in rows if each.kind == "plate"),
        "former_names": sorted(
            each.name for each in rows if each.kind == "name" and each.name != unit.name
        ),
    }


def _name(
    unit: Unit, kind: str, name: str, *, from_on: date | None = None, document: str = ""
) -> UnitName:
    return new_row(
        UnitName,
        unit=unit,
        kind=kind,
        name=name,
        folded=fold(name)[:120],
        from_on=from_on,
        document=document,
    )


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for each in names if (name := clean(each))))


def _kept(key: str, value: Any) -> Any:
    """A value as the register keeps it."""
    if key == "code":
        return normal_code(value or "") or None
    if key == "purpose":
        return clean_long(value or "")
    return clean(value) if isinstance(value, str) else value


def _check_count(names: Sequence[str]) -> None:
    if len(names) > MOST_NAMES:
        raise TooManyNames(count=len(names), most=MOST_NAMES)


def _check_days(unit: Unit) -> None:
    if unit.cert_from and unit.cert_to and unit.cert_to < unit.cert_from:
        raise CertificateEndsEarly(begin=unit.cert_from)


def _check_name(unit: Unit) -> None:
    """No open unit of the jurisdiction bears the name."""
    same = UnitName.objects.filter(
        unit__jurisdiction=unit.jurisdiction,
        unit__closed_on__isnull=True,
        kind="name",
        to_on__isnull=True,
        folded=fold(unit.name)[:120],
    ).select_related("unit")
    for found in same:
        if found.name == found.unit.name:
            raise UnitNameTaken(name=found.name)


def _check_code(unit: Unit) -> None:
    """The code can be right, and is no other unit's, now or formerly."""
    code = unit.code or ""
    for problem in check_code(code):
        if errors_in((problem,)):
            raise CodeUnsound(problem)
    other = Unit.objects.filter(code=code).exclude(pk=unit.pk).first()
    if other is None:
        past = Succession.objects.filter(kind="continuation", predecessor_code=code)
        found = past.exclude(unit=unit.pk).select_related("unit").first()
        other = found.unit if found else None
    if other is not None:
        if other.jurisdiction_id != unit.jurisdiction_id:
            raise CodeTakenElsewhere(found=code)
        raise CodeTaken(name=other.name, found=code)


def _succession_names(code: str) -> bool:
    by_code = Succession.objects.filter(code=code)
    return by_code.exists() or Succession.objects.filter(predecessor_code=code).exists()
