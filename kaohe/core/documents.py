"""The life of a governing document (《工作规则》, 《考核实施办法》) and of its versions.

A version is drafted, submitted, returned or approved, and issued under a number and with a day of
effect.  What is issued never changes: the next version is drafted from it and, once issued, takes
its place.
"""

import re
from collections.abc import Collection, Hashable, Iterator, Mapping
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple
from unicodedata import normalize

from kaohe.core.access import Verb
from kaohe.core.errors import Conflict, Invalid, NotPermitted
from kaohe.core.problems import N_
from kaohe.core.texts import clean

Person = Hashable


class State(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for approval, and cannot be edited
    RETURNED = "returned"  # with a reason; may be edited and submitted again
    APPROVED = "approved"  # waits for its number and day of effect
    ISSUED = "issued"  # in force from its day of effect on; never changes
    SUPERSEDED = "superseded"  # final: a later version was issued
    WITHDRAWN = "withdrawn"  # final: a draft that was given up


class Action(StrEnum):
    """What may be done with a version."""

    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    ISSUE = "issue"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"  # never alone: it follows from issuing a later version


STATE_WORDS: Mapping[State, str] = {
    State.DRAFT: N_("still a draft"),
    State.SUBMITTED: N_("submitted for approval"),
    State.RETURNED: N_("returned for revision"),
    State.APPROVED: N_("approved, not issued yet"),
    State.ISSUED: N_("issued"),
    State.SUPERSEDED: N_("superseded"),
    State.WITHDRAWN: N_("draft given up"),
}
ACTION_WORDS: Mapping[Action, str] = {
    Action.EDIT: N_("edit the draft"),
    Action.SUBMIT: N_("submit for approval"),
    Action.RETURN: N_("return for revision"),
    Action.APPROVE: N_("approve the version"),
    Action.ISSUE: N_("issue the version"),
    Action.WITHDRAW: N_("give the draft up"),
    Action.SUPERSEDE: N_("supersede the version"),
}


class Move(NamedTuple):
    """One line of the table that is the rule."""

    start: State
    action: Action
    end: State
    verb: Verb


_DRAFT, _APPROVE, _ISSUE = Verb.DOCUMENT_DRAFT, Verb.DOCUMENT_APPROVE, Verb.DOCUMENT_ISSUE
MOVES = (
    Move(State.DRAFT, Action.EDIT, State.DRAFT, _DRAFT),
    Move(State.DRAFT, Action.SUBMIT, State.SUBMITTED, _DRAFT),
    Move(State.DRAFT, Action.WITHDRAW, State.WITHDRAWN, _DRAFT),
    Move(State.SUBMITTED, Action.RETURN, State.RETURNED, _APPROVE),
    Move(State.SUBMITTED, Action.APPROVE, State.APPROVED, _APPROVE),
    Move(State.SUBMITTED, Action.WITHDRAW, State.WITHDRAWN, _DRAFT),
    Move(State.RETURNED, Action.EDIT, State.RETURNED, _DRAFT),
    Move(State.RETURNED, Action.SUBMIT, State.SUBMITTED, _DRAFT),
    Move(State.RETURNED, Action.WITHDRAW, State.WITHDRAWN, _DRAFT),
    Move(State.APPROVED, Action.RETURN, State.RETURNED, _APPROVE),
    Move(State.APPROVED, Action.ISSUE, State.ISSUED, _ISSUE),
    Move(State.ISSUED, Action.SUPERSEDE, State.SUPERSEDED, _ISSUE),
)
OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED})
FIXED = frozenset({State.ISSUED, State.SUPERSEDED})  # what these say never changes


class MoveNotOpen(Conflict):
    code = "document.move-not-open"
    sentence = N_("“{action}” is not possible here: the version is “{state}”; open the page anew.")
    words = frozenset({"action", "state"})


class IssuedIsFixed(Conflict):
    code = "document.issued-is-fixed"
    sentence = N_("An issued version is never changed; draft a new version from it.")


