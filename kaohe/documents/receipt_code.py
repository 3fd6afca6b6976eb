"""The short receipt of an entry as a QR code: on a paper it proves the entry without any file."""

import io
from dataclasses import dataclass
from functools import lru_cache

import segno

from kaohe.core.notes import Note
from kaohe.core.receipts import Receipt

MODULE = 0.5  # millimetres: what a telephone still reads from a copied page
QUIET = 4  # modules of white around the code
DOTS = 8  # of a module in a PNG
_FORM = {"border": QUIET, "dark": "#000", "light": "#fff"}
_MOST = 256  # codes that a process remembers: finding the best mask is most of a page's cost


@dataclass(frozen=True, slots=True)
class ReceiptCode:
    """The code in the forms that papers take.

    Attributes:
        content: the receipt in it.
        svg: without any style, for pages and PDF.
        side: millimetres, with the white around it.
    """

    content: str
    svg: str
    side: float

    @property
    def png(self) -> bytes:
        """For Word files; drawn when asked for."""
        out = io.BytesIO()
        _made(self.content).save(out, kind="png", scale=DOTS, **_FORM)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class PaperProof:
    """What lets a stranger verify what a paper says: the code, and lines that explain it."""

    code: ReceiptCode
    lines: tuple[str, ...]


def grouped(digest: str, size: int = 8) -> str:
    """A digest as people compare it, in groups.

    >>> grouped("0123456789abcdef")
    '01234567 89abcdef'
    """
    return " ".join(digest[place : place + size] for place in range(0, len(digest), size))


def receipt_code(receipt: Receipt, *, module: float = MODULE) -> ReceiptCode:
    """The code of a receipt; of cosignatures as many as find room, the log's own in any case.

    Args:
        receipt: the short one, with the hash of the entry.
        module: millimetres of one of its squares.

    Raises:
        segno.DataOverflowError: it does not fit even without any cosignature.

    Source: docs/journal-format.md.
    """
    note = receipt.note
    while True:
        content = Receipt(receipt.index, receipt.proof, note, receipt.extra).content
        try:
            _made(content)
            break
        except segno.DataOverflowError:
            origin = note.text.partition("\n")[0]
            kept = _without_last(note, origin)
            if kept is None:
                raise
            note = kept
    return _drawn(content, module)


@lru_cache(maxsize=_MOST)
def _drawn(content: str, module: float) -> ReceiptCode:
    made, svg = _made(content), io.BytesIO()
    made.save(
        svg,
        kind="svg",
        scale=module,
        unit="mm",
        xmldecl=False,
        nl=False,
        svgclass="img-fluid",
        **_FORM,
    )
    side = made.symbol_size(border=QUIET)[0] * module
    return ReceiptCode(content, svg.getvalue().decode(), side)


@lru_cache(maxsize=_MOST)
def _made(content: str) -> segno.QRCode:
    return segno.make(content, error="l", micro=False, encoding="utf-8")


def _without_last(note: Note, origin: str) -> Note | None:
    """The note without the last signature that is not the log's; None where it has none."""
    others = [place for place, each in enumerate(note.signatures) if each.name != origin]
    if not others:
        return None
    last = others[-1]
    return Note(note.text, note.signatures[:last] + note.signatures[last + 1 :])
