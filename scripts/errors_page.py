"""Prints docs/errors.md: every problem that Kaohe can find, from the catalogue itself."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from kaohe.core.problems import CATALOGUE
from kaohe.locale import translator

ROOMS = ("kaohe.core", "kaohe.folder", "kaohe.documents", "kaohe.inquiry", "kaohe.demo")
HEAD = """# What can be wrong, and how to mend it

Every problem that Kaohe finds in an assessment folder has a code that never changes its meaning.
This page is written by `make errors` from the catalogue in the code; a test keeps them the same.
An *error* refuses the folder; a *warning* is told and the assessment goes on.

| code | | what is wrong | how to mend it |
|---|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown."""
    for room in ROOMS:
        package = import_module(room)
        for module in walk_packages([str(Path(str(package.__file__)).parent)], f"{room}."):
            import_module(module.name)
    chinese = translator("zh")
    rows = [
        f"| `{code}` | {entry.severity} | {chinese(entry.problem)}<br>{entry.problem} "
        f"| {chinese(entry.remedy)}<br>{entry.remedy} |\n"
        for code, entry in sorted(CATALOGUE.items())
    ]
    return HEAD + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(page())
