"""Settings of the scheme over the API: begun, read with their meaning, changed, tried."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from ninja import Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.part_shapes import PartVersionShape
from kaohe.api.indicators.setting_shapes import (
    BeginPart,
    ChangeSettings,
    PreviewShape,
    SettingsShape,
)
from kaohe.api.routes import read, write
from kaohe.core.access import Verb
from kaohe.core.part_path import Sort
from kaohe.core.scheme_fields import TAG_WORDS, Setting
from kaohe.core.scheme_settings import ALL_SETTINGS, default_values
from kaohe.core.scheme_trials import NOT_TRIED
from kaohe.indicators.queries.preview import Counts, Preview, preview_of_version
from kaohe.indicators.queries.settings_part import get_version_of, settings_in
from kaohe.indicators.queries.years import get_year
from kaohe.indicators.services import settings_part

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

router = Router(tags=["indicator-settings"])
ROOT = "/settings-versions/{int:key}"
MOST = 1_000  # moves of an answer
_DEFAULTS = default_values()


@write(
    router,
    "POST",
    "/years/{int:key}/settings",
    Verb.SETTINGS_DRAFT,
    PartVersionShape,
    of_version=False,
)
def begin_settings(request: Caller, key: int, body: BeginPart) -> "PartVersion":
    """Begin the settings of a year: with the defaults, or as in an earlier year."""
    like = get_version_of(request.user, body.like, Sort.SETTINGS) if body.like else None
    year = get_year(request.user, key)
    return settings_part.begin_settings(by=request.user, year=year, like=like)


@read(router, f"{ROOT}/settings", Verb.YEAR_READ, SettingsShape)
def settings_values(request: Caller, key: int) -> dict[str, Any]:
    """Every setting of a version with its meaning, default and source."""
    values = settings_in(get_version_of(request.user, key, Sort.SETTINGS))
    return {"items": [_setting(each, values[each.key]) for each in ALL_SETTINGS]}


def _setting(setting: Setting, value: Any) -> dict[str, Any]:
    default = _DEFAULTS[setting.key]
    return {
        "key": setting.key,
        "section": str(setting.section),
        "kind": str(setting.kind),
        "label": _(setting.label),
        "meaning": _(setting.meaning),
        "tag": setting.tag,
        "tag_words": _(TAG_WORDS[setting.tag]),
        "clause": setting.clause,
        "choices": [{"code": each.code, "words": _(each.words)} for each in setting.choices],
        "columns": [{"code": each.name, "words": _(each.label)} for each in setting.columns],
        "value": value,
        "default": default,
        "is_default": value == default,
    }


@write(router, "PATCH", f"{ROOT}/settings", Verb.SETTINGS_DRAFT, PartVersionShape)
def change_settings(request: Caller, key: int, body: ChangeSettings) -> "PartVersion":
    """Change settings of a draft, all or none; the refusal names every one that is unsound."""
    return settings_part.change_settings(
        by=request.user,
        version=get_version_of(request.user, key, Sort.SETTINGS),
        seen=seen(request),
        given={each.key: each.value for each in body.settings},
        **body.given("settings"),
    )


@read(router, f"{ROOT}/preview", Verb.PART_REVIEW, PreviewShape)
def settings_preview(request: Caller, key: int) -> dict[str, Any]:
    """What a version would have done to the latest year whose folder is kept."""
    found = preview_of_version(get_version_of(request.user, key, Sort.SETTINGS))
    return _NOTHING if found is None else _told(found)


_NOTHING: dict[str, Any] = {
    "year": None,
    "changed": [],
    "not_tried": [],
    "seats_left_out": False,
    "counts": {},
    "groups": [],
    "tiers": [],
    "quota_before": None,
    "quota_after": None,
    "moves": [],
    "left_out": 0,
}


def _told(found: Preview) -> dict[str, Any]:
    return {
        "year": found.year,
        "changed": list(found.trial.changed),
        "not_tried": [
            {
                "key": each.key,
                "why": _(NOT_TRIED[each.why]).format(year=found.year, names=each.names),
            }
            for each in found.trial.not_tried
        ],
        "seats_left_out": found.seats_left_out,
        "counts": dict(found.counts),
        "groups": [
            {
                "name": line.name,
                "units": line.units,
                "before": _grades(line.before),
                "after": _grades(line.after),
            }
            for line in found.groups
        ],
        "tiers": [each._asdict() for each in found.tiers],
        "quota_before": found.quota[0],
        "quota_after": found.quota[1],
        "moves": found.told(_, MOST),
        "left_out": max(0, len(found.moves) - MOST),
    }


def _grades(counts: Counts) -> dict[str, int]:
    return {grade: counts.get(grade, 0) for grade in ("A", "B", "C", "none")}
