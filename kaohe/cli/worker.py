"""``kaohe worker``: carries out the jobs, and takes over those whose worker has died.

The processes that do the work are django-q's.  Each of them ends when the one that started it is
gone, so that nothing works on unseen after a ``kill -9``.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NoReturn

from kaohe.cli.children import Child
from kaohe.cli.platform import (
    die_with_parent,
    in_use,
    limit_memory,
    must_be_ready,
    on_platform,
    run_folder,
)
from kaohe.cli.talk import say

SWEEP, SIGN, TIDY = 5.0, 5.0, 24 * 3600.0  # seconds
STUCK = 15.0  # seconds that work may wait although nothing is being done


@on_platform
def run(options: argparse.Namespace) -> int:
    if options.child:
        die_with_parent(signal.SIGTERM)
    must_be_ready()
    with in_use(alone=False):
        return work(options)


def work(options: argparse.Namespace) -> int:
    from django.conf import settings
    from django.db import connections
    from django_q.cluster import Cluster

    os.register_at_fork(after_in_child=_bound)
    connections.close_all()  # the processes below open their own
    cluster = Cluster()
    cluster.start()
    sealer = Child("journal", "sealer") if settings.SEAL else None
    say(options.translate("The worker is ready."))
    mark = run_folder() / "worker.json"
    due = {"sweep": 0.0, "sign": 0.0, "tidy": monotonic() + 60, "stuck": monotonic() + STUCK}
    while cluster.is_running:
        if not cluster.sentinel.is_alive() or monotonic() >= due["stuck"]:
            _begin_anew(cluster, sealer)
        _upkeep(mark, due)
        if sealer is not None:
            sealer.watch()
        sleep(0.2)
    if sealer is not None:
        sealer.tell(signal.SIGTERM)
    mark.unlink(missing_ok=True)
    return 0


def _bound() -> None:
    """A process that may carry out jobs: it ends with its parent, and takes so much memory only."""
    from django.conf import settings

    die_with_parent(signal.SIGKILL)
    if settings.JOB_MEMORY:
        limit_memory(settings.JOB_MEMORY)


def _begin_anew(cluster: Any, sealer: Child | None) -> NoReturn:
    """Become a fresh worker.

    A process that was killed while it waited for work takes the lock of django-q's queue with it;
    nothing gets through that queue any more.
    """
    cluster.sentinel.kill()  # those that it started end with it
    cluster.sentinel.join()
    if sealer is not None:
        sealer.end()  # its parent lives on under the same number, so that it would not end
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606


def _upkeep(mark: Path, due: dict[str, float]) -> None:
    """What must be done now and then; a database that cannot be reached is asked next time."""
    from django.db import Error

    from kaohe.jobs.services import is_idle_with_work, resume

    now = monotonic()
    with contextlib.suppress(Error, OSError):
        if now >= due["sign"]:
            due["sign"] = now + SIGN
            mark.write_text(json.dumps(_sign()), encoding="utf-8")
        if now >= due["sweep"]:
            due["sweep"] = now + SWEEP
            resume()
            if not is_idle_with_work():
                due["stuck"] = now + STUCK
        if now >= due["tidy"]:
            due["tidy"] = now + TIDY
            tidy()


def _sign() -> dict[str, Any]:
    from django.utils import timezone

    return {"pid": os.getpid(), "at": timezone.now().isoformat()}


def tidy() -> None:
    """Forget, once a day, what nobody asks for any more."""
    from django.core.management import call_command

    from kaohe.jobs.services import forget_old as forget_jobs
    from kaohe.organization.services.erasures import clear_after_erasures
    from kaohe.organization.services.once import forget_old as forget_keys

    forget_keys()
    forget_jobs()
    call_command("clearsessions", verbosity=0)
    clear_after_erasures()
