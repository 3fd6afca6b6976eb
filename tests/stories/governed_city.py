"""The people of a story: who they are, their browsers, and what each knows by heart."""

import time

from tests.fixtures.browser import Window

CITY, NAME = "370699", "示例市"


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
        window.fill(当前密码=self.first[username], 新密码=own, 再次输入新密码=own)
        if "password-first" not in self.secrets:
            window.look("password-first")
            self.secrets["password-first"] = ""
        window.press("修改密码")
        self.first[username] = own

    def set_up_codes(self, username):
        """The second factor that an administrator owes."""
        window = self.windows[username]
        if window.page.get_by_role("heading", name="身份确认").count():
            window.fill(密码=self.first[username])
            window.press("确认")
        key = window.page.locator("p.code").inner_text()
        self.secrets[username] = key
        window.fill(动态口令=one_time_code(key))
        window.press("设置")
        window.says("恢复码")

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
