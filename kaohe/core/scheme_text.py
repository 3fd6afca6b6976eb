"""A scheme as TOML text, read strictly: every problem at once, no unknown key passes."""

import tomllib
from collections.abc import Mapping

from kaohe.core.problems import Problem, declare
from kaohe.core.quantities import FULL, TICK
from kaohe.core.scheme import (
    FORMAT,
    Channel,
    Dimension,
    Grading,
    Linkages,
    Round,
    Scheme,
    SeatsAtLeast,
    Survey,
    Tier,
    TierPolicy,
)
from kaohe.core.scheme_reader import FILE, Decimal, Reader, shown
from kaohe.core.tables import COMPONENTS, INPUT_TABLES

declare(
    "error",
    {
        "scheme-not-toml": (
            "the file is not valid TOML: {reason}",
            "correct the line that is named; text stands in double quotes, one setting a line",
        ),
        "scheme-wrong-format": (
            "the format is “{found}”, and this program reads “{format}”",
            'write format = "{format}"',
        ),
        "scheme-scale-five": (
            "the scale needs the points of five answers, and has {found}",
            "give five numbers, from very dissatisfied to very satisfied",
        ),
        "scheme-empty-list": ("“{key}” is empty", "give at least one entry"),
        "scheme-question-reserved": (
            "the question code “{found}” is the name of another column of responses",
            "give the question another code, for example q1",
        ),
        "scheme-question-twice": (
            "the question “{found}” belongs to two dimensions",
            "a question belongs to one dimension: leave it in one of them",
        ),
        "scheme-barred-tier-unknown": (
            "“{found}” is to bar from A, but there is no such tier",
            "name one of the tiers: {allowed}",
        ),
        "scheme-streak-zero": (
            "“{key}” must be at least 1",
            "write the number of years in a row",
        ),
    },
)

_TOP = ("format", "year", "jurisdiction", "title", "components", "weights_by_group", "common")
_MORE = ("tier_policy", "survey", "adjustments", "grading", "linkages")


def read_scheme(text: str) -> tuple[Scheme | None, list[Problem]]:
    """The scheme that a TOML text describes, or all that is wrong with it.

    Source: docs/rules/scheme.md, SC-1, SC-2, SC-3, SC-4.
    """
    try:
        tree = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return None, [Problem("scheme-not-toml", FILE, None, "", {"reason": str(error)})]
    except RecursionError:
        reason = {"reason": "brackets are nested too deeply"}
        return None, [Problem("scheme-not-toml", FILE, None, "", reason)]
    return read_scheme_tree(tree)


def read_scheme_tree(tree: Mapping[str, object]) -> tuple[Scheme | None, list[Problem]]:
    """The scheme of a parsed TOML tree, floats kept as ``scheme_reader.Decimal``.

    Source: docs/rules/scheme.md, SC-1, SC-2, SC-3.
    """
    top = Reader(tree)
    top.only(*_TOP, *_MORE)
    found = top.text("format", code=False)
    if found and found != FORMAT:
        top.refuse("scheme-wrong-format", "format", found=shown(found), format=FORMAT)
    year = top.whole("year", None, low=1900, top=9999)
    jurisdiction = top.text("jurisdiction")
    title = top.text("title", f"{year}年度事业单位绩效考核方案", code=False)
    weights, missing = _components(top)
    common = top.table("common")
    common.only("self_correction_relief", "not_applicable")
    adjustments = top.table("adjustments")
    adjustments.only("bonus_cap", "deduction_cap")
    policy = _tier_policy(top.table("tier_policy"))
    scheme = Scheme(
        year=year,
        jurisdiction=jurisdiction,
        title=title,
        weights=weights,
        missing=missing,
        weights_by_group=_weights_by_group(top.table("weights_by_group")),
        self_correction_relief=common.percent("self_correction_relief", 50 * TICK),
        not_applicable=common.choice("not_applicable", "rescale", "rescale", "full"),
        tier_policy=policy,
        survey=_survey(top.table("survey")),
        bonus_cap=adjustments.ticks("bonus_cap", 5 * TICK),
        deduction_cap=adjustments.ticks("deduction_cap", 10 * TICK),
        grading=_grading(top.table("grading"), policy),
        linkages=_linkages(top.table("linkages")),
    )
    return (None if top.problems else scheme), top.problems


