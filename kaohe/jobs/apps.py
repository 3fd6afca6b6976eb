"""Long work as a Django app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Above the pillars: it calls their services."""

    name = "kaohe.jobs"
    label = "jobs"
    verbose_name = "任务"
