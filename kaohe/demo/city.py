"""The demonstration city (示例市): a whole year of about 280 institutions, invented.

Everything follows from the size, the year and the seed, on every machine the same.  No result is
written into it: scores, ranks and grades come out when the folder is assessed.
"""

from collections.abc import Sequence

from kaohe.core.rows import Inputs, Item, Response
from kaohe.demo import answers, book, plan, sheets, years
from kaohe.demo.aims import aim_of
from kaohe.demo.facts import FactMaker
from kaohe.demo.roster import Member, default_size, roster
from kaohe.demo.supervision import record_year

MOST_CITY_UNITS = 3_000  # so many that their responses still fit on a sheet of a workbook


def build_city(units: int | None = None, year: int = 2026, seed: int = 1) -> tuple[str, Inputs]:
    """The city's scheme as TOML, and all its facts as rows.

    Args:
        units: how many institutions, 1 to ``MOST_CITY_UNITS``; None: as many as the plan names
            (282, of which 280 are graded).  Some situations occur only from ``roster.SMALLEST`` on.
        year: the assessment year.
        seed: another seed, another city of the same kind.

    Raises:
        ValueError: ``units`` is out of these bounds.
    """
    wanted = default_size() if units is None else units
    if not 1 <= wanted <= MOST_CITY_UNITS:
        raise ValueError(f"a city has 1 to {MOST_CITY_UNITS} units, not {wanted}")
    members = roster(wanted, seed)
    scheme = scheme_of_year(members, year)
    return scheme, facts_of_year(members, year, seed)


def scheme_of_year(members: Sequence[Member], year: int) -> str:
    """The scheme of some units' year, as TOML."""
    minimums = answers.MINIMUMS
    return plan.scheme_text(
        year,
        jurisdiction=plan.JURISDICTION,
        minimums=(minimums["on_site"], minimums["telephone"], minimums["visit"]),
        groups={member.unit.group for member in members},
    )


def facts_of_year(members: Sequence[Member], year: int, seed: int) -> Inputs:
    """The whole year of some units, as rows."""
    common = sheets.common_indicators()
    individual = sheets.individual_indicators(members)
    twin = next((member for member in members if member.part == "tied"), None)
    facts = book.Book()
    responses: list[Response] = []
    for number, member in enumerate(members, start=1):
        unit = member.unit.unit
        like = twin if twin is not None and member.part == "tied_too" else member
        aim = aim_of(like, seed)
        answered = answers.answers_of(like, aim.social, seed)
        if like is not member:
            answered = answers.copied(answered, unit, seed)
        responses += answered
        if member.unit.status != "exempt":
            maker = FactMaker(like, number, year, seed)
            sheet = individual[like.unit.unit]
            facts.add(record_year(maker, aim, common, sheet).copied(unit))
    return _inputs(members, _items(common, individual), facts, year, seed)._replace(
        responses=answers.numbered(responses, year)
    )


def _items(
    common: Sequence[sheets.Indicator], individual: dict[str, list[sheets.Indicator]]
) -> tuple[Item, ...]:
    """All items, each once: the ledgers, then department by department."""
    items = {indicator.item.item: indicator.item for indicator in common}
    for sheet in individual.values():
        items |= {indicator.item.item: indicator.item for indicator in sheet}
    return tuple(items.values())


def _inputs(
    members: Sequence[Member], items: tuple[Item, ...], facts: book.Book, year: int, seed: int
) -> Inputs:
    past = years.past_of(members, year, seed)
    return Inputs(
        units=tuple(member.unit for member in members),
        items=items,
        targets=tuple(facts.targets),
        not_applicable=tuple(facts.not_applicable),
        events=book.numbered(facts.drafts, year),
        measurements=tuple(facts.measurements),
        milestones=tuple(facts.milestones),
        marks=tuple(facts.marks),
        adjustments=years.adjustments_of(members, year, seed),
        history=past.history,
        successions=past.successions,
        tenures=years.tenures_of(members, year, seed),
    )
