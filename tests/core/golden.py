"""A worked year: the health group, five units of two departments, default settings.

| unit | dept. | individual | tier | S′ | ledgers | H1 | H2 | social | extra | composite | grade |
|---|---|---|---|---|---|---|---|---|---|---|---|
| a1 | D1 | 96.40 | Ⅰ | 96.40 | −1.5 | 88.20 | 90.40 | 89.52 | +3 | 98.44 | A |
| b1 | D2 | 92.00 | Ⅰ | 92.00 | −2.5 | 90.10 | 86.35 | 87.85 | +1 | 93.27 | B |
| a2 | D1 | 94.00 | Ⅱ | 91.00 | 0 | 91.00 | 93.50 | 92.50 | | 93.10 | B |
| a3 | D1 | 88.50 | Ⅱ | 85.50 | −4 | 85.00 | 84.00 | 84.40 | −1 | 86.38 | B |
| b2 | D2 | 73.50 | Ⅲ | 67.50 | −12 | 70.00 | 66.00 | 67.60 | | 71.62 | B |

The individual score is a measured value (60 points) and a jury's mark (40); the answers of each
round have exactly the mean that stands here.
"""

from datetime import date

from kaohe.core.rows import (
    Adjustment,
    Event,
    EventKind,
    Inputs,
    Item,
    Mark,
    Measurement,
    PastGrade,
    Response,
    Tenure,
    Unit,
)
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_text import read_scheme

SCHEME_TEXT = """\
format = "kaohe-scheme/1"
year = 2026
jurisdiction = "370683"

[components.common]
weight = 20
[components.individual]
weight = 60
[components.social]
weight = 20

[survey]
dimensions = [
  { code = "duty", weight = 20, questions = ["q1"] },
  { code = "integrity", weight = 20, questions = ["q2"] },
  { code = "efficiency", weight = 20, questions = ["q3"] },
  { code = "effect", weight = 20, questions = ["q4"] },
  { code = "attitude", weight = 20, questions = ["q5"] },
]
channels = [
  { code = "on_site", weight = 40, minimum = 30 },
  { code = "telephone", weight = 40, minimum = 30 },
  { code = "visit", weight = 20, minimum = 10 },
]
rounds = [ { code = "h1", weight = 40 }, { code = "h2", weight = 60 } ]
"""

CODES = {
    "a1": "12370683000001A013",
    "a2": "12370683000002A02D",
    "a3": "12370683000003A03P",
    "b1": "12370683000004B04P",
    "b2": "12370683000005B052",
}
NAMES = {
    "a1": "市人民医院",
    "a2": "市中医医院",
    "a3": "市妇幼保健院",
    "b1": "市疾病预防控制中心",
    "b2": "市卫生监督站",
}
DEPARTMENTS = {"a1": "D1", "a2": "D1", "a3": "D1", "b1": "D2", "b2": "D2"}
VALUES = {"a1": 584_000, "a2": 560_000, "a3": 530_000, "b1": 560_000, "b2": 435_000}
MARKS = {"a1": 380_000, "a2": 380_000, "a3": 355_000, "b1": 360_000, "b2": 300_000}
# How many answer 5, 4, 3 and 2 to everything: points 100, 80, 60, 30.
ANSWERS = {
    ("a1", "h1"): (41, 59, 0, 0),
    ("a1", "h2"): (52, 48, 0, 0),
    ("a2", "h1"): (55, 45, 0, 0),
    ("a2", "h2"): (70, 29, 0, 1),
    ("a3", "h1"): (25, 75, 0, 0),
    ("a3", "h2"): (20, 80, 0, 0),
    ("b1", "h1"): (53, 46, 0, 1),
    ("b1", "h2"): (66, 133, 0, 1),
    ("b2", "h1"): (0, 50, 50, 0),
    ("b2", "h2"): (0, 30, 70, 0),
}
FAULTS = (  # unit, item, kind, times
    ("a1", "R01", "late", 1),
    ("a1", "E01", "wrong", 1),
    ("a3", "R01", "late", 3),
    ("a3", "E01", "wrong", 2),
    ("b1", "R01", "late", 2),
    ("b1", "E01", "wrong", 1),
    ("b2", "R01", "absent", 2),
    ("b2", "E01", "wrong", 4),
)


