"""Languages.  English message ids are the source; ``zh_Hans`` is complete.

One catalogue for each room (``core.po``, ``folder.po`` …), compiled at set-up; ``django.mo`` holds
them all once more, for pages.
"""

import gettext
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
DEFAULT = "zh"
ALL = "django.mo"
_HERE = Path(__file__).parent

Translate = Callable[[str], str]


def chosen_language() -> str:
    """The language that ``KAOHE_LANGUAGE`` names: "zh" (the default) or "en"."""
    wanted = os.environ.get("KAOHE_LANGUAGE", DEFAULT)
    return wanted if wanted in LANGUAGES else DEFAULT


def translator(language: str) -> Translate:
    """A function that says a message id in ``language``; unknown ids come back as they are."""
    if language == "en":
        return _as_it_is
    catalogues: gettext.NullTranslations = gettext.NullTranslations()
    for path in sorted((_HERE / "zh_Hans" / "LC_MESSAGES").glob("*.mo")):
        if path.name == ALL:
            continue
        with path.open("rb") as file:
            catalogues.add_fallback(gettext.GNUTranslations(file))
    return cache(catalogues.gettext)


def _as_it_is(text: str) -> str:
    return text
