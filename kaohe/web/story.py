"""The history of an object in words: from entries of the record to lines that people read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from kaohe.core.leaf import Fact
from kaohe.journal.erasing import erasing_entries
from kaohe.journal.queries import UNREADABLE, Told, indexes_of
from kaohe.organization.queries.access import names_behind
from kaohe.organization.queries.names import names_of_keys
from kaohe.web.words import ACTIONS, CHOICES, DAYS, FIELDS, FROM, NUMBERED, TEXTS

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an entry says: what now holds, and what held before."""

    label: str
    now: str
    was: str = ""
    erased: bool = False
    was_erased: bool = False
    erased_by: str = ""  # the number of the entry that says so


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, told."""

    number: int
    entry: str
    at: datetime
    who: str
    role: str
    what: str
    effective_on: date | None
    day: str  # the same in words: from when, up to when, as of when
    changes: tuple[Change, ...]
    about: str = ""  # the object's name, where it has one
    url: str = ""  # its page, where it has one
    index: int | None = None  # its place in the log; None: it waits to be sealed


# kind of a subject → the fact by which its name is found, and the address of its page
SUBJECTS = {
    "unit": ("unit_id", "web:unit"),
    "department": ("department_id", "web:department"),
    "person": ("person_id", "web:person"),
    "document": ("document_id", "web:document"),
    "document-version": ("document_version_id", "web:version"),
    "sitting": ("sitting_id", "web:sitting"),
    "seat": ("seat_id", ""),
    "agenda": ("item_id", ""),
    "decision": ("decision_id", ""),
    "jurisdiction": ("jurisdiction_id", ""),
    "committee": ("committee_id", ""),
    "file": ("file_id", ""),
    "user": ("user_id", ""),
    "role": ("assignment_id", ""),
    "token": ("token_id", ""),
    "erasure": ("erasure_id", "web:erasure"),
    "tenure": ("tenure_id", ""),
    "import": ("import_id", ""),
    "comment": ("comment_id", ""),
    "attendance": ("attendance_id", ""),
    "recusal": ("recusal_id", ""),
    "year": ("assessment_year_id", "web:year"),
    "step": ("step_id", "web:step"),
    "group": ("group_id", ""),
    "participant": ("participant_id", "web:participant"),
    "participant-change": ("participant_change_id", "web:change"),
    "part": ("part_id", ""),
    "part-version": ("part_version_id", "web:part-version"),
    "mark": ("mark_id", ""),
    "sheet": ("sheet_id", "web:sheet"),
    "target-table": ("target_table_id", ""),
    "adjustment": ("adjustment_id", "web:adjustment"),
    "part-import": ("part_import_id", ""),
}


def story(told: Iterable[Told]) -> list[Line]:
    """The lines of some entries; a few queries, however many there are."""
    entries = list(told)
    erasing = erasing_entries(each.number for each in entries if None in each.sealed.values())
    people = names_behind(each.actor for each in entries)
    indexes = indexes_of(each.number for each in entries)
    named = names_of_keys([(name, value) for each in entries for name, value in _keys(each)])
    return [
        Line(
            number=each.number,
            entry=each.entry,
            at=each.at,
            who="" if each.action == UNREADABLE else people.get(each.actor, _("the installation")),
            role=word("role", each.role) if each.role else "",
            what=_what(each),
            effective_on=each.effective_on,
            day=_day(each),
            changes=(*_changes(each, named), *_texts(each, erasing)),
            about=_about(each, named),
            url=_page_of(each),
            index=indexes.get(each.number),
        )
        for each in entries
    ]


def _what(told: Told) -> str:
    """The sentence of an entry, with the number of its object where the entry has it."""
    if told.action in NUMBERED and "number" in told.facts:
        return _(NUMBERED[told.action]) % {"number": told.facts["number"]}
    return _(ACTIONS.get(told.action, told.action))


def _day(told: Told) -> str:
    """The day from which, up to which or as of which an entry holds, as its sentence goes on."""
    if told.effective_on is None:
        return ""
    return _(DAYS.get(told.action, FROM)).format(day=f"{told.effective_on:%Y.%m.%d}")


def _subject(told: Told) -> tuple[tuple[str, Fact], str]:
    """By what the name of an entry's object is found, and the address of its page."""
    kind, _colon, number = told.subject.partition(":")
    name, url = SUBJECTS.get(kind, ("", ""))
    return (name, int(number) if number.isdecimal() else None), url


def _about(told: Told, named: Mapping[tuple[str, Fact], str]) -> str:
    """The name of an entry's object, in words where it is a code."""
    key, _url = _subject(told)
    found = named.get(key, "")
    return word(key[0], found) if found else ""


def _page_of(told: Told) -> str:
    (_name, key), url = _subject(told)
    return reverse(url, args=[key]) if url and key is not None else ""


def _keys(told: Told) -> Iterable[tuple[str, Fact]]:
    """Facts that are keys of other objects, to be told by name."""
    yield _subject(told)[0]
    for facts in (told.facts, told.was):
        yield from ((name, value) for name, value in facts.items() if name.endswith("_id"))


def _changes(told: Told, named: dict[tuple[str, Fact], str]) -> Iterable[Change]:
    kind = told.subject.partition(":")[0]

    def said(name: str, value: Fact) -> str:
        if name == "names" and isinstance(value, list):
            return _(", ").join(text_label(each, kind) for each in value)
        if name == "request":
            return "№ " + str(value).partition(":")[2]
        behind = named.get((name, value)) if isinstance(value, int) else None
        own = CHOICES.get(f"{kind}.{name}", {}).get(str(value))
        return _(own) if own else word(name, behind or value)

    for name, value in told.facts.items():
        if name == "number" and told.action in NUMBERED:
            continue  # the sentence says it
        before = said(name, told.was[name]) if name in told.was else ""
        yield Change(label(name, kind), said(name, value), before)


def _texts(told: Told, erasing: Mapping[tuple[int, str], str]) -> Iterable[Change]:
    """The texts of an entry, and which of them were erased by what entry."""
    kind = told.subject.partition(":")[0]
    for name, text in told.sealed.items():
        if name.startswith("was."):
            continue
        before = told.sealed.get(f"was.{name}", "")
        tell = TEXTS.get(f"{kind}.{name}", str)
        said = erasing.get((told.number, name)) or erasing.get((told.number, f"was.{name}"))
        yield Change(
            label(name, kind),
            tell(text or ""),
            tell(before or ""),
            erased=text is None,
            was_erased=before is None,
            erased_by=said or "",
        )


def label(name: str, kind: str = "") -> str:
    """The label of a fact; that of a kind of object, such as ``tenure.title``, comes first."""
    return _(FIELDS.get(f"{kind}.{name}") or FIELDS.get(name, name))


def text_label(name: str, kind: str = "") -> str:
    """The label of a text, also of one that held before."""
    if name.startswith("was."):
        return _("%(label)s, before") % {"label": label(name.removeprefix("was."), kind)}
    return label(name, kind)


def word(name: str, value: Fact) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(word(name, each) for each in value)
    text = str(value)
    if DAY.fullmatch(text):
        return text.replace("-", ".")
    return _(CHOICES.get(name, {}).get(text, text))
