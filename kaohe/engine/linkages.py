"""What follows from a grade (四个挂钩), set-based: proposals that a person executes."""

from collections.abc import Iterable
from datetime import date

import narwhals as nw

from kaohe.core.linkages import BASIS, FUNDING, months_before
from kaohe.core.quantities import FULL
from kaohe.core.scheme import Linkages, Scheme
from kaohe.engine.arithmetic import Frame, chosen, day_numbers, running, whole
from kaohe.engine.tables import Bench

_STILL = 10_000 * 366  # a day after every date: still in post
_LAST_YEAR = 9999

# What follows from a grade alone: grade, link, measure.
ALWAYS = (
    ("A", "honours", "commendation"),
    ("A", "honours", "certificate"),
    ("A", "staffing", "staffing-priority"),
    ("C", "honours", "warning"),
)


def excellent_quota(rules: Linkages) -> nw.Expr:
    """How many of the staff may be graded excellent (优秀名额), rounded down.

    Source: docs/rules/linkages.md, L-2.
    """
    staff, uplift = nw.col("staff"), FULL + rules.uplift
    plain = share_of(staff, rules.base_share, FULL)
    if rules.excellent_quota == "fixed":
        found = plain
        for grade, share in rules.fixed_share.items():
            own = share_of(staff, share, FULL)
            found = nw.when(nw.col("grade") == grade).then(own).otherwise(found)
        return found
    if rules.excellent_quota == "points":
        raised = share_of(staff, min(rules.base_share + rules.uplift, rules.share_cap), FULL)
    elif rules.excellent_quota == "ratio":
        raised = share_of(staff, rules.base_share * uplift, FULL * FULL)
    else:
        raised = share_of(plain, uplift, FULL)
    return nw.when(nw.col("grade") == "A").then(raised).otherwise(plain)


def share_of(number: nw.Expr, share: int, whole_share: int) -> nw.Expr:
    """number · share / whole_share, rounded down, without a product that passes int64.

    Args:
        number: 0 to 10^6.
        share: 0 to 10^18.
        whole_share: 1 to 10^12.
    """
    times, rest = divmod(share, whole_share)
    return number * times + number * rest // whole_share


def lineages(continuations: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int, int]]:
    """Each unit with all that it continues, one behind the other.

    Args:
        continuations: (unit, predecessor, year), at most one for a unit.

    Returns:
        (unit, ancestor, how far back, the year before which its years are carried).

    Source: docs/rules/linkages.md, L-5.
    """
    continues = {unit: (predecessor, year) for unit, predecessor, year in continuations}
    found = []
    for unit in continues:
        ancestor, before, seen = unit, _LAST_YEAR, {unit}
        while ancestor in continues:
            ancestor, since = continues[ancestor]
            if ancestor in seen:
                break
            seen.add(ancestor)
            before = min(before, since)
            found.append((unit, ancestor, len(seen) - 1, before))
    return found


def past_grades(bench: Bench, units: Frame, year: int) -> Frame:
    """The grades of earlier years, a unit's own or, before it began, its predecessors'.

    Args:
        units: unit, grade: of this year.

    Returns:
        unit, grade, year, past: the grade of that earlier year; a year not known has no row.

    Source: docs/rules/linkages.md, L-5.
    """
    history = bench.given("history").filter(nw.col("year") < year)
    earlier = history.select("unit", "year", past="grade")
    own = units.join(earlier, on="unit")
    successions = bench.given("successions").filter(nw.col("kind") == "continuation")
    known = bench.rows(successions.select("unit", "predecessor", "year"))
    if not known:
        return own
    columns = {"unit": str, "ancestor": str, "behind": int, "before": int}
    lines = bench.constants("lineages", columns, lineages(known))
    inherited = (
        units.join(lines, on="unit")
        .join(earlier, left_on="ancestor", right_on="unit")
        .filter(nw.col("year") < nw.col("before"))
    )
    columns_of_both = ("unit", "grade", "year", "past", "behind")
    own = own.with_columns(behind=nw.lit(0, nw.Int64()))
    together = nw.concat(
        [each.select(*columns_of_both) for each in (own, inherited)], how="vertical"
    )
    nearest = nw.col("behind") == nw.col("behind").min().over("unit", "year")
    return together.filter(nearest).drop("behind")


