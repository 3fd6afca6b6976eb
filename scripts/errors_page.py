"""Prints docs/errors.md: every problem Kaohe can find and every refusal, from the catalogues."""

import os
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import django

from kaohe.core.errors import Conflict, Invalid, NotFound, NotPermitted, Refusal
from kaohe.core.problems import CATALOGUE
from kaohe.locale import translator

ROOMS = (
    "kaohe.core",
    "kaohe.folder",
    "kaohe.documents",
    "kaohe.inquiry",
    "kaohe.demo",
    "kaohe.tlog",
    "kaohe.journal",
    "kaohe.indicators",
    "kaohe.organization",
    "kaohe.jobs",
    "kaohe.web",
    "kaohe.api",
)
FAMILIES = (Invalid, NotPermitted, NotFound, Conflict)
HEAD = """# What can be wrong, and how to mend it

Every problem and every refusal has a code that never changes its meaning. This page is written by
`make errors` from the catalogues in the code; a test keeps them the same.

## Problems

What Kaohe finds in an assessment folder, and in a table of the register (`register-…`). An *error*
refuses the whole; a *warning* is told and the work goes on.

| code | | what is wrong | how to mend it |
|---|---|---|---|
"""
REFUSALS = """
## Refusals

What the platform will not do. *Invalid*: giving something else may work. *Not permitted*: this
person may not do this here. *Not found*: there is no such thing, or not for this person.
*Conflict*: the thing is no longer as it was, or something else stands in the way.

| code | family | what is said |
|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown."""
    _import_all()
    chinese = translator("zh")
    rows = [
        f"| `{code}` | {entry.severity} | {chinese(entry.problem)}<br>{entry.problem} "
        f"| {chinese(entry.remedy)}<br>{entry.remedy} |\n"
        for code, entry in sorted(CATALOGUE.items())
    ]
    refusals = [
        f"| `{code}` | {family(each)} | {chinese(each.sentence)}<br>{each.sentence} |\n"
        for code, each in sorted(Refusal.catalogue.items())
        if each.__module__.startswith(ROOMS)
    ]
    return HEAD + "".join(rows) + REFUSALS + "".join(refusals)


def _import_all() -> None:
    """Every module that may declare a problem or a refusal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaohe.config.settings")
    os.environ.setdefault("KAOHE_HOME", "build/errors")
    django.setup()
    for room in ROOMS:
        package = import_module(room)
        for module in walk_packages([str(Path(str(package.__file__)).parent)], f"{room}."):
            if ".migrations" not in module.name:
                import_module(module.name)


def family(refusal: type[Refusal]) -> str:
    """The name of the family of a refusal, in words."""
    name = next(each.__name__ for each in FAMILIES if issubclass(refusal, each))
    return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name).strip()


if __name__ == "__main__":
    sys.stdout.write(page())
