"""The record as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from kaohe.journal import append_only


class JournalConfig(AppConfig):
    """Knows none of the pillars: subjects and actors are text."""

    name = "kaohe.journal"
    label = "journal"
    verbose_name = "痕迹"

    def ready(self) -> None:
        """After a migration the triggers stand as before."""
        post_migrate.connect(append_only.restore, sender=self)
