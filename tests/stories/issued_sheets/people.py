"""The people of the story, the year that is over, and what everybody does now and then."""

from dataclasses import replace
from datetime import date

from kaohe.core.access import Role
from kaohe.core.indicators import Element, Indicator, item_row
from kaohe.core.quantities import TICK
from kaohe.core.rows import Inputs, Measurement, Milestone, Response, Target, Tenure, Unit
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from tests.fixtures.browser import PHONE, SCREENS, Window
from tests.fixtures.folders import write_year, zipped
from tests.fixtures.indicators import common_plan, school_plan
from tests.fixtures.people import (
    PASSWORD,
    make_department,
    make_jurisdiction,
    make_unit,
    make_user,
)

CITY, NAME, DEPARTMENT = "370699", "示例市", "市教育和体育局"
SCHOOLS = ("示例市第一中学", "示例市第二中学", "示例市第三中学")
NEW_SCHOOL = "示例市实验小学"  # opened after the year that is over
GROWTH, WORKS, DRILLS = "学生体质健康优良人数增长率", "校舍改造项目", "安全演练次数"


def last_plan(codes):
    """What the department held its schools against last year.

    Drills are an indicator of each school, growth rests on a base, works on days: the new school
    has none of them.
    """
    shared = list(school_plan().indicators)
    shared[4] = Indicator(
        "J05", GROWTH, element=Element.BENEFIT, points=10 * TICK, rule="growth", target=5 * TICK
    )
    drills = shared.pop(6)
    shared[-1] = Indicator(
        "J08", WORKS, element=Element.MANAGEMENT, points=10 * TICK, rule="milestones"
    )
    return [*shared, *(replace(drills, item=f"J07{code[-4:]}", unit=code) for code in codes)]


def last_year(codes):
    """The tables of a folder: three schools, all measured, with what people answered."""
    plan = last_plan(codes)
    measured = [each for each in plan if each.rule != "milestones"]
    values = {"growth": 1_040, "interval": 88, "ratio_up": 97}
    return Inputs(
        units=tuple(
            Unit(code, name, "教育组", DEPARTMENT, "graded", "per_pupil", 80 + place)
            for place, (code, name) in enumerate(zip(codes, SCHOOLS, strict=True))
        ),
        items=(
            *(item_row(each, "") for each in common_plan().indicators),
            *(item_row(each, DEPARTMENT) for each in plan),
        ),
        targets=tuple(Target(code, "J05", base=1_000 * TICK) for code in codes),
        not_applicable=(),
        events=(),
        measurements=tuple(
            Measurement(code, each.item, (8 if each.unit else values[each.rule] - place) * TICK)
            for place, code in enumerate(codes)
            for each in measured
            if each.unit in ("", code)
        ),
        milestones=tuple(
            Milestone(code, "J08", name, share * TICK, date(2025, month, 30), date(2025, month, 20))
            for code in codes
            for name, share, month in (("开工", 40, 4), ("竣工", 60, 9))
        ),
        marks=(),
        responses=tuple(
            Response(f"{code[-4:]}-{each}-{channel}", code, each, channel, True, (5 - place, 4))
            for place, code in enumerate(codes)
            for each in ("h1", "h2")
            for channel in ("visit", "telephone")
        ),
        adjustments=(),
        history=(),
        successions=(),
        tenures=tuple(
            Tenure(code, f"校长{place}", "principal", date(2020, 1, 1))
            for place, code in enumerate(codes)
        ),
    )


class Story:
    """A city whose register and accounts are there, and the windows of those who come."""

    def __init__(self, browser, site, home):
        self.browser, self.site, self.home = browser, site, home
        self.windows = {}
        self.kept = {}  # what somebody carries from one chapter to another
        city = self.city = make_jurisdiction(CITY, NAME)
        office = self.department = make_department(city, DEPARTMENT, member_part="education")
        self.schools = [
            make_unit(
                city, office, name, 49458012 + n, category="public_first", group="教育组", staff=80
            )
            for n, name in enumerate((*SCHOOLS, NEW_SCHOOL))
        ]
        for role, name in (
            (Role.OFFICE_CLERK, "李科员"),
            (Role.OFFICE_CHIEF, "周科长"),
            (Role.OFFICE_HEAD, "吴主任"),
            (Role.COMMITTEE_DIRECTOR, "王市长"),
        ):
            make_user(role, jurisdiction=city, username=name)
        for role, name in ((Role.DEPT_CLERK, "王经办"), (Role.DEPT_HEAD, "赵局长")):
            make_user(role, jurisdiction=city, department=office, username=name)
        for role, name in ((Role.UNIT_CLERK, "陈联络员"), (Role.UNIT_HEAD, "孙校长")):
            make_user(role, jurisdiction=city, unit=self.schools[0], username=name)

    def folder(self):
        """Last year as the zip that the office holds."""
        codes = [each.code for each in self.schools[:3]]
        folder = write_year(self.home / "2025", 2025, last_year(codes))
        path = self.home / "2025年度考核.zip"
        path.write_bytes(zipped(folder))
        return path

    def person(self, username, language="zh", size=(1366, 768)):
        """The window of somebody, signed in."""
        if username not in self.windows:
            window = Window(self.browser, self.site, language, size)
            self.windows[username] = window
            window.sign_in(username, PASSWORD)
        return self.windows[username]

    def on_the_phone(self, username):
        """The window of somebody who has only a phone with them."""
        return self.person(username, size=PHONE)

    def work_is_done(self, window):
        """A worker carries out what was asked for; the page that waits shows it."""
        for job in Job.objects.filter(state="queued"):
            run(str(job.pk))
        link = window.page.get_by_role("link", name=window.said("See what came of it"))
        link.click()
        window.page.wait_for_load_state()

    def problems(self):
        """What went wrong in any window since this was last asked."""
        found = []
        for username, window in self.windows.items():
            found += [f"{username} {problem}" for problem in window.problems]
            window.problems.clear()
        return found

    def picture(self, name):
        """What everybody sees where a chapter fails."""
        for username, window in self.windows.items():
            window.page.screenshot(path=SCREENS / f"failed-{name}-{username}.png")

    def close(self):
        """The end."""
        for window in self.windows.values():
            window.context.close()
