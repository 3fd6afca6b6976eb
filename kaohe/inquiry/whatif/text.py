"""Who would move, as text for a terminal, in the reader's language."""

from typing import Any

from kaohe.core.problems import N_
from kaohe.inquiry.explanation.arithmetic import comma
from kaohe.inquiry.terminal import WIDTH, heading, table, wrapped
from kaohe.locale import Translate

Section = dict[str, Any]

SHOWN = 40  # units that are listed; ``--csv`` has all
NAMED = 6  # units with the same reason that are named


def render_moves(result: Section, translate: Translate = str, width: int = WIDTH) -> str:
    """What ``what_if`` gave, as lines of at most ``width`` columns.

    Args:
        result: as ``kaohe.inquiry.whatif.differences`` documents it.
        translate: the same with which it was made.
        width: columns of the terminal; 60 or more.
    """
    _ = translate
    width = max(60, width)
    rows = [_(N_("What would change")), "═" * width]
    for change in result["changes"]:
        rows += wrapped(f"--set {change}", width, hanging="      ")
    rows.append("")
    rows += wrapped(result["sentence"], width)
    units = result["units"][:SHOWN]
    if units:
        rows += heading(_(N_("Units that move (before → after; * the grade changes)")), width)
        rows += _table(units, _, width)
        hidden = result["counts"]["moved"] - len(units)
        if hidden:
            text = _(N_("… and {number} more (--csv FILE writes them all)."))
            rows += wrapped(text.format(number=hidden), width)
        rows += _reasons(units, _, width)
        rows += _linkages(units, _, width)
    return "\n".join(rows) + "\n"


def _table(units: list[Section], _: Translate, width: int) -> list[str]:
    head = [N_("unit"), N_("group"), N_("composite"), N_("rank"), N_("tier"), N_("grade")]
    rows = [[_(name) for name in head]]
    for unit in units:
        before, after = unit["before"], unit["after"]
        cells = [_pair(before[name], after[name]) for name in ("composite", "rank", "tier")]
        mark = "  " if before["grade"] == after["grade"] else " *"
        rows.append(
            [unit["name"], unit["group"], *cells, _pair(before["grade"], after["grade"]) + mark]
        )
    return table(rows, width=width, indent="  ")


def _pair(before: object, after: object) -> str:
    texts = ["—" if each is None else str(each) for each in (before, after)]
    return texts[0] if texts[0] == texts[1] else " → ".join(texts)


def _reasons(units: list[Section], _: Translate, width: int) -> list[str]:
    """Why each of them moves; those with the same reason together."""
    rows = heading(_(N_("Why")), width)
    by_words: dict[str, list[str]] = {}
    for unit in units:
        by_words.setdefault(unit["because"]["words"], []).append(unit["name"])
    for words, names in by_words.items():
        listed, more = comma(_).join(names[:NAMED]), len(names) - NAMED
        text = N_("{names} and {more} more: {words}") if more > 0 else N_("{names}: {words}")
        told = _(text).format(names=listed, more=more, words=words)
        rows += wrapped(told, width, indent="  ", hanging="    ")
    return rows


def _linkages(units: list[Section], _: Translate, width: int) -> list[str]:
    moved = [unit for unit in units if unit["linkages_gone"] or unit["linkages_new"]]
    if not moved:
        return []
    rows = heading(_(N_("What would follow (− no longer, + newly)")), width)
    for unit in moved:
        rows += wrapped(unit["name"], width, indent="  ", hanging="    ")
        for sign, links in (("−", unit["linkages_gone"]), ("+", unit["linkages_new"])):
            for link in links:
                rows += wrapped(f"{sign} {link}", width, indent="    ", hanging="      ")
    return rows
