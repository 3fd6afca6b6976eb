"""Issuing: a part comes into force; a department's scheme makes a sheet for each of its units."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from kaohe.core.errors import Refusal
from kaohe.core.indicator_trees import digest_of, indicator_tree, sheet_tree
from kaohe.core.indicators import Plan
from kaohe.core.leaf import Event
from kaohe.core.part_path import MOVES, Action, Sort, State
from kaohe.core.problems import N_
from kaohe.core.scheme_canonical import canonical
from kaohe.core.texts import clean
from kaohe.indicators.models import AssessmentYear, Participant, PartVersion, Sheet
from kaohe.indicators.queries.parts import in_force, part_of, plan_in, scheme_in
from kaohe.indicators.queries.sheets import undone_by
from kaohe.indicators.services.part_refusals import PartUndoes, TemplateMissing
from kaohe.indicators.services.parts import (
    moved,
    must_be_open,
    refuse_moved,
    taken_version,
    told,
)
from kaohe.journal.bulk import insert_all
from kaohe.organization.models import User
from kaohe.organization.services.writing import State as Before
from kaohe.organization.services.writing import changed, created, record_all, save, taken

Progress = Callable[[int, int, str], None]
Seen = tuple[PartVersion, int | None]
ISSUING = N_("issuing sheets")


def silent(_done: int, _total: int, _words: str) -> None:
    """Progress for whoever does not ask for it."""


class Kept(NamedTuple):
    """A version that was left as it is, and why."""

    version: PartVersion
    refusal: Refusal


class Done(NamedTuple):
    """What came of a deed on many versions."""

    done: list[PartVersion]
    kept: list[Kept]


@transaction.atomic
def issue_part(
    *, by: User, version: PartVersion, seen: int | None, document_number: str = ""
) -> PartVersion:
    """Issue an approved version: it is frozen, and takes the place of the one in force.

    Raises:
        RoleMissing: ``by`` may not.
        YearIsClosed: the year is over.
        PartMoveNotOpen: it is not approved.
        TemplateMissing: sheets cannot be made before the common template is issued.
        PartMoved: a unit has left the department since.
        PartUndoes: it would undo an adjustment of targets.
        Changed: it is not what ``by`` saw.
    """
    return issue_parts(by=by, versions=[(version, seen)], document_number=document_number)[0]


@transaction.atomic
def issue_parts(
    *,
    by: User,
    versions: Sequence[Seen],
    document_number: str = "",
    progress: Progress = silent,
) -> list[PartVersion]:
    """Issue several versions, all or none, with an entry for each and for each sheet.

    Args:
        versions: each with what ``by`` saw of it.
        progress: is told sheets.

    Raises:
        as ``issue_part``.
    """
    counter = _Counter(versions, progress)
    return [
        _issue(by, version, seen, clean(document_number), counter) for version, seen in versions
    ]


def issue_each(
    *,
    by: User,
    versions: Sequence[Seen],
    document_number: str = "",
    progress: Progress = silent,
) -> Done:
    """Issue several versions, each whole or not at all; those refused stay as they are.

    Args:
        versions, progress: as for ``issue_parts``.
    """
    counter, found = _Counter(versions, progress), Done([], [])
    for version, seen in versions:
        try:
            with transaction.atomic():
                row = _issue(by, version, seen, clean(document_number), counter)
        except Refusal as refusal:
            found.kept.append(Kept(version, refusal))
        else:
            found.done.append(row)
    return found


class _Counter:
    """How many sheets are made, of how many."""

    def __init__(self, versions: Sequence[Seen], progress: Progress) -> None:
        self._total = sum(len(version.content.get("sheets", ())) or 1 for version, _ in versions)
        self._done, self._progress = 0, progress
        self.add(0)

    def add(self, count: int) -> None:
        self._done += count
        self._progress(min(self._done, self._total), self._total, ISSUING)


def _issue(
    by: User, version: PartVersion, seen: int | None, number: str, counter: _Counter
) -> PartVersion:
    row, before = taken_version(by, version, seen, Action.ISSUE)
    must_be_open(taken(AssessmentYear, row.part.assessment_year_id, None))
    row.state = moved(by, row, Action.ISSUE)
    refuse_moved(row)
    if undone := undone_by(row):
        raise PartUndoes(units="、".join(undone))
    holding = in_force(row.part)
    if holding is not None:
        _supersede(by, holding, row)
    row.issued_by, row.issued_on = by, timezone.localdate()
    row.document_number = number
    if row.part.sort == Sort.SETTINGS:
        row.scheme_digest = sha256(canonical(scheme_in(row)).encode()).hexdigest()
    save(row, by=by, event=told(row, before, "part.issued", {"digest": row.digest}))
    if row.part.sort == Sort.DEPARTMENT:
        counter.add(len(_make_sheets(by, row)))
    return row


def _supersede(by: User, old: PartVersion, new: PartVersion) -> None:
    before = Before(old)
    old.state = MOVES[State(old.state), Action.SUPERSEDE][0]
    save(old, by=by, event=told(old, before, "part.superseded", {"superseded_by": new.number}))


@dataclass
class Issuing:
    """What the sheets of one issue have in common."""

    by: User
    version: PartVersion | None
    template: PartVersion | None
    reason: str
    on: date
    events: list[Event] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    numbered: int | None = None  # the last running number of the year; None: not looked up yet

    def next_number(self, year: AssessmentYear) -> str:
        """The next number of a sheet (编号) in its year."""
        if self.numbered is None:
            rows = Sheet.objects.filter(participant__assessment_year=year)
            numbers = rows.exclude(sheet_number="").values("participant").distinct()
            self.numbered = numbers.count()
        self.numbered += 1
        return f"考核单〔{year.year}〕{self.numbered:03d}号"


def _make_sheets(by: User, version: PartVersion) -> list[Sheet]:
    """The sheets of all units that a scheme names."""
    part = version.part
    template = template_in_force(part.assessment_year)
    plan, common = plan_in(version), plan_in(template)
    rows = Participant.objects.filter(
        assessment_year=part.assessment_year, code__in=list(plan.sheets)
    ).select_related("jurisdiction", "unit", "assessment_year")
    reason = version.change_note
    issuing = Issuing(by, version, template, reason, timezone.localdate())
    present = in_force_of([row.pk for row in rows])
    for row in rows:
        add_sheet(issuing, row, sheet_content(plan, common, row.code), present)
    return write_sheets(issuing)


def in_force_of(participants: Sequence[int]) -> dict[int, Sheet]:
    """The sheets in force of some units, locked, by the key of who takes part."""
    rows = Sheet.objects.select_for_update(of=("self",)).filter(
        participant__in=participants, state="issued"
    )
    return {sheet.participant_id: sheet for sheet in rows.select_related("jurisdiction")}


def template_in_force(year: AssessmentYear) -> PartVersion:
    """The common template of a year.

    Raises:
        TemplateMissing: none was issued.
    """
    part = part_of(year, Sort.TEMPLATE)
    found = in_force(part) if part else None
    if found is None:
        raise TemplateMissing(year=year.year)
    return found


def sheet_content(plan: Plan, common: Plan, unit: str) -> dict[str, Any]:
    """A unit's sheet as it is issued: all indicators that address it, and what is its own."""
    indicators = [*common.of_unit(unit), *plan.of_unit(unit)]
    return {
        "indicators": [indicator_tree(each) for each in indicators],
        "sheet": sheet_tree(plan.sheet(unit)),
    }


