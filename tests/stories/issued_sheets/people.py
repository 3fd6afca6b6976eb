"""The people of the story, and what everybody does now and then."""

from kaohe.core.access import Role
from kaohe.jobs.models import Job
from kaohe.jobs.runner import run
from tests.fixtures.browser import PHONE, SCREENS, Window
from tests.fixtures.folders import write_year, zipped
from tests.fixtures.last_year import DEPARTMENT, NEW_SCHOOL, SCHOOLS, last_year
from tests.fixtures.people import (
    PASSWORD,
    make_department,
    make_jurisdiction,
    make_unit,
    make_user,
)

CITY, NAME = "370699", "示例市"


class Story:
    """A city whose register and accounts are there, and the windows of those who come."""

    def __init__(self, browser, site, home):
        self.browser, self.site, self.home = browser, site, home
        self.windows = {}
        city = self.city = make_jurisdiction(CITY, NAME)
        office = make_department(city, DEPARTMENT, member_part="education")
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
