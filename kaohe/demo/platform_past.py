"""The three years before this one, of the demonstration city: whole folders, facts included.

Each is made as the city of that year was: without the units that came later, with those that have
ended since.  Grades are what the engine makes of the folders; so history and results agree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kaohe.core.rows import Inputs, PastGrade, Succession, Tenure
from kaohe.demo.chance import Chance
from kaohe.demo.city import facts_of_year, scheme_of_year
from kaohe.demo.platform_register import SEED, bureau
from kaohe.demo.platform_successions import NAMES
from kaohe.demo.roster import PLACES, Member, default_size, roster
from kaohe.demo.years import past_of, tenures_of
from kaohe.folder.author import write_folder
from kaohe.folder.read_results import read_table
from kaohe.folder.zipped import unpack_whole
from kaohe.indicators.queries.whole_folder import WholeFolder, read_whole

YEARS = 3
_RESTLESS = 3_000  # how far a unit's place moves from year to year, at most
_KEPT_PARTS = frozenset({"continued"})


@dataclass(frozen=True)
class Earlier:
    """An earlier year: its folder as the platform takes it, and the grades that came of it."""

    year: int
    whole: WholeFolder
    grades: list[PastGrade]


def earlier_years(today: int) -> list[Earlier]:
    """The years before ``today``, the earliest first; each knows the grades of those before it."""
    found: list[Earlier] = []
    for year in range(today - YEARS, today):
        known = [row for earlier in found for row in earlier.grades]
        found.append(_earlier(year, today, known))
    return found


def _earlier(year: int, today: int, known: Sequence[PastGrade]) -> Earlier:
    members = list(members_of(year, today))
    inputs = on_platform(facts_of_year(members, year, year))
    here = {unit.unit for unit in inputs.units}
    inputs = inputs._replace(
        history=tuple(known),
        successions=tuple(row for row in _successions(today) if row.year <= year),
        tenures=tuple(row for row in _tenures(year, today) if row.unit in here),
    )
    with TemporaryDirectory(prefix="kaohe-demo-") as scratch:
        folder = Path(scratch) / "folder"
        write_folder(inputs, scheme_of_year(members, year), folder)
        whole = read_whole(folder)
        return Earlier(year, whole, list(_grades(year, whole, Path(scratch))))


def _grades(year: int, whole: WholeFolder, scratch: Path) -> Iterator[PastGrade]:
    """The grades of a year, as its results have them."""
    packed, results = scratch / "results.zip", scratch / "results"
    packed.write_bytes(whole.results)
    results.mkdir()
    unpack_whole(packed, results)
    for row in read_table(results, "results"):
        document = None if row.grade == "none" else f"示考委〔{year + 1}〕5号"
        yield PastGrade(row.unit, year, row.grade, document)


def on_platform(inputs: Inputs) -> Inputs:
    """The same rows with departments called as the platform calls them."""
    return inputs._replace(
        units=tuple(unit._replace(department=bureau(unit.department)) for unit in inputs.units),
        items=tuple(
            item._replace(department=bureau(item.department)) if item.department else item
            for item in inputs.items
        ),
    )


def _successions(today: int) -> Sequence[Succession]:
    return past_of(roster(default_size(), SEED), today, SEED).successions


def _tenures(year: int, today: int) -> Iterator[Tenure]:
    """Who was in post by the end of a year, of those who are on the register."""
    for row in tenures_of(roster(default_size(), SEED), today, SEED):
        if row.from_on.year <= year:
            yield row


def members_of(year: int, today: int) -> Iterator[Member]:
    """The units of the city in an earlier year, in the order in which those of today stand.

    Args:
        today: the year of the register, whose units they became.
    """
    before: dict[str, list[Succession]] = {}
    for row in _successions(today):
        before.setdefault(row.unit, []).append(row)
    for member in roster(default_size(), SEED):
        rows = before.get(member.unit.unit, [])
        if member.part == "ungraded":
            continue
        if not rows or rows[0].kind == "absorption" or rows[0].year <= year:
            yield _then(member, year, today)
        if rows and rows[0].year > year:
            yield from _forerunners(member, rows, year, today)


def _then(member: Member, year: int, today: int) -> Member:
    """A unit in an earlier year: somewhat better or worse than now, and without a part to play."""
    drift = Chance(year, "place", member.unit.unit).around_zero(_RESTLESS)
    place = min(max(member.place + drift, 0), PLACES)
    keeps = member.part in _KEPT_PARTS or (member.part == "failing" and year == today - 1)
    unit = member.unit
    if member.part == "exempt" and year < today - 1:
        unit = unit._replace(status="graded", status_reason=None)
    return Member(unit, member.kind, place, member.part if keeps else "")


def _forerunners(
    member: Member, rows: Sequence[Succession], year: int, today: int
) -> Iterator[Member]:
    tails = NAMES.get(rows[0].kind, ("",))
    then = _then(member, year, today)
    for row, tail in zip(rows, tails, strict=True):
        unit = then.unit._replace(
            unit=row.predecessor,
            name=f"{then.unit.name}{tail}",
            staff=max(then.unit.staff // len(rows), 1),
        )
        yield then._replace(unit=unit)
