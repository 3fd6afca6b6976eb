"""The addresses of settings and of the common template."""

from kaohe.core.access import Verb
from kaohe.web.indicators import settings, template, template_item
from kaohe.web.routes import page

_R, _S, _T = Verb.YEAR_READ, Verb.SETTINGS_DRAFT, Verb.TEMPLATE_DRAFT
_Y, _P = "indicators/years/<int:key>", "indicators/parts/<int:key>"

SETTINGS = [
    page(f"{_Y}/settings", settings.settings, "settings", _R),
    page(f"{_Y}/settings/begin", settings.begin_settings, "begin-settings", _S),
    page(f"{_P}/settings/<str:section>", settings.edit_settings, "edit-settings", _S),
    page(f"{_P}/preview", settings.preview, "preview", Verb.PART_REVIEW),
    page(f"{_Y}/template", template.template, "template", _R),
    page(f"{_Y}/template/begin", template.begin_template, "begin-template", _T),
    page(f"{_P}/preface", template.edit_preface, "edit-preface", _T),
    page(f"{_P}/items/new", template_item.new_item, "new-item", _T),
    page(f"{_P}/items/<str:item>", template_item.edit_item, "edit-item", _T),
    page(f"{_P}/items/<str:item>/remove", template_item.remove_item, "remove-item", _T),
]
