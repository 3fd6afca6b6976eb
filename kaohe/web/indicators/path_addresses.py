"""The addresses of the path: versions and what is done with them, the queue, issued sheets."""

from kaohe.core.access import Verb
from kaohe.web.indicators import approvals, part_version, sheets
from kaohe.web.indicators.answers import answer_pages
from kaohe.web.indicators.part_deeds import deed_pages
from kaohe.web.routes import page

_Y, _S = "indicators/years/<int:key>", "indicators/sheets/<int:key>"
_APPROVE = Verb.SCHEME_APPROVE

PATH = [
    page("indicators/parts/<int:key>", part_version.part_version, "part-version", Verb.YEAR_READ),
    *deed_pages(),
    *answer_pages(),
    page(f"{_Y}/approvals", approvals.approvals, "approvals", Verb.PART_REVIEW),
    page(f"{_Y}/approvals/approve", approvals.approve_many, "approve-many", _APPROVE),
    page(f"{_Y}/approvals/issue", approvals.issue_many, "issue-many", _APPROVE),
    page(f"{_Y}/approvals/renew", approvals.renew, "renew-sheets", _APPROVE),
    page(f"{_Y}/sheets", sheets.sheets, "sheets", Verb.SHEET_READ),
    page(_S, sheets.sheet, "sheet", Verb.SHEET_READ),
    page(f"{_S}/receive", sheets.receive, "receive-sheet", Verb.SHEET_RECEIVE),
]