def run_years(bench: Bench, past: Frame, scheme: Scheme) -> Frame:
    """The earlier years of the run of one grade that ends in this year.

    Args:
        past: ``past_grades``.

    Returns:
        unit, grade, year, nth: 1 for the latest of them.

    Source: docs/rules/linkages.md, L-4.
    """
    rules = scheme.linkages
    bridging = [grade for grade, gap in (("A", rules.a_gap), ("C", rules.c_gap)) if gap == "bridge"]
    same = nw.col("past") == nw.col("grade")
    bridged = (nw.col("past") == "none") & nw.col("grade").is_in(bridging)
    within, latest_first = ("unit",), ("order",)
    counted = past.with_columns(order=-nw.col("year"), one=nw.lit(1)).with_columns(
        behind=running(nw.col("one"), within, latest_first)
    )
    broken = (scheme.year - nw.col("year") != nw.col("behind")) | ~(same | bridged)
    return (
        bench.plan("past", counted)
        .with_columns(breaks=running(whole(broken), within, latest_first))
        .filter(same & (nw.col("breaks") == 0))
        .with_columns(nth=running(nw.col("one"), within, latest_first))
        .select("unit", "grade", "year", "nth")
    )


def in_streak(units: Frame, years: Frame, grade: str, streak: int) -> Frame:
    """The units of a grade whose run, this year included, is long enough.

    Source: docs/rules/linkages.md, L-4.
    """
    of_grade = units.filter(nw.col("grade") == grade).select("unit")
    if streak <= 1:
        return of_grade
    long = years.filter((nw.col("grade") == grade) & (nw.col("nth") == streak - 1))
    return of_grade.join(long.select("unit"), on="unit", how="semi")


def posts(tenures: Frame, units: Frame) -> Frame:
    """The tenures of the units, with the first and the last year at whose end each holds.

    Returns:
        unit, grade, person, post, from_on, to_on, first, last.

    Source: docs/rules/linkages.md, L-6.
    """
    ends = nw.col("to_on").dt.year().cast(nw.Int64())
    at_the_end = (nw.col("to_on").dt.month() == 12) & (nw.col("to_on").dt.day() == 31)
    last = nw.when(at_the_end).then(ends).otherwise(ends - 1).fill_null(_LAST_YEAR)
    return (
        tenures.select("unit", "person", "post", "from_on", "to_on")
        .join(units, on="unit")
        .with_columns(first=nw.col("from_on").dt.year().cast(nw.Int64()), last=last)
    )


def excellent_principals(bench: Bench, held: Frame, year: int, months: int) -> Frame:
    """Who is principal on 31 December and has been for at least so many calendar months.

    Args:
        held: ``posts``.

    Returns:
        unit, person.

    Source: docs/rules/linkages.md, L-3, L-6.
    """
    within, in_order = ("unit", "person"), ("start", "end")
    of_a = held.filter((nw.col("grade") == "A") & (nw.col("post") == "principal"))
    days = of_a.with_columns(start=nw.col("from_on"), end=nw.col("to_on"))
    spells = (
        bench.plan("spells", day_numbers(days, "start", "end"))
        .with_columns(end=nw.col("end").fill_null(_STILL))
        .with_columns(reach=nw.col("end").cum_max().over(*within, order_by=in_order))
        .with_columns(before=nw.col("reach").shift(1).over(*within, order_by=in_order))
        .with_columns(apart=whole(nw.col("start") > nw.col("before") + 1).fill_null(0))
        .with_columns(spell=running(nw.col("apart"), within, in_order))
    )
    last_day = date(year, 12, 31)
    joined = spells.group_by("unit", "person", "spell").agg(
        begun=nw.col("from_on").min(), last=nw.col("last").max()
    )
    long = nw.col("begun") <= nw.lit(months_before(last_day, months))
    return joined.filter(long & (nw.col("last") >= year)).select("unit", "person")


def _named(frame: Frame, link: str, measure: str) -> Frame:
    """Rows of one measure, for each unit or person of the frame."""
    person = nw.col("person") if "person" in frame.columns else nw.lit(None, nw.String())
    amount = nw.col("amount") if "amount" in frame.columns else nw.lit(None, nw.Int64())
    return frame.select(
        "unit", link=nw.lit(link), measure=nw.lit(measure), person=person, amount=amount
    )


