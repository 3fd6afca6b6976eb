"""What follows from a unit's grade (结果运用), and why: runs of years, persons, quotas."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from kaohe.core.linkages import (
    grade_in,
    in_post_on,
    joined,
    known_past,
    months_before,
    run_of_years,
)
from kaohe.core.problems import N_
from kaohe.core.quantities import FULL
from kaohe.core.rows import Linkage, Tenure
from kaohe.inquiry.explanation.arithmetic import FLOOR, Line, exact_text, plain, said, worked
from kaohe.inquiry.explanation.case import Case

Section = dict[str, object]


def linkage_section(case: Case) -> Section:
    """The measures that are proposed, and the runs of years that lead to some of them.

    Source: docs/rules/linkages.md, L-1, L-2, L-3, L-4, L-5, L-6, L-7.
    """
    rows = [row for row in case.outputs.linkages if row.unit == case.unit.unit]
    return {"measures": [_measure(case, row) for row in rows], "runs": _runs(case)}


def _measure(case: Case, row: Linkage) -> Section:
    return {
        "link": row.link,
        "link_words": case.say("link", row.link),
        "measure": row.measure,
        "measure_words": case.say("measure", row.measure),
        "person": row.person,
        "amount": row.amount,
        "basis": row.basis,
        "basis_words": case.say("basis", row.basis),
        "lines": _lines(case, row),
    }


def _lines(case: Case, row: Linkage) -> list[Line]:
    _ = case.translate
    rules = case.scheme.linkages
    if row.measure == "excellent-quota":
        return _quota(case, row.amount or 0)
    if row.measure == "principal-decision":
        text = N_("Nobody has been principal for {months} months up to 31 December.")
        return [said("L-3", _(text).format(months=rules.principal_months))]
    if row.measure == "removal-decision":
        text = N_("Nobody was in post on 31 December of each of the years {years}.")
        years = ", ".join(map(str, _run(case)[: rules.c_streak]))
        return [said("L-6", _(text).format(years=years))]
    lines = []
    if row.measure in ("promotion-priority", "removal-proposal"):
        text = N_("In a run of {years} years with {grade}.")
        words = _(text).format(years=len(_run(case)), grade=case.say("grade", case.result.grade))
        lines.append(said("L-4", words))
    if row.person is not None:
        lines += _posts(case, row.person)
    return lines


def _quota(case: Case, amount: int) -> list[Line]:
    """The arithmetic of the excellent quota.

    Source: docs/rules/linkages.md, L-2.
    """
    _ = case.translate
    rules, staff, grade = case.scheme.linkages, case.unit.staff, case.result.grade
    label = _(N_("staff who may be graded excellent, of {staff}")).format(staff=staff)
    share = rules.fixed_share[grade] if rules.excellent_quota == "fixed" else rules.base_share
    expression, exact = f"{staff} × {plain(share)} ÷ 100", Fraction(staff * share, FULL)
    if grade == "A" and rules.excellent_quota == "points":
        raised = min(share + rules.uplift, rules.share_cap)
        most = f"MIN({plain(rules.share_cap)}, {plain(share)} + {plain(rules.uplift)})"
        expression, exact = f"{staff} × {most} ÷ 100", Fraction(staff * raised, FULL)
    elif grade == "A" and rules.excellent_quota != "fixed":
        lines = []
        above = f"(100 + {plain(rules.uplift)}) ÷ 100"
        if rules.excellent_quota == "ratio_of_rounded":
            base = _(N_("quota without the raise"))
            lines.append(_floor(case, base, (expression, exact), int(exact)))
            expression, exact = str(int(exact)), Fraction(int(exact))
        raised_by = Fraction(FULL + rules.uplift, FULL)
        return [*lines, _floor(case, label, (f"{expression} × {above}", exact * raised_by), amount)]
    return [_floor(case, label, (expression, exact), amount)]


def _floor(case: Case, label: str, worth: tuple[str, Fraction], result: int) -> Line:
    expression, exact = worth
    chain = [expression, exact_text(exact), str(result)]
    return worked(label, "L-2", chain, exact=exact, rounding=FLOOR, translate=case.translate)


def _tenures(case: Case) -> list[Tenure]:
    return joined(row for row in case.inputs.tenures if row.unit == case.unit.unit)


def _posts(case: Case, person: str) -> list[Line]:
    """In which posts the person is on 31 December, and since when."""
    _ = case.translate
    last_day = date(case.scheme.year, 12, 31)
    months = case.scheme.linkages.principal_months
    lines = []
    for row in in_post_on(_tenures(case), last_day):
        if row.person != person:
            continue
        text = N_("{person}: {post} since {since}, in post on {day}.")
        if row.from_on > months_before(last_day, months):
            text = N_("{person}: {post} since {since}, less than {months} months before {day}.")
        words = _(text).format(
            person=person,
            post=case.say("post", row.post),
            since=row.from_on.isoformat(),
            day=last_day.isoformat(),
            months=months,
        )
        lines.append(said("L-3" if row.post == "principal" else "L-6", words))
    return lines


def _run(case: Case) -> list[int]:
    rules, grade = case.scheme.linkages, case.result.grade
    past = known_past(case.inputs.history, case.inputs.successions)
    gap = rules.a_gap if grade == "A" else rules.c_gap
    return run_of_years(past, case.unit.unit, (case.scheme.year, grade), gap)


def _runs(case: Case) -> list[Section]:
    """The run of years that ends in this one, for the grades that runs are counted for.

    Source: docs/rules/linkages.md, L-4, L-5.
    """
    grade, rules = case.result.grade, case.scheme.linkages
    if grade not in ("A", "C"):
        return []
    _ = case.translate
    years = _run(case)
    needed = rules.a_streak if grade == "A" else rules.c_streak
    gap = rules.a_gap if grade == "A" else rules.c_gap
    text = N_("{years} years in a row with {grade}; the measure begins with {needed}.")
    return [
        {
            "grade": grade,
            "years": len(years),
            "needed": needed,
            "gap": gap,
            "members": _members(case, years),
            "sentence": _(text).format(
                years=len(years), grade=case.say("grade", grade), needed=needed
            ),
        }
    ]


def _members(case: Case, years: Sequence[int]) -> list[Section]:
    """Each year from this one to where the run ends, with the row that says what it was."""
    rows: list[Section] = [
        {
            "year": case.scheme.year,
            "grade": case.result.grade,
            "unit": case.unit.unit,
            "document": None,
        }
    ]
    past = known_past(case.inputs.history, case.inputs.successions)
    for year in range(case.scheme.year - 1, min(years) - 2, -1):
        grade = grade_in(past, case.unit.unit, year)
        source = _source(case, year)
        rows.append(
            {
                "year": year,
                "grade": grade,
                "unit": source[0] if source else None,
                "document": source[1] if source else None,
            }
        )
    return rows


def _source(case: Case, year: int) -> tuple[str, str | None] | None:
    """The code and the document of the row of history that holds for a year."""
    documents = {(row.unit, row.year): row.document for row in case.inputs.history}
    past = known_past(case.inputs.history, case.inputs.successions)
    code, seen = case.unit.unit, set[str]()
    while code not in seen:
        seen.add(code)
        if (code, year) in documents:
            return code, documents[code, year]
        before, since = past.continues.get(code, (code, 0))
        if year < since:
            code = before
    return None
