"""How far a job is, and that its worker lives: told while the work's own transaction is open.

SQLite has one writer at a time, and that is the work itself; so there the progress is a small file
in the installation's folder (one machine, by nature of that database).  PostgreSQL may be worked by
several machines; there it is written to the job's row, over a connection of its own.  Both are done
by a thread, at most twice a second, and never hold up the work.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from kaohe.jobs.models import Job

WRITE_EVERY = 0.5  # seconds; what changed meanwhile is told
BEAT_EVERY = 5.0  # seconds; told even if nothing has changed
STALE = timedelta(seconds=20)  # without a sign of life a worker counts as dead


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a job is."""

    done: int
    total: int
    message: str
    beat_at: datetime | None


def run_folder() -> Path:
    """Where the files of running processes lie."""
    folder: Path = settings.HOME / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _file(job: Job) -> Path:
    return run_folder() / f"job-{job.pk}-{job.tries}.json"


def in_file() -> bool:
    """Whether progress lies in files: the database has one writer."""
    return connection.vendor == "sqlite"


def standing(job: Job) -> Standing:
    """How far a job is, wherever that is kept."""
    told = Standing(job.done, job.total, job.message, job.beat_at)
    if job.state != "running" or not in_file():
        return told
    try:
        found = json.loads(_file(job).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(found["at"])
        return Standing(found["done"], found["total"], found["message"], at)
    except (OSError, ValueError, KeyError):
        return told


def is_stale(job: Job) -> bool:
    """Whether the worker of a running job has given no sign of life for too long."""
    beat = standing(job).beat_at
    return beat is None or timezone.now() - beat > STALE


def forget(job: Job) -> None:
    """Remove the files of a job that nobody runs any more."""
    if in_file():
        for file in run_folder().glob(f"job-{job.pk}-*.json"):
            file.unlink(missing_ok=True)


def write_whole(path: Path, content: dict[str, Any]) -> None:
    """A file that is there whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


class Beat:
    """The heart of a running job: a thread that tells how far it is."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._told = threading.Event()
        self._over = threading.Event()
        self.at: tuple[int, int, str] = (job.done, job.total, job.message)
        self._thread = threading.Thread(target=self._beat, name="beat", daemon=True)

    def __enter__(self) -> Beat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._told.set()
        self._thread.join()

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far the work is; costs next to nothing, however often it is called.

        Args:
            message: a message id without facts: what is being done.
        """
        self.at = (done, total, message)
        self._told.set()

    def _beat(self) -> None:
        try:
            while not self._over.is_set():
                self._write()
                self._over.wait(WRITE_EVERY)
                self._told.wait(BEAT_EVERY)
                self._told.clear()
        finally:
            connection.close()  # this thread's own

    def _write(self) -> None:
        done, total, message = self.at
        now = timezone.now()
        try:
            if in_file():
                content = {"done": done, "total": total, "message": message}
                write_whole(_file(self._job), content | {"at": now.isoformat()})
            else:
                mine = Job.objects.filter(pk=self._job.pk, tries=self._job.tries, state="running")
                mine.update(done=done, total=total, message=message, beat_at=now)
        except (OSError, Error):  # a full disk, a lost connection: the work itself will tell
            connection.close()
