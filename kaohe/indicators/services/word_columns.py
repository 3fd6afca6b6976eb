"""What the columns of a department's Word tables mean: said once, kept, and used again."""

from collections.abc import Mapping

from django.db import transaction

from kaohe.core.access import Target, Verb
from kaohe.core.texts import clean, fold
from kaohe.indicators.models import WordColumns
from kaohe.indicators.reading.word_heads import FIELDS
from kaohe.indicators.services.part_import_refusals import WordColumnTwice, WordColumnUnknown
from kaohe.organization.models import Department, User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import State, changed, created, record, save, taken


@transaction.atomic
def set_word_columns(
    *, by: User, department: Department, columns: Mapping[str, str], seen: int | None
) -> WordColumns:
    """Say what some heads mean; what was said of others stays.

    Args:
        columns: head → field of an indicator; "" where a column is not to be read.
        seen: the version on the screen; None: whatever it is now.

    Raises:
        RoleMissing: ``by`` does not draft the department's scheme.
        WordColumnUnknown: a field that there is not.
        WordColumnTwice: two heads of one table would be the same.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/plan_books.md, PB-5.
    """
    require(by, Verb.SCHEME_DRAFT, Target(department.jurisdiction.lineage, department.pk))
    said = {fold(clean(head)): field for head, field in columns.items() if fold(clean(head))}
    fields = [field for field in said.values() if field]
    for field in fields:
        if field not in FIELDS:
            raise WordColumnUnknown(field=field)
        if fields.count(field) > 1:
            raise WordColumnTwice(field=field)
    found = WordColumns.objects.filter(department=department).first()
    if found is None:
        row = WordColumns.objects.create(
            jurisdiction=department.jurisdiction, department=department, columns=said, set_by=by
        )
        record(created(row, "word-columns.set", extra={"columns": len(said)}), by=by)
        return row
    row = taken(WordColumns, found.pk, seen)
    whole = {**row.columns, **said}
    if whole == row.columns:
        return row
    before = State(row)
    row.columns, row.set_by = whole, by
    save(
        row,
        by=by,
        event=changed(row, before, "word-columns.set", extra={"columns": len(said)}),
    )
    return row
