"""The tables of an assessment folder and of its result: their columns and what may stand in them.

``core.rows`` has a row of each, as the exact evaluator takes and gives them.
"""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What may stand in a column."""

    CREDIT_CODE = "credit code"  # 18 symbols, check digit right
    CODE = "code"  # text that names something; a number cell is refused
    TEXT = "text"  # free text
    POINTS = "points"  # ticks, 0 or more
    PERCENT = "percent"  # ticks, 0 to 100 percent
    RATE = "rate"  # ticks, 0 or more, no upper end but N-1's
    DECIMAL = "decimal"  # ticks, may be negative
    COUNT = "count"  # whole number, 0 or more, below 10^6
    YEAR = "year"  # whole number, 1900 to 9999
    DATE = "date"
    FLAG = "flag"  # true, false
    CHOICE = "choice"  # one of Column.choices


class Column(NamedTuple):
    """One column of an input table.

    ``name`` is what stands in the file; ``field`` is its name in memory.  ``guarded`` columns may
    not begin with ``=``, ``+``, ``-`` or ``@``, which a spreadsheet would run.
    """

    name: str
    kind: Kind
    required: bool = True  # every row needs a value; an optional column may be left out whole
    key: bool = False
    choices: tuple[str, ...] = ()
    guarded: bool = False
    as_field: str = ""

    @property
    def field(self) -> str:
        return self.as_field or self.name


COMPONENTS = ("common", "individual", "social")
STATUSES = ("graded", "ungraded", "exempt")
FUNDING = ("per_pupil", "appropriation")
RULES = (
    "interval",
    "ratio_up",
    "ratio_down",
    "steps_up",
    "steps_down",
    "growth",
    "deduction",
    "accrual",
    "milestones",
    "rank",
    "marks",
)
EVENT_RULES = frozenset({"deduction", "accrual"})
MEASURED_RULES = frozenset(RULES) - EVENT_RULES - {"milestones", "marks"}
EVENT_STATUSES = ("confirmed", "pending", "objected", "withdrawn")
ADJUSTMENTS = ("bonus", "deduction", "force_c", "bar_a", "seat")
GRADES = ("A", "B", "C", "none")
SUCCESSIONS = ("continuation", "absorption", "merger", "split")
POSTS = ("principal", "legal_representative")


def _unit(key: bool = True) -> Column:
    return Column("unit", Kind.CREDIT_CODE, key=key)


def _code(name: str, *, key: bool = False, required: bool = True) -> Column:
    return Column(name, Kind.CODE, required, key, guarded=True)


def _text(name: str, *, required: bool = False, guarded: bool = False) -> Column:
    return Column(name, Kind.TEXT, required, guarded=guarded)


def _choice(name: str, *choices: str) -> Column:
    return Column(name, Kind.CHOICE, choices=choices)


def _maybe(name: str, kind: Kind) -> Column:
    return Column(name, kind, required=False)


INPUT_TABLES: dict[str, tuple[Column, ...]] = {
    "units": (
        _unit(),
        _text("name", required=True, guarded=True),
        _code("group"),
        _code("department"),
        _choice("status", *STATUSES),
        _text("status_reason"),
        _choice("funding_basis", *FUNDING),
        Column("staff", Kind.COUNT),
        _text("category"),
        _text("sector"),
    ),
    "items": (
        _code("item", key=True),
        _choice("component", "common", "individual"),
        _code("department", required=False),
        Column("unit", Kind.CREDIT_CODE, required=False),
        _text("aspect"),
        _text("element"),
        _text("name", required=True, guarded=True),
        Column("points", Kind.POINTS),
        _choice("rule", *RULES),
        _maybe("zero_at", Kind.DECIMAL),
        _maybe("full_at", Kind.DECIMAL),
        _maybe("target", Kind.DECIMAL),
        _maybe("minimum", Kind.PERCENT),
        _maybe("steps", Kind.CODE),
        _maybe("kinds", Kind.CODE),
        _maybe("late_per_day", Kind.RATE),
        Column("direction", Kind.CHOICE, False, choices=("up", "down")),
        _maybe("trim", Kind.FLAG),
    ),
    "targets": (
        _unit(),
        _code("item", key=True),
        _maybe("zero_at", Kind.DECIMAL),
        _maybe("full_at", Kind.DECIMAL),
        _maybe("target", Kind.DECIMAL),
        _maybe("base", Kind.DECIMAL),
    ),
    "not_applicable": (_unit(), _code("item", key=True), _text("reason", required=True)),
    "events": (
        _code("event", key=True),
        _unit(key=False),
        _code("item"),
        _code("kind"),
        Column("occurred_on", Kind.DATE),
        _maybe("points", Kind.POINTS),
        _choice("status", *EVENT_STATUSES),
        Column("self_corrected", Kind.FLAG),
        _code("reverses", required=False),
        _text("document", guarded=True),
        _text("note"),
    ),
    "measurements": (
        _unit(),
        _code("item", key=True),
        _maybe("value", Kind.DECIMAL),
        _maybe("numerator", Kind.RATE),
        _maybe("denominator", Kind.RATE),
        _text("document", guarded=True),
    ),
    "milestones": (
        _unit(),
        _code("item", key=True),
        _code("milestone", key=True),
        Column("share", Kind.PERCENT),
        Column("due_on", Kind.DATE),
        _maybe("done_on", Kind.DATE),
    ),
    "marks": (
        _unit(),
        _code("item", key=True),
        _code("judge", key=True),
        Column("points", Kind.POINTS),
    ),
    "responses": (  # and a column for each question code of the scheme: 1…5 or empty
        _code("response", key=True),
        _unit(key=False),
        _code("round"),
        _code("channel"),
        Column("valid", Kind.FLAG),
    ),
    "adjustments": (
        _code("adjustment", key=True),
        _unit(key=False),
        _choice("kind", *ADJUSTMENTS),
        _text("matter", required=True),
        _maybe("points", Kind.POINTS),
        _text("document", required=True, guarded=True),
        _text("note"),
    ),
    "tiers": (_unit(), _code("tier"), _text("reason", required=True)),
    "history": (
        _unit(),
        Column("year", Kind.YEAR, key=True),
        _choice("grade", *GRADES),
        _text("document", guarded=True),
    ),
    "successions": (
        _unit(),
        Column("predecessor", Kind.CREDIT_CODE, key=True),
        Column("year", Kind.YEAR),
        _choice("kind", *SUCCESSIONS),
    ),
    "tenures": (
        _unit(key=False),
        _text("person", required=True, guarded=True),
        _choice("post", *POSTS),
        Column("from", Kind.DATE, as_field="from_on"),
        Column("to", Kind.DATE, required=False, as_field="to_on"),
    ),
}


class OutputColumn(NamedTuple):
    """A column of a result table: "text", "count", "ticks" (4 digits) or "hundredths" (2)."""

    name: str
    kind: str


def _columns(text: str) -> tuple[OutputColumn, ...]:
    pairs = (word.partition(":") for word in text.split())
    return tuple(OutputColumn(name, kind or "text") for name, _, kind in pairs)


OUTPUT_TABLES: dict[str, tuple[OutputColumn, ...]] = {
    "item_scores": _columns("unit item component points:ticks earned:ticks facts:count flags"),
    "event_effects": _columns("event unit item effect:ticks"),
    "survey_scores": _columns(
        "unit round channel responses:count counted:count score:ticks weight_used:ticks"
        " margin:hundredths flags"
    ),
    "component_scores": _columns("unit component score:ticks tier adjusted:ticks flags"),
    "results": _columns(
        "unit name group department weighted:ticks bonus:ticks deduction:ticks"
        " composite:hundredths rank:count group_size:count grade reasons flags"
    ),
    "linkages": _columns("unit link measure person amount:count basis"),
}
OUTPUT_KEYS: dict[str, tuple[str, ...]] = {
    "item_scores": ("unit", "item"),
    "event_effects": ("event",),
    "survey_scores": ("unit", "round", "channel"),
    "component_scores": ("unit", "component"),
    "results": ("unit",),
    "linkages": ("unit", "link", "measure", "person"),
}
