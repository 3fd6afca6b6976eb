"""Two people's changes to one plan, put together."""

from kaohe.core.plan_merge import merged_plan, tree_of_cells

UNIT = "12370699494580120H"


def plan(*indicators, sheets=None, preface=""):
    return {"preface": preface, "indicators": list(indicators), "sheets": sheets or {}}


def one(item, **fields):
    return {"item": item, "name": item, **fields}


def sheet(**parts):
    return {"values": {}, "not_applicable": {}, "nodes": {}, **parts}


def test_what_each_changed_alone_is_kept():
    base = plan(one("A", points="1"), one("B", points="2"), preface="甲")
    theirs = plan(one("A", points="1"), one("B", points="3"), preface="乙")
    ours = plan(one("A", points="9"), one("B", points="2"), preface="甲")

    merged = merged_plan(base, theirs, ours)

    assert merged.conflicts == []
    assert merged.tree == plan(one("A", points="9"), one("B", points="3"), preface="乙")


def test_a_cell_that_both_changed_alike_is_no_conflict():
    base, both = plan(one("A", points="1")), plan(one("A", points="2"))

    assert merged_plan(base, both, both) == (both, [])


def test_a_cell_that_both_changed_is_a_conflict_and_the_indicator_is_ours_as_a_whole():
    base = plan(one("A", points="1", target="5"))
    theirs = plan(one("A", points="2", target="6"))
    ours = plan(one("A", points="3", target="5"))

    merged = merged_plan(base, theirs, ours)

    assert merged.conflicts == ["indicators/A/points"]
    assert merged.tree == ours


def test_what_one_took_out_is_gone_unless_the_other_changed_it():
    base = plan(one("A"), one("B", points="1"), one("C"))
    theirs = plan(one("A"), one("C"))
    ours = plan(one("A"), one("B", points="2"))

    merged = merged_plan(base, theirs, ours)

    assert [each["item"] for each in merged.tree["indicators"]] == ["A", "B"]
    assert merged.tree["indicators"][1] == one("B", points="2")
    assert merged.conflicts == ["indicators/B/points"]


def test_new_indicators_of_both_stand_there_and_the_order_is_ours_if_we_moved_any():
    base = plan(one("A"), one("B"))
    theirs = plan(one("T"), one("A"), one("B"))
    moved = plan(one("B"), one("A"), one("O"))

    assert [each["item"] for each in merged_plan(base, theirs, moved).tree["indicators"]] == [
        *("B", "A", "O", "T"),
    ]
    kept = merged_plan(base, theirs, plan(one("A"), one("B"), one("O")))
    assert [each["item"] for each in kept.tree["indicators"]] == ["T", "A", "B", "O"]


def test_sheets_are_put_together_row_by_row():
    node = {"milestone": "一/二", "share": "50", "due_on": "2026-06-30"}
    base = plan(one("A"), one("B"), sheets={UNIT: sheet(values={"A": {"target": "1"}})})
    theirs = plan(
        one("A"),
        one("B"),
        sheets={UNIT: sheet(values={"A": {"target": "1"}}, not_applicable={"B": "无此项"})},
    )
    ours = plan(
        one("A"),
        one("B"),
        sheets={UNIT: sheet(values={"A": {"target": "2", "reason": "因"}}, nodes={"A": [node]})},
    )

    merged = merged_plan(base, theirs, ours)

    assert merged.conflicts == []
    assert merged.tree["sheets"][UNIT] == sheet(
        values={"A": {"target": "2", "reason": "因"}},
        not_applicable={"B": "无此项"},
        nodes={"A": [node]},
    )


def test_a_row_of_a_sheet_in_conflict_is_ours_and_the_others_stay():
    base = plan(one("A"), sheets={UNIT: sheet(values={"A": {"target": "1"}})})
    theirs = plan(one("A"), sheets={UNIT: sheet(values={"A": {"target": "2", "base": "7"}})})
    ours = plan(one("A"), sheets={UNIT: sheet(values={"A": {"target": "3"}})})

    merged = merged_plan(base, theirs, ours)

    assert merged.conflicts == [f"sheets/{UNIT}/A/target"]
    assert merged.tree["sheets"][UNIT]["values"] == {"A": {"target": "3"}}


def test_a_sheet_that_says_nothing_is_a_sheet_all_the_same():
    cells = {f"sheets/{UNIT}": UNIT, "preface": "前言"}

    assert tree_of_cells(cells, []) == plan(sheets={UNIT: sheet()}, preface="前言")
