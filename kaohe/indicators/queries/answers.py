"""What was said of findings, and the checklist that a reviewer goes by."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kaohe.core.checklist import Line, checklist, looked_at
from kaohe.core.checkup import WARNING
from kaohe.core.checkup_answers import Answer, Key, Told, open_warnings, with_answers
from kaohe.core.part_path import State
from kaohe.indicators.models import FindingAnswer, PartVersion
from kaohe.indicators.queries.checkup import Examined, examined
from kaohe.indicators.queries.parts import plan_in


class Reviewed(NamedTuple):
    """Findings with their answers, errors first, and the points of the checklist."""

    told: Sequence[Told]
    points: Sequence[Line]

    @property
    def open(self) -> int:
        """How many warnings nobody has answered for."""
        return open_warnings(self.told)


def reviewed(version: PartVersion) -> Reviewed:
    """The check-up of a version with all answers; of settings there is none."""
    found = examined([version])[version.pk]
    told = told_of([version], {version.pk: found})[version.pk]
    if found.context is None:
        return Reviewed([], [])
    looked = looked_at(plan_in(version), found.context)
    return Reviewed(told, checklist(looked, told, is_template=found.context.is_template))


def told_in(versions: Iterable[PartVersion]) -> dict[int, list[Told]]:
    """Findings with their answers in versions of one year, by key; a few queries for all."""
    rows = list(versions)
    return told_of(rows, examined(rows))


def told_of(rows: Sequence[PartVersion], found: dict[int, Examined]) -> dict[int, list[Told]]:
    """The same, where the check-up was made already."""
    answers = _answers({row.part_id for row in rows if _has_warnings(found[row.pk])})
    told = {}
    for row in rows:
        given = answers.get(row.part_id, [])
        own = [each for each in given if each.number == row.number]
        earlier = [each for each in given if each.number < row.number]
        told[row.pk] = with_answers(found[row.pk].findings, own, earlier)
    return told


def _has_warnings(found: Examined) -> bool:
    return any(each.severity == WARNING for each in found.findings)


def _answers(parts: Iterable[int]) -> dict[int, list[Answer]]:
    """All answers in the versions of some parts that were not given up, in the order of time."""
    rows = FindingAnswer.objects.filter(part_version__part__in=set(parts))
    rows = rows.exclude(part_version__state=State.WITHDRAWN).order_by("id")
    found: dict[int, list[Answer]] = {}
    for row in rows.select_related("made_by", "part_version").defer("part_version__content"):
        key = Key(row.check_code, row.path, row.about)
        given = Answer(
            key, row.facts, row.text, row.made_by.name, row.made_at, row.part_version.number
        )
        found.setdefault(row.part_version.part_id, []).append(given)
    return found
