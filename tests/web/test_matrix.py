"""Every role on every address, made by machine: what is allowed is what ``core.access`` says.

New addresses are picked up by themselves.  An address that names an object needs a line in
tests/fixtures/places.py.
"""

import pytest
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, reverse

from kaohe.core.access import GRANTS, WITH_CHARGE, Role, Verb
from kaohe.organization.models import RoleAssignment, User
from kaohe.organization.queries.access import RoleMissing, allows
from kaohe.web import urls
from tests.fixtures.people import make_jurisdiction, make_user
from tests.fixtures.places import furnish, named_by

PATTERNS = [each for each in urls.urlpatterns if each.callback.verb is not None]
TAKING = [each for each in PATTERNS if "<" in each.pattern._route]
PLAIN = [each for each in PATTERNS if "<" not in each.pattern._route]
# Roles with the same verbs as an earlier one are the same to every page.
DISTINCT = [
    role
    for place, role in enumerate(Role)
    if GRANTS[role] not in [GRANTS[other] for other in list(Role)[:place]]
]
# Addresses whose object is asked about with another verb than the address itself.
ASKED = {
    "part-version": Verb.SCHEME_READ,
    "sheets": Verb.YEAR_READ,
    "schemes": Verb.YEAR_READ,
    "sheets-papers": Verb.YEAR_READ,
    "papers-archive": Verb.YEAR_READ,
    "targets": Verb.YEAR_READ,
    "open-targets": Verb.YEAR_READ,
    "review-many-targets": Verb.YEAR_READ,
    "adjustments": Verb.YEAR_READ,
    "job": Verb.JOB_READ,
}
# Addresses that may have nothing to show although one may see the object.
MAYBE_NOTHING = {
    "link-user",
    "marked-import",
    "papers-archive",
    "part-file-columns",
    "part-file-units",
    "part-file-marked",
    "revoke-token",
}
# Papers take long to make: one role makes them, the others are only kept from those of others.
PAPERS = ("-pdf", "-docx")
# Addresses without a verb: signing in and out, one's own account, the language.
WITHOUT_VERB = {
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "usersessions_list",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "openid_connect_login",
    "openid_connect_callback",
}
FOR_EVERYBODY = {
    "healthz",
    "forgotten-password",
    "first-sign-in",
    "demo-sign-in",
    "accessibility",
    "verify",
    "verify-page",
    "log-checkpoint",
    "log-vkey",
    "log-tile",
    "log-root",
    "log-nothing",
}
TO_SIGN_IN = {
    "set_language",
    "account_login",
    "account_logout",
    "account_inactive",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "openid_connect_login",
    "openid_connect_callback",
    "mfa_authenticate",
}


