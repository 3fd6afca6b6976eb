"""Long lists in parts: each part begins behind the last row of the one before.

A place is told by values of the row itself, not by a count, so that rows that come or go meanwhile
neither repeat nor hide others.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet

from kaohe.api.refusals import CursorUnsound


def part_of(
    rows: QuerySet[Any], *, by: Sequence[str], limit: int, cursor: str
) -> tuple[list[Any], str | None]:
    """One part of a list, and the cursor of the next; None: there is no more.

    Args:
        by: attributes that are never empty and together tell rows apart, "-" before those that
            fall; the last is the key.

    Raises:
        CursorUnsound: no answer of this list gave the cursor.
    """
    if cursor:
        rows = rows.filter(_behind(by, _place(cursor, rows.model, by)))
    found = list(rows.order_by(*by)[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], _cursor([_value(last, name) for name in by], rows.model, by)


def _behind(by: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind a place: the first attribute is further, or it is the same and the next is."""
    found = Q()
    for name, value in reversed(list(zip(by, values, strict=True))):
        further = Q(**{f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}": value})
        found = further | (Q(**{name.lstrip("-"): value}) & found) if found else further
    return found


def _value(row: Any, name: str) -> Any:
    for part in name.lstrip("-").split("__"):
        row = getattr(row, part)
    if isinstance(row, date | datetime):
        return row.isoformat()
    return str(row) if isinstance(row, UUID) else row


def _list_of(model: type[Model], by: Sequence[str]) -> str:
    """Which list a cursor belongs to."""
    return hashlib.sha256(f"{model._meta.label} {' '.join(by)}".encode()).hexdigest()[:8]


def _cursor(values: Sequence[Any], model: type[Model], by: Sequence[str]) -> str:
    content = json.dumps([_list_of(model, by), *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _place(cursor: str, model: type[Model], by: Sequence[str]) -> list[Any]:
    """The values that a cursor holds, each as its field keeps it."""
    try:
        packed = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(packed, altchars=b"-_", validate=True))
        if not isinstance(content, list) or content[:1] != [_list_of(model, by)]:
            raise CursorUnsound
        values = content[1:]
        if len(values) != len(by):
            raise CursorUnsound
        return [_kept(model, name, value) for name, value in zip(by, values, strict=True)]
    except (ValueError, binascii.Error, RecursionError, ValidationError, FieldDoesNotExist) as bad:
        raise CursorUnsound from bad


def _kept(model: type[Model], name: str, value: Any) -> Any:
    """A value as the field of that name keeps it.

    Raises:
        CursorUnsound: the field keeps nothing of this kind.
    """
    field: Any = None
    for part in name.lstrip("-").split("__"):
        field = (field.related_model if field is not None else model)._meta.get_field(part)
    if not isinstance(value, str | int) or isinstance(value, bool) or "\x00" in str(value):
        raise CursorUnsound
    kept = field.to_python(value)
    if isinstance(kept, str) != isinstance(value, str) and not isinstance(kept, date | UUID):
        raise CursorUnsound
    if isinstance(kept, int) and abs(kept) >= 2**63:
        raise CursorUnsound
    return kept
