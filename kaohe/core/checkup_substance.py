"""Check-up of substance (内容体检): elements, shares, sources, overlap, bans, copied sheets."""

from collections.abc import Hashable, Iterator, Mapping

from kaohe.core.checkup import (
    ERROR,
    NOTE,
    WARNING,
    Check,
    Context,
    Finding,
    Limits,
    cell,
    declare_checks,
    label,
)
from kaohe.core.forbidden import banned
from kaohe.core.indicators import Element, Indicator, Plan, Visibility
from kaohe.core.plan_shares import ELEMENTS, Shares, by_unit, overall
from kaohe.core.problems import N_
from kaohe.core.quantities import show_plain
from kaohe.core.similarity import alike_among, is_alike, pairs_of
from kaohe.core.texts import fold, shortened

_REWORD = N_(
    "take the indicator out, or assess the quality of the work instead: {basis} forbids it"
)
declare_checks(
    {
        "element-absent": Check(
            WARNING,
            N_("{unit}: no indicator is of the element {element}; such units: {count}"),
            N_("cover all three elements, or be ready to say why not"),
        ),
        "element-missing": Check(
            WARNING,
            N_("“{item}” belongs to none of the three elements"),
            N_("choose one of the three"),
        ),
        "element-share": Check(
            WARNING,
            N_(
                "{unit}: {element} makes {found} % of the points, not {low} to {high}; such units:"
                " {count}"
            ),
            N_("shift points between the elements, or be ready to say why not"),
        ),
        "indicators-few": Check(
            WARNING,
            N_("{unit}: only {found} indicators, fewer than {low}; such units: {count}"),
            N_("divide what is too coarse, so that results can be told apart"),
        ),
        "indicator-heavy": Check(
            WARNING,
            N_("“{item}” has {found} points, more than {high}"),
            N_("divide it, or give it less weight"),
        ),
        "quantified-low": Check(
            WARNING,
            N_(
                "{unit}: only {found} % of the points are measured or counted, less than {low};"
                " such units: {count}"
            ),
            N_("replace marks of judges by what can be measured or counted"),
        ),
        "visibility-missing": Check(
            WARNING,
            N_("“{item}” is marked neither as visible nor as latent achievement"),
            N_("choose one of the two"),
        ),
        "latent-low": Check(
            WARNING,
            N_(
                "{unit}: latent achievements make {found} % of the points, less than {low}; such"
                " units: {count}"
            ),
            N_("add indicators for foundations whose effect shows in later years"),
        ),
        "latent-falling": Check(
            WARNING,
            N_("latent achievements make {found} % of the points, after {before} % in {year}"),
            N_("keep their share, or be ready to say why it falls"),
        ),
        "source-missing": Check(
            WARNING,
            N_("“{item}” names no source of its value"),
            N_("name a source by which a third party can verify the value"),
        ),
        "definition-missing": Check(
            NOTE,
            N_("“{item}” has no definition"),
            N_("write what is counted, and how"),
        ),
        "evidence-missing": Check(
            NOTE,
            N_("“{item}” names no evidence"),
            N_("write what is kept as proof"),
        ),
        "overlap-common": Check(
            WARNING,
            N_("“{item}” overlaps with the common item “{common}”"),
            N_(
                "take it out: one fact is not assessed twice; or say in its definition what differs"
            ),
        ),
        "forbidden-fines": Check(
            ERROR,
            N_("“{item}”: “{found}” ties assessment to fines or numbers of cases"),
            _REWORD,
        ),
        "forbidden-exams": Check(
            ERROR,
            N_("“{item}”: “{found}” ties assessment to admission rates or results of examinations"),
            _REWORD,
        ),
        "forbidden-income": Check(
            ERROR,
            N_("“{item}”: “{found}” ties assessment to income from medical services"),
            _REWORD,
        ),
        "forbidden-perhaps": Check(
            WARNING,
            N_("“{item}”: “{found}” comes close to what {basis} forbids"),
            N_("see that it does not reward what is forbidden, and word it so"),
        ),
        "sheets-copied": Check(
            WARNING,
            N_("what is their own on the sheets of {count} units is nearly the same: {units}"),
            N_("write for each unit what is its own, or make it an indicator of the department"),
        ),
        "tag-missing": Check(
            WARNING,
            N_("“{item}” does not say whether it is law or practice"),
            N_("choose the nature of the clause, so that offices know what they may change"),
        ),
        "ledger-missing": Check(
            WARNING,
            N_("“{item}” belongs to neither ledger"),
            N_("choose the ledger in which its events are recorded"),
        ),
        "basis-missing": Check(
            NOTE,
            N_("“{item}” names no basis"),
            N_("name the law or document on which it rests"),
        ),
    }
)

BASES: Mapping[str, str] = {
    "fines": "《中华人民共和国行政处罚法》第七十四条第三款",
    "exams": "《深化新时代教育评价改革总体方案》",
    "income": "《医疗机构工作人员廉洁从业九项准则》",
}
_NAMED = {
    "source": "source-missing",
    "definition": "definition-missing",
    "evidence": "evidence-missing",
}


def check_substance(plan: Plan, context: Context) -> Iterator[Finding]:
    """All findings of substance.

    Source: docs/rules/checkup.md, K-9, K-10, K-11, K-12.
    """
    for indicator in plan.indicators:
        yield from _said(indicator)
        if context.is_template:
            yield from _of_template(indicator)
        else:
            yield from _marked(indicator, context)
    if not context.is_template:
        yield from _bans(plan, context)
        yield from _overlaps(plan, context)
        yield from _by_unit(plan, context)
        yield from _falling(plan, context)
        yield from _copied(plan, context)


