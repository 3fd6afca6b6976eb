"""The first pillar as a Django app."""

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    """Stands on the record alone."""

    name = "kaohe.organization"
    label = "organization"
    verbose_name = "组织领导"
