"""The paths of targets (目标申报、审核、审定) and of their adjustment in mid-year (目标调整).

A unit declares, its department reviews, the office finalises: three persons.  What is finalised
stands in the unit's sheet; an adjustment changes it on the same path, and makes the next sheet.
"""

from collections.abc import Collection, Hashable, Mapping
from datetime import date
from enum import StrEnum

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict, Invalid, NotPermitted
from kaohe.core.problems import N_
from kaohe.core.texts import clean_long

Person = Hashable


class TargetState(StrEnum):
    """Where the targets of a unit stand."""

    OPEN = "open"  # the unit fills them in
    DECLARED = "declared"
    REVIEWED = "reviewed"
    FINALISED = "finalised"
    RETURNED = "returned"


class AdjustmentState(StrEnum):
    """Where an adjustment stands."""

    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    FINALISED = "finalised"  # a new version of the sheet was made
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Deed(StrEnum):
    """What may be done with either."""

    FILL = "fill"
    DECLARE = "declare"
    PROPOSE = "propose"  # an adjustment that was returned, again
    REVIEW = "review"
    RETURN = "return"
    FINALISE = "finalise"
    WITHDRAW = "withdraw"


State = TargetState | AdjustmentState
_D, _R, _F = Verb.TARGET_DECLARE, Verb.TARGET_REVIEW, Verb.TARGET_FINALISE
_T, _A = TargetState, AdjustmentState

MOVES: Mapping[tuple[State, Deed], tuple[State, Verb]] = {
    (_T.OPEN, Deed.FILL): (_T.OPEN, _D),
    (_T.OPEN, Deed.DECLARE): (_T.DECLARED, _D),
    (_T.DECLARED, Deed.WITHDRAW): (_T.OPEN, _D),
    (_T.DECLARED, Deed.REVIEW): (_T.REVIEWED, _R),
    (_T.DECLARED, Deed.RETURN): (_T.RETURNED, _R),
    (_T.REVIEWED, Deed.RETURN): (_T.RETURNED, _F),
    (_T.REVIEWED, Deed.FINALISE): (_T.FINALISED, _F),
    (_T.FINALISED, Deed.RETURN): (_T.RETURNED, _F),  # until the sheet is issued
    (_T.RETURNED, Deed.FILL): (_T.RETURNED, _D),
    (_T.RETURNED, Deed.DECLARE): (_T.DECLARED, _D),
}
"""The table of targets that is the rule: from where, by which deed, to where, and its verb."""

ADJUSTMENT_MOVES: Mapping[tuple[State, Deed], tuple[State, Verb]] = {
    (_A.PROPOSED, Deed.REVIEW): (_A.REVIEWED, _R),
    (_A.PROPOSED, Deed.RETURN): (_A.RETURNED, _R),
    (_A.PROPOSED, Deed.WITHDRAW): (_A.WITHDRAWN, _D),
    (_A.REVIEWED, Deed.RETURN): (_A.RETURNED, _F),
    (_A.REVIEWED, Deed.FINALISE): (_A.FINALISED, _F),
    (_A.REVIEWED, Deed.WITHDRAW): (_A.WITHDRAWN, _D),
    (_A.RETURNED, Deed.PROPOSE): (_A.PROPOSED, _D),
    (_A.RETURNED, Deed.WITHDRAW): (_A.WITHDRAWN, _D),
}
"""The same of adjustments.  What a department proposed it proposes again, and withdraws, itself."""

ADJUSTMENT_OPEN = frozenset({_A.PROPOSED, _A.REVIEWED, _A.RETURNED})

TARGET_WORDS: Mapping[State, str] = {
    _T.OPEN: N_("to be declared"),
    _T.DECLARED: N_("declared, waits for the department"),
    _T.REVIEWED: N_("reviewed, waits for the office"),
    _T.FINALISED: N_("targets finalised"),
    _T.RETURNED: N_("returned to the unit"),
}
ADJUSTMENT_WORDS: Mapping[State, str] = {
    _A.PROPOSED: N_("proposed, waits for the department"),
    _A.REVIEWED: N_("reviewed, waits for the office"),
    _A.FINALISED: N_("finalised, sheet adjusted"),
    _A.RETURNED: N_("returned for correction"),
    _A.WITHDRAWN: N_("withdrawn"),
}
DEED_WORDS: Mapping[Deed, str] = {
    Deed.FILL: N_("fill in targets"),
    Deed.DECLARE: N_("declare"),
    Deed.PROPOSE: N_("propose again"),
    Deed.REVIEW: N_("accept"),
    Deed.RETURN: N_("return"),
    Deed.FINALISE: N_("finalise"),
    Deed.WITHDRAW: N_("withdraw"),
}


