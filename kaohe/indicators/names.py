"""What things of the second pillar are called where the record holds their keys."""

from django.db.models import Expression, Model
from django.db.models.functions import Coalesce

from kaohe.indicators.models import (
    Adjustment,
    AssessmentYear,
    Group,
    Mark,
    Part,
    Participant,
    ParticipantChange,
    PartImport,
    PartVersion,
    Sheet,
    Step,
    TargetTable,
)
from kaohe.organization.models import Document
from kaohe.organization.queries.names import Name


def _part(path: str) -> Expression:
    """A part is called as its department; that of the whole jurisdiction as its year."""
    return Coalesce(f"{path}department__name", f"{path}assessment_year__title")


BEHIND: dict[str, tuple[type[Model], Name]] = {
    "assessment_year_id": (AssessmentYear, "title"),
    "group_id": (Group, "name"),
    "step_id": (Step, "code"),
    "participant_id": (Participant, "name"),
    "participant_change_id": (ParticipantChange, "participant__name"),
    "part_id": (Part, _part("")),
    "part_version_id": (PartVersion, _part("part__")),
    "scheme_version_id": (PartVersion, "part__department__name"),
    "template_version_id": (PartVersion, "part__assessment_year__title"),
    "mark_id": (Mark, _part("part_version__part__")),
    "part_import_id": (PartImport, "file__name"),
    "sheet_id": (Sheet, "participant__name"),
    "made_id": (Sheet, "participant__name"),
    "target_table_id": (TargetTable, "participant__name"),
    "adjustment_id": (Adjustment, "participant__name"),
    "work_plan_id": (Document, "title"),
    "opinion_id": (Document, "title"),
}
