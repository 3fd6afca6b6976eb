"""The workbook of a scheme: what it is made of, and what was brought back."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kaohe.core.access import Verb
from kaohe.core.part_path import MOVES, OPEN, Action, State
from kaohe.core.plan_differences import CellChange, cell_changes, flat_plan
from kaohe.core.problems import Problem
from kaohe.documents.plan_book import BookStamp, plan_book
from kaohe.documents.plan_book_marks import BookMark, marked_book
from kaohe.indicators.models import Part, Participant, PartImport, PartVersion
from kaohe.indicators.reading.book_plan import Ground
from kaohe.organization.models import User
from kaohe.organization.queries.access import allows, one, visible
from kaohe.organization.queries.files import path_of


def scheme_units(part: Part) -> dict[str, str]:
    """The units of a department that take part in the year: names by credit code."""
    rows = Participant.objects.filter(
        assessment_year=part.assessment_year_id, department=part.department_id
    ).exclude(status="exempt")
    return dict(rows.order_by("code").values_list("code", "name"))


def ground_of(version: PartVersion) -> Ground:
    """What a file that is brought for a version is read against."""
    units = scheme_units(version.part)
    rest = [unit for unit in version.content.get("sheets", {}) if unit not in units]
    named = Participant.objects.filter(
        assessment_year=version.part.assessment_year_id, code__in=rest
    ).values_list("code", "name")
    return Ground(version.content, {**units, **dict.fromkeys(rest, ""), **dict(named)})


def title_of(version: PartVersion) -> str:
    """How a scheme's workbook and its papers are called."""
    return title_of_part(version.part)


def title_of_part(part: Part) -> str:
    """The same of a scheme, whichever version."""
    whose = part.department.name if part.department else ""
    return _("{department} assessment scheme {year}").format(
        department=whose, year=part.assessment_year.year
    )


def workbook_of(version: PartVersion) -> tuple[bytes, str]:
    """A version as a workbook, and the name of the file."""
    title = title_of(version)
    stamp = BookStamp(version.part_id, version.pk, version.number, version.digest, title)
    data = plan_book(version.content, ground_of(version).units, stamp, _)
    return data, f"{title}-v{version.number}.xlsx"


def may_bring(user: User, version: PartVersion) -> bool:
    """Whether a user may bring a file for a version as it stands."""
    editable = (State(version.state), Action.EDIT) in MOVES
    is_scheme = version.part.department_id is not None
    return is_scheme and editable and allows(user, Verb.SCHEME_DRAFT, version.part)


def may_draft(user: User, version: PartVersion) -> bool:
    """Whether a user drafts the department's scheme, wherever the version stands."""
    return version.part.department_id is not None and allows(user, Verb.SCHEME_DRAFT, version.part)


def part_files(user: User, part: Part | None = None) -> QuerySet[PartImport]:
    """The files brought for schemes that a user drafts, the latest first."""
    rows = PartImport.objects.all() if part is None else PartImport.objects.filter(part=part)
    found = visible(user, Verb.SCHEME_DRAFT, rows, department="part__department").select_related(
        "jurisdiction", "file", "added_by", "part__department", "part__assessment_year"
    )
    return found.defer("found", "before")


def get_part_file(user: User, key: int) -> PartImport:
    """A file brought for a scheme that a user drafts.

    Raises:
        NothingHere: there is none.
    """
    rows = part_files(user).defer(None)
    return one(rows.select_related("part_version", "part__jurisdiction"), key)


def open_draft(part: Part) -> PartVersion | None:
    """The version of a part that is on its way, with what its page needs."""
    rows = part.versions.filter(state__in=sorted(OPEN))
    return rows.select_related("part__department", "part__assessment_year", "jurisdiction").first()


class FoundInFile(NamedTuple):
    """What was read from a file, beside the draft that it was compared with."""

    tree: Mapping[str, Any]
    problems: list[Problem]
    conflicts: list[str]
    changes: list[CellChange]
    is_stale: bool  # the draft is no longer what it was compared with

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if each.severity == "error"]

    @property
    def may_apply(self) -> bool:
        return bool(self.changes) and not self.errors and not self.is_stale


def found_in(row: PartImport, draft: PartVersion | None) -> FoundInFile:
    """What was read, and how the draft would change."""
    found = row.found
    problems = [Problem(**each) for each in found.get("problems", ())]
    tree = found.get("tree", {})
    now = draft.content if draft is not None else {}
    changes = _changes(now, tree) if tree else []
    stale = draft is None or draft.digest != row.base
    return FoundInFile(tree, problems, list(found.get("conflicts", ())), changes, stale)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[CellChange]:
    """What differs; the places of indicators only where some changed places with one another."""
    found = cell_changes(flat_plan(old), flat_plan(new))
    first, second = ([each["item"] for each in tree.get("indicators", ())] for tree in (old, new))
    shared = set(first) & set(second)
    if [each for each in first if each in shared] == [each for each in second if each in shared]:
        return [each for each in found if not each.path.endswith("/place")]
    return found


def marked_file(row: PartImport) -> tuple[bytes, str] | None:
    """The workbook that was brought with what is not right marked in it, and its name.

    None where it is no workbook, or so odd that it cannot be written again.
    """
    if row.sort != "xlsx":
        return None
    marks = [
        BookMark(
            each.table,
            each.row,
            each.column,
            f"{each.sentence(_)}{_('; ')}{each.remedy(_)}",
            each.severity == "error",
        )
        for each in found_in(row, None).problems
        if each.row is not None
    ]
    data = marked_book(path_of(row.file.digest), marks)
    if data is None:
        return None
    stem = row.file.name.rpartition(".")[0]
    return data, _("{name} (mistakes marked).xlsx").format(name=stem)
