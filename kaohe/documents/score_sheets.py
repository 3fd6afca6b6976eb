"""The sheets of results.xlsx that hold scores: results as formulas, grades, components, items.

Results and grades stand as people read them: groups by name, in a group by rank.
"""

from collections.abc import Sequence

from kaohe.core.quantities import FULL, show_plain
from kaohe.core.rows import Result
from kaohe.core.scheme import Scheme
from kaohe.core.tables import COMPONENTS
from kaohe.documents.grounds import Grounds
from kaohe.documents.year import (
    CODE,
    COMPONENT,
    DOCUMENT,
    FLAGS,
    GROUP,
    UNIT,
    Cell,
    Formula,
    Head,
    Sheet,
    Year,
)
from kaohe.locale.words import N_, SEPARATOR, flag_words, reason_words

RESULT_HEADS = (
    Head(N_("rank"), "count", 6),
    UNIT,
    CODE,
    GROUP,
    Head(N_("department"), "text", 18),
    Head(N_("common, adjusted"), "ticks", 11),
    Head(N_("individual, adjusted"), "ticks", 11),
    Head(N_("social, adjusted"), "ticks", 11),
    Head(N_("weight of common"), "weight", 8),
    Head(N_("weight of individual"), "weight", 8),
    Head(N_("weight of social"), "weight", 8),
    Head(N_("weighted score"), "ticks", 11),
    Head(N_("bonus"), "ticks", 9),
    Head(N_("extra deduction"), "ticks", 9),
    Head(N_("composite"), "hundredths", 9),
    Head(N_("tier"), "text", 6),
    Head(N_("grade"), "grade", 9),
    Head(N_("units ranked in the group"), "count", 9),
)


def results_sheet(year: Year) -> Sheet:
    """Scores and ranks; weighted score and composite are formulas over the cells before them.

    The weights are those that count: 0 where a missing component is left out.

    Source: docs/rules/scoring.md, C-4, C-5.
    """
    rows = [_result_row(year, row, line) for line, row in enumerate(year.ranked(), 2)]
    return Sheet(N_("Scores and ranks"), RESULT_HEADS, rows, frozen=2)


def _result_row(year: Year, row: Result, line: int) -> list[Cell]:
    adjusted = [_adjusted(year, row.unit, part) for part in COMPONENTS]
    tier = year.components.get((row.unit, "individual"))
    composite: Cell = None
    weighted: Cell = None
    weights: Sequence[int | None] = (None, None, None)
    if row.composite is not None and row.weighted is not None:
        weights = counted_weights(year.scheme, row.group, adjusted)
        weighted = Formula(weighted_formula(line), row.weighted)
        composite = Formula(composite_formula(line, year.scheme.bonus_cap), row.composite)
    return [
        row.rank,
        row.name,
        row.unit,
        row.group,
        row.department,
        *adjusted,
        *weights,
        weighted,
        row.bonus,
        row.deduction,
        composite,
        tier.tier if tier else None,
        row.grade if row.grade != "none" else reason_words(row.reasons, year.translate),
        row.group_size,
    ]


def _adjusted(year: Year, unit: str, part: str) -> int | None:
    row = year.components.get((unit, part))
    return row.adjusted if row else None


def counted_weights(scheme: Scheme, group: str, adjusted: Sequence[int | None]) -> list[int]:
    """The weight with which each component stands in the sums, ticks.

    A missing component keeps its weight where it counts as 0, and has none where it is left out.

    Source: docs/rules/scoring.md, C-4.
    """
    return [
        0 if score is None and scheme.missing[part] == "redistribute" else weight
        for part, weight, score in zip(COMPONENTS, scheme.weights_of(group), adjusted, strict=True)
    ]


def weighted_formula(line: int) -> str:
    """The bracket of C-4 in row ``line``, exact in the binary numbers of a spreadsheet.

    Products are brought to whole numbers first: a sum of fractions such as 0.2 × 97.5 can fall
    short of a half by the last binary digit, a quotient of whole numbers below 2^53 cannot.

    Source: docs/rules/scoring.md, N-2, C-4.
    """
    scores, weights = f"F{line}:H{line}", f"I{line}:K{line}"
    total = f"ROUND(SUMPRODUCT({scores},{weights})*1E8,0)"
    return f"=IF(SUM({weights})=0,0,ROUND({total}/ROUND(SUM({weights})*10000,0),0)/10000)"


