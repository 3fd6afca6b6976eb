"""A whole folder becomes a year: its scheme, units, items and targets are the platform's then.

The folder itself, facts included, is kept beside it as it was, with what the engine made of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from kaohe.core.access import Target, Verb
from kaohe.core.folder_plans import FolderPlans, has_sheet, plans_of
from kaohe.core.indicator_trees import digest_of, sheet_tree, tree_of
from kaohe.core.leaf import Event
from kaohe.core.part_path import Sort, State
from kaohe.core.problems import N_
from kaohe.core.register_fields import FIELD
from kaohe.core.rows import Unit as UnitRow
from kaohe.core.scheme_toml import scheme_toml
from kaohe.indicators.models import AssessmentYear, Group, Part, Participant, PartVersion, Sheet
from kaohe.indicators.queries.folder_matching import departments_by_name, units_by_code
from kaohe.indicators.queries.whole_folder import WholeFolder
from kaohe.indicators.services.folder_refusals import FolderElsewhere
from kaohe.indicators.services.issuing import sheet_content
from kaohe.indicators.services.year_refusals import YearThere
from kaohe.indicators.services.years import plan_calendar
from kaohe.journal.bulk import insert_all
from kaohe.organization.models import Department, Jurisdiction, StoredFile, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.files import keep_bytes
from kaohe.organization.services.writing import created, record_all, taken

WRITING, SHEETS = N_("Groups, units and schemes are entered."), N_("The sheets are entered.")
Progress = Callable[[int, int, str], None]


@dataclass
class _Entering:
    """What is being entered, and the entries that tell of it in their order."""

    by: User
    year: AssessmentYear
    over: bool  # the year is over: what is entered goes to the archive at once
    today: date
    departments: Mapping[str, Department]
    events: list[Event] = field(default_factory=list)

    @property
    def state(self) -> State:
        return State.ARCHIVED if self.over else State.ISSUED


@transaction.atomic
def import_year(
    *,
    by: User,
    jurisdiction: Jurisdiction,
    whole: WholeFolder,
    progress: Progress = lambda *_: None,
) -> AssessmentYear:
    """Make a year of a folder that was read, with an entry for each thing in it.

    A year that is over is archived as a whole; one that is not is open, its parts and sheets are
    in force.  Units and departments are those of the register where their codes and names are
    found there; others are kept by what the folder calls them.

    Args:
        whole: as ``queries.whole_folder.read_whole`` gives it.
        progress: is told how far it is.

    Raises:
        RoleMissing: ``by`` may not, there.
        FolderElsewhere: the folder is of another jurisdiction.
        YearThere: the year is there already.
        NoRoom: the disk is full.

    Source: docs/rules/year_folder.md, YF-1, YF-5, YF-6, YF-7.
    """
    require(by, Verb.YEAR_MANAGE, Target(jurisdiction.lineage))
    place = taken(Jurisdiction, jurisdiction.pk, None)
    scheme = whole.scheme
    if scheme.jurisdiction != place.code:
        raise FolderElsewhere(found=scheme.jurisdiction, here=place.code)
    if AssessmentYear.objects.filter(jurisdiction=place, year=scheme.year).exists():
        raise YearThere(year=scheme.year)
    progress(2, 4, WRITING)
    names = {unit.department for unit in whole.inputs.units}
    entering = _begin(by, place, whole, departments_by_name(place, names))
    participants = _participants(entering, whole.inputs.units)
    plans = plans_of(whole.inputs)
    versions = _parts(entering, whole, plans)
    progress(3, 4, SHEETS)
    _sheets(entering, whole.inputs.units, plans, participants, versions)
    record_all(entering.events, by=by)
    if not entering.over:
        plan_calendar(by, entering.year)
    progress(4, 4, SHEETS)
    return entering.year


def _begin(
    by: User, place: Jurisdiction, whole: WholeFolder, departments: Mapping[str, Department]
) -> _Entering:
    """The year itself, and the files that are kept with it."""
    number, today = whole.scheme.year, timezone.localdate()
    over = number < today.year
    files = [
        StoredFile.objects.create(
            jurisdiction=place,
            digest=keep_bytes(data),
            name=f"{place.name}{number}年度{tail}.zip",
            size=len(data),
            media="zip",
            added_by=by,
        )
        for data, tail in ((whole.folder, "考核文件夹"), (whole.results, "考核结果"))
        if over or data is whole.folder
    ]
    year = AssessmentYear.objects.create(
        jurisdiction=place,
        year=number,
        title=whole.scheme.title[:120] or f"{number}年度事业单位绩效考核",
        state="archived" if over else "open",
        freeze_on=date(number, 3, 31),
        frozen_on=date(number, 3, 31) if over else None,
        cut_off_on=date(number, 9, 30),
        imported=True,
        folder=files[0],
        results=files[1] if over else None,
        opened_by=by,
    )
    events = [created(file, "file.added") for file in files]
    events.append(created(year, "year.imported", extra={"scheme_digest": whole.digest}))
    return _Entering(by, year, over, today, departments, events)


def _participants(entering: _Entering, units: tuple[UnitRow, ...]) -> dict[str, Participant]:
    """The units of the folder with their groups, by credit code."""
    year = entering.year
    groups = {
        name: Group(
            jurisdiction=year.jurisdiction, assessment_year=year, name=name, position=position
        )
        for position, name in enumerate(sorted({unit.group for unit in units}), 1)
    }
    insert_all(list(groups.values()))
    entering.events += [created(group, "group.made") for group in groups.values()]
    known = units_by_code(year.jurisdiction, {unit.unit for unit in units})
    rows = [
        Participant(
            jurisdiction=year.jurisdiction,
            assessment_year=year,
            unit=known.get(unit.unit),
            department=entering.departments.get(unit.department),
            group=groups[unit.group],
            code=unit.unit,
            name=unit.name,
            department_name=unit.department,
            status=unit.status,
            status_reason=unit.status_reason or "",
            category=category_code(unit.category or ""),
            sector=unit.sector or "",
            funding_basis=unit.funding_basis,
            staff=unit.staff,
        )
        for unit in sorted(units, key=lambda each: each.unit)
    ]
    insert_all(rows)
    entering.events += [created(row, "participant.taken-in", unit=row.code) for row in rows]
    return {row.code: row for row in rows}


def category_code(text: str) -> str:
    """The code of a category that is written as the register writes it; else what is written.

    >>> category_code("公益一类"), category_code("暂未分类")
    ('public_first', '暂未分类')
    """
    return next((each.code for each in FIELD["category"].choices if each.written[0] == text), text)


def _parts(entering: _Entering, whole: WholeFolder, plans: FolderPlans) -> dict[str, PartVersion]:
    """Settings, template and schemes; the schemes by their departments' names, template by ""."""
    toml = scheme_toml(whole.scheme)
    settings = _part(entering, Sort.SETTINGS, {"toml": toml}, digest=whole.digest)
    found = {"": _part(entering, Sort.TEMPLATE, tree_of(plans.template))}
    for name, plan in sorted(plans.departments.items()):
        department = entering.departments.get(name)
        if department is not None:
            found[name] = _part(entering, Sort.DEPARTMENT, tree_of(plan), department)
    versions = [settings, *found.values()]
    parts = [version.part for version in versions]
    insert_all(parts)
    entering.events += [created(part, "part.begun") for part in parts]
    insert_all(versions)
    entering.events += [created(version, "part.imported") for version in versions]
    return found


