"""What follows from a grade (四个挂钩): proposals that a person executes."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kaohe.core.quantities import FULL
from kaohe.core.rows import Linkage, PastGrade, Succession, Tenure, Unit
from kaohe.core.scheme import Linkages, Scheme

BASIS = {"honours": "S28", "cadres": "S29", "funding": "S30", "staffing": "S31"}
FUNDING = {"per_pupil": "per-pupil-standard-up", "appropriation": "appropriation-ratio-up"}

Measure = tuple[str, str, str | None]  # link, measure, person


class Past(NamedTuple):
    """What is known of earlier years: grades by unit and year, and whom each unit continues."""

    grades: Mapping[tuple[str, int], str]
    continues: Mapping[str, tuple[str, int]]  # unit → (predecessor, year of the succession)


def known_past(history: Iterable[PastGrade], successions: Iterable[Succession]) -> Past:
    """Index the two tables.  Only a continuation carries a predecessor's years.

    Source: docs/rules/linkages.md, L-5.
    """
    return Past(
        {(row.unit, row.year): row.grade for row in history},
        {
            row.unit: (row.predecessor, row.year)
            for row in successions
            if row.kind == "continuation"
        },
    )


def grade_in(past: Past, unit: str, year: int) -> str | None:
    """The unit's grade in an earlier year, its own or, before it began, its predecessor's.

    Source: docs/rules/linkages.md, L-5.
    """
    seen = set()
    while unit not in seen:
        seen.add(unit)
        grade = past.grades.get((unit, year))
        if grade is not None:
            return grade
        predecessor, since = past.continues.get(unit, (unit, 0))
        if year < since:
            unit = predecessor
    return None


def run_of_years(past: Past, unit: str, this_year: tuple[int, str], gap: str) -> list[int]:
    """The years of the run of one grade that ends in this year, latest first, this one included.

    A year with grade ``none`` breaks the run or is bridged (left out, and the run goes on behind
    it), as ``gap`` says; an absent year breaks it.

    Args:
        this_year: the folder's year, and the unit's grade in it.
        gap: "break" or "bridge".

    Source: docs/rules/linkages.md, L-4.
    """
    year, grade = this_year
    years = [year]
    while True:
        year -= 1
        earlier = grade_in(past, unit, year)
        if earlier == grade:
            years.append(year)
        elif earlier != "none" or gap == "break":
            return years


def excellent_quota(linkages: Linkages, grade: str, staff: int) -> int:
    """How many of the staff may be graded excellent (优秀名额), rounded down.

    Args:
        grade: "A", "B" or "C".
        staff: people who take part in the annual staff assessment.

    Source: docs/rules/linkages.md, L-2.

    >>> excellent_quota(Linkages(), "A", 37), excellent_quota(Linkages(), "B", 37)
    (9, 7)
    """
    base, uplift = linkages.base_share, FULL + linkages.uplift
    if linkages.excellent_quota == "fixed":
        return staff * linkages.fixed_share[grade] // FULL
    if grade != "A":
        return staff * base // FULL
    if linkages.excellent_quota == "points":
        return staff * min(base + linkages.uplift, linkages.share_cap) // FULL
    if linkages.excellent_quota == "ratio":
        return staff * base * uplift // (FULL * FULL)
    return staff * base // FULL * uplift // FULL


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or that month's last.

    Before the first year of the calendar it is the first day of all.

    Source: docs/rules/linkages.md, L-3.

    >>> months_before(date(2026, 12, 31), 6), months_before(date(2026, 12, 31), 10)
    (datetime.date(2026, 6, 30), datetime.date(2026, 2, 28))
    """
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    if year < 1:
        return date.min
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def joined(tenures: Iterable[Tenure]) -> list[Tenure]:
    """Tenures with those of one person and post that follow without a day between made one.

    Source: docs/rules/linkages.md, L-6.
    """
    found: list[Tenure] = []
    for row in sorted(tenures, key=lambda each: (each.unit, each.person, each.post, each.from_on)):
        last = found[-1] if found else None
        if last is None or last[:3] != row[:3]:
            found.append(row)
        elif last.to_on is not None and (row.from_on - last.to_on).days > 1:
            found.append(row)
        elif last.to_on is not None:
            ends = None if row.to_on is None else max(last.to_on, row.to_on)
            found[-1] = last._replace(to_on=ends)
    return found


