"""The second pillar as a Django app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Stands on the first pillar, the record and the engine."""

    name = "kaohe.indicators"
    label = "indicators"
    verbose_name = "指标体系"
