"""Refusals: a code, the facts, a sentence in any language."""

import re

import pytest

from kaohe.core import deadlines, documents, successions  # noqa: F401
from kaohe.core.errors import Conflict, Invalid, NotFound, NotPermitted, Refusal
from kaohe.locale import translator

FAMILIES = (Invalid, NotPermitted, NotFound, Conflict)


@pytest.fixture
def late(monkeypatch):
    monkeypatch.setattr(Refusal, "catalogue", {})

    class Late(Invalid):
        code = "test.late"
        sentence = "{who} is {how} by {days} days"
        words = frozenset({"how"})

    return Late


def test_a_refusal_says_its_facts(late):
    assert str(late(who="Ann", how="late", days=3)) == "Ann is late by 3 days"


def test_a_refusal_is_said_in_another_language_facts_that_are_words_too(late):
    words = {"{who} is {how} by {days} days": "{who}{how}{days}天", "late": "迟到", "Ann": "no"}

    said = late(who="Ann", how="late", days=3).say(lambda text: words.get(text, text))

    assert said == "Ann迟到3天"


def test_a_code_is_never_given_twice(late):
    with pytest.raises(ValueError, match=r"test\.late"):
        type("Again", (Conflict,), {"code": "test.late"})


def test_a_class_without_a_code_is_a_family_and_in_no_catalogue(late):
    type("Group", (Invalid,), {})

    assert list(Refusal.catalogue) == ["test.late"]


def test_every_refusal_of_the_core_is_of_one_family_and_has_its_sentence_in_chinese():
    chinese = translator("zh")
    own = [each for each in Refusal.catalogue.values() if each.__module__.startswith("kaohe.core")]

    assert own
    for refusal in own:
        assert sum(issubclass(refusal, family) for family in FAMILIES) == 1
        assert refusal.sentence
        assert re.search("[一-鿿]", chinese(refusal.sentence)), refusal.code
        assert re.fullmatch(r"[a-z]+\.[a-z-]+", refusal.code)
        assert refusal.words <= set(re.findall(r"\{(\w+)\}", refusal.sentence))