def _said(indicator: Indicator) -> Iterator[Finding]:
    for name, check in _NAMED.items():
        if not getattr(indicator, name):
            yield Finding(check, cell(indicator.item, name), facts={"item": label(indicator)})


def _of_template(indicator: Indicator) -> Iterator[Finding]:
    for name in ("tag", "ledger", "basis"):
        if not getattr(indicator, name):
            path = cell(indicator.item, name)
            yield Finding(f"{name}-missing", path, facts={"item": label(indicator)})


def _marked(indicator: Indicator, context: Context) -> Iterator[Finding]:
    named = {"item": label(indicator)}
    if indicator.element not in set(Element):
        yield Finding("element-missing", cell(indicator.item, "element"), facts=named)
    if indicator.visibility not in set(Visibility):
        yield Finding("visibility-missing", cell(indicator.item, "visibility"), facts=named)
    most = context.limits.heaviest
    if (indicator.points or 0) > most:
        numbers = {"found": show_plain(indicator.points or 0), "high": show_plain(most)}
        yield Finding("indicator-heavy", cell(indicator.item, "points"), facts=named | numbers)


def _bans(plan: Plan, context: Context) -> Iterator[Finding]:
    names = "\n".join([context.department, *map(context.name_of, plan.sheets)])
    for indicator in plan.indicators:
        if found := banned(indicator, names):
            check = f"forbidden-{found.ban}" if found.certain else "forbidden-perhaps"
            facts = {
                "item": label(indicator),
                "found": shortened(found.text),
                "basis": BASES[found.ban],
            }
            yield Finding(check, cell(indicator.item, found.field), facts=facts)


def _overlaps(plan: Plan, context: Context) -> Iterator[Finding]:
    above = context.limits.overlap
    known = [
        (each, pairs_of(each.name), {fold(kind.kind) for kind in each.kinds})
        for each in context.common
    ]
    for indicator in plan.indicators:
        pairs = pairs_of(indicator.name)
        kinds = {fold(kind.kind) for kind in indicator.kinds}
        for common, its_pairs, its_kinds in known:
            if kinds & its_kinds or is_alike(pairs, its_pairs, above):
                facts = {"item": label(indicator), "common": label(common)}
                yield Finding("overlap-common", cell(indicator.item, "name"), facts=facts)
                break


def _by_unit(plan: Plan, context: Context) -> Iterator[Finding]:
    """What is found of the shares of sheets; units of which the same is found are one finding."""
    alike: dict[Hashable, tuple[str, dict[str, object], list[str]]] = {}
    for unit, shares in by_unit(plan):
        for check, facts in _of_shares(shares, context.limits):
            key = (check, *facts.values())
            alike.setdefault(key, (check, facts, []))[2].append(unit)
    for check, facts, units in alike.values():
        named = {"unit": context.name_of(units[0]), "count": len(units)}
        one = units[0] if len(units) == 1 else ""
        yield Finding(check, f"sheets/{units[0]}", one, facts | named)


def _of_shares(shares: Shares, limits: Limits) -> Iterator[tuple[str, dict[str, object]]]:
    if shares.indicators < limits.fewest:
        yield "indicators-few", {"found": shares.indicators, "low": limits.fewest}
    if not shares.points:
        return
    for element, name in ELEMENTS.items():
        share = shares.percent(name) or 0
        low = max(0, limits.elements[element] - limits.element_play)
        high = limits.elements[element] + limits.element_play
        if not share:
            yield "element-absent", {"element": str(element)}
        elif not low <= share <= high:
            numbers = {"found": share, "low": low, "high": high}
            yield "element-share", {"element": str(element), **_shown(numbers)}
    quantified = shares.percent("quantified") or 0
    if quantified < limits.quantified:
        yield "quantified-low", _shown({"found": quantified, "low": limits.quantified})
    latent = shares.percent("latent") or 0
    if shares.marked and latent < limits.latent:
        yield "latent-low", _shown({"found": latent, "low": limits.latent})


def _shown(numbers: Mapping[str, int]) -> dict[str, object]:
    return {name: show_plain(ticks) for name, ticks in numbers.items()}


def _falling(plan: Plan, context: Context) -> Iterator[Finding]:
    """Latent achievements fell much against the latest earlier year, or three years running."""
    shares = overall(plan)
    if not shares.marked or not context.latent:
        return
    latent = shares.percent("latent") or 0
    years = sorted(context.latent, reverse=True)
    before = [context.latent[year] for year in years[:2]]
    much = before[0] - latent > context.limits.latent_fall
    running = len(before) == 2 and latent < before[0] < before[1]
    if much or running:
        facts = _shown({"found": latent, "before": before[0]}) | {"year": years[0]}
        yield Finding("latent-falling", "indicators", facts=facts)


_NAMED_UNITS = 5  # of those that are alike


def _copied(plan: Plan, context: Context) -> Iterator[Finding]:
    texts = {
        unit: "\n".join(
            f"{each.name} {each.definition} {each.source} {each.evidence}"
            for each in plan.indicators
            if each.unit == unit
        )
        for unit in plan.sheets
    }
    for units in alike_among(texts, context.limits.copied):
        names = "、".join(map(context.name_of, units[:_NAMED_UNITS]))
        more = "……" if len(units) > _NAMED_UNITS else ""
        facts = {"units": names + more, "count": len(units)}
        yield Finding("sheets-copied", f"sheets/{units[0]}", facts=facts)
