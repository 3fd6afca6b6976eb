"""The pages as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds templates and static files; no tables."""

    name = "kaohe.web"
    label = "web"
    verbose_name = "页面"
