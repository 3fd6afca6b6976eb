"""Types of arguments."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

from kaohe.locale import Translate


def whole(low: int, translate: Translate) -> Callable[[str], int]:
    """An argument type: a whole number not below ``low``; another text is refused in words."""

    def convert(text: str) -> int:
        if len(text) < 20 and text.strip().lstrip("+-").isdecimal() and int(text) >= low:
            return int(text)
        said = translate("“{text}” is no whole number of at least {low}")
        raise ArgumentTypeError(said.format(text=text[:20], low=low))

    return convert


def path(text: str) -> Path:
    """An argument type: the name of a file or folder, in characters."""
    text.encode()  # what is no UTF-8 is a ValueError
    return Path(text)
