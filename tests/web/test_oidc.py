"""Sign-in through another system: it finds an account, trusts nothing unproven, makes nobody."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken

from kaohe.core.access import Role
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import User
from kaohe.organization.services import signins

START = "/account/sign-on/sso/"


@pytest.fixture
def clerk(person):
    return person(Role.OFFICE_CLERK, username="liky")


def go(client, provider, **query):
    """There and back again."""
    answer = client.post(START, query)
    asked = dict(parse_qsl(urlsplit(answer["Location"]).query))
    back = urlsplit(provider.authorize(asked))
    return client.get(f"{back.path}?{back.query}")


def is_in(client):
    return "_auth_user_id" in client.session


def test_the_sign_in_page_offers_it_only_where_it_is_set(client, clerk, settings):
    assert START not in client.get("/account/login/").content.decode()
    assert client.get(START).status_code == 404
    assert client.post(START).status_code == 404
    assert client.get(f"{START}callback/").status_code == 404
    settings.OIDC_ISSUER = "https://sso.example"
    assert START in client.get("/account/login/").content.decode()


def test_the_way_there_carries_state_nonce_and_challenge(client, clerk, sign_on):
    go(client, sign_on, scope="admin", auth_params="nonce=mine", process="connect")

    [asked] = sign_on.asked
    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 32
    assert asked["nonce"] != "mine"
    assert asked["redirect_uri"] == "http://testserver/account/sign-on/sso/callback/"


def test_an_account_of_that_name_is_found_and_linked_once(client, clerk, sign_on):
    answer = go(client, sign_on)

    assert answer["Location"] == "/"
    assert client.get("/account/").status_code == 200
    row = SocialAccount.objects.get()
    assert (row.user, row.uid) == (clerk, "sub-1")
    assert "email" not in str(row.extra_data)
    assert not SocialToken.objects.exists()
    actions = [(each.action, each.facts) for each in tell(entries_of([clerk.subject]))]
    assert actions == [
        ("user.signed-in", {"method": "sign-on"}),
        ("user.identity-linked", {"provider": "sso"}),
    ]
    client.post("/account/logout/")
    sign_on.person["preferred_username"] = "renamed"
    go(client, sign_on)
    assert is_in(client)
    assert SocialAccount.objects.count() == 1


def test_it_leads_to_where_one_was_going_and_nowhere_else(client, clerk, sign_on):
    assert go(client, sign_on, next="/account/sessions/")["Location"] == "/account/sessions/"
    client.post("/account/logout/")
    assert go(client, sign_on, next="https://evil.example/")["Location"] == "/"


def test_nobody_is_made(client, clerk, sign_on):
    sign_on.person["preferred_username"] = "niemand"

    answer = go(client, sign_on)

    assert answer.status_code == 403
    assert "未开设账号" in answer.content.decode() or "没有可用账号" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_a_closed_account_does_not_open(client, clerk, sign_on):
    User.objects.update(is_active=False)
    assert go(client, sign_on).status_code == 403
    User.objects.update(is_active=True)
    signins.link_identity(by=clerk, user=clerk, provider="sso", uid="sub-1")
    User.objects.update(is_active=False)

    assert go(client, sign_on)["Location"] == "/account/inactive/"
    assert not is_in(client)


def test_another_identity_cannot_take_a_linked_account(client, clerk, sign_on):
    go(client, sign_on)
    client.post("/account/logout/")
    sign_on.person["sub"] = "sub-2"

    assert go(client, sign_on).status_code == 403
    assert not is_in(client)


def test_an_administrator_is_never_found_by_name(client, person, sign_on):
    guard = person(Role.SEC_ADMIN, username="liky")
    assert go(client, sign_on).status_code == 403

    signins.link_identity(by=guard, user=guard, provider="sso", uid="sub-1")

    assert go(client, sign_on)["Location"] == "/account/2fa/authenticate/"
    assert not is_in(client)


def test_a_second_factor_of_ours_is_still_asked_for(client, clerk, sign_on):
    Authenticator.objects.create(user=clerk, type="totp", data={"secret": ""})

    assert go(client, sign_on)["Location"] == "/account/2fa/authenticate/"


def test_names_are_not_matched_where_that_is_switched_off(client, clerk, sign_on, settings):
    settings.OIDC_MATCH = ""

    assert go(client, sign_on).status_code == 403


def test_a_name_that_only_the_second_question_tells_is_found(client, clerk, sign_on):
    sign_on.spoil["preferred_username"] = None
    go(client, sign_on)
    assert is_in(client)

    client.post("/account/logout/")
    sign_on.userinfo = {"sub": "somebody-else", "preferred_username": "liky"}
    assert go(client, sign_on).status_code == 401


def test_who_signed_on_elsewhere_owes_no_password_of_ours(client, clerk, sign_on):
    User.objects.update(must_change_password=True)
    go(client, sign_on)

    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": ["kaohe", "another"], "azp": "another"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"discovered_issuer": "https://evil.example"},
    ],
    ids=str,
)
def test_a_token_that_is_not_in_order_opens_nothing(client, clerk, sign_on, spoil):
    if "discovered_issuer" in spoil:
        answer = client.post(START)
        sign_on.spoil = spoil
        asked = dict(parse_qsl(urlsplit(answer["Location"]).query))
        back = urlsplit(sign_on.authorize(asked))
        answer = client.get(f"{back.path}?{back.query}")
        assert client.post(START).status_code == 401
    else:
        sign_on.spoil = spoil
        answer = go(client, sign_on)

    assert answer.status_code == 401
    assert "统一认证登录失败" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("algorithm", ["RS256", "HS256", "none"])
def test_a_token_that_another_key_signed_opens_nothing(client, clerk, sign_on, algorithm):
    sign_on.algorithm = algorithm
    sign_on.signed_by = "x" * 64 if algorithm == "HS256" else sign_on.other_key

    assert go(client, sign_on).status_code == 401
    assert not is_in(client)


def test_a_state_of_nobody_or_used_before_opens_nothing(client, clerk, sign_on):
    answer = client.post(START)
    asked = dict(parse_qsl(urlsplit(answer["Location"]).query))
    back = urlsplit(sign_on.authorize({**asked, "state": "made-up"}))
    assert client.get(f"{back.path}?{back.query}").status_code == 401

    back = urlsplit(sign_on.authorize(asked))
    address = f"{back.path}?{back.query}"
    other = type(client)()
    assert other.get(address).status_code == 401  # another browser: a link sent by mail
    assert client.get(address)["Location"] == "/"
    client.post("/account/logout/")
    assert client.get(address).status_code == 401


def test_who_turns_back_there_is_told(client, clerk, sign_on):
    asked = dict(parse_qsl(urlsplit(client.post(START)["Location"]).query))

    answer = client.get(f"{START}callback/?error=access_denied&state={asked['state']}")

    assert answer["Location"] == "/account/sign-on/cancelled/"
    assert "已取消" in client.get(answer["Location"]).content.decode()


def test_a_system_that_does_not_answer_is_a_page_not_a_crash(client, clerk, sign_on, settings):
    sign_on.codes = None  # the token's address crashes
    answer = client.post(START)
    assert answer.status_code == 302
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )

    assert client.post(START).status_code == 401


def test_the_page_before_asks_first(client, clerk, sign_on):
    page = client.get(START)

    assert page.status_code == 200
    assert "统一身份认证" in page.content.decode()
    assert sign_on.asked == []
