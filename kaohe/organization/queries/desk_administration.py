"""What waits for the three administrators."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.problems import N_
from kaohe.journal.append_only import missing
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import Jurisdiction, RoleAssignment, User
from kaohe.organization.queries.access import allows
from kaohe.organization.queries.desk_lines import Task
from kaohe.organization.queries.erasures import requests_waiting
from kaohe.organization.queries.users import unguarded_administrators
from kaohe.organization.queries.witnesses import (
    alarming_witnesses,
    is_sealing_refused,
    is_sealing_stuck,
    late_witnesses,
)

BACKUP = timedelta(days=7)
UNUSED = timedelta(days=14)
ROOM = 1024**3  # bytes; with less the disk will soon be full


def administration(user: User) -> list[Task]:
    """The tasks of whoever keeps the installation, its accounts, or its record; 15 queries."""
    return [
        *(_system() if allows(user, Verb.SYSTEM_MANAGE) else ()),
        *(_security() if allows(user, Verb.USER_MANAGE) else ()),
        *(_record() if allows(user, Verb.AUDIT_READ) else ()),
        *(_erasures(user) if allows(user, Verb.ERASURE_CARRY_OUT) else ()),
    ]


def _system() -> list[Task]:
    found = []
    if not Jurisdiction.objects.exists():
        found.append(
            Task(
                kind=N_("Jurisdiction"),
                title=N_("no jurisdiction is entered yet: begin with the city"),
                deed=N_("Enter"),
                url="web:new-jurisdiction",
            )
        )
    last = JournalEntry.objects.filter(action="installation.backed-up").order_by("-id").first()
    if last is None or timezone.now() - last.at > BACKUP:
        found.append(
            Task(
                kind=N_("Backup"),
                title=N_("no backup in the last 7 days: run “kaohe backup”"),
                deed=N_("See the installation"),
                url="web:system",
            )
        )
    if shutil.disk_usage(settings.HOME).free < ROOM:
        found.append(
            Task(
                kind=N_("Disk"),
                title=N_("less than 1 GB is free on the disk of the installation"),
                deed=N_("See the installation"),
                url="web:system",
                due_on=timezone.localdate(),
            )
        )
    return [*found, *_log()]


def _alarms(url: str) -> list[Task]:
    """That the record is not what was sealed, or not what others have seen of it."""
    today = timezone.localdate()
    found = []
    if is_sealing_refused():
        found.append(
            Task(
                kind=N_("Log"),
                title=N_("sealing of the record is refused: read why, and keep a copy as it is"),
                deed=N_("See the log"),
                url=url,
                due_on=today,
            )
        )
    if count := alarming_witnesses():
        found.append(
            Task(
                kind=N_("Log"),
                title=N_("witnesses that have seen another history of the log: {n}"),
                facts={"n": count},
                deed=N_("See the log"),
                url=url,
                due_on=today,
            )
        )
    return found


def _log() -> list[Task]:
    """What keeps the record from being sealed or watched."""
    found = _alarms("web:witnesses")
    if is_sealing_stuck():
        found.append(
            Task(
                kind=N_("Log"),
                title=N_("entries of the record wait too long to be sealed"),
                deed=N_("See the log"),
                url="web:witnesses",
                due_on=timezone.localdate(),
            )
        )
    if late := late_witnesses():
        found.append(
            Task(
                kind=N_("Log"),
                title=N_("witnesses behind the log for more than 7 days: {n}"),
                facts={"n": late},
                deed=N_("See the log"),
                url="web:witnesses",
            )
        )
    return found


def _security() -> list[Task]:
    today = timezone.localdate()
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), from_on__lte=today).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=today)
    )
    found = (
        User.objects.filter(is_active=True)
        .annotate(holds=Exists(held))
        .aggregate(
            idle=Count("id", filter=Q(holds=False)),
            unused=Count(
                "id",
                filter=Q(last_login__isnull=True, created_at__lt=timezone.now() - UNUSED),
            ),
        )
    )
    found["bare"] = unguarded_administrators().count()
    lines = (
        ("bare", N_("administrators without a second factor: {n}"), "?state=bare"),
        ("idle", N_("accounts without any role today: {n}"), ""),
        ("unused", N_("accounts that were never used for 14 days: {n}"), ""),
    )
    return [
        Task(
            kind=N_("Accounts"),
            title=words,
            facts={"n": found[name]},
            deed=N_("See the list"),
            url="web:users",
            query=query,
        )
        for name, words, query in lines
        if found[name]
    ]


def _erasures(user: User) -> list[Task]:
    count = requests_waiting(user)
    if not count:
        return []
    return [
        Task(
            kind=N_("Erasures"),
            title=N_("requests for erasure wait to be carried out or refused: {n}"),
            facts={"n": count},
            deed=N_("See the list"),
            url="web:erasures",
            query="?state=asked",
        )
    ]


def _record() -> list[Task]:
    since = timezone.now() - timedelta(days=1)
    lines = _alarms("web:trace-witnesses")
    if missing(connection):
        lines.append(
            Task(
                kind=N_("Record"),
                title=N_("triggers that protect the record are missing: run “kaohe upgrade”"),
                deed=N_("See the record"),
                url="web:trace",
                due_on=timezone.localdate(),
            )
        )
    count = JournalEntry.objects.filter(at__gte=since).count()
    lines.append(
        Task(
            kind=N_("Record"),
            title=N_("entries of the last 24 hours: {n}"),
            facts={"n": count},
            deed=N_("See the record"),
            url="web:trace",
        )
    )
    return lines
