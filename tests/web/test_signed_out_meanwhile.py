"""A form that is sent when the session has ended: what is lost is said, and where to go on."""

from urllib.parse import parse_qs, urlsplit

import pytest

from kaohe.core.access import Role
from tests.fixtures.people import PASSWORD


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        (
            "http://testserver/organization/departments/new?x=1#f",
            "/organization/departments/new?x=1",
        ),
        ("http://evil.example/organization/", "/"),
        ("http://testserver//evil.example/", "//evil.example/"),
        ("", "/"),
    ],
)
def test_a_form_sent_after_the_session_ended_is_said_to_be_lost(client, person, came_from, back):
    answer = client.post(
        "/organization/departments/new", {"name": "市水务局"}, headers={"Referer": came_from}
    )

    told = parse_qs(urlsplit(answer["Location"]).query)
    assert told == {"next": [back], "unsaved": ["1"]}
    page = client.get(answer["Location"], headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "刚才提交的内容未保存" in page
    clerk = person(Role.OFFICE_CLERK, username="liky")
    given = {"login": clerk.username, "password": PASSWORD, "next": back}
    signed_in = client.post("/account/login/", given)
    assert signed_in["Location"] == (back if "evil" not in back else "/")
