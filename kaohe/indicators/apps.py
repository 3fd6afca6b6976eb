"""The second pillar as a Django app."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Stands on the first pillar, the record and the engine."""

    name = "kaohe.indicators"
    label = "indicators"
    verbose_name = "指标体系"

    def ready(self) -> None:
        """Say what our things are called in the record, and which of them are frozen."""
        from kaohe.indicators import frozen
        from kaohe.indicators.names import BEHIND
        from kaohe.journal.frozen_rows import keep_frozen
        from kaohe.organization.queries.names import declare_names

        declare_names(BEHIND)
        keep_frozen(frozen.ALL)