def _part(
    entering: _Entering,
    sort: Sort,
    content: dict[str, object],
    department: Department | None = None,
    digest: str = "",
) -> PartVersion:
    year = entering.year
    part = Part(
        jurisdiction=year.jurisdiction, assessment_year=year, sort=sort, department=department
    )
    return PartVersion(
        jurisdiction=year.jurisdiction,
        part=part,
        number=1,
        state=entering.state,
        content=content,
        digest=digest_of(content),
        scheme_digest=digest,
        drafted_by=entering.by,
        issued_by=entering.by,
        issued_on=entering.today,
        created_at=timezone.now(),
        moved_at=timezone.now(),
    )


def _sheets(
    entering: _Entering,
    units: tuple[UnitRow, ...],
    plans: FolderPlans,
    participants: Mapping[str, Participant],
    versions: Mapping[str, PartVersion],
) -> None:
    """The sheet of each unit that is assessed or has rows of its own.

    Where the register does not know the department, its indicators are in the sheets alone; so
    there every unit has one.
    """
    rows = []
    for unit in sorted(units, key=lambda each: each.unit):
        plan = plans.departments[unit.department]
        scheme = versions.get(unit.department)
        if scheme is None or has_sheet(unit, plans.sheets[unit.unit]):
            content = sheet_content(plan, plans.template, unit.unit)
            if unit.unit not in plan.sheets:
                content["sheet"] = sheet_tree(plans.sheets[unit.unit])
            rows.append(_sheet(entering, participants[unit.unit], content, scheme, versions[""]))
    insert_all(rows)
    entering.events += [created(row, "sheet.imported", unit=row.participant.code) for row in rows]


def _sheet(
    entering: _Entering,
    participant: Participant,
    content: dict[str, object],
    scheme: PartVersion | None,
    template: PartVersion,
) -> Sheet:
    return Sheet(
        jurisdiction=participant.jurisdiction,
        participant=participant,
        number=1,
        state=entering.state,
        content=content,
        digest=digest_of(content),
        scheme_version=scheme,
        template_version=template,
        issued_by=entering.by,
        issued_on=entering.today,
    )
