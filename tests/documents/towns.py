"""A small town of made-up units, so varied that every part of a paper has something to show."""

from collections.abc import Iterator
from datetime import date, timedelta

from kaohe.core.codes import check_symbol
from kaohe.core.quantities import TICK
from kaohe.core.rows import (
    Adjustment,
    Event,
    EventKind,
    Inputs,
    Item,
    Measurement,
    NotApplicable,
    PastGrade,
    Response,
    Tenure,
    Unit,
)
from kaohe.core.scheme import Channel, Dimension, Round, Scheme, Survey

SCHEME = Scheme(
    2026,
    "370683",
    {"common": 20 * TICK, "individual": 60 * TICK, "social": 20 * TICK},
    title="2026年度事业单位绩效考核方案",
    weights_by_group={
        "教育组": {"common": 15 * TICK, "individual": 50 * TICK, "social": 35 * TICK},
        "卫生组": {"common": 203_333, "individual": 577_777, "social": 219_999},
    },
    survey=Survey(
        dimensions=(
            Dimension("duty", 60 * TICK, ("q1", "q2")),
            Dimension("attitude", 40 * TICK, ("q3",)),
        ),
        channels=(Channel("on_site", 60 * TICK, 3), Channel("telephone", 40 * TICK, 3)),
        rounds=(Round("h1", 40 * TICK), Round("h2", 60 * TICK)),
    ),
)
GROUPS = ("教育组", "卫生组", "农林水组", "文化旅游组")
KINDS = ("实验中学", "中心小学", "人民医院", "农业技术推广站", "文化馆", "园林服务中心", "图书馆")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"


def credit_code(number: int) -> str:
    """A unified social credit code with the right check digit."""
    body = f"12370683M{number:08d}"
    return body + (check_symbol(body) or "")


class Dice:
    """Repeatable whole numbers."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def below(self, end: int) -> int:
        self.state = (self.state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return (self.state >> 33) % end


def items() -> Iterator[Item]:
    """Forty-five items for every unit; both components make 100 points."""
    for number in range(25):
        kinds = (EventKind("late", TICK), EventKind("false", 2 * TICK, 3 * TICK))
        yield Item(f"R{number:02d}", "common", f"登记管理事项第{number}项", 4 * TICK, "deduction",
                   aspect="登记管理", kinds=kinds)  # fmt: skip
    for number in range(20):
        element = ("主体业务开展", "经济社会效益", "管理运行状况")[number % 3]
        yield Item(f"G{number:02d}", "individual", f"业务目标完成率第{number}项", 5 * TICK,
                   "ratio_up", element=element, target=100 * TICK)  # fmt: skip


def town(size: int, *, seed: int = 7) -> Inputs:
    """A year of 12 units or more; every twelfth is not graded, the last but one is exempt."""
    dice = Dice(seed)
    codes = [credit_code(number) for number in range(size)]
    units = tuple(_unit(code, number, size) for number, code in enumerate(codes))
    skill = {code: 78 + dice.below(23) for code in codes}
    skill[codes[3]], skill[codes[8]] = 15, 100
    last = date(2026, 12, 31)
    return Inputs(
        units,
        tuple(items()),
        not_applicable=(NotApplicable(codes[1], "G03", "未承担该项任务"),),
        events=tuple(_events(dice, codes)),
        measurements=tuple(
            Measurement(code, f"G{number:02d}", min(104, skill[code] + dice.below(12)) * TICK)
            for code in codes
            for number in range(20)
            if (code, number) not in {(codes[1], 3), (codes[2], 5)}
        ),
        responses=tuple(_responses(dice, codes)),
        adjustments=(
            Adjustment("J1", codes[0], "bonus", "省级表彰", "鲁教发〔2026〕18号", 2 * TICK),
            Adjustment("J2", codes[4], "deduction", "信访积案", "信访通报〔2026〕3号", TICK),
            Adjustment("J3", codes[8], "bar_a", "年度报告逾期", "示登监〔2026〕4号"),
            Adjustment("J4", codes[6], "force_c", "安全生产责任事故", "示应急〔2026〕9号"),
        ),
        history=tuple(
            PastGrade(code, year, "C" if number in (3, 6) else "A", f"示事考委〔{year + 1}〕1号")
            for number, code in enumerate(codes)
            for year in (2023, 2024, 2025)
        ),
        tenures=tuple(
            Tenure(code, _person(number), post, last - timedelta(days=150 + 90 * (number % 9)))
            for number, code in enumerate(codes)
            for post in ("principal", "legal_representative")
        ),
    )


def _person(number: int) -> str:
    return SURNAMES[number % 12] + "明华丽国志敏"[number % 6] + "强芳"[number % 2]


def _unit(code: str, number: int, size: int) -> Unit:
    status = "ungraded" if number % 12 == 11 else "exempt" if number == size - 2 else "graded"
    reason = {"ungraded": "本年度新设立不足六个月", "exempt": "正在办理注销登记"}.get(status)
    return Unit(
        code,
        f"示例市第{number + 1}{KINDS[number % 7]}",
        GROUPS[number % 4],
        ("市教育和体育局", "市卫生健康局", "市农业农村局")[number % 3],
        status,
        "per_pupil" if number % 4 == 0 else "appropriation",
        12 + 5 * (number % 40),
        status_reason=reason,
        category="公益一类",
    )


def _events(dice: Dice, codes: list[str]) -> Iterator[Event]:
    for number in range(3 * len(codes)):
        yield Event(
            f"E{number:05d}",
            codes[dice.below(len(codes))],
            f"R{dice.below(25):02d}",
            ("late", "false")[dice.below(2)],
            date(2026, 1, 1) + timedelta(days=dice.below(360)),
            ("confirmed", "confirmed", "confirmed", "pending")[dice.below(4)],
            dice.below(5) == 0,
            document=f"示登监〔2026〕{number + 1}号",
            note="=材料迟报" if number == 0 else None,
        )


def _responses(dice: Dice, codes: list[str]) -> Iterator[Response]:
    number = 0
    for place, code in enumerate(codes):
        for part in ("h1", "h2"):
            for channel in ("on_site", "telephone"):
                for _ in range(0 if place == 5 else 2 + dice.below(6)):
                    number += 1
                    answers = tuple(5 - (dice.below(8) == 0) - (dice.below(3) == 0)
                                    for _ in range(3))  # fmt: skip
                    yield Response(f"A{number:06d}", code, part, channel, True, answers)
