"""The path of targets and adjustments, and the cut-off."""

from datetime import date

import pytest

from kaohe.core.access import Verb
from kaohe.core.target_path import (
    ADJUSTMENT_MOVES,
    ADJUSTMENT_WORDS,
    DEED_WORDS,
    MOVES,
    TARGET_WORDS,
    AdjustmentState,
    CutOffPassed,
    Deed,
    TargetMoveNotOpen,
    TargetOwnDeed,
    TargetReasonMissing,
    TargetState,
    advance,
    move,
    refuse_after,
    verbs_of,
)

TABLES = [
    (states, table, state, deed)
    for states, table in ((TargetState, MOVES), (AdjustmentState, ADJUSTMENT_MOVES))
    for state in states
    for deed in Deed
]


@pytest.mark.parametrize(("states", "table", "state", "deed"), TABLES)
def test_only_the_moves_of_the_table_are_open(states, table, state, deed):
    if (state, deed) in table:
        assert move(state, deed) == table[state, deed]
        assert isinstance(move(state, deed)[0], states)
    else:
        with pytest.raises(TargetMoveNotOpen) as refused:
            move(state, deed)
        assert refused.value.facts["deed"] == DEED_WORDS[deed]


def test_every_state_has_words():
    assert set(TARGET_WORDS) == set(TargetState)
    assert set(ADJUSTMENT_WORDS) == set(AdjustmentState)


@pytest.mark.parametrize("start", [TargetState.DECLARED, AdjustmentState.PROPOSED])
def test_who_took_a_step_before_does_not_take_the_next(start):
    with pytest.raises(TargetOwnDeed):
        advance(start, Deed.REVIEW, by=1, before={1})
    assert advance(start, Deed.REVIEW, by=2, before={1, None}) == "reviewed"


def test_who_reviewed_may_still_return():
    with pytest.raises(TargetReasonMissing):
        advance(TargetState.REVIEWED, Deed.RETURN, by=1, before={1}, reason=" \n\u200b")
    assert advance(TargetState.REVIEWED, Deed.RETURN, by=1, before={1}, reason="重核") == "returned"


def test_a_deed_may_ask_for_different_verbs():
    assert verbs_of(TargetState, Deed.RETURN) == [Verb.TARGET_REVIEW, Verb.TARGET_FINALISE]
    assert verbs_of(AdjustmentState, Deed.WITHDRAW) == [Verb.TARGET_DECLARE]


def test_the_cut_off_day_itself_is_in_time():
    last = date(2026, 9, 30)
    refuse_after(last, last, 2026)
    with pytest.raises(CutOffPassed, match=r"2026\.09\.30"):
        refuse_after(date(2026, 10, 1), last, 2026)
