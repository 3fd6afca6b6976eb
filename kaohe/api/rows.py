"""Many rows in one body: what is wrong with any of them is told with all the rest, at once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.utils.translation import gettext as _
from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from kaohe.api.field_errors import field_errors
from kaohe.api.problems import FieldError
from kaohe.api.shapes import Shape
from kaohe.core.errors import Invalid
from kaohe.core.problems import N_
from kaohe.organization.services.bulk import MOST, Fault, RowsRefused

LARGEST = 20 * 1024 * 1024  # bytes of a body with rows
LISTED = 10_000  # errors of an answer
HOW = N_("Correct the row and send all of the rows again.")
T = TypeVar("T")


class Unread(NamedTuple):
    """A row that cannot be read, with what is wrong with it."""

    errors: Sequence[Any]


def _kept(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError as wrong:
        return Unread(wrong.errors(include_url=False, include_input=False))


EACH = WrapValidator(_kept)  # for Annotated[…, EACH] in a list of rows
SOME = Field(min_length=1, max_length=MOST, description=f"1 to {MOST:,} rows.")


class Entered(Shape):
    """What came of many rows."""

    count: int
    ids: list[int] = Field(description="The keys of the new objects, in the order of the rows.")


class RowsUnsound(Invalid):
    """Rows that cannot be taken; ``errors`` of the problem lists each value."""

    code = "api.rows-unsound"
    sentence = N_(
        "{count} values in {rows} rows cannot be taken, so nothing was saved. Each is named under"
        " “errors”; where there are very many, the first {listed} of them."
    )

    def __init__(self, errors: Sequence[FieldError], rows: int) -> None:
        self.errors = errors[:LISTED]
        super().__init__(count=len(errors), rows=rows, listed=LISTED)


def entered(
    rows: Sequence[Any], given: Callable[[Any], T], write: Callable[[Sequence[T | None]], Any]
) -> dict[str, Any]:
    """Write rows, all of them or none.

    Args:
        given: what the service is to be given of a row.
        write: calls it; None stands for a row that could not be read.

    Raises:
        RowsUnsound: some cannot be taken; every one is told with all that is wrong.
    """
    unread = [(place, row) for place, row in enumerate(rows) if isinstance(row, Unread)]
    faults: Sequence[Fault] = ()
    try:
        made = write([None if isinstance(row, Unread) else given(row) for row in rows])
    except RowsRefused as refused:
        faults = refused.faults
    else:
        return {"count": len(made), "ids": [row.pk for row in made]}
    told = [*_unreadable(unread), *((each.row, _fault(each)) for each in faults)]
    told.sort(key=lambda each: each[0])
    raise RowsUnsound([error for _row, error in told], len({row for row, _error in told}))


def _unreadable(unread: Iterable[tuple[int, Unread]]) -> Iterable[tuple[int, FieldError]]:
    for place, row in unread:
        for each in row.errors:
            in_body = {**each, "loc": ("body", "body", "rows", place, *each["loc"])}
            yield from ((place, error) for error in field_errors([in_body]))


def _fault(fault: Fault) -> FieldError:
    where = f"/rows/{fault.row}/{fault.field}" if fault.field else f"/rows/{fault.row}"
    return FieldError(where, fault.refusal.say(_), _(HOW), fault.refusal.code)
