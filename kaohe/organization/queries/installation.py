"""Reading the installation itself: what it is made of, and whether it is sound."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import QuerySet
from django.utils import timezone

from kaohe.core.access import Verb
from kaohe.core.leaf import Fact
from kaohe.journal import append_only
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import Told, tell
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.queries.access import one, visible

MADE = "installation:"
UPKEEP = ("installation.made", "installation.backed-up", "installation.upgraded")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the system administrator sees of the installation."""

    vendor: str
    database_version: str
    database_bytes: int
    files_bytes: int
    free_bytes: int
    entries: int
    missing_triggers: frozenset[str]
    pending: tuple[str, ...]
    made_at: datetime | None
    backed_up_at: datetime | None
    backup: dict[str, Fact]
    upgraded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive in the installation's own folder of backups."""

    name: str
    at: datetime
    bytes: int


def backups() -> list[Backup]:
    """The archives that lie in the installation's folder, the latest first."""
    found = []
    for file in (settings.HOME / "backups").glob("*.tar.gz"):
        told = file.stat()
        at = datetime.fromtimestamp(told.st_mtime, timezone.get_current_timezone())
        found.append(Backup(file.name, at, told.st_size))
    return sorted(found, key=lambda each: each.at, reverse=True)


def is_made() -> bool:
    """Whether this installation has begun: its record has its first entry."""
    with connection.cursor() as cursor:
        if JournalEntry._meta.db_table not in connection.introspection.table_names(cursor):
            return False
    return JournalEntry.objects.filter(action=UPKEEP[0]).exists()


def made_entry() -> JournalEntry:
    """The first entry of the record."""
    return JournalEntry.objects.filter(action=UPKEEP[0]).earliest("id")


def pending_migrations() -> list[str]:
    """The changes of the tables that this version brings and the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def applied_migrations() -> dict[str, list[str]]:
    """For each app with tables, the changes that the database has seen."""
    seen: dict[str, list[str]] = {}
    for app, name in sorted(MigrationExecutor(connection).loader.applied_migrations):
        seen.setdefault(app, []).append(name)
    return seen


def unknown_migrations(applied: dict[str, list[str]]) -> list[str]:
    """What a database has seen that this version does not know: a newer one wrote it."""
    known = set(MigrationLoader(None).disk_migrations)
    ours = {config.label for config in apps.get_app_configs()}
    return [
        f"{app}.{name}"
        for app, names in applied.items()
        for name in names
        if (app, name) not in known or app not in ours
    ]


def facts() -> Facts:
    """All of it; some twelve small questions to the database and the disk."""
    upkeep = {action: _latest(action) for action in UPKEEP}
    made, backed_up, upgraded = (upkeep[action] for action in UPKEEP)
    return Facts(
        vendor=connection.vendor,
        database_version=".".join(str(part) for part in connection.get_database_version()),
        database_bytes=_database_bytes(),
        files_bytes=_folder_bytes(settings.FILES),
        free_bytes=shutil.disk_usage(settings.HOME).free,
        entries=_count_entries(),
        missing_triggers=frozenset(append_only.missing(connection)),
        pending=tuple(pending_migrations()),
        made_at=made.at if made else None,
        backed_up_at=backed_up.at if backed_up else None,
        backup={**backed_up.facts, **backed_up.sealed} if backed_up else {},
        upgraded_at=upgraded.at if upgraded else None,
    )


def _latest(action: str) -> Told | None:
    rows = JournalEntry.objects.filter(action=action).select_related("sealed").order_by("-id")
    return next(iter(tell(rows[:1])), None)


def _count_entries() -> int:
    """How many entries the record has; none is ever removed, so the last number tells."""
    last = JournalEntry.objects.order_by("-id").values_list("pk", flat=True).first()
    return last or 0


def _database_bytes() -> int:
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        beside = [file.with_name(file.name + end) for end in ("", "-wal")]
        return sum(each.stat().st_size for each in beside if each.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def all_jurisdictions(user: User) -> QuerySet[Jurisdiction]:
    """Every jurisdiction, for who keeps the installation."""
    rows = Jurisdiction.objects.select_related("parent").order_by("path")
    return visible(user, Verb.SYSTEM_READ, rows, jurisdiction="pk")


def get_jurisdiction(user: User, key: int) -> Jurisdiction:
    """A jurisdiction, for who keeps the installation.

    Raises:
        NothingHere: there is none.
    """
    return one(all_jurisdictions(user), key)
