"""What was checked, written into the register: many rows at a time, an entry for each object."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from kaohe.core.leaf import Event, Fact
from kaohe.core.register import FIELD
from kaohe.core.texts import fold
from kaohe.journal.bulk import few_collections, insert_all
from kaohe.organization.models import (
    Affiliation,
    Department,
    Jurisdiction,
    Person,
    Tenure,
    Unit,
    UnitName,
    User,
)
from kaohe.organization.queries.import_register import OF_UNIT, POSTS, Post, parse
from kaohe.organization.queries.import_report import Shown
from kaohe.organization.services.people import InPost
from kaohe.organization.services.units import Built, build_unit, entries_of_built
from kaohe.organization.services.writing import State, changed, created, is_same, record_all

CHUNK = 500
_DAY = timedelta(days=1)
_NAMES = {"short_name": "short", "aliases": "plate"}
_SAID = {"short_name": "short_name", "aliases": "plates", "former_names": "former_names"}
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows are written, by whom, and on whose behalf the record is told."""

    jurisdiction: Jurisdiction
    departments: dict[int, Department]
    by: User
    today: date
    extra: dict[str, Fact]


def write_lines(lines: Sequence[Shown], place: Place, tell: Tell) -> None:
    """Write new and changed rows, within the caller's transaction.

    Args:
        tell: how many rows are written, of how many.
    """
    done, total = 0, len(lines)
    with few_collections():
        for kind, write in (("new", _write_new), ("changed", _write_changed)):
            wanted = [line for line in lines if line.kind == kind]
            for start in range(0, len(wanted), CHUNK):
                part = wanted[start : start + CHUNK]
                events = write(part, place)
                record_all((_marked(event, place) for event in events), by=place.by)
                done += len(part)
                tell(done, total)


def _marked(event: Event, place: Place) -> Event:
    """The entry, with the import that it comes from."""
    return replace(event, facts={**event.facts, **place.extra})


def _write_new(lines: Iterable[Shown], place: Place) -> list[Event]:
    built = [_built(line, place) for line in lines]
    insert_all([each.unit for each in built])
    insert_all([name for each in built for name in each.names])
    insert_all([each.affiliation for each in built])
    insert_all([person for each in built for person in each.people])
    insert_all([tenure for each in built for tenure in each.tenures])
    return [event for each in built for event in entries_of_built(each)]


def _built(line: Shown, place: Place) -> Built:
    values = {name: parse(FIELD[name], kept) for name, kept in line.values.items()}
    posts = [
        InPost(
            post.post,
            str(values[post.name]),
            str(values.get(post.title) or ""),
            values.get(post.since),  # type: ignore[arg-type]  # a day, by its field
            str(values.get(post.phone) or ""),
        )
        for post in POSTS
        if values.get(post.name)
    ]
    fields: dict[str, Any] = {
        name: values[name] for name in OF_UNIT if name in values and name != "name"
    }
    return build_unit(
        jurisdiction=place.jurisdiction,
        department=place.departments[line.values["department"]],
        name=line.values["name"],
        short_name=line.values.get("short_name", ""),
        plates=line.values.get("aliases", ()),
        former_names=line.values.get("former_names", ()),
        posts=posts,
        **fields,
    )


def _write_changed(lines: Sequence[Shown], place: Place) -> list[Event]:
    keys = [line.unit for line in lines if line.unit is not None]
    units = Unit.objects.select_related("department").in_bulk(keys)
    names: dict[int, list[UnitName]] = {key: [] for key in keys}
    for name in UnitName.objects.filter(unit__in=keys).order_by("id"):
        names[name.unit_id].append(name)
    tenures: dict[int, dict[str, Tenure]] = {key: {} for key in keys}
    rows = Tenure.objects.filter(unit__in=keys, to_on__isnull=True).select_related("person")
    for tenure in rows.order_by("id"):
        tenures[tenure.unit_id or 0][tenure.post] = tenure
    events: list[Event] = []
    for line in lines:
        unit = units[line.unit or 0]
        unit.jurisdiction = place.jurisdiction
        events += _Change(line, unit, names[unit.pk], tenures[unit.pk], place).write()
    return events


