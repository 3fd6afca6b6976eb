"""What things of the second pillar are called where the record holds their keys."""

from django.db.models import Model

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

BEHIND: dict[str, tuple[type[Model], str]] = {
    "assessment_year_id": (AssessmentYear, "title"),
    "group_id": (Group, "name"),
    "step_id": (Step, "code"),
    "participant_id": (Participant, "name"),
    "participant_change_id": (ParticipantChange, "participant__name"),
    "part_id": (Part, "department__name"),
    "part_version_id": (PartVersion, "part__department__name"),
    "scheme_version_id": (PartVersion, "part__department__name"),
    "template_version_id": (PartVersion, "part__assessment_year__title"),
    "mark_id": (Mark, "part_version__part__department__name"),
    "part_import_id": (PartImport, "file__name"),
    "sheet_id": (Sheet, "participant__name"),
    "made_id": (Sheet, "participant__name"),
    "target_table_id": (TargetTable, "participant__name"),
    "adjustment_id": (Adjustment, "participant__name"),
    "work_plan_id": (Document, "title"),
    "opinion_id": (Document, "title"),
}