def in_post_on(tenures: Iterable[Tenure], day: date) -> list[Tenure]:
    """Those of the tenures that hold on ``day``; ``to`` is the last day in post.

    Source: docs/rules/linkages.md, L-6.
    """
    return [
        row for row in tenures if row.from_on <= day and (row.to_on is None or day <= row.to_on)
    ]


def principals(tenures: Sequence[Tenure], year: int, months: int) -> list[str]:
    """Who is principal on 31 December and has been for at least so many calendar months.

    Args:
        tenures: one unit's, joined.

    Source: docs/rules/linkages.md, L-3.
    """
    last_day = date(year, 12, 31)
    return sorted(
        {
            row.person
            for row in in_post_on(tenures, last_day)
            if row.post == "principal" and row.from_on <= months_before(last_day, months)
        }
    )


def answerable(tenures: Sequence[Tenure], years: Iterable[int]) -> list[str]:
    """Who is principal or legal representative on 31 December of each of the years.

    Args:
        tenures: one unit's, joined.
        years: one or more.

    Source: docs/rules/linkages.md, L-6.
    """
    last_days = [date(year, 12, 31) for year in years]
    people = [{row.person for row in in_post_on(tenures, day)} for day in last_days]
    return sorted(set.intersection(*people))


def proposals(
    scheme: Scheme, unit: Unit, grade: str, tenures: Iterable[Tenure], past: Past
) -> list[Linkage]:
    """All that follows from one unit's grade of this year, sorted; nothing from grade ``none``.

    Args:
        tenures: the unit's.

    Source: docs/rules/linkages.md, L-1, L-7.
    """
    if grade == "none":
        return []
    posts = joined(tenures)
    measures: list[Measure] = [("honours", "excellent-quota", None)]
    if grade == "A":
        measures += _for_a(scheme, unit, posts, past)
    elif grade == "C":
        measures += _for_c(scheme, unit, posts, past)
    quota = excellent_quota(scheme.linkages, grade, unit.staff)
    return sorted(
        (
            Linkage(
                unit.unit,
                link,
                measure,
                person,
                quota if measure == "excellent-quota" else None,
                BASIS[link],
            )
            for link, measure, person in measures
        ),
        key=lambda row: (row.link, row.measure, row.person or ""),
    )


def _for_a(scheme: Scheme, unit: Unit, posts: Sequence[Tenure], past: Past) -> list[Measure]:
    rules = scheme.linkages
    measures: list[Measure] = [
        ("honours", "commendation", None),
        ("honours", "certificate", None),
        ("funding", FUNDING[unit.funding_basis], None),
        ("staffing", "staffing-priority", None),
    ]
    excellent = principals(posts, scheme.year, rules.principal_months)
    measures += [("honours", "principal-excellent", person) for person in excellent]
    if not excellent:
        measures.append(("honours", "principal-decision", None))
    if len(run_of_years(past, unit.unit, (scheme.year, "A"), rules.a_gap)) >= rules.a_streak:
        present = answerable(posts, [scheme.year])
        measures += [("cadres", "promotion-priority", person) for person in present]
    return measures


def _for_c(scheme: Scheme, unit: Unit, posts: Sequence[Tenure], past: Past) -> list[Measure]:
    rules = scheme.linkages
    measures: list[Measure] = [("honours", "warning", None)]
    present = answerable(posts, [scheme.year])
    measures += [("honours", "barred-from-honours", person) for person in present]
    run = run_of_years(past, unit.unit, (scheme.year, "C"), rules.c_gap)
    if len(run) >= rules.c_streak:
        throughout = answerable(posts, run[: rules.c_streak])
        measures += [("cadres", "removal-proposal", person) for person in throughout]
        if not throughout:
            measures.append(("cadres", "removal-decision", None))
    return measures
