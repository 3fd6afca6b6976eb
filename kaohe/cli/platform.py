"""What the commands of the platform share: Django set up, refusals said, one keeper at a time."""

import argparse
import contextlib
import fcntl
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from kaohe.cli.talk import say
from kaohe.core.errors import Conflict, Refusal

if TYPE_CHECKING:
    from kaohe.locale import Translate

Run = Callable[[argparse.Namespace], int]


class NotMade(Conflict):
    """There is no installation in the folder, or its database is empty."""

    code = "installation.not-made"
    sentence = "There is no installation in {home} yet. Make one with: kaohe init"


class NotUpgraded(Conflict):
    """The database is older than the program."""

    code = "installation.not-upgraded"
    sentence = (
        "The database is of an earlier version ({count} changes are missing). Run: kaohe upgrade"
    )


class RecordUnprotected(Conflict):
    """The triggers that keep the record from being changed are gone."""

    code = "installation.record-unprotected"
    sentence = (
        "The protection of the record is missing in the database ({triggers}). Find out who removed"
        " it, then put it back with: kaohe upgrade"
    )


class InUse(Conflict):
    """Server or worker run on the same folder."""

    code = "installation.in-use"
    sentence = "A server or worker of {home} is running. Stop it first, then try again."


def on_platform(run: Run) -> Run:
    """A command for which Django is set up, and whose refusals are said: exit status 1."""

    @wraps(run)
    def carried_out(options: argparse.Namespace) -> int:
        _ = options.translate
        try:
            set_up()
            return run(options)
        except ImproperlyConfigured as error:
            say(f"kaohe: {error}", sys.stderr)
        except Refusal as refusal:
            say("kaohe: " + refusal.say(_), sys.stderr)
        except OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            sentence = _("The database cannot be used: {reason}")
            say("kaohe: " + sentence.format(reason=reason), sys.stderr)
        return 1

    return carried_out


def set_up() -> None:
    os.umask(0o077)  # whatever is made here belongs to one owner
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.config.settings")
    django.setup()


def home() -> Path:
    from django.conf import settings

    found: Path = settings.HOME
    return found


def must_be_ready(*, protected: bool = True) -> None:
    """Refuse to run on a folder that is empty, of another version, or without its protection."""
    from django.db import connection

    from kaohe.journal import append_only
    from kaohe.organization.queries.installation import is_made, pending_migrations

    must_be_made(is_made)
    if pending := pending_migrations():
        raise NotUpgraded(count=len(pending))
    if protected and (missing := append_only.missing(connection)):
        raise RecordUnprotected(triggers=", ".join(sorted(missing)))


def must_be_made(is_made: Callable[[], bool]) -> None:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(str(name)).exists():
        raise NotMade(home=home())  # asking would make an empty database
    if not is_made():
        raise NotMade(home=home())


def run_folder() -> Path:
    folder = home() / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def in_use(*, alone: bool) -> Iterator[None]:
    """Hold the folder: together with others that run on it, or alone to change it as a whole.

    The system gives the lock back whatever ends the process.
    """
    with (run_folder() / "lock").open("a") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise InUse(home=home()) from held
        yield


def die_with_parent(signal_number: int) -> None:
    """Ask the system for a signal when the process that started this one is gone (Linux)."""
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if hasattr(library, "prctl"):
        library.prctl(1, signal_number, 0, 0, 0)  # PR_SET_PDEATHSIG


def limit_memory(most: int) -> None:
    """See that this process, and what it starts, gets no more than so many bytes of addresses.

    Where the system knows no such limit, or a lower one holds already, nothing changes.
    """
    import resource

    now, highest = resource.getrlimit(resource.RLIMIT_AS)
    if now != resource.RLIM_INFINITY and now <= most:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, highest))


def size(count: float, translate: "Translate") -> str:
    """A number of bytes as people read it."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1024 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return translate("none")
