"""What a reviewer reads of a version: moves and their people, marks, units that have left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from kaohe.core.access import GRANTS, OF_DEPARTMENT, Verb
from kaohe.core.part_path import MOVES, VERBS, Action, Sort, State
from kaohe.core.plan_words import FIELD_WORDS, cell_of
from kaohe.core.problems import N_
from kaohe.indicators.models import FindingAnswer, Mark, Participant, PartVersion
from kaohe.indicators.queries.parts import HANDS, verbs_on
from kaohe.journal.queries import entries_of
from kaohe.organization.models import Department, Jurisdiction, RoleAssignment, User
from kaohe.organization.queries.access import names_behind

LONGEST_PATH = 200  # characters of the path of a mark
NOT_IN_YEAR = N_("does not take part this year")
CLOSED = N_("closed or merged")
MOVED = N_("now under {department}")
EXEMPT = N_("exempt from assessment")


class Moved(NamedTuple):
    """Who made a move, and when."""

    who: str
    at: datetime


def trail_of(version: PartVersion) -> dict[str, Moved]:
    """The last entry of each action on a version, from the record, in the order of time."""
    rows = entries_of([version.subject]).order_by("id").select_related(None)
    found = list(rows.values_list("action", "actor", "at"))
    people = names_behind(actor for _action, actor, _at in found)
    trail: dict[str, Moved] = {}
    for action, actor, at in found:
        trail.pop(action, None)
        trail[action] = Moved(people.get(actor, ""), at)
    return trail


def marks_of(version: PartVersion) -> dict[str, list[Mark]]:
    """The marks on a version by the path of their cell, those that are settled too."""
    found: dict[str, list[Mark]] = defaultdict(list)
    for mark in version.marks.select_related("made_by"):
        found[mark.path].append(mark)
    return dict(found)


def is_cell(version: PartVersion, cells: Mapping[str, str], path: str) -> bool:
    """Whether a version has a cell, or the place for one that is still empty.

    Args:
        cells: of the version, as ``queries.parts.flat`` gives them.
    """
    if len(path) > LONGEST_PATH:
        return False
    if path in cells or path == "preface":
        return True
    cell = cell_of(path)
    if version.part.sort == Sort.SETTINGS or cell.field not in FIELD_WORDS:
        return False
    items = {each["item"] for each in version.content.get("indicators", ())}
    return (cell.item in items or not cell.item) and (
        cell.unit in version.content.get("sheets", ()) or not cell.unit
    )


class Gone(NamedTuple):
    """A unit of a scheme that is no longer under its department, or takes no part.

    ``why``: a message id with {department}, which is where it is now.
    """

    code: str
    name: str
    why: str
    department: str = ""


def units_gone(version: PartVersion) -> list[Gone]:
    """The units of a department's scheme for which no sheet can be issued any more."""
    return gone_in([version])[version.pk]


def gone_in(versions: Iterable[PartVersion]) -> dict[int, list[Gone]]:
    """The same for several versions of one year, in one query."""
    rows = [version for version in versions if version.part.sort == Sort.DEPARTMENT]
    codes = {code for version in rows for code in version.content.get("sheets", ())}
    years = {version.part.assessment_year_id for version in rows}
    present = Participant.objects.filter(assessment_year__in=years, code__in=codes)
    found = {
        (each.assessment_year_id, each.code): each
        for each in present.select_related("unit__department", "department")
    }
    gone: dict[int, list[Gone]] = {version.pk: [] for version in versions}
    for version in rows:
        year, department = version.part.assessment_year_id, version.part.department_id
        for code in version.content.get("sheets", ()):
            left = _gone(code, found.get((year, code)), department)
            if left is not None:
                gone[version.pk].append(left)
    return gone


def _gone(code: str, row: Participant | None, department: int | None) -> Gone | None:
    if row is None:
        return Gone(code, code, NOT_IN_YEAR)
    if row.status == "exempt":
        return Gone(code, row.name, EXEMPT)
    if row.unit is None or row.unit.closed_on is not None:
        return Gone(code, row.name, CLOSED)
    if row.unit.department_id != department:
        return Gone(code, row.name, MOVED, row.unit.department.name)
    if row.department_id != department:
        return Gone(code, row.name, MOVED, row.department_name)
    return None


def is_open(version: PartVersion, action: Action) -> bool:
    """Whether an action starts from where a version stands, in a year that is not over."""
    return (State(version.state), action) in MOVES and version.part.assessment_year.state == "open"


def may_edit(user: User, version: PartVersion) -> bool:
    """Whether a user may change the content of a version as it stands."""
    verb = VERBS[Sort(version.part.sort)].draft
    return is_open(version, Action.EDIT) and verb in verbs_on(user, version.part)


def may_mark(user: User, version: PartVersion) -> bool:
    """Whether a user may return a version as it stands, and so mark cells of it."""
    verb = VERBS[Sort(version.part.sort)].approve
    return is_open(version, Action.RETURN) and verb in verbs_on(user, version.part)


DEEDS = (
    Action.SUBMIT,
    Action.APPROVE,
    Action.ISSUE,
    Action.RETURN,
    Action.WITHDRAW,
)


def deeds_on(user: User, version: PartVersion, *, own: bool) -> list[Action]:
    """What a user may do with a version now, for the buttons; the service asks again.

    Args:
        own: they had a hand in it, and so do not approve it.
    """
    may = verbs_on(user, version.part)
    verbs = VERBS[Sort(version.part.sort)]
    return [
        action
        for action in DEEDS
        if is_open(version, action)
        and getattr(verbs, MOVES[State(version.state), action][1]) in may
        and not (own and action is Action.APPROVE)
    ]


def own_among(user: User, versions: Iterable[PartVersion]) -> frozenset[int]:
    """The keys of the versions in which a user had a hand, from the record, in two queries."""
    rows = list(versions)
    entries = entries_of([row.subject for row in rows]).order_by().select_related(None)
    wrote = entries.filter(action__in=HANDS, actor=user.pseudonym)
    subjects = set(wrote.values_list("subject", flat=True))
    answers = FindingAnswer.objects.filter(part_version__in=rows, made_by=user).order_by()
    answered = set(answers.values_list("part_version", flat=True))
    return frozenset(
        row.pk
        for row in rows
        if row.subject in subjects or row.drafted_by_id == user.pk or row.pk in answered
    )


def holders_of(
    verb: Verb, jurisdiction: Jurisdiction, department: Department | None = None
) -> list[str]:
    """The names of those who may do a verb there today: whose turn it is."""
    roles = [role for role, verbs in GRANTS.items() if verb in verbs]
    today = timezone.localdate()
    rows = RoleAssignment.objects.filter(
        Q(department=department) | ~Q(role__in=OF_DEPARTMENT),
        Q(to_on__isnull=True) | Q(to_on__gte=today),
        from_on__lte=today,
        jurisdiction=jurisdiction,
        role__in=roles,
        user__is_active=True,
    )
    return sorted(set(rows.values_list("user__name", flat=True)))


def turn_of(version: PartVersion) -> tuple[Verb | None, list[str]]:
    """Whose turn it is with a version: the verb that is waited for, and who may do it."""
    verbs = VERBS[Sort(version.part.sort)]
    waits: Mapping[State, Verb] = {
        State.DRAFT: verbs.draft,
        State.RETURNED: verbs.draft,
        State.SUBMITTED: verbs.approve,
        State.APPROVED: verbs.issue,
    }
    verb = waits.get(State(version.state))
    if verb is None:
        return None, []
    return verb, holders_of(verb, version.jurisdiction, version.part.department)
