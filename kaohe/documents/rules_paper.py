"""A rule or the minutes of a sitting as an official paper: PDF by Typst, GB/T 9704-2012."""

import math
import re
from dataclasses import dataclass

from kaohe.documents.press import Press
from kaohe.documents.receipt_code import PaperProof
from kaohe.documents.rules_text import Piece, pieces

LINE = 19  # characters of a title of 22 pt that stand on one line
_PIECE = re.compile(r"[A-Za-z0-9]+ *|[^A-Za-z0-9]")  # what a line does not break


@dataclass(frozen=True, slots=True)
class RulesPaper:
    """What a paper holds.

    Attributes:
        title: without 《》.
        head: whose paper it is, in red; empty for a paper without a red head.
        number: document number (文号), under the head.
        remark: under the title: when issued and from when in force, or that it is a draft.
        issuer, issued_on: the signature; empty for none.
        proof: the receipt of the entry by which it was concluded, once that is sealed.
    """

    title: str
    pieces: tuple[Piece, ...]
    head: str = ""
    number: str = ""
    remark: str = ""
    issuer: str = ""
    issued_on: str = ""
    proof: PaperProof | None = None


def rules_paper(
    title: str,
    text: str,
    *,
    head: str = "",
    number: str = "",
    remark: str = "",
    issuer: str = "",
    issued_on: str = "",
) -> RulesPaper:
    """The paper of a text as people type it."""
    return RulesPaper(title, tuple(pieces(text)), head, number, remark, issuer, issued_on)


def print_rules(paper: RulesPaper, *, language: str = "zh", press: Press | None = None) -> bytes:
    """The paper as a PDF; the same paper gives the same bytes on the same typefaces.

    Args:
        press: a press to use again; by default a new one.

    Raises:
        FontMissing: there is no Chinese typeface on this machine.
        CharacterMissing: a text has a character that none of the typefaces has.

    Source: GB/T 9704-2012, 7.
    """
    data: dict[str, object] = {
        "lang": language,
        "numbering": ["一、", "（一）", "1．"],
        "title": title_lines(paper.title),
        "head": paper.head,
        "number": paper.number,
        "remark": paper.remark,
        "issuer": paper.issuer,
        "issued_on": paper.issued_on,
        "blocks": [each._asdict() for each in paper.pieces],
        "proof": _proof(paper.proof),
    }
    (made,) = (press or Press()).pages("rules", data, "pdf")
    return made


def _proof(proof: PaperProof | None) -> dict[str, object] | None:
    if proof is None:
        return None
    return {"svg": proof.code.svg, "side": proof.code.side, "lines": list(proof.lines)}


def title_lines(title: str, most: int = LINE) -> list[str]:
    """A title on as few lines as it needs, of about one length, the longer ones first.

    Source: GB/T 9704-2012, 7.3.1.

    >>> title_lines("示例市事业单位考核委员会工作规则")
    ['示例市事业单位考核委员会工作规则']
    >>> title_lines("示例市事业单位绩效考核结果运用及反馈实施办法")
    ['示例市事业单位绩效考核', '结果运用及反馈实施办法']
    >>> title_lines("示例市婴幼儿照护服务指导中心 assessment sheet 2026")
    ['示例市婴幼儿照护服务指导中心', 'assessment sheet 2026']
    """
    count = math.ceil(_width(title) / most)
    if count <= 1:
        return [title]
    size = math.ceil(_width(title) / count)
    lines = [""]
    for piece in _PIECE.findall(title):
        if lines[-1] and _width(lines[-1] + piece.rstrip()) > size:
            lines.append("")
        lines[-1] += piece
    if len(lines) > count and _width("".join(lines[-2:])) <= most:
        lines[-2:] = ["".join(lines[-2:])]
    return [line.strip() for line in lines]


def _width(text: str) -> float:
    """How wide a text is, in Chinese characters: Latin letters and spaces are half as wide."""
    return sum(0.5 if each.isascii() and not each.isdigit() else 1 for each in text)
