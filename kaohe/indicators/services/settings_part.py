"""The settings of a year's scheme: begun from what is known, changed setting by setting."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.core.checkup_limits import LIMITS_BY_KEY, ROOT, with_limits
from kaohe.core.errors import Invalid, NotFound
from kaohe.core.part_path import Sort
from kaohe.core.problems import N_, Problem
from kaohe.core.scheme import Scheme
from kaohe.core.scheme_settings import ALL_BY_KEY, DEFAULTS, fits, say_problem, with_values
from kaohe.core.scheme_toml import scheme_toml
from kaohe.indicators.models import AssessmentYear, Part, PartVersion
from kaohe.indicators.queries.limits import kept_limits
from kaohe.indicators.queries.parts import scheme_in
from kaohe.indicators.services.beginning import begin_anew
from kaohe.indicators.services.parts import edit_part
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import taken


class SettingUnknown(NotFound):
    """No setting has this key."""

    code = "settings.unknown"
    sentence = N_("There is no setting “{key}”. The settings of a version list them all.")


class SettingMisshapen(Invalid):
    """A text where a table is wanted, or the other way round."""

    code = "settings.misshapen"
    sentence = N_(
        "The value of “{key}” has another shape than the setting. Send it as the settings of a"
        " version show it."
    )


class SettingsUnsound(Invalid):
    """Values that no scheme may have; ``problems`` has them all."""

    code = "settings.unsound"
    sentence = N_("{count} settings cannot be taken.")

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(count=len(problems), settings=[each.column for each in problems])
        self.problems = list(problems)

    def say(self, translate: Callable[[str], str] = str) -> str:
        """The number, and every problem with what would be right."""
        told = [
            f"{say_problem(each, translate)}{translate(N_(': '))}{each.remedy(translate)}"
            for each in self.problems
        ]
        return " ".join([super().say(translate), *told])


class SettingsGroupUnknown(Invalid):
    """Weights for a group that the year has not."""

    code = "settings.group-unknown"
    sentence = N_(
        "The year {year} has no group “{groups}”. Take its weights away, or choose a group of the"
        " year."
    )
    field = "weights_by_group"


class NotSettings(Invalid):
    """Another sort of part was given."""

    code = "settings.other-sort"
    sentence = N_("This is no version of the settings. Open the settings of the year.")


def usual_scheme(year: AssessmentYear) -> Scheme:
    """What a first scheme begins with: all defaults.

    Source: docs/rules/settings.md, SE-3.
    """
    place = year.jurisdiction
    title = f"{place.name}{year.year}年度事业单位绩效考核方案"
    return replace(DEFAULTS, year=year.year, jurisdiction=place.code, title=title)


def moved_to(year: AssessmentYear, scheme: Scheme) -> Scheme:
    """An earlier scheme as the first draft of another year: weights of groups that are gone fall.

    Source: docs/rules/settings.md, SE-3.
    """
    usual, groups = usual_scheme(year), _groups(year)
    kept = {name: each for name, each in scheme.weights_by_group.items() if name in groups}
    return replace(
        scheme,
        year=usual.year,
        jurisdiction=usual.jurisdiction,
        title=usual.title,
        weights_by_group=kept,
    )


def _groups(year: AssessmentYear) -> set[str]:
    return set(year.groups.filter(closed=False).values_list("name", flat=True))


@transaction.atomic
def begin_settings(
    *, by: User, year: AssessmentYear, like: PartVersion | None = None, change_note: str = ""
) -> PartVersion:
    """Begin the settings of a year with their first draft.

    Args:
        like: the settings of another year to begin from; None: the defaults.

    Raises:
        RoleMissing: ``by`` may not.
        NotSettings: ``like`` is another sort of part.
        PartThere: they were begun before.
    """
    part = Part(jurisdiction=year.jurisdiction, assessment_year=year, sort=Sort.SETTINGS)
    require(by, Verb.SETTINGS_DRAFT, part)
    if like is not None and like.part.sort != Sort.SETTINGS:
        raise NotSettings
    scheme = usual_scheme(year) if like is None else moved_to(year, scheme_in(like))
    limits, _problems = with_limits(kept_limits(like.content) if like else {}, {})
    content = {"toml": scheme_toml(scheme), ROOT: limits}
    return begin_anew(by, year, Sort.SETTINGS, content, change_note)


@transaction.atomic
def change_settings(
    *,
    by: User,
    version: PartVersion,
    seen: int | None,
    given: Mapping[str, Any],
    change_note: str | None = None,
) -> PartVersion:
    """Change settings of a draft; all of them or none.

    Args:
        given: key of a setting → its new value, as ``core.scheme_settings`` has it.

    Raises:
        RoleMissing: ``by`` may not.
        NotSettings: it is another sort of part.
        SettingUnknown, SettingMisshapen, SettingsUnsound, SettingsGroupUnknown: what was given
            cannot be taken.
        PartIssuedIsFixed, PartMoveNotOpen: it cannot be edited where it stands.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/settings.md, SE-2.
    """
    require(by, Verb.SETTINGS_DRAFT, version)
    row = taken(PartVersion, version.pk, seen)
    content = changed_content(row, given)
    return edit_part(by=by, version=row, seen=row.version, content=content, change_note=change_note)


def changed_content(version: PartVersion, given: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a version with some settings changed.

    An old version that holds no limits of the check-up gets them with the first that is changed.

    Raises:
        NotSettings: it is another sort of part.
        SettingUnknown, SettingMisshapen, SettingsUnsound, SettingsGroupUnknown: what was given
            cannot be taken.
    """
    if version.part.sort != Sort.SETTINGS:
        raise NotSettings
    for key, value in given.items():
        if key not in ALL_BY_KEY:
            raise SettingUnknown(key=key)
        if not fits(ALL_BY_KEY[key], value):
            raise SettingMisshapen(key=key)
    beside = {key: value for key, value in given.items() if key in LIMITS_BY_KEY}
    within = {key: value for key, value in given.items() if key not in beside}
    scheme, problems = with_values(scheme_in(version), within)
    kept = kept_limits(version.content)
    limits, wrong = with_limits(kept, beside)
    if scheme is None or wrong:
        raise SettingsUnsound([*problems, *wrong])
    _refuse_groups(version, scheme, given)
    content: dict[str, Any] = {"toml": scheme_toml(scheme)}
    return {**content, ROOT: limits} if kept or beside else content


def _refuse_groups(version: PartVersion, scheme: Scheme, given: Mapping[str, Any]) -> None:
    """See that weights are given for groups of the year only.

    Raises:
        SettingsGroupUnknown: for others.
    """
    year = version.part.assessment_year
    strange = sorted(scheme.weights_by_group.keys() - _groups(year))
    if strange and "weights_by_group" in given:
        raise SettingsGroupUnknown(year=year.year, groups="、".join(strange))
