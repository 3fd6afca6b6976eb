"""Findings of the check-up in words, for pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from kaohe.core.checkup import ERROR, NOTE, WARNING, Finding
from kaohe.indicators.queries.checkup import findings_of
from kaohe.indicators.queries.checkup_words import finding_in_words
from kaohe.indicators.queries.differences import Names
from kaohe.web.indicators.part_cells import path_said

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

SEVERITIES = (ERROR, WARNING, NOTE)


class FindingRow(NamedTuple):
    """A finding as a table shows it."""

    severity: str
    where: str
    finding: str
    remedy: str
    path: str


def finding_rows(version: PartVersion) -> list[FindingRow]:
    """All that the check-up finds in a version, errors first."""
    found = sorted(findings_of(version), key=lambda each: SEVERITIES.index(each.severity))
    names = Names(version.part.assessment_year, [version.content])
    return [_row(each, names) for each in found]


def _row(finding: Finding, names: Names) -> FindingRow:
    said = finding_in_words(finding, _)
    where = path_said(names, said.path) if said.path else names.units.get(said.unit, "")
    return FindingRow(said.severity, where, said.sentence, said.remedy, said.path)