def _components(top: Reader) -> tuple[dict[str, int], dict[str, str]]:
    table = top.table("components", required=True)
    table.only(*COMPONENTS)
    weights, missing = {}, {}
    for component in COMPONENTS:
        entry = table.table(component, required=bool(table.tree))
        entry.only("weight", "missing")
        default = "redistribute" if component == "social" else "zero"
        missing[component] = entry.choice("missing", default, "zero", "redistribute")
        weights[component] = entry.weight("weight") if component in table.tree else 1
    return weights, missing


def _weights_by_group(table: Reader) -> dict[str, dict[str, int]]:
    groups = {}
    for group in table.tree:
        entry = table.table(group)
        entry.only(*COMPONENTS)
        groups[group] = {component: entry.weight(component) for component in COMPONENTS}
    return groups


def _tier_policy(table: Reader) -> TierPolicy:
    table.only("assign", "scope", "effect", "small_scope", "ties", "tiers")
    default = TierPolicy()
    effect = table.choice(
        "effect", default.effect, "none", "subtract", "ceiling", "coefficient", "fixed"
    )
    entries = table.entries("tiers")
    tiers = default.tiers if entries is None else _tiers(table, entries, effect)
    assign = table.choice(
        "assign",
        default.assign,
        *("none", "quota", "threshold", "quota_and_threshold", "manual"),
    )
    return TierPolicy(
        assign=assign,
        scope=table.choice("scope", default.scope, "department", "group", "jurisdiction"),
        effect=effect,
        small_scope=table.whole("small_scope", default.small_scope),
        ties=table.choice("ties", default.ties, "down", "up"),
        tiers=tiers,
    )


def _tiers(table: Reader, entries: list[Reader], effect: str) -> tuple[Tier, ...]:
    tiers = []
    for entry in entries:
        entry.only("name", "share", "threshold", "value")
        value = None
        if "value" in entry.tree or effect != "none":
            value = entry.ticks("value", None)
        tiers.append(
            Tier(
                name=entry.text("name"),
                share=entry.percent("share", None) if "share" in entry.tree else None,
                threshold=entry.ticks("threshold", None) if "threshold" in entry.tree else None,
                value=value,
            )
        )
    if not tiers:
        table.refuse("scheme-empty-list", "tiers")
    table.different("tiers", [tier.name for tier in tiers if tier.name])
    return tuple(tiers)


def _survey(table: Reader) -> Survey:
    table.only("scale", "answered_share", "thin_channel", "dimensions", "channels", "rounds")
    default = Survey()
    dimensions = []
    for entry in table.entries("dimensions") or []:
        entry.only("code", "weight", "questions")
        questions = entry.texts("questions")
        if "questions" in entry.tree and not questions:
            entry.refuse("scheme-empty-list", "questions")
        dimensions.append(Dimension(entry.text("code"), entry.weight("weight"), questions))
    channels = []
    for entry in table.entries("channels") or []:
        entry.only("code", "weight", "minimum")
        minimum = entry.whole("minimum", None, top=10**6 - 1)
        channels.append(Channel(entry.text("code"), entry.weight("weight"), minimum))
    rounds = []
    for entry in table.entries("rounds") or []:
        entry.only("code", "weight")
        rounds.append(Round(entry.text("code"), entry.weight("weight")))
    survey = Survey(
        scale=_scale(table, default.scale),
        answered_share=table.percent("answered_share", default.answered_share),
        thin_channel=table.choice("thin_channel", "shrink", "shrink", "drop", "keep"),
        dimensions=tuple(dimensions),
        channels=tuple(channels),
        rounds=tuple(rounds),
    )
    _check_codes(table, survey)
    return survey


def _scale(table: Reader, default: tuple[int, ...]) -> tuple[int, ...]:
    value = table.tree.get("scale")
    if value is None:
        return default
    if not isinstance(value, list):
        table.refuse("scheme-not-list", "scale", found=shown(value))
        return default
    if len(value) != len(default):
        table.refuse("scheme-scale-five", "scale", found=len(value))
    return tuple(table.number("scale", entry, low=0, top=FULL) for entry in value)


