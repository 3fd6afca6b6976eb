"""Beyond the facts of the year: grades of earlier years, who came from whom, who was in which post,
and what the committee added."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kaohe.core.quantities import TICK
from kaohe.core.rows import Adjustment, PastGrade, Succession, Tenure
from kaohe.demo import plan
from kaohe.demo.chance import Chance
from kaohe.demo.facts import FOUNDED_IN
from kaohe.demo.roster import PLACES, Member, credit_code

_HONOURS = (
    ("获国家部委集体表彰", 20_000, 1),
    ("获省级部门集体表彰", 10_000, 4),
    ("经验做法在全省推广", 10_000, 2),
    ("获市级集体表彰", 5_000, 6),
    ("创新项目获评优秀", 5_000, 4),
)
_REPROOFS = (
    ("被本市通报批评", 10_000, 4),
    ("整改逾期未完成", 10_000, 3),
    ("审计发现违规问题", 15_000, 2),
    ("被上级通报批评", 20_000, 1),
)


class Past(NamedTuple):
    """Where the units of this year come from."""

    history: tuple[PastGrade, ...]
    successions: tuple[Succession, ...]


def _predecessors(members: Sequence[Member], year: int) -> Iterator[Succession]:
    kinds = {
        "continued": ("continuation", 1, year - 1),
        "merged": ("merger", 2, year - 1),
        "absorbing": ("absorption", 1, year),
        "split": ("split", 1, year - 1),
    }
    for place, member in enumerate(members):
        kind, number, since = kinds.get(member.part, ("", 0, 0))
        for before in range(number):
            gone = credit_code(49_458_000 + 17 * place + 5 + before)
            yield Succession(member.unit.unit, gone, since, kind)


def past_of(members: Sequence[Member], year: int, seed: int) -> Past:
    """Three years of grades, and the successions.  A unit has its own years since it exists."""
    successions = tuple(_predecessors(members, year))
    founded = {row.unit: row.year for row in successions if row.kind != "absorption"}
    grades = []
    for member in members:
        for past in range(max(year - 3, founded.get(member.unit.unit, 0)), year):
            grade = _past_grade(member, past, year, seed)
            if grade:
                grades.append((member.unit.unit, past, grade))
    for row in successions:
        for past in range(year - 3, row.year):
            fine = row.kind == "continuation"
            grades.append((row.predecessor, past, "A" if fine else _of_gone(row, past)))
    history = [
        PastGrade(unit, past, grade, None if grade == "none" else f"示考委〔{past + 1}〕5号")
        for unit, past, grade in sorted(grades)
    ]
    return Past(tuple(history), successions)


def _of_gone(row: Succession, past: int) -> str:
    return "A" if row.kind == "merger" and past % 2 else "B"


def _past_grade(member: Member, past: int, year: int, seed: int) -> str:
    """The grade of an earlier year; "" where the unit did not exist."""
    if member.part == "ungraded":
        return ""
    if member.part == "failing":
        return "C" if past == year - 1 else "B"
    if member.part == "exempt":
        return "none" if past == year - 1 else "B"
    if member.part == "continued":
        return "A"
    chance = Chance(seed, "history", member.unit.unit, past)
    if chance.happens(1):
        return "none"
    place = member.place + chance.around_zero(6000)
    if place > PLACES * 118 // 100:
        return "C"
    return "A" if place < PLACES // 5 else "B"


def person(number: int) -> str:
    """The name of an invented person; another one for every number below 50,000."""
    parts = plan.people()
    surnames, first, second = parts["surnames"], parts["first"], parts["second"]
    count = len(surnames) * len(first) * len(second)
    mixed = (number * 30_011 + 17) % count
    mixed, last = divmod(mixed, len(second))
    mixed, middle = divmod(mixed, len(first))
    return f"{surnames[mixed]}{first[middle]}{second[last]}"


def tenures_of(members: Sequence[Member], year: int, seed: int) -> tuple[Tenure, ...]:
    """Who was principal (主要负责人) and who legal representative (法定代表人), since when."""
    tenures: list[Tenure] = []
    for place, member in enumerate(members):
        chance = Chance(seed, "posts", member.unit.unit)
        steady = member.part in {"failing", "continued"}
        names = [person(place * 4 + seat) for seat in range(4)]
        principal = _post(member, "principal", names[0], names[1], year, chance, steady)
        tenures += principal
        if member.part == "failing" or chance.happens(18):
            tenures += _post(
                member, "legal_representative", names[2], names[3], year, chance, steady
            )
        else:
            tenures += [row._replace(post="legal_representative") for row in principal]
    return tuple(tenures)


def _post(
    member: Member,
    post: str,
    first: str,
    second: str,
    year: int,
    chance: Chance,
    steady: bool,
) -> list[Tenure]:
    """One post's holders: mostly one, in some units another since some day of the year."""
    unit = member.unit.unit
    since = date(year - chance.between(4, 8), chance.between(1, 12), chance.between(1, 28))
    if member.part == "ungraded":
        return [Tenure(unit, first, post, date(year, FOUNDED_IN, 1))]
    if steady or not chance.happens(14):
        if chance.happens(4):  # appointed again: two rows without a day between
            until = date(year - 1, 12, 31)
            again = Tenure(unit, first, post, date(year, 1, 1))
            return [Tenure(unit, first, post, since, until), again]
        return [Tenure(unit, first, post, since)]
    last = date(year, chance.between(2, 11), chance.between(1, 28))
    start = last + timedelta(days=1)
    return [Tenure(unit, first, post, since, last), Tenure(unit, second, post, start)]


