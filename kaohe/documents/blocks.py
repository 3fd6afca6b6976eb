"""The parts of an official paper as data for the template: headings, paragraphs, notes, tables."""

from collections.abc import Sequence
from typing import NamedTuple

from kaohe.core.quantities import show_hundredths, show_plain, show_ticks
from kaohe.locale import Translate
from kaohe.locale.words import N_

Block = dict[str, object]
DASH = "—"  # an empty cell of a printed table
MINUS = "−"
ROWS_OF_A_PAGE = 30


class Column(NamedTuple):
    """One column of a printed table.

    ``width`` is in millimetres; 0 is as wide as what stands in it, below 0 a share of the rest.
    """

    title: str  # msgid
    width: float = 0
    align: str = "left"


def heading(level: int, text: str) -> Block:
    """A heading: 1 for 一、, 2 for （一）, 3 for 1."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str) -> Block:
    """A paragraph of the body."""
    return {"kind": "paragraph", "text": text}


def note(text: str) -> Block:
    """A remark in smaller type."""
    return {"kind": "note", "text": text}


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | None]],
    translate: Translate,
    *,
    grade: int = -1,
    strong: Sequence[int] = (),
    cut: int | None = None,
    size: float = 10.5,
) -> Block:
    """A table with its head repeated on every page.

    Args:
        grade: the column that holds A, B or C; -1: none.
        strong: columns in bold.
        cut: so many rows stand above the heavy line (名额线).
        size: of the type, in points.
    """
    return {
        "kind": "table",
        "heads": [translate(column.title) for column in columns],
        "widths": [column.width for column in columns],
        "aligns": [column.align for column in columns],
        "rows": [[DASH if cell is None or cell == "" else cell for cell in row] for row in rows],
        "grade": grade,
        "strong": list(strong),
        "cut": cut,
        "size": size,
    }


def together(blocks: Sequence[Block], *, rows: int) -> Sequence[Block]:
    """Blocks that stand on one page, where so many rows of a table fit on one."""
    return [{"kind": "together", "blocks": list(blocks)}] if rows <= ROWS_OF_A_PAGE else blocks


def listed(names: Sequence[str], translate: Translate) -> str:
    """Names one after another; “none” where there is none."""
    return translate(N_(" / ")).join(names) or translate(N_("none"))


def points(ticks: int | None) -> str | None:
    """A score with four digits, as in the tables."""
    return None if ticks is None else show_ticks(ticks)


def composite(hundredths: int | None) -> str | None:
    """A composite with two digits."""
    return None if hundredths is None else show_hundredths(hundredths)


def signed(ticks: int) -> str:
    """A gain or a loss as people write it; 0 has no sign.

    >>> signed(20_000), signed(-5_000), signed(0)
    ('+2', '−0.5', '0')
    """
    if ticks == 0:
        return "0"
    return ("+" if ticks > 0 else MINUS) + show_plain(abs(ticks))