def _check_codes(table: Reader, survey: Survey) -> None:
    table.different("dimensions", [entry.code for entry in survey.dimensions if entry.code])
    table.different("channels", [entry.code for entry in survey.channels if entry.code])
    table.different("rounds", [entry.code for entry in survey.rounds if entry.code])
    reserved = {column.name for column in INPUT_TABLES["responses"]}
    owner: dict[str, int] = {}
    for number, dimension in enumerate(survey.dimensions):
        for question in dimension.questions:
            if question in reserved:
                table.refuse("scheme-question-reserved", "dimensions", found=question)
            if owner.setdefault(question, number) != number:
                table.refuse("scheme-question-twice", "dimensions", found=question)


def _grading(table: Reader, policy: TierPolicy) -> Grading:
    default = Grading()
    table.only(*Grading.__dataclass_fields__)
    seats = default.seats_at_least
    if "seats_at_least" in table.tree:
        entry = table.table("seats_at_least")
        entry.only("seats", "from_group_size")
        seats = SeatsAtLeast(entry.whole("seats", None), entry.whole("from_group_size", None))
    minimums: Mapping[str, int] = default.a_component_minimum
    if "a_component_minimum" in table.tree:
        entry = table.table("a_component_minimum")
        entry.only(*COMPONENTS)
        minimums = {name: entry.ticks(name, None) for name in COMPONENTS if name in entry.tree}
    barred = table.texts("a_barred_tiers", default.a_barred_tiers)
    names = [tier.name for tier in policy.tiers]
    for name in barred:
        if name not in names:
            allowed = ", ".join(names)
            table.refuse(
                "scheme-barred-tier-unknown", "a_barred_tiers", found=name, allowed=allowed
            )
    tie_break = table.texts("tie_break", default.tie_break)
    for name in tie_break:
        if name not in COMPONENTS:
            allowed = ", ".join(COMPONENTS)
            table.refuse("scheme-not-choice", "tie_break", found=name, allowed=allowed)
    return Grading(
        a_share=table.percent("a_share", default.a_share),
        seats_rounding=table.choice("seats_rounding", "floor", "floor", "half_up", "ceil"),
        seats_at_least=seats,
        a_minimum=table.ticks("a_minimum", default.a_minimum),
        a_component_minimum=minimums,
        a_barred_tiers=barred,
        c_below=table.ticks("c_below", default.c_below),
        c_share=table.percent("c_share", default.c_share),
        c_share_below=table.ticks("c_share_below", default.c_share_below),
        tie_break=tie_break,
        tie_at_last_seat=table.choice(
            "tie_at_last_seat", "committee", "committee", "all_in", "all_out"
        ),
    )


def _linkages(table: Reader) -> Linkages:
    default = Linkages()
    table.only(*Linkages.__dataclass_fields__)
    shares = default.fixed_share
    if "fixed_share" in table.tree:
        entry = table.table("fixed_share")
        entry.only("A", "B", "C")
        shares = {grade: entry.percent(grade, None) for grade in "ABC"}
    streaks = {}
    for key in ("a_streak", "c_streak"):
        streaks[key] = table.whole(key, getattr(default, key))
        if streaks[key] < 1:
            table.refuse("scheme-streak-zero", key)
    return Linkages(
        excellent_quota=table.choice(
            "excellent_quota", "fixed", "fixed", "points", "ratio", "ratio_of_rounded"
        ),
        fixed_share=shares,
        base_share=table.percent("base_share", default.base_share),
        uplift=table.ticks("uplift", default.uplift),
        share_cap=table.percent("share_cap", default.share_cap),
        principal_months=table.whole("principal_months", default.principal_months),
        a_streak=streaks["a_streak"],
        c_streak=streaks["c_streak"],
        a_gap=table.choice("a_gap", default.a_gap, "break", "bridge"),
        c_gap=table.choice("c_gap", default.c_gap, "break", "bridge"),
    )
