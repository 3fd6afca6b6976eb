"""Reading the parts of a year's scheme: versions, their plans, who had a hand in them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from kaohe.core.access import Verb
from kaohe.core.checkup_limits import ROOT, limit_values
from kaohe.core.indicator_trees import plan_of
from kaohe.core.indicators import Plan
from kaohe.core.part_path import FIXED, OPEN, VERBS, Sort, State
from kaohe.core.plan_differences import flat_plan, flat_settings
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_canonical import scheme_tree
from kaohe.core.scheme_text import read_scheme
from kaohe.indicators.models import AssessmentYear, Part, PartVersion
from kaohe.journal.queries import entries_of
from kaohe.organization.models import User
from kaohe.organization.queries.access import allows, one, visible

HANDS = ("part.drafted", "part.edited", "part.submitted")
PEOPLE = ("drafted_by", "submitted_by", "returned_by", "approved_by", "issued_by")


def read_verb(sort: str) -> Verb:
    """The verb by which drafts of a sort of part are read."""
    return Verb.SCHEME_READ if sort == Sort.DEPARTMENT else Verb.PART_REVIEW


def seen_versions(user: User, rows: QuerySet[PartVersion]) -> QuerySet[PartVersion]:
    """Those of some versions that a user may see: schemes by reach, other drafts by review."""
    schemes = visible(
        user,
        Verb.SCHEME_READ,
        rows.filter(part__sort=Sort.DEPARTMENT),
        department="part__department",
    )
    others = rows.exclude(part__sort=Sort.DEPARTMENT)
    drafts = visible(user, Verb.PART_REVIEW, others)
    issued = visible(user, Verb.YEAR_READ, others).filter(state__in=FIXED)
    inside = Q(pk__in=schemes.order_by().values("pk"))
    inside |= Q(pk__in=drafts.order_by().values("pk")) | Q(pk__in=issued.order_by().values("pk"))
    return rows.filter(inside)


def versions_of(user: User, year: AssessmentYear) -> QuerySet[PartVersion]:
    """All versions of a year that a user may see."""
    rows = PartVersion.objects.filter(part__assessment_year=year)
    return seen_versions(user, rows).select_related(
        "part__department", "part__assessment_year", *PEOPLE
    )


def all_versions(user: User) -> QuerySet[PartVersion]:
    """All versions of all years that a user may see, without contents."""
    rows = seen_versions(user, PartVersion.objects.all()).defer("content")
    return rows.select_related("jurisdiction", "part__department", "part__assessment_year")


def get_part_version(user: User, key: int) -> PartVersion:
    """A version that a user may see.

    Raises:
        NothingHere: there is none.
    """
    rows = PartVersion.objects.select_related(
        "jurisdiction", "part__jurisdiction", "part__department", "part__assessment_year", *PEOPLE
    )
    return one(seen_versions(user, rows), key)


def plan_in(version: PartVersion) -> Plan:
    """The plan of a template or of a department's scheme."""
    return plan_of(version.content)


def scheme_in(version: PartVersion) -> Scheme:
    """The scheme of a version of the settings, kept as the text of its ``scheme.toml``.

    Raises:
        ValueError: it is unsound; what is kept never is.
    """
    scheme, problems = read_scheme(version.content["toml"])
    if scheme is None:
        raise ValueError(f"the settings are unsound: {problems[0].sentence()}")
    return scheme


def flat(sort: str, content: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a part's content: path → text."""
    if sort != Sort.SETTINGS:
        return flat_plan(content)
    scheme, _problems = read_scheme(content.get("toml", ""))
    found = flat_settings(scheme_tree(scheme)) if scheme else {}
    limits = limit_values(content.get(ROOT, {}))
    return found | {f"settings/{key.replace('.', '/')}": text for key, text in limits.items()}


def hands_on(version: PartVersion) -> frozenset[str]:
    """The pseudonyms of all who drafted, edited, answered for or submitted a version.

    Source: docs/rules/indicators.md, P-2.
    """
    rows = entries_of([version.subject]).filter(action__in=HANDS).order_by()
    answered = version.answers.values_list("made_by__pseudonym", flat=True)
    hands = {*rows.values_list("actor", flat=True), *answered, version.drafted_by.pseudonym}
    return frozenset(hands)


def verbs_on(user: User, part: Part) -> list[Verb]:
    """Which of the verbs of its path a user may do to a part."""
    return [verb for verb in VERBS[Sort(part.sort)] if allows(user, verb, part)]


def in_force(part: Part) -> PartVersion | None:
    """The version that is issued (or, of a past year, archived)."""
    rows = part.versions.filter(state__in=[State.ISSUED, State.ARCHIVED])
    return rows.order_by("-number").first()


def open_version(part: Part) -> PartVersion | None:
    """The version that is on its way."""
    return part.versions.filter(state__in=sorted(OPEN)).first()


def part_of(year: AssessmentYear, sort: Sort, department: int | None = None) -> Part | None:
    """A year's part of a sort, if it was begun."""
    rows = Part.objects.filter(assessment_year=year, sort=sort)
    rows = (
        rows.filter(department__isnull=True)
        if department is None
        else rows.filter(department=department)
    )
    return rows.select_related("jurisdiction", "department", "assessment_year").first()
