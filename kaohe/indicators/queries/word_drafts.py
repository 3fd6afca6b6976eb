"""What a department has said of the columns of its Word tables (列对应)."""

from typing import NamedTuple

from kaohe.core.access import Verb
from kaohe.core.texts import fold
from kaohe.indicators.models import PartImport, WordColumns
from kaohe.indicators.reading.word_heads import KNOWN
from kaohe.organization.models import Department, User
from kaohe.organization.queries.access import one, visible


def columns_of(department: int | None) -> dict[str, str]:
    """Folded head → field of an indicator, "" where a column is not needed."""
    row = WordColumns.objects.filter(department=department).first()
    return dict(row.columns) if row else {}


def word_columns(department: Department) -> WordColumns | None:
    """What a department has said, if it has."""
    return WordColumns.objects.filter(department=department).select_related("jurisdiction").first()


def department_that_drafts(user: User, key: int) -> Department:
    """A department whose scheme a user drafts.

    Raises:
        NothingHere: there is none.
    """
    rows = Department.objects.select_related("jurisdiction")
    return one(visible(user, Verb.SCHEME_DRAFT, rows, department="pk"), key)


class WordHead(NamedTuple):
    """A head of a Word file: as it is written, what it is taken for, whether anybody said so."""

    head: str
    field: str  # "" where it is not read
    is_known: bool


def heads_in(row: PartImport) -> list[WordHead]:
    """The heads that a Word file has, those that nobody has explained first."""
    said = columns_of(row.part.department_id)
    unknown = [WordHead(head, "", False) for head in row.found.get("unknown", ())]
    known = [
        WordHead(head, field, fold(head) in said or fold(head) in KNOWN)
        for head, field in row.found.get("heads", {}).items()
    ]
    return [*unknown, *known]
