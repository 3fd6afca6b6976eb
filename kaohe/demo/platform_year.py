"""This year of the demonstration city: opened, its parts issued, a sheet for each unit; and work.

A clerk of each department drafts its scheme, the office approves and issues it.  Afterwards one
department's next version is returned with marks, and another's waits for approval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kaohe.core.indicator_trees import plan_of, tree_of
from kaohe.core.indicators import Indicator, Plan
from kaohe.core.part_path import Sort
from kaohe.core.quantities import TICK
from kaohe.demo.city import facts_of_year, scheme_of_year
from kaohe.demo.platform_accounts import Cast
from kaohe.demo.platform_past import Earlier, on_platform
from kaohe.demo.platform_plans import plans_of_city
from kaohe.demo.platform_register import SEED
from kaohe.demo.roster import default_size, roster
from kaohe.indicators.models import AssessmentYear, Part, PartVersion
from kaohe.indicators.queries.past_years import last_with_folder
from kaohe.indicators.queries.preview_base import prepare
from kaohe.indicators.services import issuing, participants, parts, year_folders, years
from kaohe.organization.models import Department, Jurisdiction, User

OFFICE, CHIEF, CLERK, DIRECTOR = "kaoban", "kezhang", "jingban", "zhuren"
_FORGETFUL = frozenset({"no_measurement", "no_milestones", "no_marks"})  # of facts, not of plans
RETURNED, WAITING = "示例市文化和旅游局", "示例市民政局"


def import_earlier(cast: Cast, city: Jurisdiction, earlier: Sequence[Earlier]) -> None:
    """The earlier years, each as its whole folder."""
    for each in earlier:
        year_folders.import_year(by=cast.user(OFFICE), jurisdiction=city, whole=each.whole)


def prepare_previews(city: Jurisdiction) -> None:
    """Have the latest folder ready for previews of settings."""
    latest = last_with_folder(city)
    if latest is not None:
        prepare(latest)


def open_this_year(cast: Cast, city: Jurisdiction, today: date) -> AssessmentYear:
    """The year of today, with all its parts in force and its sheets issued."""
    members = [
        member._replace(part="") if member.part in _FORGETFUL else member
        for member in roster(default_size(), SEED)
    ]
    inputs = on_platform(facts_of_year(members, today.year, SEED))
    year = years.open_year(
        by=cast.user(CLERK),
        jurisdiction=city,
        year=today.year,
        title=f"{today.year}年度事业单位绩效考核",
    )
    _statuses(cast, year, {unit.unit: unit.status_reason or "" for unit in inputs.units})
    plans = plans_of_city(inputs)
    settings = {"toml": scheme_of_year(members, today.year)}
    number = f"示考委〔{today.year}〕"
    _settle(cast, year, Sort.SETTINGS, settings, (DIRECTOR, OFFICE), f"{number}3号")
    _settle(cast, year, Sort.TEMPLATE, tree_of(plans.template), (CHIEF, CHIEF), f"{number}4号")
    drafters = cast.open_drafters(city)
    _schemes(cast, year, plans.departments, drafters, f"{number}5号")
    _leave_work(cast, year, drafters)
    return year


def _statuses(cast: Cast, year: AssessmentYear, reasons: Mapping[str, str]) -> None:
    """Who is only evaluated, and who is exempt: proposed by the office, approved above it."""
    states = {unit.unit.unit: unit.unit.status for unit in roster(default_size(), SEED)}
    for row in year.participants.filter(code__in=[code for code, why in reasons.items() if why]):
        change = participants.propose_change(
            by=cast.user(CLERK),
            participant=row,
            field="status",
            new=states[row.code],
            reason=reasons[row.code],
            document=f"示考委〔{year.year}〕2号",
        )
        participants.decide_change(by=cast.user(DIRECTOR), change=change, seen=None, approve=True)


def _settle(
    cast: Cast,
    year: AssessmentYear,
    sort: Sort,
    content: Mapping[str, object],
    above: tuple[str, str],
    number: str,
) -> None:
    """Settings or template on their way: drafted by the clerk, approved and issued above."""
    clerk, (approver, issuer) = cast.user(CLERK), above
    version = parts.begin_part(by=clerk, year=year, sort=sort, content=content)
    version = parts.submit_part(by=clerk, version=version, seen=None)
    version = parts.approve_part(by=cast.user(approver), version=version, seen=None)
    issuing.issue_part(by=cast.user(issuer), version=version, seen=None, document_number=number)


def _schemes(
    cast: Cast,
    year: AssessmentYear,
    plans: Mapping[str, Plan],
    drafters: Mapping[str, User],
    number: str,
) -> None:
    """The schemes of all departments, issued at once with the sheets of their units."""
    chief = cast.user(CHIEF)
    places = {row.name: row for row in Department.objects.filter(jurisdiction=year.jurisdiction)}
    versions = []
    for name, plan in plans.items():
        by = drafters[name]
        version = parts.begin_part(
            by=by, year=year, sort=Sort.DEPARTMENT, department=places[name], content=tree_of(plan)
        )
        version = parts.submit_part(by=by, version=version, seen=None)
        versions.append(parts.approve_part(by=chief, version=version, seen=None))
    pairs = [(version, None) for version in versions]
    issuing.issue_parts(by=chief, versions=pairs, document_number=number)


def _leave_work(cast: Cast, year: AssessmentYear, drafters: Mapping[str, User]) -> None:
    """One next version is returned with marks, another one waits for approval."""
    version = _next(year, RETURNED, drafters, "按半年调度情况，调低部分目标")
    item = _first_with_target(version)
    parts.return_part(
        by=cast.user(CHIEF),
        version=version,
        seen=None,
        reason="目标低于上年实际完成数，请说明理由或者恢复原目标。",
        marks=[parts.Marked(f"indicators/{item.item}/target", "低于上年实际，请写明理由")],
    )
    _next(year, WAITING, drafters, "按新的统计口径，修订指标的数据来源")


def _first_with_target(version: PartVersion) -> Indicator:
    plan = plan_of(version.content)
    return next(each for each in plan.indicators if each.target)


def _next(
    year: AssessmentYear, department: str, drafters: Mapping[str, User], note: str
) -> PartVersion:
    """The next version of a department's scheme, changed and handed in."""
    by = drafters[department]
    part = Part.objects.get(assessment_year=year, department__name=department)
    version = parts.draft_next_version(by=by, part=part, change_note=note)
    plan = plan_of(version.content)
    first = _first_with_target(version)
    lower = (first.target or TICK) * 9 // 10 // TICK * TICK
    changed = replace(first, target=max(lower, TICK), source=f"{first.source}（季度核对）")
    indicators = tuple(changed if each == first else each for each in plan.indicators)
    content = tree_of(replace(plan, indicators=indicators))
    version = parts.edit_part(by=by, version=version, seen=None, content=content)
    return parts.submit_part(by=by, version=version, seen=None)
