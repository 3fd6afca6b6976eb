"""Passwords: what one must be, and until when it may be used."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.passwords import DAYS, LONGEST, SHORTEST, expires_on, problems_of


def codes(password, **more):
    return [fault.code for fault in problems_of(password, **more)]


@pytest.mark.parametrize(
    "password",
    [
        "Laizhou-2026",
        "春风又绿江南岸2026!",
        "correct Horse 7 staple",
        "ABCDEFGH12!",
        "Aa1Aa1Aa1Aa1",
    ],
)
def test_a_good_password_has_no_fault(password):
    assert codes(password, user_name="zhangsan", person_name="张三") == []


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Aa1!", ["too-short"]),
        ("Aa1!" * 33, ["too-long"]),
        ("abcdefghijkl", ["too-plain"]),
        ("abcdefgh1234", ["too-plain"]),
        ("莱州莱州莱州abc123", ["too-plain"]),  # Chinese characters and small letters are one kind
        ("Abcdefgh12\u200b", ["unseen"]),
        ("Abcdefgh12\n", ["unseen"]),
        ("", ["too-short", "too-plain"]),
    ],
)
def test_faults_of_form(password, faults):
    assert codes(password) == faults


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("My-ZhangSan-26", ["user-name"]),
        ("My-ｚｈａｎｇｓａｎ-26", ["user-name"]),
        ("春天的张 三2026Ab", ["person-name"]),
        ("zhangsan张三", ["too-plain", "user-name", "person-name"]),
    ],
)
def test_names_are_found_whatever_their_case_width_and_blanks(password, faults):
    found = codes(password, user_name="zhangsan", person_name="张三")

    assert [fault for fault in found if fault != "too-short"] == faults


def test_names_of_one_character_are_not_looked_for():
    assert codes("Laizhou-2026", user_name="a", person_name="") == []


def test_earlier_passwords_are_asked_for_last_and_once():
    asked = []

    def used_before(password):
        asked.append(password)
        return True

    assert codes("short", used_before=used_before) == ["too-short", "too-plain"]
    assert asked == []
    assert codes("Laizhou-2026", used_before=used_before) == ["used-before"]
    assert asked == ["Laizhou-2026"]


def test_a_fault_says_its_numbers_in_any_language():
    fault = problems_of("Aa1!")[0]

    assert fault.say() == "the password has 4 characters; at least 10 are needed"
    assert fault.say(lambda text: "{count}/{least}") == "4/10"


@given(st.text(max_size=140), st.text(max_size=8), st.text(max_size=8))
def test_no_message_holds_the_password(password, user_name, person_name):
    faults = problems_of(password, user_name=user_name, person_name=person_name)

    assert all(isinstance(fact, int) for fault in faults for fact in fault.facts.values())
    if not faults:
        assert SHORTEST <= len(password) <= LONGEST


@given(st.dates(max_value=date(9000, 1, 1)))
def test_a_password_is_used_for_90_days(day):
    assert expires_on(day) - day == timedelta(days=DAYS)
