"""A form is carried out once, and a mended one is not taken for the first."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from kaohe.core.access import Role
from kaohe.organization.models import Department, Once
from kaohe.organization.services.once import KeyReused, forget_old, once
from kaohe.web.writing import _digest


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD)


def digest_of(content, path="/organization/imports/new", **fields):
    file = SimpleUploadedFile("名录.xlsx", content)
    return _digest(RequestFactory().post(path, {"file": file, **fields}))


def test_a_file_of_the_same_name_and_size_is_another_file():
    assert digest_of(b"110") != digest_of(b"111")
    assert digest_of(b"110") == digest_of(b"110", csrfmiddlewaretoken="x")


def test_what_stands_behind_the_question_mark_counts():
    assert digest_of(b"1", path="/users/3/grant?role=a") != digest_of(b"1", path="/users/3/grant")


def test_a_key_that_comes_with_something_else_is_refused(head):
    assert once(by=head, key="k", digest="a", do=lambda: "/there") == "/there"
    assert once(by=head, key="k", digest="a", do=lambda: "/elsewhere") == "/there"

    with pytest.raises(KeyReused):
        once(by=head, key="k", digest="b", do=lambda: "/elsewhere")


def test_a_key_of_another_person_is_another_key(head, person):
    once(by=head, key="k", digest="a", do=lambda: "/one")

    assert once(by=person(), key="k", digest="b", do=lambda: "/two") == "/two"


def test_what_failed_is_not_remembered(head):
    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once(by=head, key="k", digest="a", do=fail)

    assert not Once.objects.exists()


def test_old_keys_are_dropped(head):
    once(by=head, key="k", digest="a", do=lambda: "/there")

    assert forget_old() == 0
    Once.objects.update(at="2020-01-01T00:00:00Z")
    assert forget_old() == 1


def test_a_form_with_another_content_under_the_same_key_says_so(head, signed_in):
    client = signed_in(head)
    client.post("/organization/departments/new", {"name": "市水务局", "once_key": "k1"})

    answer = client.post("/organization/departments/new", {"name": "市林业局", "once_key": "k1"})

    assert answer.status_code == 422
    assert [row.name for row in Department.objects.all()] == ["市水务局"]
