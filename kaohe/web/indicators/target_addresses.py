"""The addresses of targets and of their adjustments."""

from kaohe.core.access import Verb
from kaohe.web.indicators import adjustment_deeds, adjustments, target_deeds, targets
from kaohe.web.routes import page

_READ, _D = Verb.SHEET_READ, Verb.TARGET_DECLARE
_R, _F = Verb.TARGET_REVIEW, Verb.TARGET_FINALISE
_Y, _U = "indicators/years/<int:key>", "indicators/units/<int:key>"
_T, _A = "indicators/targets/<int:key>", "indicators/adjustments/<int:key>"

TARGETS = [
    page(f"{_Y}/targets", targets.targets, "targets", _READ),
    page(f"{_Y}/targets/open", target_deeds.open_targets, "open-targets", _R),
    page(f"{_Y}/targets/review", target_deeds.review_many, "review-many-targets", _R),
    page(f"{_Y}/targets/finalise", target_deeds.finalise_many, "finalise-many-targets", _F),
    page(f"{_U}/targets", targets.unit_targets, "unit-targets", _READ),
    page(f"{_T}/declare", target_deeds.declare_targets, "declare-targets", _D),
    page(f"{_T}/withdraw", target_deeds.withdraw_targets, "withdraw-targets", _D),
    page(f"{_T}/review", target_deeds.review_targets, "review-targets", _R),
    page(f"{_T}/return", target_deeds.return_targets, "return-targets", _R),
    page(f"{_T}/office-return", target_deeds.office_return_targets, "office-return-targets", _F),
    page(f"{_T}/finalise", target_deeds.finalise_targets, "finalise-targets", _F),
    page(f"{_Y}/adjustments", adjustments.adjustments, "adjustments", _READ),
    page(f"{_U}/adjust", adjustment_deeds.adjust, "adjust", _D),
    page(f"{_U}/adjust-for", adjustment_deeds.adjust_for, "adjust-for", _R),
    page(_A, adjustments.adjustment, "adjustment", _READ),
    page(f"{_A}/again", adjustment_deeds.propose_again, "adjust-again", _D),
    page(f"{_A}/again-for", adjustment_deeds.propose_again_for, "adjust-again-for", _R),
    page(f"{_A}/withdraw", adjustment_deeds.withdraw_adjustment, "withdraw-adjustment", _D),
    page(
        f"{_A}/withdraw-for",
        adjustment_deeds.withdraw_adjustment_for,
        "withdraw-adjustment-for",
        _R,
    ),
    page(f"{_A}/review", adjustment_deeds.review_adjustment, "review-adjustment", _R),
    page(f"{_A}/return", adjustment_deeds.return_adjustment, "return-adjustment", _R),
    page(
        f"{_A}/office-return",
        adjustment_deeds.office_return_adjustment,
        "office-return-adjustment",
        _F,
    ),
    page(f"{_A}/finalise", adjustment_deeds.finalise_adjustment, "finalise-adjustment", _F),
]
