"""``kaohe explain``: where each digit of a unit's result comes from (计分说明).

``explain`` gives a dict of plain text, lists, whole numbers, Booleans and None, ready for JSON.
Every decimal is text, printed as in the result tables: scores, points and weights with four
digits, a composite and a margin with two, weights and percentages inside a formula without zeros
at the end.  Words are in the language of ``translate``; codes and keys never change.

    format        "kaohe-explanation/1"
    year, jurisdiction, title                             of the scheme
    unit          code, name, group, department, status, status_words, status_reason, category,
                  sector, staff
    result        composite, weighted, bonus, deduction, rank, group_size, seats, grade,
                  grade_words, reasons [Coded], flags [Coded], sentence
    composite     components [{component, name, weight, score, tier, adjusted, counted}],
                  adjustments [{adjustment, kind, kind_words, matter, points, document, note,
                  counted}], lines [Line]
    components    [Component], in the order common, individual, social
    grade         lines [Line], ranking [Neighbour], obstacles [Obstacle]
    lost          components [{component, name, score, lost}], causes [Loss], keeps [Keep],
                  enough (Enough or None), notes [text]
    linkages      measures [{link, link_words, measure, measure_words, person, amount, basis,
                  basis_words, lines [Line]}], runs [{grade, years, needed, gap, members
                  [{year, grade, unit, document}], sentence}]
    open_events   [{event, item, item_name, kind, occurred_on, status, status_words, document,
                  composite, rank, grade, sentence}]: what would hold if that event alone counted
    checks        [text]: how to check and what to try

    Coded         {code, words}
    Line          {label, clause, chain [text], rounding, result, text}.  A line of arithmetic has
                  a chain: each member is equal to the one before, the last is ``result``, rounded
                  as ``rounding`` says ("exact", "half-up-4", "half-up-2", "half-up-0", "floor",
                  "ceil").  Members use digits, ( ) + − × ÷ and MIN( , ) MAX( , ).  A line of words
                  has an empty chain, and "" for rounding and result.  ``text`` is the whole line.
    Component     {component, name, weight, score, adjusted, tier, lost, flags [Coded],
                  lines [Line], items [Item], rounds [Round], scope (Scope or None)}; ``items`` is
                  empty for social, ``rounds`` for the other two, ``scope`` stands on individual
    Item          {item, name, aspect, element, rule, rule_words, clause, points, earned, lost,
                  facts, applies, reason, flags [Coded], inputs [{label, value}], lines [Line],
                  events [EventLine], milestones [{milestone, share, due_on, done_on, days_late,
                  kept}], marks [{judge, points, counted}], document}; earned and lost are None
                  where the item does not apply, and ``reason`` says why
    EventLine     {event, kind, occurred_on, status, status_words, self_corrected, points,
                  effect, counted, why, document, note, reverses, clause}; ``points`` is what it
                  is worth before caps, ``effect`` what it took ("-0.5000") or brought, None where
                  it does not count, and ``why`` says why not
    Round         {round, name, weight, score, lines [Line], channels [{channel, name, weight,
                  weight_used, minimum, responses, counted, score, margin, tally [{score,
                  number}], flags [Coded], lines [Line]}]}; ``tally`` counts the responses
    Scope         {kind, name, size, seats [{tier, share, threshold, seats, taken}],
                  units [{unit, name, score, tier, this}], reason}: how the tier came about
    Neighbour     {unit, name, rank, composite, grade, seat, this, gap}; gap is the composite's
                  distance to this unit, "+1.20" above it
    Obstacle      {code, clause, words, has, needed, gap, document}: what stood between the unit
                  and grade A; has, needed, gap may be None
    Loss          {number, component, item, item_name, cause, fact, clause, lost, words, document}:
                  every lost point has one cause.  ``lost`` is in points of the item; for the
                  causes "survey", "tier" and "component" of the component; for "adjustment" of
                  the composite
    Keep          {place, cause, action, gain, composite, rank, grade, effort, effort_words, words,
                  changes [text]}: one way to have kept (part of) the cause of that number.
                  ``gain`` is the exact rise of the unrounded composite, all tiers divided anew;
                  composite, rank, grade are what would hold with this one kept; ``changes`` are
                  arguments of ``kaohe what-if --set`` that try it
    Enough        {grade, places [int], changes [text], composite, rank, least {item, value,
                  sentence} or None, sentence}: the fewest keeps from the front of the list that
                  together would have reached that grade; ``least``: of the last of them, the
                  least measured value that would have done

Effort orders the keeps, least effort for a composite point first.  It is a stated convention,
not a rule: ``kaohe.inquiry.explanation.keeps`` says how it is counted.
"""