def scheme() -> Scheme:
    """The default settings, with a survey of five dimensions, three channels and two rounds."""
    found, problems = read_scheme(SCHEME_TEXT)
    if found is None:
        raise ValueError(problems)
    return found


def _events() -> list[Event]:
    return [
        Event(
            f"{item}-{unit}-{number}",
            CODES[unit],
            item,
            kind,
            date(2026, 3 + number, 15),
            "confirmed",
            self_corrected=False,
        )
        for unit, item, kind, times in FAULTS
        for number in range(times)
    ]


def _responses() -> list[Response]:
    rows = []
    for (unit, each), counts in ANSWERS.items():
        answers = [5] * counts[0] + [4] * counts[1] + [3] * counts[2] + [2] * counts[3]
        rows += [
            Response(f"{each}-{unit}-{number}", CODES[unit], each, "on_site", True, (answer,) * 5)
            for number, answer in enumerate(answers)
        ]
    return rows


ITEMS = (
    Item(
        *("R01", "common", "登记管理", 600_000, "deduction"),
        aspect="法人登记",
        kinds=(EventKind("late", 10_000), EventKind("absent", 50_000, 100_000)),
    ),
    Item(
        *("E01", "common", "机构编制", 400_000, "deduction"),
        aspect="实名制数据库维护",
        kinds=(EventKind("wrong", 5_000),),
    ),
    Item(
        *("W01", "individual", "主体业务开展", 600_000, "interval"),
        element="主体业务开展",
        zero_at=0,
        full_at=600_000,
    ),
    Item("W02", "individual", "管理运行状况", 400_000, "marks", element="管理运行状况"),
)


def inputs() -> Inputs:
    """All facts of the worked year."""
    return Inputs(
        units=tuple(
            Unit(code, NAMES[key], "卫生组", DEPARTMENTS[key], "graded", "appropriation", 100)
            for key, code in CODES.items()
        ),
        items=ITEMS,
        events=tuple(_events()),
        measurements=tuple(Measurement(CODES[key], "W01", value) for key, value in VALUES.items()),
        marks=tuple(Mark(CODES[key], "W02", "评审组", points) for key, points in MARKS.items()),
        responses=tuple(_responses()),
        adjustments=(
            Adjustment("J1", CODES["a1"], "bonus", "省级表彰", "鲁卫〔2026〕1号", 30_000),
            Adjustment("J2", CODES["b1"], "bonus", "市级表彰", "烟卫〔2026〕2号", 10_000),
            Adjustment("J3", CODES["a3"], "deduction", "通报批评", "莱政〔2026〕3号", 10_000),
        ),
        history=tuple(
            PastGrade(CODES["a1"], year, "A", f"事考〔{year}〕1号") for year in (2024, 2025)
        ),
        tenures=(
            Tenure(CODES["a1"], "王院长", "principal", date(2020, 1, 1)),
            Tenure(CODES["a1"], "王院长", "legal_representative", date(2020, 1, 1)),
            Tenure(CODES["b1"], "赵主任", "principal", date(2026, 9, 1)),
        ),
    )


def with_adjustment(kind: str, unit: str) -> Inputs:
    """Variants (i) and (ii): ``unit`` has a veto, ``bar_a`` or ``force_c``."""
    row = Adjustment("V1", CODES[unit], kind, "安全责任事故", "莱安〔2026〕4号")
    return inputs()._replace(adjustments=(*inputs().adjustments, row))


def without_survey(unit: str) -> Inputs:
    """Variant (iii): nobody answered for ``unit``."""
    rows = inputs().responses
    return inputs()._replace(responses=tuple(row for row in rows if row.unit != CODES[unit]))


def with_faults_withdrawn(unit: str) -> Inputs:
    """Variant (iv): ``unit`` wins its objections against all its faults."""
    rows = tuple(
        row._replace(status="withdrawn") if row.unit == CODES[unit] else row
        for row in inputs().events
    )
    return inputs()._replace(events=rows)
