"""The path of a part of a year's scheme (方案组成部分) from a draft to the archive.

A part is the settings of the year (方案设置), the common template (共性指标模板) or a department's
scheme with its sheets (部门考核方案、考核单).  Each lives in versions; every version walks this
path.  What is issued never changes; an adjustment is the next version.
"""

from collections.abc import Collection, Hashable, Mapping
from enum import StrEnum
from typing import NamedTuple

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict, Invalid, NotPermitted
from kaohe.core.problems import N_
from kaohe.core.texts import clean_long

Person = Hashable


class Sort(StrEnum):
    """The three kinds of parts."""

    SETTINGS = "settings"
    TEMPLATE = "template"
    DEPARTMENT = "department"


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # with a reason and, mostly, marked cells
    APPROVED = "approved"
    ISSUED = "issued"
    SUPERSEDED = "superseded"  # a later version was issued
    ARCHIVED = "archived"  # its year is over
    WITHDRAWN = "withdrawn"  # a draft that was given up


class Action(StrEnum):
    """What may be done with a version."""

    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    ISSUE = "issue"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"  # never alone: it follows from issuing the next version
    ARCHIVE = "archive"  # with its year


class Verbs(NamedTuple):
    """The verbs that a sort of part asks for."""

    draft: Verb
    approve: Verb
    issue: Verb


VERBS: Mapping[Sort, Verbs] = {
    Sort.SETTINGS: Verbs(Verb.SETTINGS_DRAFT, Verb.SETTINGS_APPROVE, Verb.SETTINGS_ISSUE),
    Sort.TEMPLATE: Verbs(Verb.TEMPLATE_DRAFT, Verb.TEMPLATE_APPROVE, Verb.TEMPLATE_APPROVE),
    Sort.DEPARTMENT: Verbs(Verb.SCHEME_DRAFT, Verb.SCHEME_APPROVE, Verb.SCHEME_APPROVE),
}

_D, _S, _R, _A = State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED
MOVES: Mapping[tuple[State, Action], tuple[State, str]] = {
    (_D, Action.EDIT): (_D, "draft"),
    (_D, Action.SUBMIT): (_S, "draft"),
    (_D, Action.WITHDRAW): (State.WITHDRAWN, "draft"),
    (_S, Action.RETURN): (_R, "approve"),
    (_S, Action.APPROVE): (_A, "approve"),
    (_S, Action.WITHDRAW): (State.WITHDRAWN, "draft"),
    (_R, Action.EDIT): (_R, "draft"),
    (_R, Action.SUBMIT): (_S, "draft"),
    (_R, Action.WITHDRAW): (State.WITHDRAWN, "draft"),
    (_A, Action.RETURN): (_R, "approve"),
    (_A, Action.ISSUE): (State.ISSUED, "issue"),
    (State.ISSUED, Action.SUPERSEDE): (State.SUPERSEDED, "issue"),
    (State.ISSUED, Action.ARCHIVE): (State.ARCHIVED, "issue"),
}
"""The table that is the rule: from where, by which action, to where, and which verb it asks for."""

OPEN = frozenset({_D, _S, _R, _A})
FIXED = frozenset({State.ISSUED, State.SUPERSEDED, State.ARCHIVED})  # never change

STATE_WORDS: Mapping[State, str] = {
    _D: N_("draft"),
    _S: N_("submitted, waits for approval"),
    _R: N_("returned"),
    _A: N_("approved, waits for issue"),
    State.ISSUED: N_("issued and in force"),
    State.SUPERSEDED: N_("replaced by a later version"),
    State.ARCHIVED: N_("archived"),
    State.WITHDRAWN: N_("given up"),
}
ACTION_WORDS: Mapping[Action, str] = {
    Action.EDIT: N_("edit"),
    Action.SUBMIT: N_("submit"),
    Action.RETURN: N_("return"),
    Action.APPROVE: N_("approve"),
    Action.ISSUE: N_("issue"),
    Action.WITHDRAW: N_("give up"),
    Action.SUPERSEDE: N_("replace"),
    Action.ARCHIVE: N_("archive"),
}


class PartMoveNotOpen(Conflict):
    """The action does not start from where the version stands."""

    code = "part.move-not-open"
    sentence = N_(
        "“{action}” is not possible: this version is “{state}”. Open the page anew to see what is."
    )
    words = frozenset({"action", "state"})


class PartIssuedIsFixed(Conflict):
    """What is issued would be edited."""

    code = "part.issued-is-fixed"
    sentence = N_("What is issued is never changed. Draft the next version, with its reason.")


class PartVerbMissing(NotPermitted):
    """The person may not take this action here."""

    code = "part.verb-missing"
    sentence = N_("Your role does not allow “{action}” here. Ask the one whose turn it is.")
    words = frozenset({"action"})


class PartOwnDraft(NotPermitted):
    """Who drafted would approve."""

    code = "part.own-draft"
    sentence = N_(
        "Who drafted, edited or submitted a version cannot approve it; somebody else must."
    )


class PartReasonMissing(Invalid):
    """A return that says not why."""

    code = "part.reason-missing"
    sentence = N_("A return needs a reason: write what is to be changed, or mark cells with it.")
    field = "reason"


class PartVersionOpen(Conflict):
    """Another version is not finished."""

    code = "part.version-open"
    sentence = N_("Version {number} is still “{state}”. Go on with that one, or give it up first.")
    words = frozenset({"state"})


def move(sort: Sort, state: State, action: Action) -> tuple[State, Verb]:
    """Where an action leads from a state, and the verb that it asks for.

    Raises:
        PartIssuedIsFixed: what is issued would be edited.
        PartMoveNotOpen: the action does not start there.

    Source: docs/rules/indicators.md, P-1.
    """
    found = MOVES.get((state, action))
    if found is not None:
        return found[0], getattr(VERBS[sort], found[1])
    if action is Action.EDIT and state in FIXED:
        raise PartIssuedIsFixed
    raise PartMoveNotOpen(action=ACTION_WORDS[action], state=STATE_WORDS[state])


def advance(
    sort: Sort,
    state: State,
    action: Action,
    *,
    by: Person,
    hands: Collection[Person],
    may: Collection[Verb],
    reason: str = "",
    marks: int = 0,
) -> State:
    """The state that ``action`` leads to when a person takes it.

    Args:
        hands: everyone who drafted, edited or submitted the version.
        may: what the person may do with this part.
        reason, marks: of a return: its text, and how many cells are marked.

    Raises:
        PartIssuedIsFixed, PartMoveNotOpen: as ``move``.
        PartVerbMissing: the person may not.
        PartOwnDraft: who had a hand in it would approve.
        PartReasonMissing: a return without a reason and without a mark.

    Source: docs/rules/indicators.md, P-1, P-2, P-3.
    """
    end, verb = move(sort, state, action)
    if verb not in may:
        raise PartVerbMissing(action=ACTION_WORDS[action])
    if action is Action.APPROVE and by in hands:
        raise PartOwnDraft
    if action is Action.RETURN and not clean_long(reason) and not marks:
        raise PartReasonMissing
    return end


def next_number(versions: Mapping[int, State]) -> int:
    """The number that a new version gets; a number is not used again.

    Raises:
        PartVersionOpen: another version is not finished.

    Source: docs/rules/indicators.md, P-4.

    >>> next_number({1: State.SUPERSEDED, 2: State.ISSUED})
    3
    """
    for number, state in versions.items():
        if state in OPEN:
            raise PartVersionOpen(number=number, state=STATE_WORDS[state])
    return max(versions, default=0) + 1
