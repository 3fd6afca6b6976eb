"""The common template (共性指标模板): begun from the one that comes along or an earlier year's."""

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from kaohe.core.access import Verb
from kaohe.core.errors import Invalid
from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.core.indicators import Indicator, Plan
from kaohe.core.part_path import Sort
from kaohe.core.plan_edits import put_indicator, remove_indicator
from kaohe.core.problems import N_
from kaohe.core.texts import clean_long
from kaohe.indicators.models import AssessmentYear, Part, PartVersion
from kaohe.indicators.queries.libraries import seed_template
from kaohe.indicators.services.beginning import begin_anew
from kaohe.indicators.services.parts import edit_part
from kaohe.organization.models import User
from kaohe.organization.queries.access import require
from kaohe.organization.services.writing import taken


class NotTemplate(Invalid):
    """Another sort of part was given."""

    code = "template.other-sort"
    sentence = N_("This is no version of the common template. Open the template of the year.")


@transaction.atomic
def begin_template(
    *, by: User, year: AssessmentYear, like: PartVersion | None = None, change_note: str = ""
) -> PartVersion:
    """Begin the common template of a year with its first draft.

    Args:
        like: the template of another year to begin from; None: the one that comes along.

    Raises:
        RoleMissing: ``by`` may not.
        NotTemplate: ``like`` is another sort of part.
        PartThere: it was begun before.
    """
    part = Part(jurisdiction=year.jurisdiction, assessment_year=year, sort=Sort.TEMPLATE)
    require(by, Verb.TEMPLATE_DRAFT, part)
    if like is not None and like.part.sort != Sort.TEMPLATE:
        raise NotTemplate
    plan = seed_template() if like is None else plan_of(like.content)
    return begin_anew(by, year, Sort.TEMPLATE, tree_of(plan), change_note)


def _edited(
    by: User, version: PartVersion, seen: int | None, edit: Callable[[Plan], Plan]
) -> PartVersion:
    row = taken(PartVersion, version.pk, seen)
    if row.part.sort != Sort.TEMPLATE:
        raise NotTemplate
    content = tree_of(edit(plan_of(row.content)))
    return edit_part(by=by, version=row, seen=row.version, content=content)


@transaction.atomic
def put_common_item(
    *,
    by: User,
    version: PartVersion,
    seen: int | None,
    indicator: Indicator,
    instead_of: str = "",
) -> PartVersion:
    """Enter a common indicator, or put it in place of another; a new one ends its aspect.

    Args:
        instead_of: the code of the one that it replaces.

    Raises:
        RoleMissing: ``by`` may not.
        NotTemplate: it is another sort of part.
        ItemCodeUnfit, ItemThere: its code cannot be one, or is another's.
        ItemGone: there is none to replace.
        PartIssuedIsFixed, PartMoveNotOpen: it cannot be edited where it stands.
        Changed: it is not what ``by`` saw.

    Source: docs/rules/settings.md, SE-5.
    """
    require(by, Verb.TEMPLATE_DRAFT, version)
    common = replace(indicator, component="common", unit="", element="")

    def put(plan: Plan) -> Plan:
        found = put_indicator(plan, common, instead_of)
        return found if instead_of else behind_its_aspect(found, common.item)

    return _edited(by, version, seen, put)


def behind_its_aspect(plan: Plan, item: str) -> Plan:
    """A template in which an indicator stands last in its aspect, or in its ledger."""
    new = next(each for each in plan.indicators if each.item == item)
    rest = [each for each in plan.indicators if each.item != item]
    ledger = [place for place, each in enumerate(rest, 1) if each.ledger == new.ledger]
    aspect = [place for place in ledger if rest[place - 1].aspect == new.aspect]
    at = (aspect or ledger or [len(rest)])[-1]
    return replace(plan, indicators=(*rest[:at], new, *rest[at:]))


@transaction.atomic
def remove_common_item(
    *, by: User, version: PartVersion, seen: int | None, item: str
) -> PartVersion:
    """Take a common indicator out of a draft.

    Raises:
        RoleMissing: ``by`` may not.
        NotTemplate: it is another sort of part.
        ItemGone: it is not there.
        PartIssuedIsFixed, PartMoveNotOpen: it cannot be edited where it stands.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.TEMPLATE_DRAFT, version)
    return _edited(by, version, seen, lambda plan: remove_indicator(plan, item))


@transaction.atomic
def write_template_preface(
    *, by: User, version: PartVersion, seen: int | None, preface: str
) -> PartVersion:
    """Write what stands before the ledgers of a draft.

    Raises:
        RoleMissing: ``by`` may not.
        NotTemplate: it is another sort of part.
        PartIssuedIsFixed, PartMoveNotOpen: it cannot be edited where it stands.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.TEMPLATE_DRAFT, version)
    text = clean_long(preface)
    return _edited(by, version, seen, lambda plan: replace(plan, preface=text))
