"""The common template over the API: begun, read as two ledgers, edited item by item."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from ninja import Router

from kaohe.api.answers import seen
from kaohe.api.callers import Caller
from kaohe.api.indicators.part_shapes import PartVersionShape
from kaohe.api.indicators.scheme_shapes import PrefaceBody
from kaohe.api.indicators.setting_shapes import BeginPart, CommonItemBody, TemplateShape
from kaohe.api.routes import read, write
from kaohe.core.access import Verb
from kaohe.core.indicator_trees import indicator_tree
from kaohe.core.part_path import Sort
from kaohe.core.quantities import show_plain
from kaohe.indicators.queries.parts import plan_in
from kaohe.indicators.queries.settings_part import get_version_of
from kaohe.indicators.queries.template import Ledger, ledgers_of
from kaohe.indicators.queries.years import get_year
from kaohe.indicators.services import template_part

if TYPE_CHECKING:
    from kaohe.indicators.models import PartVersion

router = Router(tags=["indicator-settings"])
ROOT = "/template-versions/{int:key}"
ONE = f"{ROOT}/items/{{item}}"


def _edited(request: Caller, key: int, deed: Any, **given: Any) -> "PartVersion":
    """A template after a deed of ``template_part``."""
    row = get_version_of(request.user, key, Sort.TEMPLATE)
    found: PartVersion = deed(by=request.user, version=row, seen=seen(request), **given)
    return found


@write(
    router,
    "POST",
    "/years/{int:key}/template",
    Verb.TEMPLATE_DRAFT,
    PartVersionShape,
    of_version=False,
)
def begin_template(request: Caller, key: int, body: BeginPart) -> "PartVersion":
    """Begin the common template of a year: with the one that comes along, or an earlier one."""
    like = get_version_of(request.user, body.like, Sort.TEMPLATE) if body.like else None
    year = get_year(request.user, key)
    return template_part.begin_template(by=request.user, year=year, like=like)


@read(router, f"{ROOT}/items", Verb.YEAR_READ, TemplateShape)
def template_items(request: Caller, key: int) -> dict[str, Any]:
    """The template as two ledgers by aspect, with sums."""
    plan = plan_in(get_version_of(request.user, key, Sort.TEMPLATE))
    ledgers = ledgers_of(plan)
    return {
        "preface": plan.preface,
        "points": show_plain(sum(each.points for each in ledgers)),
        "ledgers": [_ledger(each) for each in ledgers],
    }


def _ledger(ledger: Ledger) -> dict[str, Any]:
    return {
        "code": ledger.code,
        "words": _(ledger.words),
        "count": ledger.count,
        "points": show_plain(ledger.points),
        "aspects": [
            {
                "name": aspect.name,
                "points": show_plain(aspect.points),
                "items": [indicator_tree(each) for each in aspect.items],
            }
            for aspect in ledger.aspects
        ],
    }


@write(router, "POST", f"{ROOT}/items", Verb.TEMPLATE_DRAFT, PartVersionShape)
def enter_common_item(request: Caller, key: int, body: CommonItemBody) -> "PartVersion":
    """Enter an item; it ends its aspect."""
    return _edited(request, key, template_part.put_common_item, indicator=body.indicator())


@write(router, "PATCH", ONE, Verb.TEMPLATE_DRAFT, PartVersionShape)
def change_common_item(request: Caller, key: int, item: str, body: CommonItemBody) -> "PartVersion":
    """Put an item in place of another; what is left out is empty."""
    return _edited(
        request,
        key,
        template_part.put_common_item,
        indicator=body.indicator(),
        instead_of=item,
    )


@write(router, "POST", f"{ONE}/remove", Verb.TEMPLATE_DRAFT, PartVersionShape)
def remove_common_item(request: Caller, key: int, item: str) -> "PartVersion":
    """Take an item out of a draft."""
    return _edited(request, key, template_part.remove_common_item, item=item)


@write(router, "POST", f"{ROOT}/preface", Verb.TEMPLATE_DRAFT, PartVersionShape)
def write_template_preface(request: Caller, key: int, body: PrefaceBody) -> "PartVersion":
    """Write what stands before the ledgers."""
    return _edited(request, key, template_part.write_template_preface, **body.given())
