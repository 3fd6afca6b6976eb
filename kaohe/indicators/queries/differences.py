"""What differs between two versions, cell by cell, with the names of indicators and units."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Q

from kaohe.core.part_path import FIXED, Sort
from kaohe.core.plan_differences import CellChange, cell_changes
from kaohe.core.plan_words import FIELD_WORDS, cell_of
from kaohe.indicators.models import AssessmentYear, Participant, PartVersion
from kaohe.indicators.queries.parts import flat, versions_of
from kaohe.organization.models import User

SHOULD_SAY = ("points", "rule", "definition", "source", "evidence", "basis", "period", "person")


class Where(NamedTuple):
    """Where a cell stands, in words: the unit, the indicator, the label of the field.

    ``label``: a message id of ``core.plan_words``, or the key of a setting; ``detail``: which
    milestone.
    """

    unit: str
    item: str
    label: str
    field: str
    detail: str = ""


class Difference(NamedTuple):
    """A cell that differs."""

    path: str
    kind: str  # added, removed, changed
    where: Where
    old: str
    new: str


class Names:
    """The names of the indicators and units that some contents speak of."""

    def __init__(self, year: AssessmentYear, contents: Iterable[Mapping[str, Any]]) -> None:
        self.items: dict[str, str] = {}
        codes: set[str] = set()
        for content in contents:
            for each in content.get("indicators", ()):
                self.items[each["item"]] = each.get("name", "")
                codes.add(each.get("unit", ""))
            codes.update(content.get("sheets", ()))
        rows = Participant.objects.filter(assessment_year=year, code__in=codes - {""})
        self.units: dict[str, str] = dict(rows.values_list("code", "name")) if codes else {}

    def where(self, path: str) -> Where:
        """Where a cell stands, in words."""
        cell = cell_of(path)
        item = " ".join(filter(None, (cell.item, self.items.get(cell.item, ""))))
        label = FIELD_WORDS.get(cell.field, cell.field or cell.detail)
        unit = self.units.get(cell.unit, cell.unit)
        return Where(unit, item, label, cell.field, cell.detail)


def compared_with(
    user: User, version: PartVersion, number: int | None = None
) -> PartVersion | None:
    """The version with which one is compared: that of a number, else the last one issued before.

    Where none was issued before, the one before; None for the first.
    """
    part = version.part
    rows = versions_of(user, part.assessment_year).filter(part=part).exclude(pk=version.pk)
    if number is not None:
        return rows.filter(number=number).first()
    earlier = rows.filter(number__lt=version.number)
    return earlier.filter(state__in=sorted(FIXED)).first() or earlier.first()


def differences(old: PartVersion | None, new: PartVersion) -> list[Difference]:
    """What differs, in the order in which people read; ``old`` None: all of it is new."""
    sort, content = new.part.sort, old.content if old else {}
    found = cell_changes(flat(sort, content), flat(sort, new.content))
    if not _is_reordered(content, new.content):
        found = [each for each in found if not each.path.endswith("/place")]
    names = Names(new.part.assessment_year, [content, new.content])
    return [told(each, names) for each in found]


def _is_reordered(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether indicators that both have stand in another order; new ones move none."""
    before = [each["item"] for each in old.get("indicators", ())]
    after = [each["item"] for each in new.get("indicators", ())]
    both = set(before) & set(after)
    return [each for each in before if each in both] != [each for each in after if each in both]


def told(change: CellChange, names: Names) -> Difference:
    """A cell that differs, with where it stands in words."""
    where = names.where(change.path)
    old, new = change.old, change.new
    if where.field == "unit":
        old, new = names.units.get(old, old), names.units.get(new, new)
    if where.field == "sheet":
        old, new = names.units.get(old, old), names.units.get(new, new)
    return Difference(change.path, change.kind, where, old, new)


def cells_of(version: PartVersion, *, empty: bool = False) -> list[tuple[str, Where, str]]:
    """Every cell of a version with where it stands, for whoever marks some of them.

    Args:
        empty: also what an indicator should say and does not.
    """
    names = Names(version.part.assessment_year, [version.content])
    cells = flat(version.part.sort, version.content)
    if empty and version.part.sort != Sort.SETTINGS:
        cells = dict(_with_empty(version.content, cells))
    return [(path, names.where(path), text) for path, text in cells.items()]


def _with_empty(content: Mapping[str, Any], cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The cells, and behind those of each indicator the ones that are empty."""
    left = dict(cells)
    for each in content.get("indicators", ()):
        root = f"indicators/{each['item']}/"
        yield from ((path, left.pop(path)) for path in list(left) if path.startswith(root))
        wanted = (f"{root}{name}" for name in SHOULD_SAY)
        yield from ((path, "") for path in wanted if path not in cells)
    yield from left.items()


def previous_of_year(version: PartVersion) -> PartVersion | None:
    """The same part of the year before, as it was in force: what a first version began from."""
    part = version.part
    same = Q(part__department=part.department) if part.sort == Sort.DEPARTMENT else Q()
    rows = PartVersion.objects.filter(
        same,
        part__sort=part.sort,
        part__assessment_year__jurisdiction=version.jurisdiction_id,
        part__assessment_year__year=part.assessment_year.year - 1,
        state__in=["issued", "archived"],
    )
    return rows.select_related("part__assessment_year").order_by("-number").first()
