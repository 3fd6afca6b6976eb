"""A security key (WebAuthn), in Chromium with a key that it pretends to have."""

import pytest
from allauth.mfa.models import Authenticator

from kaohe.core.access import Role
from kaohe.journal.queries import entries_of, tell
from tests.fixtures.people import PASSWORD, make_jurisdiction, make_user

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def page(window):
    """A window at "localhost", which may use keys without TLS, with a key plugged in."""
    opened = window()
    page = opened.page
    session = opened.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.site = opened.site.replace("127.0.0.1", "localhost")
    return page


def sign_in(page):
    page.goto(f"{page.site}/account/login/")
    page.fill("#id_login", "liky")
    page.fill("#id_password", PASSWORD)
    page.click(".k-lf .btn-lg")


def test_a_key_is_added_and_then_opens_the_second_step(page):
    user = make_user(
        Role.OFFICE_CLERK, jurisdiction=make_jurisdiction("370699", "示例市"), username="liky"
    )
    sign_in(page)
    page.wait_for_url(f"{page.site}/")
    page.goto(f"{page.site}/account/2fa/keys/add/")
    page.fill("#id_password", PASSWORD)
    page.click(".k-act .btn-k")
    page.fill("#id_name", "办公室密钥")
    page.click("#key-button")
    page.wait_for_url("**/2fa/codes/")
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    page.context.clear_cookies()

    sign_in(page)
    page.wait_for_url("**/2fa/authenticate/")
    page.click("#key-button")
    page.wait_for_url(f"{page.site}/")

    told = next(iter(tell(entries_of([user.subject]))))
    assert (told.action, told.facts["factor"]) == ("user.signed-in", "webauthn")
    page.goto(f"{page.site}/account/2fa/keys/")
    assert "办公室密钥" in page.content()
