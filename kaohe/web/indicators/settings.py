"""Pages: the settings of a year's scheme by section, and their effect on an earlier year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

import kaohe.web.indicators.cells_told  # noqa: F401  (declares its words)
from kaohe.core.access import Verb
from kaohe.core.part_path import Sort
from kaohe.core.scheme_fields import PRESETS, SECTION_WORDS, TAG_MEANINGS, TAG_WORDS, Section
from kaohe.core.scheme_settings import ALL_SETTINGS
from kaohe.indicators.queries.review import may_edit
from kaohe.indicators.queries.settings_part import get_version_of, settings_in
from kaohe.indicators.services import settings_part
from kaohe.organization.queries.access import NothingHere, allows, require
from kaohe.web.indicators.beginnings import begin_page, part_page
from kaohe.web.indicators.contents import declare_content
from kaohe.web.indicators.frame import look_at
from kaohe.web.indicators.part_editing import (
    about_version,
    kept_away,
    page_of,
    version_to_edit,
)
from kaohe.web.indicators.previews import SHORT, about_preview, effect_of
from kaohe.web.indicators.setting_forms import SectionForm
from kaohe.web.indicators.setting_words import setting_line
from kaohe.web.requests import SignedIn
from kaohe.web.writing import show, written

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion


def settings(request: SignedIn, key: int) -> HttpResponse:
    """On to the settings of a year."""
    return part_page(request, key, Sort.SETTINGS, "indicators/settings_empty.html")


def begin_settings(request: SignedIn, key: int) -> HttpResponse:
    """Begin the settings of a year."""
    return begin_page(
        request,
        key,
        Sort.SETTINGS,
        first=_("the defaults"),
        title=_("Begin the settings"),
        lead=_(
            "Settings of an earlier year are taken over with its values; weights of groups that"
            " this year has not are left out."
        ),
        service=settings_part.begin_settings,
    )


def content_of(request: SignedIn, version: PartVersion) -> dict[str, Any]:
    """The settings of a version, for its page: section by section, and what they would do."""
    values = settings_in(version)
    sections = [
        {
            "code": str(section),
            "words": _(words),
            "lines": [
                setting_line(each, values) for each in ALL_SETTINGS if each.section == section
            ],
        }
        for section, words in SECTION_WORDS.items()
    ]
    reads = allows(request.user, Verb.PART_REVIEW, version)
    return {
        "template": "indicators/settings_content.html",
        **(effect_of(version) if reads else {"version": version}),
        "sections": sections,
        "tags": [(_(words), _(TAG_MEANINGS[tag])) for tag, words in TAG_WORDS.items()],
        "may_edit": may_edit(request.user, version),
        "previews": reads,
    }


declare_content(Sort.SETTINGS, content_of)


def edit_settings(request: SignedIn, key: int, section: str) -> HttpResponse:
    """The form of a section."""
    if section not in list(Section):
        raise NothingHere
    version = version_to_edit(request, key, Sort.SETTINGS)
    if away := kept_away(request, version):
        return away
    place = Section(section)
    chosen = request.GET.get("preset", "") if place is Section.WEIGHTS else ""
    form = SectionForm(request.POST or None, version=version, section=place, more=_preset(chosen))
    answer = written(
        request,
        form,
        lambda: settings_part.change_settings(
            by=request.user, version=version, seen=form.was_seen, given=form.given
        ),
        to=lambda _row: f"{page_of(version)}#s-{section}",
        said=lambda _row: _("%(section)s: saved.") % {"section": _(SECTION_WORDS[place])},
    )
    context = {
        **about_version(request, version),
        "title": _(SECTION_WORDS[place]),
        "presets": _presets() if place is Section.WEIGHTS else [],
        "chosen": chosen,
        "no_groups": place is Section.GROUPS and not form.fields["weights_by_group"].widget.groups,
    }
    return answer or show(request, "indicators/settings_form.html", context, form)


def _preset(code: str) -> dict[str, str]:
    """The three weights of a preset, as settings."""
    for each in PRESETS:
        if each.code == code:
            return {f"components.{name}.weight": w for name, w in each.weights.items()}
    return {}


def _presets() -> list[tuple[str, str, str]]:
    return [(each.code, _(each.label), "／".join(each.weights.values())) for each in PRESETS]


def preview(request: SignedIn, key: int) -> HttpResponse:
    """What a version of the settings would have done to the latest year whose facts are known."""
    version = get_version_of(request.user, key, Sort.SETTINGS)
    require(request.user, Verb.PART_REVIEW, version)
    if request.GET.get("part") == "short":
        part = {**about_preview(version, SHORT), "version": version}
        return show(request, "indicators/preview_short.html", {"c": part})
    look_at(request, version.part.assessment_year)
    context = {
        **about_version(request, version),
        "c": {**about_preview(version), "version": version},
    }
    return show(request, "indicators/preview.html", context)