def _of_persons(bench: Bench, units: Frame, scheme: Scheme) -> list[Frame]:
    """The measures that fall on a person.

    Args:
        units: unit, grade: those with A or C.

    Source: docs/rules/linkages.md, L-1, L-3, L-4, L-6.
    """
    rules, year = scheme.linkages, scheme.year
    held = bench.keep("posts", posts(bench.given("tenures"), units))
    years = bench.keep("run_years", run_years(bench, past_grades(bench, units, year), scheme))
    principals = bench.keep(
        "principals",
        excellent_principals(bench, held, year, rules.principal_months),
    )
    now = (nw.col("first") <= year) & (nw.col("last") >= year)
    present = held.filter(now).select("unit", "grade", "person").unique()
    rising = in_streak(units, years, "A", rules.a_streak)
    falling = in_streak(units, years, "C", rules.c_streak)
    throughout = bench.keep("throughout", in_post_throughout(held, falling, years, scheme))
    deciding = units.filter(nw.col("grade") == "A").join(principals, on="unit", how="anti")
    undecided = falling.join(throughout, on="unit", how="anti")
    barred = present.filter(nw.col("grade") == "C")
    return [
        _named(principals, "honours", "principal-excellent"),
        _named(deciding, "honours", "principal-decision"),
        _named(barred, "honours", "barred-from-honours"),
        _named(present.join(rising, on="unit", how="semi"), "cadres", "promotion-priority"),
        _named(throughout, "cadres", "removal-proposal"),
        _named(undecided, "cadres", "removal-decision"),
    ]


def in_post_throughout(held: Frame, falling: Frame, years: Frame, scheme: Scheme) -> Frame:
    """Who was in a post on 31 December of each of the last C years that make the streak.

    Args:
        held: ``posts``.
        falling: unit: those in a run of C years that is long enough.
        years: ``run_years``.

    Returns:
        unit, person.

    Source: docs/rules/linkages.md, L-1, L-6.
    """
    streak = scheme.linkages.c_streak
    earlier = years.filter((nw.col("grade") == "C") & (nw.col("nth") < streak))
    asked = nw.concat(
        [
            falling.select("unit", year=nw.lit(scheme.year, nw.Int64())),
            earlier.join(falling, on="unit", how="semi").select("unit", "year"),
        ],
        how="vertical",
    )
    then = held.select("unit", "person", "first", "last").join(asked, on="unit")
    covered = then.filter((nw.col("first") <= nw.col("year")) & (nw.col("last") >= nw.col("year")))
    counted = (
        covered.select("unit", "person", "year")
        .unique()
        .group_by("unit", "person")
        .agg(years=nw.len())
    )
    return counted.filter(nw.col("years") == max(1, streak)).select("unit", "person")


def proposals(bench: Bench, results: Frame, scheme: Scheme) -> Frame:
    """All that follows from the grades of this year; nothing from grade ``none``.

    Args:
        results: unit, grade, staff, funding_basis.

    Returns:
        The columns of ``linkages``.

    Source: docs/rules/linkages.md, L-1, L-2, L-7.
    """
    quotas = results.filter(nw.col("grade") != "none").select(
        "unit", amount=excellent_quota(scheme.linkages)
    )
    always = bench.constants("always", {"grade": str, "link": str, "measure": str}, ALWAYS)
    measures = results.select("unit", "grade").join(always, on="grade")
    moved = results.filter(nw.col("grade") == "A")
    found = [
        measures.select(
            "unit",
            "link",
            "measure",
            person=nw.lit(None, nw.String()),
            amount=nw.lit(None, nw.Int64()),
        ),
        _named(quotas, "honours", "excellent-quota"),
    ]
    for basis, measure in FUNDING.items():
        funded = moved.filter(nw.col("funding_basis") == basis)
        found.append(_named(funded.select("unit"), "funding", measure))
    graded_a_or_c = nw.col("grade").is_in(["A", "C"])
    units = bench.keep("a_and_c", results.filter(graded_a_or_c).select("unit", "grade"))
    found += _of_persons(bench, units, scheme)
    return nw.concat(found, how="vertical").with_columns(
        basis=chosen(nw.col("link"), BASIS, otherwise="")
    )
