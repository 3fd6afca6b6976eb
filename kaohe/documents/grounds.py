"""What a linkage rests on, in words: the arithmetic of a quota, the years of a run, documents."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from kaohe.core.linkages import Past, in_post_on, joined, known_past, run_of_years
from kaohe.core.quantities import FULL, show_plain
from kaohe.core.rows import Adjustment, Inputs, Linkage, PastGrade, Tenure, Unit
from kaohe.core.scheme import Linkages, Scheme
from kaohe.locale import Translate
from kaohe.locale.words import N_, SEPARATOR, say

Row = TypeVar("Row", Adjustment, Tenure)


class Ground(NamedTuple):
    """Why, and by which documents.  Either may be empty."""

    words: str
    documents: str


def quota_words(linkages: Linkages, grade: str, staff: int, translate: Translate = str) -> str:
    """The arithmetic of the quota of staff who may be graded excellent.

    Args:
        grade: "A", "B" or "C".
        staff: people who take part in the annual staff assessment.

    Source: docs/rules/linkages.md, L-2.

    >>> quota_words(Linkages(), "A", 37)
    '37 × 25% = 9.25, rounded down to 9'
    """
    base, uplift = linkages.base_share, linkages.uplift
    mode = linkages.excellent_quota
    if mode == "fixed":
        return _rounded(
            f"{staff} × {_percent(linkages.fixed_share[grade])}",
            staff * linkages.fixed_share[grade],
            6,
            translate,
        )
    if grade != "A":
        return _rounded(f"{staff} × {_percent(base)}", staff * base, 6, translate)
    if mode == "points":
        share = min(base + uplift, linkages.share_cap)
        term = f"MIN({_percent(base)} + {_percent(uplift)}, {_percent(linkages.share_cap)})"
        return _rounded(f"{staff} × {term}", staff * share, 6, translate)
    factor = f"(1 + {_percent(uplift)})"
    if mode == "ratio":
        exact = staff * base * (FULL + uplift)
        return _rounded(f"{staff} × {_percent(base)} × {factor}", exact, 12, translate)
    whole = staff * base // FULL
    first = _rounded(f"{staff} × {_percent(base)}", staff * base, 6, translate)
    second = _rounded(f"{whole} × {factor}", whole * (FULL + uplift), 6, translate)
    return translate(SEPARATOR).join([first, second])


def _rounded(term: str, exact: int, places: int, translate: Translate) -> str:
    whole, rest = divmod(exact, 10**places)
    fraction = f"{rest:0{places}d}".rstrip("0")
    if not fraction:
        return f"{term} = {whole}"
    text = translate(N_("{term} = {exact}, rounded down to {whole}"))
    return text.format(term=term, exact=f"{whole}.{fraction}", whole=whole)


def _percent(ticks: int) -> str:
    return f"{show_plain(ticks)}%"


class Grounds:
    """The grounds of all linkages of one year.

    Args:
        inputs: units, history, successions, tenures and adjustments are looked at.
    """

    def __init__(self, scheme: Scheme, inputs: Inputs, translate: Translate = str) -> None:
        self.scheme = scheme
        self.translate = translate
        self.past = known_past(inputs.history, inputs.successions)
        self.units = {unit.unit: unit for unit in inputs.units}
        self._history = {(row.unit, row.year): row for row in inputs.history}
        self._tenures = _by_unit(inputs.tenures)
        self._adjustments = _by_unit(inputs.adjustments)

    def of(self, linkage: Linkage, grade: str) -> Ground:
        """Why this linkage, of a unit with this grade.

        Source: docs/rules/linkages.md, L-1 to L-6.
        """
        unit = self.units[linkage.unit]
        measure = linkage.measure
        if measure == "excellent-quota":
            rules = self.scheme.linkages
            return Ground(quota_words(rules, grade, unit.staff, self.translate), "")
        if linkage.link == "cadres":
            return self._run(unit, grade)
        if measure in ("principal-excellent", "barred-from-honours"):
            return Ground(self._posts(unit, linkage.person or ""), "")
        if measure == "principal-decision":
            months = self.scheme.linkages.principal_months
            text = N_("nobody was principal on 31 December for at least {months} months")
            return Ground(self.translate(text).format(months=months), "")
        if linkage.link == "funding":
            return Ground(say("funding_basis", unit.funding_basis, self.translate), "")
        if measure == "warning":
            return self._forced(unit)
        return Ground("", "")

    def run(self, unit: str, grade: str) -> list[int]:
        """The years of the run of this grade that ends this year, earliest first.

        Source: docs/rules/linkages.md, L-4, L-5.
        """
        gap = self.scheme.linkages.a_gap if grade == "A" else self.scheme.linkages.c_gap
        return sorted(run_of_years(self.past, unit, (self.scheme.year, grade), gap))

    def adjustments(self, unit: str) -> list[Adjustment]:
        """The unit's adjustments, in order of their keys."""
        return sorted(self._adjustments[unit])

    def _run(self, unit: Unit, grade: str) -> Ground:
        years = self.run(unit.unit, grade)
        words = self.translate(N_("{grade} in {years}"))
        earlier = [row_of(self.past, self._history, unit.unit, year) for year in years]
        documents = [row.document for row in earlier if row is not None and row.document]
        shown = f"{years[0]}–{years[-1]}"
        if years[-1] - years[0] >= len(years):  # a year without a grade was bridged
            shown = self.translate(N_(" / ")).join(map(str, years))
        text = words.format(grade=say("grade", grade, self.translate), years=shown)
        return Ground(text, self.translate(SEPARATOR).join(dict.fromkeys(documents)))

    def _posts(self, unit: Unit, person: str) -> str:
        last_day = date(self.scheme.year, 12, 31)
        text = self.translate(N_("{post} since {day}"))
        held = in_post_on(joined(self._tenures[unit.unit]), last_day)
        posts: dict[date, list[str]] = {}
        for row in sorted(held, key=lambda row: (row.from_on, row.post != "principal")):
            if row.person == person:
                posts.setdefault(row.from_on, []).append(say("post", row.post, self.translate))
        sign = self.translate(N_(" / "))
        return self.translate(SEPARATOR).join(
            text.format(post=sign.join(names), day=day_words(day, self.translate))
            for day, names in posts.items()
        )

    def _forced(self, unit: Unit) -> Ground:
        forced = [row for row in self.adjustments(unit.unit) if row.kind == "force_c"]
        sign = self.translate(SEPARATOR)
        return Ground(
            sign.join(row.matter for row in forced), sign.join(row.document for row in forced)
        )


def day_words(day: date, translate: Translate = str) -> str:
    """A day as official papers write it: no zeros before its numbers (GB/T 9704-2012, 7.3.5).

    >>> day_words(date(2026, 3, 5))
    '2026-3-5'
    """
    text = translate(N_("{year}-{month}-{day}"))
    return text.format(year=day.year, month=day.month, day=day.day)


def row_of(
    past: Past, history: dict[tuple[str, int], PastGrade], unit: str, year: int
) -> PastGrade | None:
    """The row of ``history`` that says a unit's grade of a year: its own or a predecessor's.

    Source: docs/rules/linkages.md, L-5.
    """
    seen: set[str] = set()
    while unit not in seen:
        seen.add(unit)
        if (unit, year) in history:
            return history[unit, year]
        predecessor, since = past.continues.get(unit, (unit, 0))
        if year < since:
            unit = predecessor
    return None


def _by_unit(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.unit].append(row)
    return found