@dataclass(slots=True)
class _Change:
    """One unit that is brought to what its row says."""

    line: Shown
    unit: Unit
    names: list[UnitName]
    tenures: dict[str, Tenure]
    place: Place
    facts: dict[str, Fact] = field(default_factory=dict)
    was: dict[str, Fact] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def write(self) -> list[Event]:
        """Write everything; the entries, one for each object."""
        before = State(self.unit)
        old_name, old_department = self.unit.name, self.unit.department_id
        for name in OF_UNIT:
            if name in self.line.changes:
                now = parse(FIELD[name], self.line.changes[name][1])
                setattr(self.unit, name, now if name != "code" else now or None)
        if "department" in self.line.changes:
            self.unit.department = self.place.departments[self.line.changes["department"][1]]
        if self.unit.name != old_name:
            self._mend_name(old_name)
        if self.unit.department_id != old_department:
            rows = Affiliation.objects.filter(unit=self.unit, to_on__isnull=True)
            rows.update(department=self.unit.department)
        self._write_names()
        events = []
        if self.facts or not is_same(self.unit, before):
            code = self.unit.code or ""
            event = changed(self.unit, before, "unit.corrected", unit=code, extra=self.facts)
            events.append(replace(event, was={**event.was, **self.was}))
            self.unit.version += 1
            self.unit.save()
        return events + self._write_people()

    def _mend_name(self, old: str) -> None:
        for row in self.names:
            if row.kind == "name" and row.name == old and row.to_on is None:
                row.name, row.folded = self.unit.name, fold(self.unit.name)[:120]
                row.save(update_fields=["name", "folded"])

    def _write_names(self) -> None:
        """Short name, plates and former names; what is told of them goes into the unit's entry."""
        for name, key in _SAID.items():
            if name not in self.line.changes:
                continue
            was, now = self.line.changes[name]
            self.was[key] = was if was is not None else ([] if name != "short_name" else "")
            self.facts[key] = now if now is not None else ([] if name != "short_name" else "")
            wanted = dict.fromkeys([now] if isinstance(now, str) else now or [])
            if name == "former_names":
                self._write_former(wanted)
            else:
                self._write_kind(_NAMES[name], wanted)

    def _write_kind(self, kind: str, wanted: dict[str, None]) -> None:
        """Names of a kind that are not wanted any more end yesterday; new ones begin."""
        ended = False
        for row in self.names:
            if row.kind != kind or row.to_on is not None:
                continue
            if row.name in wanted:
                wanted.pop(row.name)
                continue
            yesterday = self.place.today - _DAY
            row.to_on = max(row.from_on, yesterday) if row.from_on else yesterday
            row.save(update_fields=["to_on"])
            ended = True
        self._add_names(kind, wanted, self.place.today if ended else None)

    def _write_former(self, wanted: dict[str, None]) -> None:
        for row in self.names:
            if row.kind != "name" or row.name == self.unit.name:
                continue
            if row.name in wanted:
                wanted.pop(row.name)
            elif row.from_on is None and row.to_on is None:
                row.delete()  # it was a mistake; the record keeps that it stood here
        self._add_names("name", wanted, None)

    def _add_names(self, kind: str, names: Iterable[str], from_on: date | None) -> None:
        UnitName.objects.bulk_create(
            UnitName(unit=self.unit, kind=kind, name=name, folded=fold(name)[:120], from_on=from_on)
            for name in names
        )

    def _write_people(self) -> list[Event]:
        events: list[Event] = []
        for post in POSTS:
            touched = {post.name, post.title, post.since, post.phone} & set(self.line.changes)
            if not touched:
                continue
            held = self.tenures.get(post.post)
            called = self._told(post.name)
            if held is not None and called == held.person.name:
                events += self._mend_holder(post, held)
                continue
            if held is not None:
                events.append(self._end(held, post, bool(called)))
            if called:
                events += self._begin(post, str(called))
        return events

    def _told(self, name: str) -> Any:
        """What the row says of a field, changed or not."""
        return parse(FIELD[name], self.line.values.get(name)) if name else ""

    def _mend_holder(self, post: Post, held: Tenure) -> list[Event]:
        """The same person, with another title, day or telephone."""
        events = []
        before, code = State(held), self.unit.code or ""
        held.jurisdiction = held.person.jurisdiction = self.place.jurisdiction
        if post.title in self.line.changes:
            held.title = str(self._told(post.title) or "")
        if post.since in self.line.changes:
            held.from_on = self._told(post.since)
        if not is_same(held, before):
            events.append(changed(held, before, "tenure.corrected", unit=code))
            held.version += 1
            held.save()
        if post.phone in self.line.changes:
            before = State(held.person)
            held.person.phone = str(self._told(post.phone) or "")
            events.append(changed(held.person, before, "person.corrected"))
            held.person.version += 1
            held.person.save()
        return events

    def _end(self, held: Tenure, post: Post, followed: bool) -> Event:
        """Who held the post until now leaves it, on the day before who follows begins."""
        before = State(held)
        held.jurisdiction = self.place.jurisdiction
        since = self._told(post.since) if post.since and followed else None
        last = (since or self.place.today) - _DAY
        held.to_on = max(last, held.from_on) if held.from_on else last
        held.version += 1
        held.save()
        code = self.unit.code or ""
        return changed(held, before, "tenure.ended", unit=code, effective_on=held.to_on)

    def _begin(self, post: Post, called: str) -> list[Event]:
        """Somebody begins in a post; one name in several posts of the unit is one person."""
        events = []
        person = self._person(called)
        if person is None:
            phone = str(self._told(post.phone) or "")
            person = Person.objects.create(
                jurisdiction=self.place.jurisdiction, name=called, phone=phone
            )
            events.append(created(person, "person.entered"))
        self.people[called] = person
        tenure = Tenure.objects.create(
            jurisdiction=self.place.jurisdiction,
            person=person,
            unit=self.unit,
            post=post.post,
            title=str(self._told(post.title) or ""),
            from_on=self._told(post.since) if post.since else None,
        )
        code = self.unit.code or ""
        events.append(created(tenure, "tenure.begun", unit=code, effective_on=tenure.from_on))
        return events

    def _person(self, called: str) -> Person | None:
        held = (tenure.person for tenure in self.tenures.values() if tenure.person.name == called)
        return self.people.get(called) or next(held, None)
