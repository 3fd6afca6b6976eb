"""What a version holds, as its page shows it: each sort of part has a function of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kaohe.core.part_path import Sort
from kaohe.web.requests import SignedIn

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

Content = Callable[[SignedIn, "PartVersion"], Mapping[str, Any]]
_CONTENTS: dict[Sort, Content] = {}


def declare_content(sort: Sort, function: Content) -> None:
    """Say which function shows the content of a sort of part; done when its pages are imported.

    Args:
        function: gives the name of a template as ``template``, with what that needs beside it; it
            is included with all of this as ``c``.

    Raises:
        ValueError: another function shows it.
    """
    if _CONTENTS.setdefault(sort, function) is not function:
        raise ValueError(f"two functions show {sort}")


def content_of(request: SignedIn, version: PartVersion) -> Mapping[str, Any] | None:
    """The content; None where nothing but the plain table of cells shows it."""
    found = _CONTENTS.get(Sort(version.part.sort))
    return found(request, version) if found else None
