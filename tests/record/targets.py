"""Targets and their adjustment in mid-year."""

from datetime import date
from functools import partial

from kaohe.core.access import Role
from kaohe.core.indicator_trees import digest_of, sheet_from, sheet_tree
from kaohe.core.indicators import SheetPlan, Values
from kaohe.core.target_values import asked_of, declared
from kaohe.indicators.models import Adjustment, AssessmentYear, Participant, TargetTable
from kaohe.indicators.services import adjustments, targets
from tests.fixtures.indicators import school_plan
from tests.fixtures.targets import ticks
from tests.record.cases import leaves
from tests.record.indicator_path import DAY, drafter, sheet, template, version

WANTED = {("J07", "target"): ticks(6)}


def unit_clerk(city):
    return city.person(Role.UNIT_CLERK, unit=city.school)


def dept_head(city):
    return city.person(Role.DEPT_HEAD, department=city.education)


def table(city, state="open", **fields):
    """The school's targets in some state, under a draft of its department's scheme."""
    version(city)
    code = city.school.code
    content = sheet_tree(declared(asked_of(school_plan(code), code)))
    filled = {} if state == "open" else {"content": content, "declared": content}
    return TargetTable.objects.create(
        jurisdiction=city.place,
        participant=Participant.objects.get(code=code),
        state=state,
        digest=digest_of(filled.get("content", {})),
        **filled,
        **fields,
    )


def adjustment(city, state="proposed", **fields):
    """An adjustment of the school's sheet in some state."""
    row = in_force(city)
    return Adjustment.objects.create(
        jurisdiction=city.place,
        participant=row.participant,
        number=1,
        sheet=row,
        state=state,
        changes=[{"item": "J07", "field": "target", "old": "8", "new": "6"}],
        reason="操场停用两个月",
        proposed_by=fields.pop("proposed_by", None) or unit_clerk(city),
        **fields,
    )


def in_force(city):
    """The school's sheet, in a year whose targets may still be adjusted."""
    row = sheet(city, version(city, "issued", issued_on=DAY), template(city))
    AssessmentYear.objects.update(cut_off_on=date(9999, 12, 31))
    row.participant.refresh_from_db()
    return row


@leaves("targets.open_targets", "targets.opened")
def _(city):
    return partial(targets.open_targets, by=drafter(city), version=version(city))


@leaves("targets.fill_targets", "targets.filled")
def _(city):
    own = SheetPlan({"J07": Values(target=ticks(9), reason="校区合并，演练场地减少")})
    row = table(city)
    return partial(targets.fill_targets, by=unit_clerk(city), table=row, seen=1, own=own)


@leaves("targets.declare_targets", "targets.declared")
def _(city):
    own = SheetPlan({"J07": Values(target=ticks(9), reason="校区合并，演练场地减少")})
    row = table(city, "returned", return_reason="演练次数偏少")
    return partial(targets.declare_targets, by=unit_clerk(city), table=row, seen=1, own=own)


@leaves("targets.withdraw_targets", "targets.withdrawn")
def _(city):
    clerk = unit_clerk(city)
    row = table(city, "declared", declared_by=clerk)
    return partial(targets.withdraw_targets, by=clerk, table=row, seen=1, reason="一项数据填报有误")


@leaves("targets.review_targets", "targets.reviewed", "part.edited")
def _(city):
    row = table(city, "declared", declared_by=unit_clerk(city))
    own = sheet_from(row.content)
    amended = SheetPlan({**own.values, "J07": Values(target=ticks(12))})
    return partial(
        targets.review_targets,
        by=dept_head(city),
        table=row,
        seen=1,
        amended=amended,
        reason="全市统一每月一次",
    )


@leaves("targets.review_all", "targets.reviewed")
def _(city):
    row = table(city, "declared", declared_by=unit_clerk(city))
    return partial(targets.review_all, by=dept_head(city), tables=[(row, 1)])


@leaves("targets.return_targets", "targets.returned")
def _(city):
    row = table(city, "declared")
    return partial(
        targets.return_targets, by=dept_head(city), table=row, seen=1, reason="依据不足，请补充"
    )


@leaves("targets.finalise_targets", "targets.finalised")
def _(city):
    row = table(city, "reviewed", declared_by=unit_clerk(city), reviewed_by=dept_head(city))
    return partial(targets.finalise_targets, by=city.office, tables=[(row, 1)])


@leaves("adjustments.propose_adjustment", "adjustment.proposed")
def _(city):
    return partial(
        adjustments.propose_adjustment,
        by=unit_clerk(city),
        participant=in_force(city).participant,
        wanted=WANTED,
        reason="操场停用两个月",
        document="莱教体〔2026〕31号",
    )


@leaves("adjustments.propose_adjustment#department", "adjustment.proposed")
def _(city):
    return partial(
        adjustments.propose_adjustment,
        by=dept_head(city),
        participant=in_force(city).participant,
        wanted=WANTED,
        reason="操场停用两个月",
        as_department=True,
    )


@leaves("adjustments.propose_again", "adjustment.proposed-again")
def _(city):
    row = adjustment(city, "returned", return_reason="依据不足，请补充")
    return partial(
        adjustments.propose_again,
        by=unit_clerk(city),
        adjustment=row,
        seen=1,
        wanted={("J07", "target"): ticks(7)},
        reason="操场停用两个月，附通知",
    )


@leaves("adjustments.withdraw_adjustment", "adjustment.withdrawn")
def _(city):
    row = adjustment(city)
    return partial(
        adjustments.withdraw_adjustment,
        by=unit_clerk(city),
        adjustment=row,
        seen=1,
        reason="情况已经好转",
    )


@leaves("adjustments.review_adjustment", "adjustment.reviewed")
def _(city):
    return partial(
        adjustments.review_adjustment, by=dept_head(city), adjustment=adjustment(city), seen=1
    )


@leaves("adjustments.return_adjustment", "adjustment.returned")
def _(city):
    row = adjustment(city)
    return partial(
        adjustments.return_adjustment,
        by=dept_head(city),
        adjustment=row,
        seen=1,
        reason="依据不足，请补充",
    )


@leaves(
    "adjustments.finalise_adjustment",
    "adjustment.finalised",
    "sheet.superseded",
    "sheet.issued",
)
def _(city):
    row = adjustment(city, "reviewed", reviewed_by=dept_head(city))
    return partial(adjustments.finalise_adjustment, by=city.office, adjustment=row, seen=1)
