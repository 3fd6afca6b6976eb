"""The demonstration city as an installation of its own, made once, and who signs in there."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from bench.measure import KAOHE, cost_of


def settings_of(home: Path) -> dict[str, str]:
    """The environment in which the platform works on ``home``."""
    return {
        **os.environ,
        "KAOHE_HOME": str(home),
        "KAOHE_TLS": "off",
        "KAOHE_DEMO": "on",
        "DJANGO_SETTINGS_MODULE": "kaohe.config.settings",
    }


def made(data: Path) -> Path:
    """The folder of the installation."""
    home = data / "platform"
    if not (home / "made").exists():
        shutil.rmtree(home, ignore_errors=True)
        cost_of([*KAOHE, "demo", "--no-serve"], settings_of(home))
        (home / "made").touch()
    return home


def begin(home: Path) -> None:
    """Make this process work on ``home``."""
    os.environ.update(settings_of(home))
    import django

    django.setup()


def session_of(role: str) -> Mapping[str, str]:
    """The cookies of somebody of the demonstration city who has just signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from kaohe.demo.platform import CITY
    from kaohe.organization.models import RoleAssignment

    held = RoleAssignment.objects.filter(role=role, jurisdiction__code=CITY).order_by("pk")[0]
    store = SessionStore()
    store[SESSION_KEY] = str(held.user_id)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = held.user.get_session_auth_hash()
    store.create()
    return {settings.SESSION_COOKIE_NAME: str(store.session_key)}
