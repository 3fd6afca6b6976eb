"""Every address of the pages, with the verb that it asks for: one list."""

from kaohe.core.access import Verb
from kaohe.web import desk, health
from kaohe.web.organization import departments, overview
from kaohe.web.routes import PUBLIC, page

app_name = "web"

_FRAME = [
    page("", desk.desk, "desk", Verb.DESK_READ),
    page("stay", health.stay, "stay", Verb.DESK_READ),
    page("organization/", overview.overview, "overview", Verb.OVERVIEW_READ),
    page(
        "organization/choose",
        overview.choose_jurisdiction,
        "choose-jurisdiction",
        Verb.OVERVIEW_READ,
    ),
    page("healthz", health.healthz, "healthz", PUBLIC),
]

_DEPARTMENTS = [
    page("organization/departments/", departments.departments, "departments", Verb.DEPARTMENT_READ),
    page(
        "organization/departments/new",
        departments.new_department,
        "new-department",
        Verb.DEPARTMENT_MANAGE,
    ),
    page(
        "organization/departments/<int:key>",
        departments.department,
        "department",
        Verb.DEPARTMENT_READ,
    ),
    page(
        "organization/departments/<int:key>/correct",
        departments.correct_department,
        "correct-department",
        Verb.DEPARTMENT_MANAGE,
    ),
    page(
        "organization/departments/<int:key>/rename",
        departments.rename_department,
        "rename-department",
        Verb.DEPARTMENT_MANAGE,
    ),
    page(
        "organization/departments/<int:key>/close",
        departments.close_department,
        "close-department",
        Verb.DEPARTMENT_MANAGE,
    ),
]

# TEMPORARY: names that the frame needs, until their areas are built.
_TEMPORARY = [
    page(f"temporary/{name}", desk.desk, name, Verb.DESK_READ)
    for name in ("search", "account", "units", "committee", "documents", "people", "snapshots")
]

urlpatterns = [*_FRAME, *_DEPARTMENTS, *_TEMPORARY]
