"""The tables of the first pillar."""

from kaohe.organization.models.committee import (
    AgendaItem,
    Attendance,
    Committee,
    Decision,
    Recusal,
    Seat,
    Sitting,
)
from kaohe.organization.models.departments import Department, DepartmentName
from kaohe.organization.models.documents import Comment, Document, DocumentVersion
from kaohe.organization.models.erasures import ErasureItem, ErasureRequest
from kaohe.organization.models.files import Import, Once, StoredFile
from kaohe.organization.models.jurisdictions import Jurisdiction, Recorded
from kaohe.organization.models.people import Person, Tenure
from kaohe.organization.models.tokens import ApiToken
from kaohe.organization.models.units import (
    Affiliation,
    PastGrade,
    Succession,
    Unit,
    UnitName,
    UnitYear,
)
from kaohe.organization.models.users import PastPassword, RoleAssignment, User

__all__ = [
    "Affiliation",
    "AgendaItem",
    "ApiToken",
    "Attendance",
    "Comment",
    "Committee",
    "Decision",
    "Department",
    "DepartmentName",
    "Document",
    "DocumentVersion",
    "ErasureItem",
    "ErasureRequest",
    "Import",
    "Jurisdiction",
    "Once",
    "PastGrade",
    "PastPassword",
    "Person",
    "Recorded",
    "Recusal",
    "RoleAssignment",
    "Seat",
    "Sitting",
    "StoredFile",
    "Succession",
    "Tenure",
    "Unit",
    "UnitName",
    "UnitYear",
    "User",
]