from kaohe.core.problems import N_
from kaohe.core.quantities import FULL, show_ticks
from kaohe.core.rows import Event, Inputs, Outputs
from kaohe.core.scheme import Scheme
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.explanation.arithmetic import hundredths, points
from kaohe.inquiry.explanation.case import Case, open_case
from kaohe.inquiry.explanation.causes import cause_section, causes
from kaohe.inquiry.explanation.component_lines import component_sections, composite_section
from kaohe.inquiry.explanation.enough import enough
from kaohe.inquiry.explanation.grade_lines import grade_section, group_seats
from kaohe.inquiry.explanation.keeps import keep_section, ordered_keeps
from kaohe.inquiry.explanation.linkage_lines import linkage_section
from kaohe.inquiry.explanation.trial import Change, changed, outcome
from kaohe.locale import Translate

FORMAT = "kaohe-explanation/1"

Section = dict[str, object]


def explain(
    scheme: Scheme, inputs: Inputs, outputs: Outputs, unit: str, translate: Translate = str
) -> Section:
    """Where each digit of one unit's result comes from, as the module documents it.

    Args:
        inputs: sound.  At least the unit's own facts, with history and tenures; the units and
            adjustments of its group and of its tier scope; and all facts of its department where
            a ranked item addresses the unit.
        outputs: what ``scheme`` and the whole folder came to; at least the unit's own rows, and
            the results and component scores of its group and of its tier scope.
        unit: a credit code of ``inputs``.
        translate: says message ids in the reader's language.

    Raises:
        KeyError: there is no such unit.
        ValueError: ``outputs`` do not follow from ``inputs``: nothing may be explained by them.

    Source: docs/rules/scoring.md, N-3; docs/rules/outputs.md, O-5.
    """
    case = open_case(scheme, inputs, outputs, unit, translate)
    exempt = case.unit.status == "exempt"
    if not exempt and outcome(case, Change()).result != case.result:
        raise ValueError(f"the result of {unit} does not follow from its facts")
    return {
        "format": FORMAT,
        "year": scheme.year,
        "jurisdiction": scheme.jurisdiction,
        "title": scheme.title,
        "unit": _unit(case),
        "result": _result(case),
        "composite": _NOTHING if exempt else composite_section(case),
        "components": [] if exempt else component_sections(case),
        "grade": grade_section(case),
        "lost": _LOST_NOTHING if exempt else _lost(case),
        "linkages": linkage_section(case),
        "open_events": [] if exempt else _open_events(case),
        "checks": _checks(case),
    }


_NOTHING: Section = {"components": [], "adjustments": [], "lines": []}
_LOST_NOTHING: Section = {
    "components": [],
    "causes": [],
    "keeps": [],
    "enough": None,
    "notes": [],
}


def _unit(case: Case) -> Section:
    unit = case.unit
    return {
        "code": unit.unit,
        "name": unit.name,
        "group": unit.group,
        "department": unit.department,
        "status": unit.status,
        "status_words": case.say("status", unit.status),
        "status_reason": unit.status_reason,
        "category": unit.category,
        "sector": unit.sector,
        "staff": unit.staff,
    }


def _result(case: Case) -> Section:
    result = case.result
    return {
        "composite": hundredths(result.composite),
        "weighted": points(result.weighted),
        "bonus": points(result.bonus),
        "deduction": points(result.deduction),
        "rank": result.rank,
        "group_size": result.group_size,
        "seats": group_seats(case),
        "grade": result.grade,
        "grade_words": case.say("grade", result.grade),
        "reasons": case.coded("reason", result.reasons),
        "flags": case.coded("flag", result.flags),
        "sentence": _sentence(case),
    }


