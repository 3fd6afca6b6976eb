"""What a process does before its first request, so that nobody waits for it."""

from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils import translation

OURS = Path(__file__).parents[1]


def make_ready() -> None:
    """Import every page, compile every template of ours, read the words of every language."""
    len(get_resolver().url_patterns)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Desk")
    for name in templates():
        get_template(name)


def templates() -> list[str]:
    """The names of our own templates."""
    places = [Path(each) for each in get_app_template_dirs("templates")]
    return [
        file.relative_to(place).as_posix()
        for place in places
        if place.is_relative_to(OURS)
        for file in place.rglob("*.html")
    ]
