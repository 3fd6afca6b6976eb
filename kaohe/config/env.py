"""Reading settings from the environment: typed, and loud about what it does not understand."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "KAOHE_"
ASKED: dict[str, bool] = {}  # name of each setting that was asked for → whether it is set


def text(name: str, default: str = "") -> str:
    """``KAOHE_<name>``, or the content of the file that ``KAOHE_<name>_FILE`` names."""
    path = os.environ.get(f"{PREFIX}{name}_FILE")
    ASKED[PREFIX + name] = bool(path) or PREFIX + name in os.environ
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(PREFIX + name, default)


def flag(name: str, *, default: bool = False) -> bool:
    """A setting that is "on" or "off".

    Raises:
        ImproperlyConfigured: it says anything else.
    """
    value = text(name, "on" if default else "off")
    if value not in ("on", "off"):
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}; it must be 'on' or 'off'")
    return value == "on"


def choice(name: str, default: str, *others: str) -> str:
    """A setting that is one of a few words.

    Raises:
        ImproperlyConfigured: it says anything else.
    """
    value = text(name, default)
    if value not in (default, *others):
        known = " or ".join(repr(each) for each in (default, *others))
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}; it must be {known}")
    return value


def whole(name: str, default: int) -> int:
    """A setting that is a whole number of 0 or more.

    Raises:
        ImproperlyConfigured: it says anything else.
    """
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{PREFIX}{name} is {value!r}; it must be a whole number")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A setting of words parted by blanks."""
    return text(name, default).split()


def origin(address: str) -> list[str]:
    """The origin of an address as a list of one; nothing for no address.

    >>> origin("https://sso.example.gov.cn/realms/kaohe")
    ['https://sso.example.gov.cn']
    """
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def path(name: str, default: Path) -> Path:
    """A setting that names a file or a folder; ``~`` is the home of who runs it."""
    value = text(name)
    return Path(value).expanduser().resolve() if value else default


def database(name: str, home: Path) -> dict[str, object]:
    """The database: a file in ``home``, or the PostgreSQL that an address names.

    The address is ``postgresql://user:password@host:port/name``; a socket's folder may be given as
    ``?host=/run/postgresql``.

    Raises:
        ImproperlyConfigured: the address names another kind of database.
    """
    address = text(name)
    if not address:
        return sqlite(home / "kaohe.sqlite3")
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(f"{PREFIX}{name} must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "NAME": unquote(parts.path.lstrip("/")) or "kaohe",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def sqlite(file: Path) -> dict[str, object]:
    """The embedded database, safe for several processes.

    IMMEDIATE: a transaction that will write waits for its turn at its beginning, where waiting is
    possible, and never fails half-way.  ``recursive_triggers``: without it REPLACE would go round
    the triggers that protect the record.  ``secure_delete``: what is erased is overwritten.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                "PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
                "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;"
                "PRAGMA secure_delete=ON;"
            ),
        },
    }
