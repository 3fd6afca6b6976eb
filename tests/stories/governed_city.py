"""The people of a story: who they are, their browsers, and what each knows by heart."""

import time

from kaohe.core.access import Role
from kaohe.web.words.roles import ROLES
from tests.fixtures.browser import Window

CITY, NAME = "370699", "示例市"
OFFICE_NAME = "示例市事业单位考核委员会办公室"
OFFICE = (
    ("1001", "李某某", ROLES[Role.OFFICE_HEAD]),
    ("1002", "周某某", ROLES[Role.OFFICE_CHIEF]),
    ("1003", "王某某", ROLES[Role.COMMITTEE_DIRECTOR]),
)


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

    def _choose_password(self, window, username):
        """The pages open only to a password of one's own."""
        own = f"Ziji-{username[::-1]}-2026"
        window.fill(
            {
                "Present password": self.first[username],
                "New password": own,
                "New password again": own,
            }
        )
        if "password-first" not in self.secrets:
            window.look("password-first")
            self.secrets["password-first"] = ""
        window.press("Change password")
        self.first[username] = own

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

    def close(self):
        """The end."""
        for window in self.windows.values():
            window.context.close()


def one_time_code(key):
    """What the app on a telephone shows now."""
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(key, int(time.time()) // 30))