def every_pattern(resolver=None):
    """Those of the pages; tests/api tries the rest."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield each
        elif each.namespace != "api":
            yield from every_pattern(each)


def address(pattern, given=None):
    return reverse(f"web:{pattern.name}", kwargs=given or {})


def arguments(pattern, at):
    """The arguments of an address, and the place of the object that it names, if it names one."""
    return named_by(pattern.pattern._route, at) if pattern in TAKING else ({}, None)


@pytest.fixture
def places(db):
    """Our place; a sister department in the same city; a place in another city."""
    city, other = make_jurisdiction("370699", "示例市"), make_jurisdiction("370698", "邻市")
    return {
        "home": furnish(city, "市教育局", 49458012, edition=1),
        "sister": furnish(city, "市卫健局", 277779, edition=2),
        "away": furnish(other, "邻市某局", 1234567, edition=3),
    }


def holder(role, home):
    """Somebody who holds a role at home."""
    return make_user(
        role,
        jurisdiction=home.city,
        department=home.department,
        unit=home.unit,
        charge=[home.department] if role in WITH_CHARGE else (),
    )


def answered(client, method, where):
    """The status of an answer; whatever it did is undone."""
    with transaction.atomic():
        status = getattr(client, method)(where).status_code
        transaction.set_rollback(True)
    return status


def test_every_address_has_a_verb_or_is_known_to_have_none():
    without = {each.name for each in every_pattern() if not hasattr(each.callback, "verb")}
    public = {each.name for each in every_pattern() if getattr(each.callback, "verb", "") is None}

    assert without == WITHOUT_VERB
    assert public == FOR_EVERYBODY


def test_every_name_of_an_address_is_given_once():
    names = [each.name for each in every_pattern()]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("method", ["get", "post", "head", "put", "delete", "options"])
def test_who_is_not_signed_in_is_sent_to_the_door(client, places, method):
    for each in PATTERNS:
        given, _ = arguments(each, places["home"])
        answer = getattr(client, method)(address(each, given))

        assert answer.status_code == 302, each.name
        assert answer["Location"].startswith("/account/login/?"), each.name


@pytest.mark.parametrize("method", ["get", "post"])
def test_of_signing_in_only_the_door_is_open(client, places, method):
    for each in every_pattern():
        if each.name not in WITHOUT_VERB:
            continue
        given = {"pk": 1} if "<int:pk>" in str(each.pattern) else {}
        given |= {"provider_id": "sso"} if "provider_id" in str(each.pattern) else {}
        answer = getattr(client, method)(reverse(each.name, kwargs=given))

        to_door = answer.status_code == 302 and answer["Location"].startswith("/account/login/?")
        assert to_door is (each.name not in TO_SIGN_IN), each.name
        assert answer.status_code < 500


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_does_not_allow_is_refused_before_anything_is_looked_at(places, role):
    user = holder(role, places["home"])
    for each in PATTERNS:
        for method in ("get", "post"):
            request = getattr(RequestFactory(), method)("/")
            request.user = user
            if not allows(user, each.callback.verb):
                with pytest.raises(RoleMissing):
                    each.callback(request, key=0)


def test_a_refusal_is_a_page_with_its_status(places):
    client = Client()
    client.force_login(make_user(Role.SURVEYOR, jurisdiction=places["home"].city))
    for each in PLAIN:
        if Verb(each.callback.verb) not in {*GRANTS[Role.SURVEYOR], Verb.DESK_READ}:
            assert client.get(address(each)).status_code == 403, each.name


@pytest.mark.parametrize("role", DISTINCT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_role_reaches_exactly_what_the_rules_say(places, role, method):
    user = holder(role, places["home"])
    client = Client()
    client.force_login(user)
    wrong = []
    for each in PATTERNS:
        verb = each.callback.verb
        if not allows(user, verb) or (method == "post" and verb.endswith(".read")):
            continue
        given, placed = arguments(each, places["home"])
        if placed is None:
            status = answered(client, method, address(each, given))
            if status in (403, 404) or status >= 500:
                wrong.append((each.name, "", status))
            continue
        for name, at in places.items():
            given, placed = arguments(each, at)
            may = allows(user, ASKED.get(each.name, verb), placed)
            if may and each.name.endswith(PAPERS) and role is not DISTINCT[0]:
                continue
            status = answered(client, method, address(each, given))
            if not fits(each.name, status, may=may, reads=reads(user, placed)):
                wrong.append((each.name, name, status, "may" if may else "may not"))

    assert wrong == []


def fits(name, status, *, may, reads):
    """Whether an answer is what the rules ask for: what one may not even read is not there."""
    if status >= 500:
        return False
    if may:
        return status not in (403, 404) or name in MAYBE_NOTHING
    return status in (404, 405) or (status == 403 and reads)


def reads(user, placed):
    """Whether somebody may read something at a place."""
    verbs = [verb for verb in Verb if verb.endswith(".read") and verb is not Verb.DESK_READ]
    return any(allows(user, verb, placed) for verb in verbs)


def test_a_role_of_yesterday_or_tomorrow_opens_nothing(places):
    user = holder(Role.OFFICE_HEAD, places["home"])
    client = Client()
    client.force_login(user)
    where = reverse("web:departments")
    assert client.get(where).status_code == 200
    held = RoleAssignment.objects.filter(user=user)

    held.update(to_on="2020-12-31")
    assert client.get(where).status_code == 403
    held.update(from_on="2999-01-01", to_on=None)
    assert client.get(where).status_code == 403


def test_strange_keys_are_not_there(places):
    client = Client()
    client.force_login(holder(Role.OFFICE_HEAD, places["home"]))
    for each in TAKING:
        if allows(User.objects.latest("pk"), each.callback.verb) and "<int:key>" in str(
            each.pattern
        ):
            for key in (0, 99999999999999999999999999):
                given, _ = arguments(each, places["home"])
                status = client.get(address(each, given | {"key": key})).status_code
                assert status in (404, 405), each.name
