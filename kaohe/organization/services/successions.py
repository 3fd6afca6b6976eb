"""Carrying out what becomes of units: rename, merge, split, transfer, close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.leaf import Event, Fact
from kaohe.core.successions import Deed, Plan
from kaohe.core.texts import clean, clean_long, fold
from kaohe.organization.models import (
    Affiliation,
    Department,
    Jurisdiction,
    Succession,
    Tenure,
    Unit,
    UnitName,
    User,
)
from kaohe.organization.queries.access import NothingHere, require
from kaohe.organization.queries.successions import (
    Asked,
    key_of,
    open_departments_by_key,
    planned,
    shared_facts,
)
from kaohe.organization.services.units import build_unit
from kaohe.organization.services.writing import State, changed, created, record_all, taken

ACTIONS = {  # deed → what the record says of a unit that goes on, ends, begins
    Deed.RENAME: ("unit.renamed", "", ""),
    Deed.MERGE: ("unit.absorbed", "unit.merged", "unit.formed"),
    Deed.SPLIT: ("unit.split", "unit.split-up", "unit.split-off"),
    Deed.TRANSFER: ("unit.transferred", "", ""),
    Deed.CLOSE: ("", "unit.closed", ""),
}


@transaction.atomic
def carry_out(
    *, by: User, jurisdiction: Jurisdiction, asked: Asked, seen: Mapping[int, int]
) -> list[Unit]:
    """Carry out a deed: all that its plan says, in one transaction, an entry for each object.

    Args:
        seen: the version of each unit that was on the screen.

    Returns:
        The units that go on, then those that begin, then those that end.

    Raises:
        RoleMissing: ``by`` may not, there.
        NothingHere: a unit or a department is not of this jurisdiction.
        Changed: a unit is not what was on the screen.
        Invalid, Conflict: the refusals of ``planned``.
    """
    require(by, Verb.UNIT_SUCCEED, Target(jurisdiction.lineage))
    here = taken(Jurisdiction, jurisdiction.pk, None)  # names and codes: one deed after another
    rows = {key: _taken(here, key, seen.get(key)) for key in sorted(set(asked.units))}
    units = [rows[key] for key in asked.units]
    departments = open_departments_by_key(units)
    made = planned(asked, units, departments, timezone.localdate())
    work = _Work(made, asked, here, {key_of(unit): unit for unit in units}, departments)
    work.begin_units()
    work.end_units()
    work.change_units()
    work.follow()
    events = work.events()
    work.save()
    record_all(events, by=by)
    order = {unit.pk: place for place, unit in enumerate(work.units.values())}
    ended = {closing.unit for closing in made.closings}
    return sorted(
        work.units.values(), key=lambda unit: (work.keys[unit.pk] in ended, order[unit.pk])
    )


def _taken(here: Jurisdiction, key: int, seen: int | None) -> Unit:
    if not Unit.objects.filter(pk=key, jurisdiction=here).exists():
        raise NothingHere
    row = taken(Unit, key, seen)
    row.jurisdiction = here
    return row


@dataclass(slots=True)
class _Work:
    """A plan on its way into the register."""

    plan: Plan
    asked: Asked
    here: Jurisdiction
    units: dict[str, Unit]  # by the key of the plan; units that begin are added
    departments: Mapping[str, Department]
    before: dict[str, State] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    tenures: list[tuple[Tenure, State]] = field(default_factory=list)
    relatives: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = {key: State(unit) for key, unit in self.units.items()}
        self.keys = {unit.pk: key for key, unit in self.units.items()}

    def begin_units(self) -> None:
        """The units that open, with what all of those that they come from have in common."""
        shared: dict[str, Any] = dict(shared_facts(list(self.units.values())))
        for new in self.plan.openings:
            built = build_unit(
                jurisdiction=self.here,
                department=self.departments[new.department],
                name=new.name,
                code=new.unit,
                opened_on=new.first_day,
                document=self.asked.document,
                **shared,
            )
            built.unit.save()
            UnitName.objects.bulk_create(built.names)
            built.affiliation.save()
            self.units[new.unit] = built.unit
            self.keys[built.unit.pk] = new.unit

    def end_units(self) -> None:
        """The units that close: all their names, their affiliation and their posts end."""
        for closing in self.plan.closings:
            unit, last = self.units[closing.unit], closing.last_day
            unit.closed_on = last
            borne = Q(kind__in=("short", "plate")) | Q(kind="name", name=unit.name)
            UnitName.objects.filter(borne, unit=unit, to_on__isnull=True).update(to_on=last)
            Affiliation.objects.filter(unit=unit, to_on__isnull=True).update(to_on=last)
            rows = Tenure.objects.filter(unit=unit, to_on__isnull=True).select_for_update()
            for tenure in rows.order_by("pk"):
                tenure.jurisdiction, tenure.unit = self.here, unit
                before = State(tenure)
                tenure.to_on = max(last, tenure.from_on) if tenure.from_on else last
                self.tenures.append((tenure, before))

    def change_units(self) -> None:
        """New names, codes and departments of units that go on."""
        document = clean(self.asked.document)
        closed = {closing.unit for closing in self.plan.closings}
        for ends in self.plan.names_end:
            if ends.unit not in closed:
                rows = UnitName.objects.filter(
                    unit=self.units[ends.unit], kind="name", name=ends.value, to_on__isnull=True
                )
                rows.update(to_on=ends.last_day)
        old = set(self.before)
        for begins in self.plan.names_begin:
            if begins.unit in old:
                unit = self.units[begins.unit]
                unit.name = begins.value
                UnitName.objects.create(
                    unit=unit,
                    kind="name",
                    name=begins.value,
                    folded=fold(begins.value)[:120],
                    from_on=begins.first_day,
                    document=document,
                )
        for recoding in self.plan.recodings:
            self.units[recoding.old].code = recoding.new
        self._change_departments(old - closed, document)

    def _change_departments(self, going_on: set[str], document: str) -> None:
        for ends in self.plan.affiliations_end:
            if ends.unit in going_on:
                rows = Affiliation.objects.filter(unit=self.units[ends.unit], to_on__isnull=True)
                rows.update(to_on=ends.last_day)
        for begins in self.plan.affiliations_begin:
            if begins.unit in going_on:
                unit, department = self.units[begins.unit], self.departments[begins.value]
                unit.department = department
                Affiliation.objects.create(
                    unit=unit, department=department, from_on=begins.first_day, document=document
                )

    def follow(self) -> None:
        """The rows that say which unit follows which, for the runs of years."""
        recoded = {each.new: each.old for each in self.plan.recodings}
        for row in self.plan.successions:
            if row.kind == "continuation" and row.predecessor.startswith("#"):
                continue  # the first code of a unit that had none: there is nothing to follow
            unit = self.units[recoded.get(row.unit, row.unit)]
            before = self.units[row.predecessor]
            Succession.objects.create(
                jurisdiction=self.here,
                unit=unit,
                predecessor=before,
                kind=row.kind,
                year=row.year,
                on=self.plan.day,
                code=row.unit[:18],
                predecessor_code="" if row.predecessor.startswith("#") else row.predecessor,
                document=clean(self.asked.document),
                note=clean_long(self.asked.note),
            )
            if row.kind != "continuation":
                self._relate(row.unit, "predecessors", before.name)
                self._relate(row.predecessor, "successors", unit.name)

    def _relate(self, key: str, which: str, name: str) -> None:
        self.relatives.setdefault(key, {}).setdefault(which, []).append(name)

    def events(self) -> list[Event]:
        """One entry for each unit and each post."""
        goes_on, ends, begins = ACTIONS[self.plan.deed]
        closed = {closing.unit for closing in self.plan.closings}
        found = []
        for key, unit in self.units.items():
            extra: dict[str, Fact] = {**self.relatives.get(key, {})}
            if document := clean(self.asked.document):
                extra["document"] = document
            texts = {"reason": clean_long(self.asked.note)}
            facts: dict[str, Any] = {"unit": unit.code or "", "effective_on": self.plan.day}
            if key in self.before:
                action = ends if key in closed else goes_on
                row = changed(
                    unit,
                    self.before[key],
                    action,
                    extra=extra,
                    texts=texts,
                    **facts,
                )
            else:
                row = created(unit, begins, extra=extra, texts=texts, **facts)
            found.append(row)
        return found + [
            changed(
                tenure,
                before,
                "tenure.ended",
                unit=(tenure.unit.code or "") if tenure.unit else "",
                effective_on=tenure.to_on,
            )
            for tenure, before in self.tenures
        ]

    def save(self) -> None:
        """The units and posts that were there, as their next version."""
        rows: Sequence[Unit | Tenure] = [
            *(self.units[key] for key in self.before),
            *(tenure for tenure, _before in self.tenures),
        ]
        for row in rows:
            row.version += 1
            row.save()
