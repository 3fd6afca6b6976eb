"""Other settings tried on an earlier year (变更试算): what can be tried, and what cannot, and why.

The facts of that year stay as they are.  A setting to which they give no answer keeps the value
that it had, and is named with the reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from kaohe.core.problems import N_
from kaohe.core.scheme import Scheme, Survey
from kaohe.core.scheme_settings import changed_keys

NOT_TRIED: Mapping[str, str] = {
    "questions": N_("the answers of {year} were given to its own questions"),
    "channels": N_("the answers of {year} came through its own channels"),
    "rounds": N_("the answers of {year} were given in its own rounds"),
    "manual": N_("tiers that are given one by one are not known before somebody gives them"),
    "groups": N_("these groups had no unit in {year}: {names}"),
}
SEATS_LEFT_OUT = N_(
    "The committee's choices among units of equal rank in {year} do not fit these settings; they"
    " are left out."
)


class NotTried(NamedTuple):
    """A setting that keeps its value of that year: its key, and why (of ``NOT_TRIED``)."""

    key: str
    why: str
    names: str = ""


class Trial(NamedTuple):
    """What is tried: the scheme of the earlier year with the new settings, as far as it goes.

    ``changed`` has the keys of settings that differ from that year's, tried or not.
    """

    scheme: Scheme
    changed: tuple[str, ...]
    not_tried: tuple[NotTried, ...]


def trial_of(base: Scheme, wished: Scheme, groups: Collection[str]) -> Trial:
    """The settings of ``wished`` on the year of ``base``.

    Args:
        groups: the groups that had units in that year.

    Source: docs/rules/settings.md, SE-4.
    """
    found: list[NotTried] = []
    survey = _survey(base.survey, wished.survey, found)
    tried = replace(
        wished,
        year=base.year,
        jurisdiction=base.jurisdiction,
        title=base.title,
        survey=survey,
        weights_by_group={g: w for g, w in wished.weights_by_group.items() if g in groups},
    )
    strange = [group for group in wished.weights_by_group if group not in groups]
    if strange:
        found.append(NotTried("weights_by_group", "groups", "、".join(strange)))
    if not _tiers_known(base, wished):
        barred = replace(tried.grading, a_barred_tiers=base.grading.a_barred_tiers)
        tried = replace(tried, tier_policy=base.tier_policy, grading=barred)
        found.append(NotTried("tier_policy.assign", "manual"))
    keys = [key for key in changed_keys(base, wished) if key != "title"]
    return Trial(tried, tuple(keys), tuple(found))


def _tiers_known(base: Scheme, wished: Scheme) -> bool:
    """Whether the tiers of the units follow, or were given in that year."""
    mine, theirs = base.tier_policy, wished.tier_policy
    if theirs.assign != "manual":
        return True
    names = {tier.name for tier in theirs.tiers}
    return mine.assign == "manual" and names.issuperset(tier.name for tier in mine.tiers)


def _survey(base: Survey, wished: Survey, found: list[NotTried]) -> Survey:
    if set(base.questions) != set(wished.questions):
        found.append(NotTried("survey.dimensions", "questions"))
        wished = replace(wished, dimensions=base.dimensions)
    if not {each.code for each in base.channels} <= {each.code for each in wished.channels}:
        found.append(NotTried("survey.channels", "channels"))
        wished = replace(wished, channels=base.channels)
    if not {each.code for each in base.rounds} <= {each.code for each in wished.rounds}:
        found.append(NotTried("survey.rounds", "rounds"))
        wished = replace(wished, rounds=base.rounds)
    return wished