class TargetMoveNotOpen(Conflict):
    """The deed does not start from where the targets stand."""

    code = "target.move-not-open"
    sentence = N_(
        "“{deed}” is not possible: it stands at “{state}”. Open the page anew to see what is."
    )
    words = frozenset({"deed", "state"})


class TargetOwnDeed(NotPermitted):
    """One person would take two of the three steps."""

    code = "target.own-deed"
    sentence = N_(
        "Who declared or proposed cannot review, and who reviewed cannot finalise: three persons"
        " answer for a target. Ask a colleague."
    )


class TargetReasonMissing(Invalid):
    """A return, an amendment, or a declaration taken back that says not why."""

    code = "target.reason-missing"
    sentence = N_("Write the reason: the other side reads it, and it stays on record.")
    field = "reason"


class CutOffPassed(Conflict):
    """An adjustment that comes too late."""

    code = "target.cut-off-passed"
    sentence = N_(
        "Targets of {year} could be adjusted until the end of {day}; that day is over. What was"
        " proposed in time is still decided; anything later waits for next year's targets."
    )


def move_not_open(state: State, deed: Deed) -> TargetMoveNotOpen:
    """The refusal of a deed that does not start from a state, or not for this person."""
    words = TARGET_WORDS if isinstance(state, TargetState) else ADJUSTMENT_WORDS
    return TargetMoveNotOpen(deed=DEED_WORDS[deed], state=words[state])


def move(state: State, deed: Deed) -> tuple[State, Verb]:
    """Where a deed leads from a state, and the verb that it asks for.

    Raises:
        TargetMoveNotOpen: the deed does not start there.

    Source: docs/rules/targets.md, TA-1, TA-5.

    >>> move(TargetState.DECLARED, Deed.REVIEW)[0]
    <TargetState.REVIEWED: 'reviewed'>
    """
    moves = MOVES if isinstance(state, TargetState) else ADJUSTMENT_MOVES
    found = moves.get((state, deed))
    if found is None:
        raise move_not_open(state, deed)
    return found


def verbs_of(states: type[State], deed: Deed) -> list[Verb]:
    """The verbs that a deed asks for, from whichever state; each once.

    >>> verbs_of(TargetState, Deed.RETURN)
    [<Verb.TARGET_REVIEW: 'target.review'>, <Verb.TARGET_FINALISE: 'target.finalise'>]
    """
    moves = MOVES if states is TargetState else ADJUSTMENT_MOVES
    return list(
        dict.fromkeys(verb for (_state, each), (_end, verb) in moves.items() if each is deed)
    )


def advance(
    state: State, deed: Deed, *, by: Person, before: Collection[Person], reason: str = ""
) -> State:
    """The state that a deed leads to when a person does it.

    Args:
        before: who declared or proposed, and who reviewed, of the steps that still hold.
        reason: of a return, or of targets that are taken back.

    Raises:
        TargetMoveNotOpen: as ``move``.
        TargetOwnDeed: the person took one of the steps before.
        TargetReasonMissing: one of these without a reason.

    Source: docs/rules/targets.md, TA-1, TA-2.
    """
    end, _verb = move(state, deed)
    if deed in (Deed.REVIEW, Deed.FINALISE) and by in before:
        raise TargetOwnDeed
    if deed in (Deed.RETURN, Deed.WITHDRAW) and not clean_long(reason):
        raise TargetReasonMissing
    return end


def refuse_after(today: date, cut_off_on: date, year: int) -> None:
    """See that an adjustment may still be proposed: the cut-off day is the last one.

    Args:
        today: in the time zone of the installation, when the request arrives.

    Raises:
        CutOffPassed: it may not.

    Source: docs/rules/targets.md, TA-6.
    """
    if today > cut_off_on:
        raise CutOffPassed(year=year, day=f"{cut_off_on:%Y.%m.%d}")