def adjustments_of(members: Sequence[Member], year: int, seed: int) -> tuple[Adjustment, ...]:
    """Honours, reproofs and the committee's decisions, each with its document."""
    rows: list[tuple[str, str, str, int | None, str | None]] = []
    plain = [member for member in members if _is_plain(member)]
    for member in plain:
        chance = Chance(seed, "adjustments", member.unit.unit)
        if chance.happens(16 if member.place < PLACES // 2 else 5):
            matter, points, _ = chance.weighted(_HONOURS, [row[2] for row in _HONOURS])
            rows.append((member.unit.unit, "bonus", matter, points, None))
        if member.place > PLACES * 6 // 10 and chance.happens(6):
            matter, points, _ = chance.weighted(_REPROOFS, [row[2] for row in _REPROOFS])
            rows.append((member.unit.unit, "deduction", matter, points, None))
    rows += _special_adjustments(members, plain)
    return tuple(
        Adjustment(
            adjustment=f"J{year}-{number:03d}",
            unit=unit,
            kind=kind,
            matter=matter,
            document=f"示考委办〔{year}〕{number + 20}号",
            points=points,
            note=note,
        )
        for number, (unit, kind, matter, points, note) in enumerate(rows, start=1)
    )


def _is_plain(member: Member) -> bool:
    return member.unit.status == "graded" and not member.part


def _special_adjustments(
    members: Sequence[Member], plain: Sequence[Member]
) -> Iterator[tuple[str, str, str, int | None, str | None]]:
    """One matter honoured twice, more honours than count, and the committee's decisions."""
    good = sorted(plain, key=lambda member: (member.place, member.unit.unit))
    if good:
        unit = good[len(good) // 3].unit.unit
        yield unit, "bonus", "精细化管理经验", 10_000, "省级推广"
        yield unit, "bonus", "精细化管理经验", 5_000, "市级推广，同一事项只计最高一项"
        unit = good[len(good) // 2].unit.unit
        for matter in ("全国先进集体", "全国示范单位", "全国创新案例"):
            yield unit, "bonus", matter, 2 * TICK, "合计超过加分上限"
        unit = good[-1].unit.unit
        yield unit, "deduction", "整改两次退回", 2 * TICK, None
        yield unit, "deduction", "被本市通报批评", 1 * TICK, None
    decisions = {
        "forced": ("force_c", "发生负有责任的较大安全事故", "经考核委员会研究，评为C等"),
        "barred": ("bar_a", "受到登记管理机关书面警告", "本年度不得评为A等"),
        "tied": ("seat", "并列最后一个A等名额", "考核委员会表决，名额给予本单位"),
    }
    for member in members:
        if member.part in decisions:
            kind, matter, note = decisions[member.part]
            yield member.unit.unit, kind, matter, None, note
