"""Where a problem is, in words."""

from kaohe.core.problems import N_, Problem
from kaohe.locale import Translate


def place_in_words(problem: Problem, translate: Translate) -> str:
    """Table, row and column of a problem, as far as they are known; "" where none is.

    >>> place_in_words(Problem("table-missing", "units", 5, "staff"), str)
    'units, row 5, column staff'
    """
    parts = [problem.table] if problem.table else []
    if problem.row is not None:
        parts.append(translate("row {row}").format(row=problem.row))
    if problem.column:
        key = N_("key {column}") if problem.table == "scheme.toml" else N_("column {column}")
        parts.append(translate(key).format(column=problem.column))
    return translate(", ").join(parts)
