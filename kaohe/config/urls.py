"""Every address: ours, and those of signing in."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("kaohe.web.urls")),
    path("language/", set_language, name="set_language"),
    path("account/", include("allauth.urls")),
]
handler404 = "kaohe.web.failures.not_found"
handler500 = "kaohe.web.failures.broken"