class VerbMissing(NotPermitted):
    code = "document.verb-missing"
    sentence = N_("Your role does not allow “{action}” here; ask one who may.")
    words = frozenset({"action"})


class OwnDraft(NotPermitted):
    code = "document.own-draft"
    sentence = N_("Who drafted or submitted a version cannot approve it; another person must.")


class ReasonMissing(Invalid):
    code = "document.reason-missing"
    sentence = N_("A return needs a reason; write what is to be changed.")
    field = "reason"


class NumberMissing(Invalid):
    code = "document.number-missing"
    sentence = N_("A version is issued under a document number; enter it, such as {example}.")
    field = "number"


class NumberUnsound(Invalid):
    code = "document.number-unsound"
    sentence = N_("“{number}” is not a document number; write it as {example}.")
    field = "number"


class NumberForm(Invalid):
    code = "document.number-form"
    sentence = N_("“{number}” is not how a document number is written; write {suggestion}.")
    field = "number"


class NumberTaken(Conflict):
    code = "document.number-taken"
    sentence = N_("Another version was issued under {number}; enter its own number.")
    field = "number"


class EffectiveDayMissing(Invalid):
    code = "document.effective-day-missing"
    sentence = N_("A version is issued with the day from which it holds; enter it.")
    field = "effective_on"


class EffectiveTooEarly(Invalid):
    code = "document.effective-too-early"
    sentence = N_("The version before holds from {previous} on; enter a later day than that.")
    field = "effective_on"


class VersionOpen(Conflict):
    code = "document.version-open"
    sentence = N_("Version {number} is still “{state}”; finish it or give it up before a new one.")
    words = frozenset({"state"})


class Issue(NamedTuple):
    """With what a version is issued, and what it must agree with."""

    number: str = ""
    effective_on: date | None = None
    previous_effective_on: date | None = None  # of the version in force
    numbers_taken: Collection[str] = ()


_NOTHING_GIVEN = Issue()


def move_of(state: State, action: Action) -> Move:
    """The move that an action makes from a state; its verb is what a service asks ``reach`` for.

    Raises:
        IssuedIsFixed: what is issued would be edited.
        MoveNotOpen: the action does not start from the state.

    Source: docs/rules/documents.md, D-1, D-3.
    """
    for move in MOVES:
        if (move.start, move.action) == (state, action):
            return move
    if action is Action.EDIT and state in FIXED:
        raise IssuedIsFixed
    raise MoveNotOpen(action=ACTION_WORDS[action], state=STATE_WORDS[state])


def advance(
    state: State,
    action: Action,
    *,
    by: Person,
    drafted_by: Collection[Person],
    may: Collection[Verb],
    submitted_by: Person | None = None,
    reason: str = "",
    issue: Issue = _NOTHING_GIVEN,
) -> State:
    """The state that ``action`` leads to when a person takes it.

    Args:
        drafted_by: everyone who drafted or edited the version.
        may: what the person may do with the documents of this jurisdiction.
        submitted_by: who submitted it last.
        reason: of a return.
        issue: of issuing.

    Raises:
        IssuedIsFixed, MoveNotOpen: as ``move_of``.
        VerbMissing: the person may not do this here.
        OwnDraft: who drafted or submitted would approve.
        ReasonMissing: a return without a reason.
        NumberMissing, NumberUnsound, NumberForm, NumberTaken, EffectiveDayMissing,
        EffectiveTooEarly: as ``check_issue``.

    Source: docs/rules/documents.md, D-1, D-2.
    """
    move = move_of(state, action)
    if move.verb not in may:
        raise VerbMissing(action=ACTION_WORDS[action])
    if action is Action.APPROVE and (by in drafted_by or by == submitted_by):
        raise OwnDraft
    if action is Action.RETURN and not clean(reason):
        raise ReasonMissing
    if action is Action.ISSUE:
        check_issue(issue)
    return move.end


