"""Steps and kinds inside cells of items: what they mean, and what is wrong with them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.item_lists import ListReader
from kaohe.core.quantities import FULL, LIMIT, TICK, show_plain
from kaohe.folder.findings import Findings
from tests.folder.reading import HEADERS, read

TICKS = st.integers(1 - LIMIT, LIMIT - 1)


def items(rule: str, *, steps: str = "", kinds: str = "") -> str:
    """The table with one item of a rule."""
    return f'{HEADERS["items"]}\nK1,common,,,,,台账,100,{rule},,,,,"{steps}","{kinds}",,,\n'


def noting(findings, column):
    """What tells findings of a cell of the second row."""

    def note(code, **facts):
        findings.add(code, "items", 2, column, **facts)

    return note


def faults(text: str, rule: str) -> list[str]:
    findings = Findings()
    column = "steps" if rule.startswith("steps") else "kinds"
    reader = ListReader(noting(findings, column), text)
    read_list = reader.steps(rule) if column == "steps" else reader.kinds()
    assert bool(read_list) is not bool(findings)
    return [problem.code for problem in findings.problems]


def test_steps_are_parsed_in_their_order(tmp_path):
    found = read(tmp_path, {"items.csv": items("steps_up", steps="90:100; 75.5 : ８０ ;-1:0")})
    assert found.problems == []
    rows = found.con.execute(
        "SELECT item, position, threshold, percent FROM item_steps ORDER BY position"
    ).fetchall()
    assert rows == [("K1", 1, 900_000, FULL), ("K1", 2, 755_000, 800_000), ("K1", 3, -10_000, 0)]


def test_kinds_are_parsed_with_their_caps(tmp_path):
    found = read(tmp_path, {"items.csv": items("deduction", kinds="迟报: 1;missing:2.5:4")})
    assert found.problems == []
    rows = found.con.execute(
        "SELECT item, kind, points, cap FROM item_kinds ORDER BY kind"
    ).fetchall()
    assert rows == [("K1", "missing", 25_000, 40_000), ("K1", "迟报", 10_000, None)]


def test_lists_are_read_only_where_the_rule_uses_them(tmp_path):
    found = read(tmp_path, {"items.csv": items("marks", steps="?", kinds="?")})
    assert found.problems == []
    assert found.con.execute("FROM item_steps").fetchall() == []
    assert found.con.execute("FROM item_kinds").fetchall() == []


@settings(max_examples=100, deadline=None)
@given(
    thresholds=st.lists(TICKS, min_size=1, max_size=6, unique=True),
    percents=st.lists(st.integers(0, FULL), min_size=6, max_size=6),
)
def test_any_ordered_steps_come_back_and_only_in_their_order(thresholds, percents):
    rising = sorted(thresholds)
    steps = list(zip(rising, percents, strict=False))
    text = ";".join(f"{show_plain(t)}:{show_plain(p)}" for t, p in steps)
    findings = Findings()
    back = ListReader(noting(findings, "steps"), text).steps("steps_down")
    assert back == steps
    assert not findings
    if len(rising) > 1:
        assert faults(text, "steps_up") == ["steps-not-falling"]


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("90:100:1", "steps_up", ["step-form"]),
        ("90", "steps_up", ["step-form"]),
        ("90:100;", "steps_up", ["step-form"]),
        ("90:100;;75:80", "steps_up", ["step-form"]),
        ("90:100,75:80", "steps_up", ["step-form"]),
        ("a:100;75:b", "steps_up", ["step-form", "step-form"]),
        ("90:100.0001", "steps_up", ["step-percent"]),
        ("90:-1", "steps_up", ["step-percent"]),
        ("90:100;90:80", "steps_up", ["steps-not-falling"]),
        ("90:100;95:80", "steps_up", ["steps-not-falling"]),
        ("90:100;90:80", "steps_down", ["steps-not-rising"]),
        ("90：100；75：80", "steps_up", ["list-full-width"]),
        ("late", "deduction", ["kind-form"]),
        ("late:1:2:3", "deduction", ["kind-form"]),
        (":1", "accrual", ["kind-form"]),
        ("late:1;", "accrual", ["kind-form"]),
        ("late:x", "accrual", ["kind-number"]),
        ("late:-1", "accrual", ["kind-number"]),
        ("late:1:", "accrual", ["kind-number"]),
        ("late:1:-4", "accrual", ["kind-number"]),
        ("late:1;late:2", "accrual", ["kind-twice"]),
        ("=late:1", "accrual", ["kind-dangerous"]),
        ("迟报：1", "accrual", ["list-full-width"]),
    ],
)
def test_a_malformed_list_is_named_and_gives_nothing(text, rule, expected):
    assert faults(text, rule) == expected


def test_the_sentences_name_the_part_and_the_order(tmp_path):
    found = read(tmp_path, {"items.csv": items("steps_down", steps="90:100;75:80")})
    assert found.places("items") == [(2, "steps", "steps-not-rising")]
    assert "the threshold 75 stands behind 90" in found.said("steps-not-rising")
    assert found.con.execute("FROM item_steps").fetchall() == []


def test_the_cure_for_full_width_signs_is_the_text_itself(tmp_path):
    found = read(tmp_path, {"items.csv": items("accrual", kinds="迟报：1；早退：2：4")})
    assert "write 迟报:1;早退:2:4" in found.said("list-full-width")


def test_a_kind_without_points_is_told_from_one_worth_nothing(tmp_path):
    found = read(tmp_path, {"items.csv": items("accrual", kinds="late:0")})
    assert found.problems == []
    assert found.con.execute("SELECT points FROM item_kinds").fetchall() == [(0 * TICK,)]
