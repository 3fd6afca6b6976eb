"""Names for keys: what a department, a unit, a person is called, for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Expression, Model

from kaohe.core.leaf import Fact
from kaohe.organization.models import (
    AgendaItem,
    ApiToken,
    Attendance,
    Comment,
    Committee,
    Decision,
    Department,
    Document,
    DocumentVersion,
    ErasureRequest,
    Import,
    Jurisdiction,
    Person,
    Recusal,
    RoleAssignment,
    Seat,
    Sitting,
    StoredFile,
    Tenure,
    Unit,
    User,
)

Name = str | Expression  # a lookup, or what the database makes of several
BEHIND: dict[str, tuple[type[Model], Name]] = {
    "department_id": (Department, "name"),
    "unit_id": (Unit, "name"),
    "predecessor_id": (Unit, "name"),
    "person_id": (Person, "name"),
    "jurisdiction_id": (Jurisdiction, "name"),
    "parent_id": (Jurisdiction, "name"),
    "erasure_id": (ErasureRequest, "document"),
    "confined_to_id": (Jurisdiction, "name"),
    "token_id": (ApiToken, "name"),
    "user_id": (User, "name"),
    "document_id": (Document, "title"),
    "sitting_id": (Sitting, "title"),
    "item_id": (AgendaItem, "title"),
    "seat_id": (Seat, "person__name"),
    "file_id": (StoredFile, "name"),
    "committee_id": (Committee, "name"),
    "document_version_id": (DocumentVersion, "document__title"),
    "decision_id": (Decision, "item__title"),
    "assignment_id": (RoleAssignment, "user__name"),
    "tenure_id": (Tenure, "person__name"),
    "import_id": (Import, "file__name"),
    "comment_id": (Comment, "document_version__document__title"),
    "attendance_id": (Attendance, "seat__person__name"),
    "recusal_id": (Recusal, "seat__person__name"),
}


def declare_names(more: Mapping[str, tuple[type[Model], Name]]) -> None:
    """Add what is behind keys of another app: name of a fact → its table, and where its name is.

    Raises:
        ValueError: a fact already leads elsewhere.
    """
    for name, behind in more.items():
        if BEHIND.setdefault(name, behind) != behind:
            raise ValueError(f"{name} already leads elsewhere")


def names_of_keys(keys: Iterable[tuple[str, Fact]]) -> dict[tuple[str, Fact], str]:
    """What is behind each (name of a fact, key); a query for each kind of object that occurs."""
    wanted: defaultdict[str, set[Fact]] = defaultdict(set)
    for name, key in keys:
        if name in BEHIND and isinstance(key, int):
            wanted[name].add(key)
    found: dict[tuple[str, Fact], str] = {}
    for name, numbers in wanted.items():
        model, field = BEHIND[name]
        rows = model._default_manager.filter(pk__in=numbers).values_list("pk", field)
        found |= {(name, key): str(text) for key, text in rows if text is not None}
    return found


def names_of_codes(codes: Iterable[str]) -> dict[str, str]:
    """What the units of some credit codes are called today: code → name."""
    rows = Unit.objects.filter(code__in=set(codes)).values_list("code", "name")
    return {code: name for code, name in rows if code}