def composite_formula(line: int, bonus_cap: int) -> str:
    """The composite in row ``line``: held to 0…100 + cap, then rounded a second time.

    Args:
        bonus_cap: ticks.

    Source: docs/rules/scoring.md, C-4, C-5.
    """
    held = f"MAX(0,MIN({show_plain(FULL + bonus_cap)},L{line}+M{line}-N{line}))"
    return f"=ROUND(ROUND({held}*10000,0)/100,0)/100"


def grades_sheet(year: Year) -> Sheet:
    """Every grade with its reasons in words, and the documents of special circumstances.

    Source: docs/rules/grading.md, G-5.
    """
    grounds = Grounds(year.scheme, year.inputs, year.translate)
    separator = year.translate(SEPARATOR)
    rows: list[Sequence[Cell]] = []
    for row in year.ranked():
        unit = grounds.units[row.unit]
        special = [
            each
            for each in grounds.adjustments(row.unit)
            if each.kind in ("force_c", "bar_a", "seat")
        ]
        why = [reason_words(row.reasons, year.translate)]
        why += [unit.status_reason] if unit.status_reason else []
        why += [f"{year.say('adjustment', each.kind)} ({each.matter})" for each in special]
        rows.append(
            (
                row.group,
                row.rank,
                row.name,
                row.unit,
                row.composite,
                row.grade if row.grade != "none" else year.say("grade", "none"),
                separator.join(why),
                separator.join(each.document for each in special) or None,
                flag_words(row.flags, year.translate) or None,
            )
        )
    heads = (
        GROUP,
        Head(N_("rank"), "count", 6),
        UNIT,
        CODE,
        Head(N_("composite"), "hundredths", 9),
        Head(N_("grade"), "grade", 9),
        Head(N_("reasons"), "wrap", 46),
        DOCUMENT,
        FLAGS,
    )
    return Sheet(N_("Grades and reasons"), heads, rows, frozen=3)


def components_sheet(year: Year) -> Sheet:
    """The scores of the components, before and after the tier's effect.

    Source: docs/rules/scoring.md, C-1 to C-3.
    """
    words = {part: year.say("component", part) for part in COMPONENTS}
    rows: list[Sequence[Cell]] = [
        (
            row.unit,
            year.names[row.unit],
            words[row.component],
            row.score,
            row.tier,
            row.adjusted,
            flag_words(row.flags, year.translate) or None,
        )
        for row in year.outputs.component_scores
    ]
    heads = (
        CODE,
        UNIT,
        COMPONENT,
        Head(N_("score"), "ticks", 11),
        Head(N_("tier"), "text", 6),
        Head(N_("score after the tier"), "ticks", 11),
        FLAGS,
    )
    return Sheet(N_("Components"), heads, rows, frozen=2)


def items_sheet(year: Year) -> Sheet:
    """Each item of each unit: points, earned, lost.

    Source: docs/rules/outputs.md, O-1.
    """
    items = {item.item: item for item in year.inputs.items}
    parts = {part: year.say("component", part) for part in COMPONENTS}
    rules = {item.rule: year.say("rule", item.rule) for item in year.inputs.items}
    flags = {row.flags: flag_words(row.flags, year.translate) for row in year.outputs.item_scores}
    rows: list[Sequence[Cell]] = [
        (
            row.unit,
            year.names[row.unit],
            parts[row.component],
            row.item,
            items[row.item].name,
            rules[items[row.item].rule],
            row.points,
            row.earned,
            None if row.earned is None else row.points - row.earned,
            row.facts,
            flags[row.flags] or None,
        )
        for row in year.outputs.item_scores
    ]
    heads = (
        CODE,
        UNIT,
        COMPONENT,
        Head(N_("item"), "code", 10),
        Head(N_("name of the item"), "text", 34),
        Head(N_("rule"), "text", 22),
        Head(N_("points"), "ticks", 10),
        Head(N_("earned"), "ticks", 10),
        Head(N_("lost"), "ticks", 10),
        Head(N_("facts"), "count", 6),
        FLAGS,
    )
    return Sheet(N_("Items"), heads, rows, frozen=2)
