"""Texts that people type or paste: made clean for keeping, and folded for comparing.

Rare characters (𠮷, 䶮), middle dots and apostrophes of names are kept as they are.
"""

import re
from unicodedata import is_normalized, normalize

# What cannot be seen: controls, marks of writing direction, zero-width characters, fillers, tags,
# halves of surrogate pairs and code points that are no characters.  Variation selectors stay:
# they choose the form of a rare character.
_UNSEEN_SET = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ufdd0-\ufdef\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e007f\U0010fffe\U0010ffff"
)
_UNSEEN = re.compile(f"[{_UNSEEN_SET}]")
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # unseen, yet printable to Python
_BLANKS = re.compile(r"\s+")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ALIKE = str.maketrans(
    dict.fromkeys("〔[【〖{「『", "(")
    | dict.fromkeys("〕]】〗}」』", ")")
    | dict.fromkeys("•‧∙⋅・", "·")
    | dict.fromkeys("’‘ʼ`´", "'")
    | dict.fromkeys("“”„", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
)


LONGEST_SHOWN = 80  # characters of a cell that a problem shows


def clean(text: str) -> str:
    r"""A text of one line as it is kept: no outer blanks, inner runs of blanks one, nothing unseen.

    Source: docs/rules/register.md, U-1.

    >>> clean("\u3000莱州市\u200b第一 \t 中学 ")
    '莱州市第一 中学'
    """
    if text.isprintable() and " " not in text:
        if text.isascii():
            return text
        if _FILLERS.isdisjoint(text):
            return text if is_normalized("NFC", text) else normalize("NFC", text)
    return _BLANKS.sub(" ", normalize("NFC", _UNSEEN.sub("", text))).strip()


def clean_long(text: str) -> str:
    r"""A text of several lines as it is kept: each line clean, no empty lines around the whole.

    Source: docs/rules/register.md, U-1.

    >>> clean_long("\r\n一、宗旨 \r\n\r\n　　二、业务范围\r\n")
    '一、宗旨\n\n二、业务范围'
    """
    lines = _LINE_ENDS.sub("\n", text).split("\n")
    return "\n".join(clean(line) for line in lines).strip("\n")


def fold(text: str) -> str:
    """A text as it is compared: width, case, blanks, kinds of brackets, dots and dashes alike.

    Source: docs/rules/register.md, U-1.

    >>> fold("莱州市实验小学（东校区）") == fold(" 莱州市 实验小学(东校区)")
    True
    >>> fold("ＡＢＣ•〔1〕")
    'abc·(1)'
    """
    while True:
        folded = normalize("NFKC", _UNSEEN.sub("", text).casefold())
        folded = _BLANKS.sub("", folded).translate(_ALIKE)
        if folded == text:
            return folded
        text = folded


def shortened(text: str) -> str:
    """The beginning of a long cell; invisible characters as a box."""
    most = LONGEST_SHOWN
    seen = "".join("□" if is_control(c) or c in "\r\n\t" else c for c in text[: most + 1])
    return seen if len(seen) <= most else seen[: most - 1] + "…"


def is_control(character: str) -> bool:
    """Whether a character of a cell can neither be seen nor printed, and is no blank."""
    code = ord(character)
    return (code < 32 and character not in "\t\n\r") or code in {0x7F, 0x10FFFF}
