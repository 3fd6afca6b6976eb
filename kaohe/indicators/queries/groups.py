"""Reading the groups of a year: their sizes, which are too small, what should be merged."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.groups_of_year import GroupSize, Merge, merge_proposal
from kaohe.core.problems import N_
from kaohe.indicators.models import AssessmentYear, Group
from kaohe.organization.models import User
from kaohe.organization.queries.access import one, visible


class GroupsUnknown(Invalid):
    """Keys that are none of a year's groups."""

    code = "group.unknown"
    sentence = N_("Not among the groups of the year: {keys}. Correct the list.")
    field = "sources"


def groups_of(year: AssessmentYear) -> QuerySet[Group]:
    """The open groups of a year with ``graded``, ``units`` and ``departments``: how many."""
    inside = Q(participants__status="graded")
    return year.groups.filter(closed=False).annotate(
        graded=Count("participants", filter=inside, distinct=True),
        units=Count("participants", distinct=True),
        departments=Count("participants__department_name", distinct=True),
    )


def get_group(user: User, key: int, verb: Verb = Verb.YEAR_READ) -> Group:
    """A group to whose year a user may do ``verb``.

    Raises:
        NothingHere: there is none.
    """
    rows = Group.objects.select_related("jurisdiction", "assessment_year__jurisdiction")
    return one(visible(user, verb, rows), key)


def sizes_of(year: AssessmentYear) -> list[GroupSize]:
    """The open groups of a year with how many units are ranked in each."""
    found: Any = groups_of(year)
    return [GroupSize(each.name, each.graded) for each in found]


def proposal_for(year: AssessmentYear) -> Merge | None:
    """How the groups of a year that are too small should be merged."""
    return merge_proposal(sizes_of(year), year.minimum_group)


def group_subjects(year: AssessmentYear) -> list[str]:
    """The names in the record of all groups of a year, closed ones included."""
    return [row.subject for row in year.groups.all()]


def chosen_groups(year: AssessmentYear, keys: Collection[int]) -> list[Group]:
    """Some groups of a year by their keys.

    Raises:
        GroupsUnknown: some are none of the year.
    """
    found = list(year.groups.filter(pk__in=keys))
    left = sorted(set(keys) - {row.pk for row in found})
    if left:
        raise GroupsUnknown(keys=", ".join(map(str, left)))
    return found
