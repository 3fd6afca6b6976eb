"""A year as an assessment folder: all that is planned of it; the facts come during the year."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kaohe.core.folder_items import Gathered, Placed, SheetOfUnit, gather
from kaohe.core.indicator_trees import indicator_from, plan_of, sheet_from
from kaohe.core.indicators import Plan
from kaohe.core.part_path import OPEN, Sort
from kaohe.core.problems import Problem, declare
from kaohe.core.register_fields import FIELD
from kaohe.core.rows import Inputs, Unit
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme
from kaohe.folder.author import write_folder
from kaohe.folder.checks import check_folder
from kaohe.folder.rows import store_inputs
from kaohe.folder.zipped import files_below, pack
from kaohe.indicators.models import AssessmentYear, Part, Participant, PartVersion, Sheet
from kaohe.indicators.queries.year_background import Background, background_of
from kaohe.inquiry.opening import connection

IN_FORCE = ("issued", "archived")
FORMS = ("csv", "xlsx", "parquet")

declare(
    "error",
    {
        "export-no-settings": (
            "the settings of the scheme of {year} are not issued",
            "have them approved by the committee and issue them",
        ),
        "export-settings-elsewhere": (
            "the settings are those of {found}, not of {wanted}",
            "correct year and jurisdiction in the next version of the settings",
        ),
        "export-no-sheet": (
            "the unit {unit} {name} has no issued sheet",
            "issue the scheme of its department, or take the unit out of the year",
        ),
        "export-no-group": (
            "the unit {unit} {name} is in no group",
            "put it into a group of the year",
        ),
    },
)
_LATER = frozenset({"tier-row-missing", "unit-without-component"})  # what the year still brings


@dataclass(frozen=True)
class Export:
    """What a year comes to as a folder, and what is in the way of it."""

    year: AssessmentYear
    scheme_text: str
    inputs: Inputs
    obstacles: list[Problem]
    warnings: list[Problem]

    def is_ready(self, *, draft: bool = False) -> bool:
        """Whether the folder may be written: nothing is in the way, or it is but a draft."""
        return bool(self.scheme_text) and (draft or not self.obstacles)


def export_of(year: AssessmentYear, *, draft: bool = False) -> Export:
    """The folder of a year, as its issued sheets and settings say.

    Args:
        draft: take the latest versions, issued or not; nothing is then in the way but what keeps
            a folder from being written at all.

    Source: docs/rules/year_folder.md, YF-8, YF-9.
    """
    obstacles: list[Problem] = []
    participants = list(
        Participant.objects.filter(assessment_year=year)
        .select_related("group", "department")
        .order_by("code")
    )
    names = _department_names(participants)
    versions = _versions(year, draft)
    text = _settings(year, versions, obstacles)
    sheets = list(_sheets(year, participants, names, versions, draft, obstacles))
    units = {each.code: names[each.pk] for each in participants}
    gathered = gather(sheets, _placed(versions, units, participants), units)
    obstacles += gathered.problems
    rows = tuple(_unit(each, names[each.pk]) for each in participants)
    obstacles += [
        Problem("export-no-group", "units", facts={"unit": each.code, "name": each.name})
        for each in participants
        if each.group is None
    ]
    background = background_of(year, [each for each in participants if each.unit_id])
    inputs = _inputs(rows, gathered, background)
    found = [] if obstacles else _checked(inputs, text)
    later = [each for each in found if each.severity == "warning" or each.code in _LATER]
    obstacles += [each for each in found if each not in later]
    return Export(year, text, inputs, obstacles, [*background.left_out, *later])


def _department_names(participants: Iterable[Participant]) -> dict[int, str]:
    """What each unit's department is called; one department has one name in a folder."""
    called: dict[int, set[str]] = {}
    for each in participants:
        if each.department_id is not None:
            called.setdefault(each.department_id, set()).add(each.department_name)
    return {
        each.pk: each.department.name
        if each.department is not None and len(called[each.department.pk]) > 1
        else each.department_name
        for each in participants
    }


def _versions(year: AssessmentYear, draft: bool) -> dict[Part, PartVersion]:
    """The version of each part that is in force; with ``draft`` the latest that is alive."""
    states = (*IN_FORCE, *sorted(OPEN)) if draft else IN_FORCE
    rows = PartVersion.objects.filter(part__assessment_year=year, state__in=states)
    found: dict[Part, PartVersion] = {}
    for row in rows.select_related("part__department").order_by("number"):
        found[row.part] = row
    return found


def _settings(
    year: AssessmentYear, versions: dict[Part, PartVersion], obstacles: list[Problem]
) -> str:
    version = next((row for part, row in versions.items() if part.sort == Sort.SETTINGS), None)
    if version is None:
        obstacles.append(Problem("export-no-settings", "scheme.toml", facts={"year": year.year}))
        return ""
    text = str(version.content["toml"])
    scheme, problems = read_scheme(text)
    obstacles += problems
    if scheme is not None:
        found = f"{scheme.year} {scheme.jurisdiction}"
        wanted = f"{year.year} {year.jurisdiction.code}"
        if found != wanted:
            facts = {"found": found, "wanted": wanted}
            obstacles.append(Problem("export-settings-elsewhere", "scheme.toml", facts=facts))
    return text


