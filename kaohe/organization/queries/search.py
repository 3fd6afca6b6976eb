"""Searching everything that a user may see: units, people, departments, documents."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.texts import clean, fold
from kaohe.organization.models import (
    Department,
    Document,
    DocumentVersion,
    Person,
    Unit,
    UnitName,
    User,
)
from kaohe.organization.queries.access import visible, visible_units
from kaohe.organization.queries.people import posts_seen, seats_seen, visible_people
from kaohe.organization.queries.units import found_by

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What a text finds; one more than ``SHOWN`` of a kind tells that there are more."""

    units: Sequence[Unit] = ()
    people: Sequence[Person] = ()
    departments: Sequence[Department] = ()
    documents: Sequence[Document] = ()
    other_names: dict[int, str] = field(default_factory=dict)  # unit → the name that was found

    def __bool__(self) -> bool:
        return any((self.units, self.people, self.departments, self.documents))


def search(user: User, text: str) -> Found:
    """All that a text finds, by the question that lists and pages ask, too."""
    text = clean(text)
    if not fold(text):
        return Found()
    units = list(found_by(visible_units(user), text).order_by("name", "id")[: SHOWN + 1])
    people = visible_people(user).filter(name__icontains=text)
    return Found(
        units=units,
        people=list(
            people.prefetch_related(posts_seen(user), seats_seen(user)).order_by("name", "id")[
                : SHOWN + 1
            ]
        ),
        departments=list(_departments(user, text)[: SHOWN + 1]),
        documents=list(_documents(user, text)[: SHOWN + 1]),
        other_names=_other_names(units, text),
    )


def _other_names(units: Sequence[Unit], text: str) -> dict[int, str]:
    """Of units whose present name does not say the text: the name that does."""
    wanted = [unit.pk for unit in units if fold(text) not in fold(unit.name)]
    rows = UnitName.objects.filter(unit__in=wanted, folded__contains=fold(text)).order_by("-id")
    return dict(rows.values_list("unit_id", "name"))


def _departments(user: User, text: str) -> QuerySet[Department]:
    named = Q(name__icontains=text) | Q(short_name__icontains=text) | Q(names__name__icontains=text)
    rows = Department.objects.select_related("jurisdiction").filter(named).distinct()
    return visible(user, Verb.DEPARTMENT_READ, rows)


def _documents(user: User, text: str) -> QuerySet[Document]:
    """Documents by title, and by the number under which a version was issued.

    Who may read issued versions only finds a document once it has one.
    """
    versions = DocumentVersion.objects.filter(document=OuterRef("pk"))
    issued = versions.filter(issued_on__isnull=False)
    numbered = Exists(issued.filter(document_number__icontains=text))
    rows = Document.objects.filter(Q(title__icontains=text) | numbered)
    for_all = visible(user, Verb.DOCUMENT_READ, rows.filter(Exists(issued)))
    for_reviewers = visible(user, Verb.DOCUMENT_REVIEW, rows)
    newest = DocumentVersion.objects.filter(issued_on__isnull=False).order_by("-number")
    return (
        Document.objects.filter(
            Q(pk__in=for_all.order_by().values("pk"))
            | Q(pk__in=for_reviewers.order_by().values("pk"))
        )
        .select_related("jurisdiction")
        .prefetch_related(Prefetch("versions", queryset=newest, to_attr="issued"))
    )
