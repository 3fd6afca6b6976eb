"""Governing documents and their versions."""

import re
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core import documents as docs
from kaohe.core.access import Verb
from kaohe.core.documents import (
    ACTION_WORDS,
    FIXED,
    MOVES,
    OPEN,
    STATE_WORDS,
    Action,
    Issue,
    State,
    advance,
    check_number,
    differences,
    move_of,
    next_version,
    superseded_by,
)

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "documents.md"
FINAL = {State.SUPERSEDED, State.WITHDRAWN}
SOUND = Issue("莱事考办〔2026〕3号", date(2026, 3, 1))


@pytest.fixture
def act():
    """``advance`` by the committee's director, who did not draft; all verbs, all in order."""
    return partial(
        advance,
        by="director",
        drafted_by={"clerk"},
        submitted_by="chief",
        may=set(Verb),
        reason="第三条与上位文件不一致",
        issue=SOUND,
    )


def test_the_page_of_rules_and_the_moves_are_the_same():
    rows = re.findall(
        r"^\| (\w+) \| (\w+) \S+ \| (\w+) \| `([\w.]+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )

    assert rows == [tuple(map(str, move)) for move in MOVES]


def test_every_state_can_be_reached_and_only_the_final_ones_cannot_be_left():
    assert {move.end for move in MOVES} | {State.DRAFT} == set(State)
    assert set(State) - {move.start for move in MOVES} == FINAL


def test_every_state_and_action_has_its_word():
    assert STATE_WORDS.keys() == set(State)
    assert ACTION_WORDS.keys() == set(Action)
    assert OPEN | FIXED | {State.WITHDRAWN} == set(State)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_what_is_not_listed_is_not_possible(act, state, action):
    ends = {move.end for move in MOVES if (move.start, move.action) == (state, action)}

    if ends:
        assert {act(state, action)} == ends
    else:
        with pytest.raises((docs.MoveNotOpen, docs.IssuedIsFixed)):
            act(state, action)


@pytest.mark.parametrize("move", MOVES)
def test_each_move_needs_its_verb(act, move):
    with pytest.raises(docs.VerbMissing):
        act(move.start, move.action, may=set(Verb) - {move.verb})


@pytest.mark.parametrize("person", ["clerk", "chief"])
def test_who_drafted_or_submitted_cannot_approve(act, person):
    with pytest.raises(docs.OwnDraft):
        act(State.SUBMITTED, Action.APPROVE, by=person)
    assert act(State.APPROVED, Action.ISSUE, by=person) is State.ISSUED


@pytest.mark.parametrize("state", sorted(FIXED))
def test_what_is_issued_is_never_edited(state):
    with pytest.raises(docs.IssuedIsFixed):
        move_of(state, Action.EDIT)


def test_a_refused_move_says_action_and_state_in_words(act):
    with pytest.raises(docs.MoveNotOpen, match=r"“approve the version”.*“still a draft”"):
        act(State.DRAFT, Action.APPROVE)


@pytest.mark.parametrize("reason", ["", " \u3000\u200b"])
def test_a_return_needs_a_reason(act, reason):
    with pytest.raises(docs.ReasonMissing):
        act(State.SUBMITTED, Action.RETURN, reason=reason)


@pytest.mark.parametrize(
    ("issue", "refusal"),
    [
        (Issue(), docs.NumberMissing),
        (SOUND._replace(number="3号"), docs.NumberUnsound),
        (SOUND._replace(number="莱事考办[2026]3号"), docs.NumberForm),
        (SOUND._replace(numbers_taken={SOUND.number}), docs.NumberTaken),
        (SOUND._replace(effective_on=None), docs.EffectiveDayMissing),
        (SOUND._replace(previous_effective_on=date(2026, 3, 1)), docs.EffectiveTooEarly),
    ],
)
def test_a_version_is_issued_with_number_and_day(act, issue, refusal):
    with pytest.raises(refusal):
        act(State.APPROVED, Action.ISSUE, issue=issue)


def test_a_later_version_holds_from_a_later_day(act):
    later = SOUND._replace(previous_effective_on=date(2026, 2, 28))

    assert act(State.APPROVED, Action.ISSUE, issue=later) is State.ISSUED


@pytest.mark.parametrize(
    "written",
    [
        "莱事考办[2026]3号",
        "莱事考办（2026）3号",
        "莱事考办【2026】第3号",
        "莱事考办〔2026〕03号",
        "莱事考办 〔２０２６〕 ３ 号",
        "莱事考办2026年3号",
        "莱事考办〔2026〕3",
        "莱事考办〔2026〕第003号",
    ],
)
def test_the_right_form_of_a_number_is_suggested(written):
    with pytest.raises(docs.NumberForm) as refused:
        check_number(written)

    assert refused.value.facts["suggestion"] == "莱事考办〔2026〕3号"


@pytest.mark.parametrize(
    "written", ["三号文", "莱事考办〔2026〕0号", "〔2026〕3号", "ABC〔2026〕3号"]
)
def test_what_is_no_number_gets_an_example(written):
    with pytest.raises(docs.NumberUnsound, match="示考委〔2026〕3号"):
        check_number(written)


@given(
    st.sampled_from(["莱事考办", "𠮷编办发"]),
    st.integers(1949, 2199),
    st.integers(1, 99999),
    st.sampled_from(["[]", "()", "（）", "【】", "〔〕"]),
    st.sampled_from(["", "第", "第0"]),
)
def test_what_is_suggested_is_right(organ, year, number, brackets, before):
    right = f"{organ}〔{year}〕{number}号"
    check_number(right)
    written = f"{organ}{brackets[0]}{year}{brackets[1]}{before}{number}号"
    if written != right:
        with pytest.raises(docs.NumberForm) as refused:
            check_number(written)
        assert refused.value.facts["suggestion"] == right


@pytest.mark.parametrize("state", sorted(OPEN))
def test_one_version_is_open_at_a_time(state):
    with pytest.raises(docs.VersionOpen, match="Version 2"):
        next_version({1: State.ISSUED, 2: state})


def test_the_first_version_is_1():
    assert next_version({}) == 1


def test_issuing_supersedes_the_version_in_force_and_no_other():
    assert superseded_by(1, {1: State.ISSUED}) == ()
    versions = {1: State.SUPERSEDED, 2: State.ISSUED, 3: State.WITHDRAWN, 4: State.ISSUED}
    assert superseded_by(4, versions) == (2,)


sentences = st.lists(st.sampled_from(["甲。", "乙。", "丙；", "丁\n", "\n", "戊"]), max_size=12)


@given(sentences.map("".join), sentences.map("".join))
def test_the_differences_hold_both_texts_whole(old, new):
    rows = differences(old, new)

    assert "".join(row.old for row in rows) == old
    assert "".join(row.new for row in rows) == new
    for kind, before, after in rows:
        expected = {
            "same": bool(before) and before == after,
            "changed": bool(before) and bool(after) and before != after,
            "removed": bool(before) and not after,
            "added": not before and bool(after),
        }
        assert expected[kind]


@given(sentences.map("".join))
def test_a_text_does_not_differ_from_itself(text):
    assert {row.kind for row in differences(text, text)} <= {"same"}