def _sheets(
    year: AssessmentYear,
    participants: list[Participant],
    names: dict[int, str],
    versions: dict[Part, PartVersion],
    draft: bool,
    obstacles: list[Problem],
) -> Iterator[SheetOfUnit]:
    """The sheet of each unit: the one that was issued, or as the draft would make it."""
    rows = Sheet.objects.filter(participant__assessment_year=year, state__in=IN_FORCE)
    issued = {row.participant_id: row for row in rows}
    common = _common_codes(issued.values())
    plans = (
        {
            part.department_id or 0: plan_of(row.content)
            for part, row in versions.items()
            if part.sort == Sort.DEPARTMENT
        }
        if draft
        else {}
    )
    template = next(
        (plan_of(row.content) for part, row in versions.items() if part.sort == Sort.TEMPLATE),
        Plan(),
    )
    for each in participants:
        sheet = issued.get(each.pk)
        if sheet is not None and not draft:
            tree = sheet.content
            indicators = [indicator_from(row) for row in tree["indicators"]]
            codes = common.get(sheet.template_version_id or 0, frozenset())
            yield SheetOfUnit(
                each.code, names[each.pk], indicators, codes, sheet_from(tree["sheet"])
            )
        elif draft and each.status != "exempt":
            plan = plans.get(each.department_id or 0, Plan())
            indicators = [*template.of_unit(each.code), *plan.of_unit(each.code)]
            codes = frozenset(row.item for row in template.indicators)
            yield SheetOfUnit(each.code, names[each.pk], indicators, codes, plan.sheet(each.code))
        elif each.status != "exempt":
            facts = {"unit": each.code, "name": each.name}
            obstacles.append(Problem("export-no-sheet", "units", facts=facts))


def _common_codes(sheets: Iterable[Sheet]) -> dict[int, frozenset[str]]:
    """By version of the template: the codes of its indicators."""
    keys = {sheet.template_version_id for sheet in sheets if sheet.template_version_id}
    rows = PartVersion.objects.filter(pk__in=keys).values_list("pk", "content")
    return {
        key: frozenset(each["item"] for each in content.get("indicators", ()))
        for key, content in rows
    }


def _placed(
    versions: dict[Part, PartVersion], units: dict[str, str], participants: list[Participant]
) -> Iterator[Placed]:
    """The indicators of all parts, each with what its department is called in the folder."""
    called = {each.department_id: units[each.code] for each in participants if each.department_id}
    for part, version in versions.items():
        if part.sort == Sort.SETTINGS:
            continue
        name = "" if part.sort == Sort.TEMPLATE else called.get(part.department_id or 0)
        if name is not None:
            for tree in version.content.get("indicators", ()):
                yield Placed(name, indicator_from(tree))


def _unit(each: Participant, department: str) -> Unit:
    return Unit(
        unit=each.code,
        name=each.name,
        group=each.group.name if each.group else "",
        department=department,
        status=each.status,
        funding_basis=each.funding_basis,
        staff=each.staff,
        status_reason=each.status_reason or None,
        category=category_words(each.category) or None,
        sector=each.sector or None,
    )


def category_words(code: str) -> str:
    """A category as folders write it.

    >>> category_words("public_first"), category_words("暂未分类")
    ('公益一类', '暂未分类')
    """
    return next((each.written[0] for each in FIELD["category"].choices if each.code == code), code)


def _inputs(units: tuple[Unit, ...], gathered: Gathered, background: Background) -> Inputs:
    return Inputs(
        units=units,
        items=tuple(gathered.items),
        targets=tuple(gathered.targets),
        not_applicable=tuple(gathered.not_applicable),
        milestones=tuple(gathered.milestones),
        history=tuple(background.history),
        successions=tuple(background.successions),
        tenures=tuple(background.tenures),
    )


def _checked(inputs: Inputs, text: str) -> list[Problem]:
    """What the engine's checks find in the folder."""
    scheme: Scheme | None = read_scheme(text)[0]
    with connection() as con:
        store_inputs(con, scheme, inputs)
        return check_folder(con, scheme)


def folder_name(year: AssessmentYear) -> str:
    """What the zip of a year is called: data, so in the language of the data."""
    return f"{year.jurisdiction.name}{year.year}年度考核文件夹.zip"


def write_export(export: Export, path: Path, form: str = "csv") -> None:
    """Write the folder of a year."""
    write_folder(export.inputs, export.scheme_text, path, form)


def zip_of(export: Export, form: str = "csv") -> bytes:
    """The folder of a year as a zip."""
    with TemporaryDirectory(prefix="kaohe-export-") as aside:
        write_export(export, Path(aside), form)
        return pack(files_below(Path(aside)))
