"""The people of the story, what is there when it begins, and what runs beside the pages."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from datetime import date

from kaohe.core.access import Role
from kaohe.journal.sealer import Sealer
from tests.fixtures.browser import SCREENS, Window
from tests.fixtures.people import (
    PASSWORD,
    make_department,
    make_jurisdiction,
    make_unit,
    make_user,
)
from tests.stories.governed_city.people import one_time_code

NAME = "示例市"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # of the administrators' telephones
ADMINISTRATORS = {
    "sysadmin": (Role.SYS_ADMIN, "系统管理员"),
    "secadmin": (Role.SEC_ADMIN, "安全管理员"),
    "auditadmin": (Role.AUDIT_ADMIN, "审计管理员"),
}
OFFICE = {
    "1001": (Role.OFFICE_HEAD, "李某某"),
    "1002": (Role.OFFICE_CHIEF, "周某某"),
    "1003": (Role.COMMITTEE_DIRECTOR, "王某某"),
    "1004": (Role.OFFICE_CLERK, "郑某某"),
}

VERDICTS = ("v-ok", "v-lack", "v-bad")


class Story:
    """A governed city whose record nobody has sealed yet, and the windows of those who come."""

    def __init__(self, browser, site, home):
        self.browser, self.site, self.home = browser, site, home
        self.windows = {}
        self.kept = {}  # what somebody carries from one chapter to another
        self.sealer = Sealer(home / "run" / "sealer.json")
        self._people()
        self._sitting()

    def _people(self):
        self.city = make_jurisdiction("370699", NAME)
        self.education = make_department(self.city, "示例市教育局", member_part="education")
        self.health = make_department(self.city, "示例市卫生健康局", member_part="health")
        self.school = make_unit(self.city, self.education, "示例市第一中学", 49458012)
        self.hospital = make_unit(self.city, self.health, "示例市人民医院", 277779)
        self.users = {}
        for username, (role, name) in {**OFFICE, **ADMINISTRATORS}.items():
            place = self.city if username in OFFICE else None
            self.users[username] = make_user(role, jurisdiction=place, username=username)
            _rename(self.users[username], name)
        clerk = make_user(
            Role.UNIT_CLERK, jurisdiction=self.city, unit=self.school, username="school"
        )
        _rename(clerk, "马某某")
        self.users["school"] = clerk

    def _sitting(self):
        """A sitting that is decided and minuted, up to its closing."""
        from kaohe.organization.services import committee, decisions, sittings

        chief = self.users["1002"]
        body = committee.found_committee(by=chief, jurisdiction=self.city, name="示例市考核委员会")
        seats = [
            committee.give_seat(by=chief, committee=body, seat=seat, name=name)
            for seat, name in (("director", "王某某"), ("member", "钱某某"), ("member", "吴䶮"))
        ]
        self.sitting = sittings.plan_sitting(
            by=chief, committee=body, title="第一次全体会议", held_on=date(2026, 3, 20)
        )
        item = sittings.enter_matter(by=chief, sitting=self.sitting, title="审议年度考核安排")
        sittings.open_sitting(by=chief, sitting=self.sitting, seen=None)
        came = {seat.pk: True for seat in seats}
        sittings.note_attendance(by=chief, sitting=self.sitting, present=came, reasons={})
        decisions.decide(by=chief, item=item, outcome="approved", text="原则同意。", votes_for=3)
        minutes = "会议听取了事考办汇报，进行了讨论。"
        sittings.write_minutes(by=chief, sitting=self.sitting, seen=None, minutes=minutes)

    def person(self, username, language="zh"):
        """The window of somebody, signed in."""
        if username not in self.windows:
            window = Window(self.browser, self.site, language, (1366, 768))
            self.windows[username] = window
            if username in ADMINISTRATORS:
                _give_factor(self.users[username])
            window.sign_in(username, PASSWORD)
            if username in ADMINISTRATORS:
                window.fill({"One-time code": one_time_code(SECRET)})
                window.press("Sign in")
        return self.windows[username]

    def at_home(self):
        """The page that was taken home, opened from a stick on a machine without network."""
        found = Offline(self.browser, self.kept["stick"].as_uri(), "zh", (1366, 768))
        self.windows["home"] = found
        found.page.goto(f"{self.kept['stick'].as_uri()}/kaohe-verify.html")
        return found

    def seal(self):
        """What the worker does each minute: seal what waits, ask the witnesses; what it tells."""
        self.sealer.once()
        return self.sealer.state["trouble"]

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


class Offline(Window):
    """A browser that has files, and no network."""

    def __init__(self, *given):
        super().__init__(*given)
        self.context.set_offline(True)

    def _on_this_machine_only(self, route):
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            super()._on_this_machine_only(route)

    def examine(self, receipt, leaf=""):
        """Give the page a receipt, and wait for its verdict: "ok", "lack" or "bad".

        ``leaf``: the entry, which a receipt from a paper does not carry.
        """
        self.page.reload()
        if leaf:
            self.page.locator("details.v-more summary").click()
            self.page.locator("#f-leaf").fill(leaf)
        self.page.locator("#f-file").set_input_files(receipt)
        self.page.locator("#verify button[type=submit]").click()
        end = self.page.locator("#v-end")
        end.wait_for()
        return next(each[2:] for each in end.get_attribute("class").split() if each in VERDICTS)


def _rename(user, name):
    user.name = name
    user.save()


def _give_factor(user):
    """The secret that the administrator's telephone holds, too."""
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    data = {"secret": get_adapter().encrypt(SECRET)}
    Authenticator.objects.filter(user=user).update(data=data)


def kaohe(*words, home, code=0):
    """What somebody types on a machine of their own, in English; what it prints."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "kaohe", *map(str, words), "--lang", "en"],
        env=elsewhere(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def elsewhere(home):
    """The environment of another machine: nothing of this installation is in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")}
    return {**kept, "KAOHE_HOME": str(home)}


@contextlib.contextmanager
def witness_at(home, port=0):
    """``kaohe journal witness serve`` in a process of its own while the block lasts; its port."""
    words = ("journal", "witness", "serve", "--host", "127.0.0.1", "--port", str(port))
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "kaohe", *words, "--lang", "en"],
        env=elsewhere(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        line = process.stdout.readline()
        yield int(re.search(r"at port (\d+)", line)[1])
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