_EXAMPLE = "示考委〔2026〕3号"
_ORGAN = "[\u3400-\u9fff\U00020000-\U0003ffff]{2,20}"
_NUMBER = re.compile(_ORGAN + "〔(?:19|20|21)[0-9]{2}〕[1-9][0-9]{0,4}号")
_LOOSE = re.compile(
    rf"({_ORGAN})[(〔\[【〖<《{{〈]?((?:19|20|21)[0-9]{{2}})年?[)〕\]】〗>》}}〉]?"
    "(?:第|字第|-)?0*([1-9][0-9]{0,4})号?"
)


def check_issue(issue: Issue) -> None:
    """Whether a version can be issued so.

    Raises:
        NumberMissing, EffectiveDayMissing: one of the two is not there.
        NumberUnsound, NumberForm: as ``check_number``.
        NumberTaken: another version has the number.
        EffectiveTooEarly: the day is not after the one from which the version before holds.

    Source: docs/rules/documents.md, D-4, D-5.
    """
    check_number(issue.number)
    if issue.number in issue.numbers_taken:
        raise NumberTaken(number=issue.number)
    if issue.effective_on is None:
        raise EffectiveDayMissing
    previous = issue.previous_effective_on
    if previous is not None and issue.effective_on <= previous:
        raise EffectiveTooEarly(previous=f"{previous:%Y.%m.%d}")


def check_number(number: str) -> None:
    """Whether a document number (文号) is written as it must be.

    Raises:
        NumberMissing: there is none.
        NumberForm: it is written otherwise; the refusal says the right form.
        NumberUnsound: it is no document number.

    Source: docs/rules/documents.md, D-4.

    >>> check_number("示考委〔2026〕3号")
    """
    if not number:
        raise NumberMissing(example=_EXAMPLE)
    if _NUMBER.fullmatch(number):
        return
    loose = _LOOSE.fullmatch("".join(normalize("NFKC", clean(number)).split()))
    if loose is None:
        raise NumberUnsound(number=number, example=_EXAMPLE)
    raise NumberForm(number=number, suggestion=f"{loose[1]}〔{loose[2]}〕{loose[3]}号")


def next_version(versions: Mapping[int, State]) -> int:
    """The number that a new version gets; numbers of versions given up are not used again.

    Raises:
        VersionOpen: another version is not finished.

    Source: docs/rules/documents.md, D-3.

    >>> next_version({1: State.SUPERSEDED, 2: State.ISSUED, 3: State.WITHDRAWN})
    4
    """
    for number, state in versions.items():
        if state in OPEN:
            raise VersionOpen(number=number, state=STATE_WORDS[state])
    return max(versions, default=0) + 1


def superseded_by(number: int, versions: Mapping[int, State]) -> tuple[int, ...]:
    """The versions that issuing version ``number`` supersedes: the one in force, if there is one.

    Source: docs/rules/documents.md, D-3.

    >>> superseded_by(3, {1: State.SUPERSEDED, 2: State.ISSUED, 3: State.APPROVED})
    (2,)
    """
    return tuple(
        other for other, state in versions.items() if state is State.ISSUED and other != number
    )


class Difference(NamedTuple):
    """One piece of two texts: ``kind`` is "same", "changed", "removed" or "added"."""

    kind: str
    old: str
    new: str


_PIECES = re.compile("[^\n。！？；]*[\n。！？；]|[^\n。！？；]+")


def differences(old: str, new: str) -> list[Difference]:
    """What became of each sentence from one text to another, in order.

    The pieces keep their ends, so that the old ones joined are the old text, the new ones the new.

    Source: docs/rules/documents.md, D-6.

    >>> [row.kind for row in differences("一是甲。二是乙。", "一是甲。二是丙。三是丁。")]
    ['same', 'changed', 'added']
    """
    return list(_differences(_PIECES.findall(old), _PIECES.findall(new)))


def _differences(old: list[str], new: list[str]) -> Iterator[Difference]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, old_from, old_to, new_from, new_to in blocks:
        gone, come = old[old_from:old_to], new[new_from:new_to]
        for before, after in zip_longest(gone, come, fillvalue=""):
            if kind == "equal":
                yield Difference("same", before, after)
            elif before and after:
                yield Difference("changed", before, after)
            else:
                yield Difference("removed" if before else "added", before, after)
