"""Types of arguments."""

from collections.abc import Callable
from pathlib import Path


def whole(low: int) -> Callable[[str], int]:
    """An argument type: a whole number not below ``low``."""

    def convert(text: str) -> int:
        number = int(text)
        if number < low:
            raise ValueError
        return number

    convert.__name__ = "int"
    return convert


def path(text: str) -> Path:
    """An argument type: the name of a file or folder, in characters."""
    text.encode()  # what is no UTF-8 is a ValueError
    return Path(text)