def _sentence(case: Case) -> str:
    """The result in one or two sentences."""
    _ = case.translate
    result = case.result
    reasons = _(N_("; ")).join(each["words"] for each in case.coded("reason", result.reasons))
    grade = case.say("grade", result.grade)
    judged = _(N_("{grade}: {reasons}.")) if reasons else _(N_("{grade}."))
    told = judged.format(grade=grade, reasons=reasons)
    if result.composite is None:
        return told
    text = N_("Composite {composite}, not ranked; {told}")
    if result.rank is not None:
        text = N_("Composite {composite}, rank {rank} of {size}; {told}")
    return _(text).format(
        composite=hundredths(result.composite),
        rank=result.rank,
        size=result.group_size,
        told=told,
    )


def _lost(case: Case) -> Section:
    """Lost points with their causes, ways to have kept them, and how few would have sufficed."""
    found = causes(case)
    keeps = ordered_keeps(case, found)
    return {
        "components": [
            {
                "component": component,
                "name": case.say("component", component),
                "score": points(score),
                "lost": None if score is None else show_ticks(FULL - score),
            }
            for component in COMPONENTS
            for score in [case.parts[component].score]
        ],
        "causes": [cause_section(case, number, cause) for number, cause in enumerate(found, 1)],
        "keeps": [keep_section(place, keep) for place, keep in enumerate(keeps, 1)],
        "enough": enough(case, keeps),
        "notes": _notes(case),
    }


def _notes(case: Case) -> list[str]:
    _ = case.translate
    notes = [
        _(
            N_(
                "What a way would have brought is exact: the unit is rescored, the tiers of its"
                " scope and the ranks of its group are worked out anew, and the facts of all other"
                " units stay as they are."
            )
        ),
        _(
            N_(
                "The order by effort is a convention: a self-correction counts 1, a report, an"
                " event or a matter 2, a day late 1, a percent short 1, a place in the department"
                " 5, a point of a survey channel 2."
            )
        ),
    ]
    kinds = {row.kind for row in case.inputs.adjustments if row.unit == case.unit.unit}
    if "bar_a" in kinds and case.result.grade != "A":
        notes.append(_(N_("As long as grade A is barred, no points would have brought it.")))
    if "force_c" in kinds:
        notes.append(_(N_("As long as grade C is forced, no points would have changed it.")))
    return notes


def _open_events(case: Case) -> list[Section]:
    """Events that do not count yet, and what would hold if each alone were confirmed.

    Source: docs/rules/scoring.md, R-1.
    """
    return [
        _open_event(case, event) for event in case.events if event.status in ("pending", "objected")
    ]


def _open_event(case: Case, event: Event) -> Section:
    _ = case.translate
    after = outcome(case, changed(event._replace(status="confirmed"))).result
    item = next(each for each in case.sheet.items if each.item == event.item)
    now = case.result
    before = (now.composite, now.rank, now.grade)
    moved = (after.composite, after.rank, after.grade) != before
    text = N_("{event} ({status}): if it counted, composite {composite}, rank {rank}, {grade}.")
    if after.rank is None:
        text = N_("{event} ({status}): if it counted, composite {composite}.")
    if not moved:
        text = N_("{event} ({status}): if it counted, nothing would change.")
    status = case.say("event_status", event.status)
    composite = hundredths(after.composite)
    return {
        "event": event.event,
        "item": event.item,
        "item_name": item.name,
        "kind": event.kind,
        "occurred_on": event.occurred_on.isoformat(),
        "status": event.status,
        "status_words": status,
        "document": event.document,
        "composite": composite,
        "rank": after.rank,
        "grade": after.grade,
        "sentence": _(text).format(
            event=event.event,
            status=status,
            composite=composite,
            rank=after.rank,
            grade=case.say("grade", after.grade),
        ),
    }


def _checks(case: Case) -> list[str]:
    _ = case.translate
    code = case.unit.unit
    return [
        _(
            N_(
                "Each line follows from the lines above it: re-compute it with a calculator,"
                " rounding half up where a line is marked ≈ or →."
            )
        ),
        _(N_("Compare each event with the document that is named beside it.")),
        _(N_("Try a change: kaohe what-if FOLDER --set …, with a change named above.")),
        _(
            N_(
                "The tables item_scores.csv, event_effects.csv, survey_scores.csv,"
                " component_scores.csv and results.csv hold the same digits under {code}."
            )
        ).format(code=code),
    ]
