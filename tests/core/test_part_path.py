"""The path of a part is its table: every action from every state, by everybody."""

from itertools import product

import pytest

from kaohe.core.access import GRANTS, Role, Verb
from kaohe.core.errors import Refusal
from kaohe.core.part_path import (
    FIXED,
    MOVES,
    VERBS,
    Action,
    PartIssuedIsFixed,
    PartMoveNotOpen,
    PartOwnDraft,
    PartReasonMissing,
    PartVerbMissing,
    PartVersionOpen,
    Sort,
    State,
    advance,
    move,
    next_number,
)

ALL = tuple(Verb)


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_what_is_not_in_the_table_is_refused(state, action):
    if (state, action) in MOVES:
        end, verb = move(Sort.DEPARTMENT, state, action)
        assert end is MOVES[state, action][0]
        assert verb in VERBS[Sort.DEPARTMENT]
        return
    fixed = action is Action.EDIT and state in FIXED
    with pytest.raises(PartIssuedIsFixed if fixed else PartMoveNotOpen):
        move(Sort.DEPARTMENT, state, action)


@pytest.mark.parametrize("role", list(Role))
def test_only_those_whose_turn_it_is_move_a_version(role):
    may = GRANTS[role].keys()
    for sort, state, action in product(Sort, State, Action):
        try:
            advance(sort, state, action, by="甲", hands=["乙"], may=may, reason="理由")
        except Refusal:
            allowed = False
        else:
            allowed = True
        known = MOVES.get((state, action))
        expected = known is not None and getattr(VERBS[sort], known[1]) in may
        assert allowed == expected, (sort, state, action)


def test_who_had_a_hand_in_it_cannot_approve():
    with pytest.raises(PartOwnDraft):
        advance(Sort.TEMPLATE, State.SUBMITTED, Action.APPROVE, by="甲", hands=["甲"], may=ALL)


def test_a_return_needs_a_reason_or_a_mark():
    def give_back(**given):
        return advance(
            Sort.SETTINGS, State.SUBMITTED, Action.RETURN, by="甲", hands=[], may=ALL, **given
        )

    with pytest.raises(PartReasonMissing):
        give_back(reason="  ")
    assert give_back(reason="改") is State.RETURNED
    assert give_back(marks=1) is State.RETURNED


def test_a_verb_is_needed():
    with pytest.raises(PartVerbMissing):
        advance(Sort.SETTINGS, State.DRAFT, Action.SUBMIT, by="甲", hands=[], may=[])


def test_one_version_at_a_time_is_open_and_numbers_are_not_used_again():
    assert next_number({}) == 1
    assert next_number({1: State.WITHDRAWN}) == 2
    with pytest.raises(PartVersionOpen, match="Version 2"):
        next_number({1: State.ISSUED, 2: State.RETURNED})
