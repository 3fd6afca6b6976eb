"""Many new rows in one request: all of them or none, and everything that is wrong told at once."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from kaohe.core.errors import Invalid, Refusal
from kaohe.core.problems import N_
from kaohe.organization.models import Jurisdiction

V = TypeVar("V")
MOST = 10_000  # rows of a request
BATCH = 500  # values that a lookup names at once


class Fault(NamedTuple):
    """What is wrong with a row; ``row`` counts from 0."""

    row: int
    field: str
    refusal: Refusal


class RowsRefused(Invalid):
    """Rows that cannot be taken; ``faults`` says of each what is wrong."""

    code = "bulk.rows-refused"
    sentence = N_(
        "{rows} of {count} rows cannot be taken, so nothing was saved. Correct them and send all of"
        " the rows again."
    )

    def __init__(self, faults: Iterable[Fault], count: int) -> None:
        self.faults = sorted(faults, key=lambda each: (each.row, each.field))
        super().__init__(rows=len({each.row for each in self.faults}), count=count)


class StandsTwice(Invalid):
    """Two rows of one request that may not be the same."""

    code = "bulk.stands-twice"
    sentence = N_(
        "“{found}” stands in row {first}, too (counted from 0). Leave one of the two rows out, or"
        " correct the one that is wrong."
    )


class DepartmentOutOfReach(Invalid):
    """A department of a row that is closed, elsewhere, or not in one's charge."""

    code = "bulk.department-out-of-reach"
    sentence = N_(
        "There is no open department {found} here for which you may do this. Take the key of one"
        " from the list of departments."
    )
    field = "department"


def alone_in(jurisdiction: Jurisdiction) -> Jurisdiction:
    """The jurisdiction, locked against other new rows, and not against all that names it.

    The lock is held for as long as the rows take to write.
    """
    return Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)


def parts(values: Iterable[V]) -> Iterable[list[V]]:
    """Values, as many at once as a lookup takes."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


def repeated(values: Sequence[tuple[int, str]], field: str) -> list[Fault]:
    """The rows whose value an earlier row has already.

    Args:
        values: row and value.
    """
    first: dict[str, int] = {}
    faults = []
    for row, value in values:
        number = first.setdefault(value, row)
        if number != row:
            faults.append(Fault(row, field, StandsTwice(found=value, first=number)))
    return faults