def add_sheet(
    issuing: Issuing,
    participant: Participant,
    content: dict[str, Any],
    present: dict[int, Sheet],
) -> None:
    """Prepare the sheet of a unit, unless the one in force says the same.

    Args:
        present: the sheets in force, by the key of who takes part.
    """
    digest, old = digest_of(content), present.get(participant.pk)
    if old is not None and old.digest == digest:
        return
    number, said = 1, ""
    if old is not None:
        number, said = old.number + 1, old.sheet_number
        issuing.events.append(_superseded(old, participant, number))
    issuing.sheets.append(
        Sheet(
            jurisdiction=participant.jurisdiction,
            participant=participant,
            number=number,
            content=content,
            digest=digest,
            sheet_number=said or issuing.next_number(participant.assessment_year),
            reason=issuing.reason if number > 1 else "",
            scheme_version=issuing.version,
            template_version=issuing.template,
            issued_by=issuing.by,
            issued_on=issuing.on,
        )
    )


def _superseded(old: Sheet, participant: Participant, number: int) -> Event:
    before = Before(old)
    old.state = "superseded"
    old.version += 1
    old.save(update_fields=["state", "version"])
    extra = {"number": old.number, "superseded_by": number}
    return changed(old, before, "sheet.superseded", unit=participant.code, extra=extra)


def write_sheets(issuing: Issuing) -> list[Sheet]:
    """Write the sheets that were prepared, with an entry for each."""
    insert_all(issuing.sheets)
    issuing.events += [
        created(sheet, "sheet.issued", unit=sheet.participant.code) for sheet in issuing.sheets
    ]
    record_all(issuing.events, by=issuing.by)
    return issuing.sheets
