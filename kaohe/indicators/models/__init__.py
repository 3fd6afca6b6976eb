"""The tables of the second pillar."""

from kaohe.indicators.models.parts import (
    FindingAnswer,
    Mark,
    Part,
    PartImport,
    PartVersion,
    Sheet,
    WordColumns,
    WordImportFile,
)
from kaohe.indicators.models.targets import Adjustment, TargetTable
from kaohe.indicators.models.years import (
    AssessmentYear,
    Group,
    Participant,
    ParticipantChange,
    Step,
)

__all__ = [
    "Adjustment",
    "AssessmentYear",
    "FindingAnswer",
    "Group",
    "Mark",
    "Part",
    "PartImport",
    "PartVersion",
    "Participant",
    "ParticipantChange",
    "Sheet",
    "Step",
    "TargetTable",
    "WordColumns",
    "WordImportFile",
]
