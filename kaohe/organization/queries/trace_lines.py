"""Entries of the record for lists of programs: with the names and indexes that pages show."""

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When

from kaohe.journal.models import JournalEntry
from kaohe.organization.models import User
from kaohe.organization.queries.trace import sealed_size


def with_names(rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """Entries with who is behind the pseudonym and, once sealed, the index: all in one query."""
    name = User.objects.filter(pseudonym=OuterRef("actor")).values("name")[:1]
    sealed = Case(When(position__index__lt=sealed_size(), then=F("position__index")), default=None)
    return rows.annotate(actor_name=Subquery(name), index=sealed)
