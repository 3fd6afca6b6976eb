"""Where files that people brought lie."""

from pathlib import Path

from django.conf import settings


def path_of(digest: str) -> Path:
    """Where the bytes of a digest lie."""
    return Path(settings.FILES) / digest[:2] / digest
