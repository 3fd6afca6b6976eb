"""Papers that are forms: an assessment sheet (考核单), a table of approved targets (目标审定表).

Facts above, tables below, boxes for opinions and seals at the end; PDF by Typst on the paper and in
the typefaces of GB/T 9704-2012.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kaohe.documents.blocks import DASH
from kaohe.documents.press import Press
from kaohe.documents.receipt_code import PaperProof
from kaohe.documents.rules_paper import title_lines

WIDTH = 156.0  # millimetres of the type area


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of a table; ``width`` in millimetres, 0: a share of what is left."""

    head: str
    width: float = 0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table with its heading and a remark under it.

    ``joined``: the column in which equal neighbours are written once; −1: none.
    """

    heading: str
    columns: tuple[FormColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    remark: str = ""
    joined: int = -1


@dataclass(frozen=True, slots=True)
class FormPaper:
    """What the paper holds.

    Attributes:
        facts: labels and values above the tables, two pairs on a line.
        boxes: what is written, signed and sealed below: each a label.
        remark: below everything, in small type: the digest.
        draft: printed across the head where it is not in force.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[FormTable, ...]
    boxes: tuple[str, ...]
    dated: str = ""  # the line for the day under each box
    remark: str = ""
    draft: str = ""
    proof: PaperProof | None = None
    lead: tuple[str, ...] = field(default=())


def print_form(paper: FormPaper, *, language: str = "zh", press: Press | None = None) -> bytes:
    """The paper as a PDF; the same paper gives the same bytes on the same typefaces.

    Args:
        press: a press to use again; by default a new one.

    Raises:
        FontMissing: there is no Chinese typeface on this machine.
        CharacterMissing: a text has a character that none of the typefaces has.

    Source: GB/T 9704-2012, 5 and 7.
    """
    data: dict[str, object] = {
        "lang": language,
        "numbering": ["一、", "（一）", "1．"],
        "title": title_lines(paper.title),
        "facts": [list(pair) for pair in paper.facts],
        "lead": list(paper.lead),
        "tables": [_table(each) for each in paper.tables],
        "boxes": list(paper.boxes),
        "dated": paper.dated,
        "remark": paper.remark,
        "draft": paper.draft,
        "proof": _proof(paper.proof),
    }
    (made,) = (press or Press()).pages("form", data, "pdf")
    return made


def _table(each: FormTable) -> dict[str, object]:
    return {
        "heading": each.heading,
        "remark": each.remark,
        "heads": [column.head for column in each.columns],
        "widths": [column.width for column in each.columns],
        "aligns": [column.align for column in each.columns],
        "rows": [
            [{"text": text or DASH, "span": span} for text, span in zip(row, spans, strict=True)]
            for row, spans in zip(each.rows, spans_of(each), strict=True)
        ],
    }


def spans_of(table: FormTable) -> Sequence[Sequence[int]]:
    """How many rows each cell reaches down: 1; 0 where the one above reaches over it.

    >>> spans_of(FormTable("", (FormColumn("a"),), (("x",), ("x",), ("y",)), joined=0))
    [[2], [0], [1]]
    """
    spans = [[1] * len(table.columns) for _ in table.rows]
    place = table.joined
    if place < 0:
        return spans
    first = 0
    for line in range(1, len(table.rows)):
        if table.rows[line][place] and table.rows[line][place] == table.rows[first][place]:
            spans[line][place] = 0
            spans[first][place] += 1
        else:
            first = line
    return spans


def _proof(proof: PaperProof | None) -> dict[str, object] | None:
    if proof is None:
        return None
    return {"svg": proof.code.svg, "side": proof.code.side, "lines": list(proof.lines)}
