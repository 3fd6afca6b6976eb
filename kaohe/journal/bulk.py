"""Many new rows at once, at the speed of the database's driver.

``bulk_create`` prepares each value by itself, which for a register of 10,000 units is most of the
work (bench/register_import.py).  Here the keys are taken first and the rows handed over as they
are; what a row holds must already be what its fields keep.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction

FEW = 100  # rows for which nothing is gained


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give each its key, within the caller's transaction.

    Raises:
        TransactionManagementError: there is no transaction to be part of.
        IntegrityError: a constraint of the table is broken.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("rows need the transaction of their deed")
    if not rows:
        return
    model = type(rows[0])
    if len(rows) < FEW:
        model._default_manager.bulk_create(rows)
        return
    fields = model._meta.concrete_fields
    relations = [field for field in fields if field.is_relation]
    for row in rows:
        for field in relations:
            _settle(row, field)
    if isinstance(model._meta.pk, models.AutoField):
        for row, key in zip(rows, _keys(model, len(rows)), strict=True):
            row.pk = key
    _write(model, fields, rows)
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias


def _settle(row: models.Model, field: Any) -> None:
    """A row that was made before the one it points to was saved has no key of it yet."""
    if getattr(row, field.attname) is None and field.is_cached(row):
        other = field.get_cached_value(row)
        if other is not None:
            setattr(row, field.attname, other.pk)


def _keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Keys that nobody else has or will have."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # the transaction is the only one that writes
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _write(model: type[models.Model], fields: Sequence[Any], rows: Sequence[models.Model]) -> None:
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    columns = ", ".join(quoted(field.column) for field in fields)
    names = [field.attname for field in fields]
    every = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)
    odd = [(place, field) for place, field in enumerate(fields) if _needs_preparing(field)]
    values = [_prepared(every(row), odd) for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608  # names of our own tables
            return
        with (
            connection.wrap_database_errors,
            cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
        ):
            for value in values:
                copy.write_row(value)


_AS_IT_IS = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,
)


def _needs_preparing(field: Any) -> bool:
    return not isinstance(field, _AS_IT_IS)


def _prepared(values: tuple[Any, ...], odd: Sequence[tuple[int, Any]]) -> Sequence[Any]:
    found = list(values)
    for place, field in odd:
        if found[place] is not None:
            found[place] = field.get_db_prep_save(found[place], connection)
    return found


@contextmanager
def few_collections() -> Iterator[None]:
    """What lives now is left out of Python's searches for garbage until the block ends.

    They go through everything that is alive; with a whole register in memory that is a fifth of
    the time.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
