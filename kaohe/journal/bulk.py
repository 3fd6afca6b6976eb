"""Many new rows at once, at the speed of the database's driver.

``bulk_create`` prepares each value by itself, which for a register of 10,000 units is most of the
work (bench/register_import.py).  Here the keys are taken first and the rows handed over as they
are; what a row holds must already be what its fields keep.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models.base import ModelState

FEW = 100  # rows for which nothing is gained
M = TypeVar("M", bound=models.Model)


@lru_cache(maxsize=64)
def _blank(model: type[models.Model]) -> tuple[dict[str, Any], Sequence[tuple[str, str]]]:
    """What a new row of a model holds by itself, and its relations with the columns of these."""
    fields = model._meta.concrete_fields
    held = {field.attname: field.get_default() for field in fields}
    return held, [(field.name, field.attname) for field in fields if field.is_relation]


def new_row(model: type[M], **values: Any) -> M:
    """A new row, as ``model(**values)`` makes it, at a tenth of the cost.

    For models whose defaults are the same for every row, and without signals.

    Args:
        values: of plain fields; of a relation the object behind it.
    """
    held, relations = _blank(model)
    row = model.__new__(model)
    state = ModelState()
    row.__dict__ = {"_state": state, **held}
    for name, column in relations:
        if name in values:
            other = values.pop(name)
            state.fields_cache[name] = other
            row.__dict__[column] = None if other is None else other.pk
    row.__dict__.update(values)
    return row


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
    for field in relations:
        for row in rows:
            if getattr(row, field.attname) is None:
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
    other = field.get_cached_value(row, default=None)
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
    odd = [(place, _preparation(field)) for place, field in enumerate(fields) if _is_odd(field)]
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


_REPEATED = (models.DateField, models.DecimalField)  # values that many rows have alike


def _is_odd(field: Any) -> bool:
    return not isinstance(field, _AS_IT_IS)


def _preparation(field: Any) -> Callable[[Any], Any]:
    """What makes a value of a field what the driver takes."""

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    return lru_cache(maxsize=1024)(prepare) if isinstance(field, _REPEATED) else prepare


def _prepared(
    values: tuple[Any, ...], odd: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Sequence[Any]:
    found = list(values)
    for place, prepare in odd:
        if found[place] is not None:
            found[place] = prepare(found[place])
    return found


@contextmanager
def few_collections() -> Iterator[None]:
    """What lives now is left out of Python's searches for garbage until the block ends.

    They go through everything that is alive; with a whole register in memory that is a fifth of
    the time.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def no_collections() -> Iterator[None]:
    """Python does not search for garbage until the block ends.

    For work that makes millions of rows and no circles of objects: it is a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
