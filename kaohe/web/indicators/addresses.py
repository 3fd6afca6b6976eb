"""The addresses of the second pillar, a list for each area."""

from kaohe.core.access import Verb
from kaohe.web.indicators import (
    assigning,
    calendar,
    changes,
    groups,
    participants,
    year_deeds,
    years,
)
from kaohe.web.indicators.book_addresses import BOOKS
from kaohe.web.indicators.folder_addresses import FOLDERS
from kaohe.web.indicators.path_addresses import PATH
from kaohe.web.indicators.scheme_addresses import SCHEMES
from kaohe.web.indicators.setting_addresses import SETTINGS
from kaohe.web.indicators.target_addresses import TARGETS
from kaohe.web.routes import page

_R, _M, _A = Verb.YEAR_READ, Verb.YEAR_MANAGE, Verb.YEAR_APPROVE
_Y = "indicators/years/<int:key>"
_S = "indicators/steps/<int:key>"
_P = "indicators/units/<int:key>"

YEARS = [
    page("indicators/", years.index, "indicators", _R),
    page("indicators/choose", years.choose_year, "choose-year", _R),
    page("indicators/years/", years.years, "years", _R),
    page("indicators/years/new", years.open_year, "open-year", _M),
    page(_Y, years.year, "year", _R),
    page(f"{_Y}/correct", year_deeds.correct_year, "correct-year", _M),
    page(f"{_Y}/document/<slug:sort>", year_deeds.link_document, "link-document", _M),
    page(f"{_Y}/close", year_deeds.close_year, "close-year", _A),
    page(f"{_Y}/reopen", year_deeds.reopen_year, "reopen-year", _A),
    page(f"{_Y}/archive", year_deeds.archive_year, "archive-year", _A),
    page(f"{_Y}/calendar", calendar.calendar, "calendar", _R),
    page(_S, calendar.step, "step", _R),
    page(f"{_S}/move", calendar.move_step, "move-step", _M),
    page(f"{_S}/finish", calendar.finish_step, "finish-step", _M),
    page(f"{_S}/drop", calendar.drop_step, "drop-step", _M),
    page(f"{_S}/reopen", calendar.reopen_step, "reopen-step", _M),
    page(f"{_Y}/groups", groups.groups, "groups", _R),
    page(f"{_Y}/groups/new", groups.new_group, "new-group", _M),
    page(f"{_Y}/groups/merge", groups.merge_groups, "merge-groups", _M),
    page(f"{_Y}/groups/freeze", groups.freeze_groups, "freeze-groups", _M),
    page(f"{_Y}/groups/assign", assigning.assign_units, "assign-units", _M),
    page("indicators/groups/<int:key>/rename", groups.rename_group, "rename-group", _M),
    page("indicators/groups/<int:key>/close", groups.close_group, "close-group", _M),
    page(f"{_Y}/units", participants.participants, "participants", _R),
    page(f"{_Y}/units/add", participants.add_unit, "add-participant", _M),
    page(f"{_Y}/register", assigning.register_changes, "register-changes", _R),
    page(f"{_Y}/changes", changes.changes, "changes", _R),
    page(_P, participants.participant, "participant", Verb.SHEET_READ),
    page(f"{_P}/out", participants.take_out, "take-out-participant", _M),
    page(f"{_P}/propose-group", changes.propose_group, "propose-group", _M),
    page(f"{_P}/propose-status", changes.propose_status, "propose-status", _M),
    page("indicators/changes/<int:key>", changes.change, "change", Verb.SHEET_READ),
    page("indicators/changes/<int:key>/answer", changes.answer_change, "answer-change", _A),
    page("indicators/changes/<int:key>/withdraw", changes.withdraw_change, "withdraw-change", _M),
]

INDICATORS = [
    *YEARS,
    *SETTINGS,
    *SCHEMES,
    *PATH,
    *FOLDERS,
    *BOOKS,
    *TARGETS,
]
