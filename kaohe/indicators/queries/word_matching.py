"""The Word files of an import: what each is for, and which columns are still to be told."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Sum

from kaohe.core.problems import Problem
from kaohe.core.texts import fold
from kaohe.indicators.models import PartImport
from kaohe.indicators.queries.plan_book import scheme_units
from kaohe.indicators.queries.word_drafts import WordHead, columns_of
from kaohe.indicators.reading.word_files import How

FEW = 20  # files that are read while somebody waits
LARGE = 4  # times what one file may have for that


def takes_long(row: PartImport, most: int) -> bool:
    """Whether the files of an import are read by a job.

    Args:
        most: bytes of one file that is read while somebody waits.
    """
    if row.sort != "docx" or row.count == 1:
        return row.file.size > most
    size = row.files.aggregate(size=Sum("file__size"))["size"] or 0
    return row.count > FEW or size > LARGE * most


class FileRead(NamedTuple):
    """A Word file of an import, with the units that it is for."""

    key: int
    name: str
    chosen: str  # code of a unit, "all" for all, "out" left out, "" as it says itself
    how: str  # reading.word_files.How; empty: not read yet
    units: tuple[tuple[str, str], ...]  # code, name
    rows: int  # indicators in it
    errors: int
    warnings: int


def files_read(row: PartImport) -> list[FileRead]:
    """The Word files of an import, in their order; none of a workbook."""
    units = scheme_units(row.part)
    told = {each["key"]: each for each in row.found.get("files", ())}
    problems = [Problem(**each) for each in row.found.get("problems", ())]
    errors, all_of = (
        Counter(each.facts.get("file") for each in some)
        for some in ([each for each in problems if each.severity == "error"], problems)
    )
    found = []
    for each in row.files.all():
        read = told.get(each.pk, {})
        found.append(
            FileRead(
                key=each.pk,
                name=each.name,
                chosen=each.chosen,
                how=read.get("how", ""),
                units=tuple((code, units.get(code, code)) for code in read.get("units", ())),
                rows=read.get("rows", 0),
                errors=errors[each.name],
                warnings=all_of[each.name] - errors[each.name],
            )
        )
    return found


def units_without(row: PartImport) -> list[str]:
    """The names of the units that no file of an import is for; none where one is for all."""
    files = row.found.get("files", ())
    if not files or any(each["how"] == How.ALL for each in files):
        return []
    named = {code for each in files if each["how"] != How.OUT for code in each["units"]}
    return [name for code, name in scheme_units(row.part).items() if code not in named]


def unit_choices(row: PartImport) -> list[tuple[str, str]]:
    """The units that a file of an import can be said to be for: code, name."""
    return list(scheme_units(row.part).items())


class Shape(NamedTuple):
    """Files whose tables have the same heads."""

    names: tuple[str, ...]  # of the files
    heads: tuple[WordHead, ...]  # those that nobody has explained first

    @property
    def key(self) -> str:
        """Names the shape in an address."""
        heads = sorted(each.head for each in self.heads)
        return hashlib.sha256("\n".join(heads).encode()).hexdigest()[:12]

    @property
    def is_open(self) -> bool:
        """Whether some head is still to be explained."""
        return any(not each.is_known for each in self.heads)


def shapes_in(row: PartImport) -> list[Shape]:
    """The shapes of an import's files, those with heads that nobody has explained first.

    What was said since the files were read counts.
    """
    said = columns_of(row.part.department_id)
    names = dict(row.files.values_list("pk", "name"))
    found: dict[frozenset[str], list[Mapping[str, Any]]] = {}
    for each in row.found.get("files", ()):
        heads = frozenset([*each["heads"], *each["unknown"]])
        if heads and each["how"] != How.OUT:
            found.setdefault(heads, []).append(each)
    shapes = [
        Shape(tuple(names.get(each["key"], "") for each in members), _heads(members, said))
        for members in found.values()
    ]
    return sorted(shapes, key=lambda each: not each.is_open)


def _heads(files: Sequence[Mapping[str, Any]], said: Mapping[str, str]) -> tuple[WordHead, ...]:
    unknown = dict.fromkeys(head for each in files for head in each["unknown"])
    taken = {head: name for each in files for head, name in each["heads"].items()}
    heads = [
        *(WordHead(head, said.get(fold(head), ""), fold(head) in said) for head in unknown),
        *(
            WordHead(head, said.get(fold(head), name), True)
            for head, name in taken.items()
            if head not in unknown
        ),
    ]
    return tuple(sorted(heads, key=lambda each: each.is_known))
