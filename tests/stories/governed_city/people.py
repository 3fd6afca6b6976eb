"""The people of a story: who they are, their browsers, and what each knows by heart."""

import io
import time
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
from django.urls import reverse

from kaohe.core.access import Role
from kaohe.demo.platform_register import register_of_city
from kaohe.web.words.roles import ROLES
from tests.fixtures.browser import SCREENS, Window

ROOT = Path(__file__).parents[3]
CITY, NAME = "370699", "示例市"
OFFICE_NAME = "示例市事业单位考核委员会办公室"
OFFICE = (
    ("1001", "李某某", ROLES[Role.OFFICE_HEAD]),
    ("1002", "周某某", ROLES[Role.OFFICE_CHIEF]),
    ("1003", "王某某", ROLES[Role.COMMITTEE_DIRECTOR]),
)
OWN = "Ziji-de-mima-2026"  # what everybody chooses
MEMBERS = {"organisation", "establishment", "audit"}  # parts of departments without units
REASON = "第三章请写明会议的法定人数。" + "理由" * 200
SEATS = (
    ("director", "王某某", "市长", ""),
    ("deputy director", "孙某某", "市委副书记", ""),
    ("member", "钱某某", "市委组织部部长", "中共示例市委组织部"),
    ("member", "吴䶮", "市教育和体育局局长", "示例市教育和体育局"),
    ("member", "O'Neill·买买提", "市卫生健康局局长", "示例市卫生健康局"),
)


@cache
def register():
    """The register of the demonstration city: 280 rows."""
    table = tomllib.loads((ROOT / "kaohe/demo/data/platform.toml").read_text(encoding="utf-8"))
    return register_of_city(date(2025, 12, 31), table["register"]).rows[:280]


@cache
def departments():
    """The departments of the city by name, each with its part as a member department or none."""
    own = {"示例市教育和体育局": "education", "示例市卫生健康局": "health"}
    found = [
        ("中共示例市委组织部", "organisation"),
        ("中共示例市委机构编制委员会办公室", "establishment"),
        ("示例市审计局", "audit"),
    ]
    names = dict.fromkeys(row["department"] for row in register())
    return found + [(name, own.get(name, "")) for name in names]


class Story:
    """An installation with nobody in it yet, and the windows of those who come.

    A person keeps their window, and with it their session, from chapter to chapter.
    """

    def __init__(self, browser, site):
        self.browser = browser
        self.site = site
        self.windows = {}
        self.first = {}  # user name → the password for the first sign-in
        self.secrets = {}  # user name → the key of their one-time codes

    def person(self, username, language="zh"):
        """The window of somebody, signed in; at the first time all that the first time asks."""
        if username not in self.windows:
            window = Window(self.browser, self.site, language, (1366, 768))
            self.windows[username] = window
            window.sign_in(username, self.first[username])
            self._choose_password(window, username)
        return self.windows[username]

    def visitor(self):
        """The window of somebody who is not known."""
        self.windows[""] = Window(self.browser, self.site, "zh", (1366, 768))
        return self.windows[""]

    def _choose_password(self, window, username):
        """The pages open only to a password of one's own."""
        window.fill(
            {
                "Present password": self.first[username],
                "New password": OWN,
                "New password again": OWN,
            }
        )
        if "password-first" not in self.secrets:
            window.look("password-first")
            self.secrets["password-first"] = ""
        window.press("Change password")
        assert reverse("account_change_password") not in window.page.url
        self.first[username] = OWN

    def set_up_codes(self, username):
        """The second factor that an administrator owes."""
        window = self.windows[username]
        if not window.page.locator("p.code").count():  # asked for the password again
            window.fill({"Password": self.first[username]})
            window.press("Confirm")
        key = window.page.locator("p.code").inner_text()
        self.secrets[username] = key
        window.fill({"One-time code": one_time_code(key)})
        window.press("Set up")
        window.says("Recovery codes")

    def open_account(self, security, username, name):
        """The security administrator opens an account, and hands its first password over."""
        security.go("/users/new")
        security.fill({"User name": username, "Full name": name, "Jurisdiction": NAME})
        security.press("Save")
        self.first[username] = security.page.locator("dd.code.b").inner_text()
        if len(self.first) == 4:  # the first after the three administrators
            security.look("user-first-password")
        security.follow("To the account")

    def grant(self, security, role, fields=()):
        """The security administrator grants a role to the account that is open."""
        security.follow("Grant a role")
        security.fill({"Role": role, "Jurisdiction": NAME})
        security.press("Continue")
        security.fill(dict(fields))
        security.press("Grant")
        security.says("%(name)s holds the role.", name=security.page.locator("h1").inner_text())

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


def one_time_code(key):
    """What the app on a telephone shows now."""
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(key, int(time.time()) // 30))


def read_workbook(download):
    """A workbook that the browser was given."""
    return openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))
