"""One vocabulary: every code that can stand in a table has words, in both languages."""

import pytest

from kaohe.core import tables
from kaohe.core.linkages import BASIS, FUNDING
from kaohe.core.scheme import Scheme
from kaohe.documents.settings import CHOICES, choice, settings
from kaohe.locale import translator
from kaohe.locale.words import WORDS, flag_words, person_measure, reason_words, say
from tests.documents.towns import SCHEME

ZH = translator("zh")


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("component", tables.COMPONENTS),
        ("status", tables.STATUSES),
        ("funding_basis", tables.FUNDING),
        ("rule", tables.RULES),
        ("event_status", tables.EVENT_STATUSES),
        ("adjustment", tables.ADJUSTMENTS),
        ("grade", tables.GRADES),
        ("succession", tables.SUCCESSIONS),
        ("post", tables.POSTS),
        ("basis", BASIS.values()),
        ("link", BASIS),
    ],
)
def test_the_codes_of_the_tables_are_the_codes_that_have_words(kind, codes):
    assert set(WORDS[kind]) == set(codes)


def test_every_measure_has_words():
    assert set(FUNDING.values()) < set(WORDS["measure"])
    assert say("measure", "excellent-quota", ZH) == "工作人员年度考核优秀名额"


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind, words in WORDS.items() for code in words]
)
def test_every_code_is_said_in_chinese(kind, code):
    words = say(kind, code, ZH)

    assert words != say(kind, code)
    assert any("\u4e00" <= character <= "\u9fff" for character in words)


def test_several_reasons_are_said_one_after_another_and_none_is_silence():
    assert reason_words("below-a-minimum;no-seat", ZH) == (
        "综合得分低于A等次最低分；名次在A等次名额之外"
    )
    assert flag_words("", ZH) == flag_words(None) == ""


def test_a_channel_of_the_schemes_own_is_called_as_the_scheme_calls_it():
    assert say("channel", "万人评议", ZH) == "万人评议"


def test_a_code_that_does_not_exist_is_no_word():
    with pytest.raises(KeyError):
        say("reason", "bad-luck")


def test_a_measure_names_the_person():
    assert person_measure("principal-excellent", "李敏", ZH) == (
        "主要负责人年度考核直接确定为优秀：李敏"
    )


def test_every_setting_is_said_with_its_key_and_its_value():
    found = {row.key: row for row in settings(SCHEME, ZH)}

    assert found["grading.a_share"].value == "20%"
    assert found["grading.a_share"].meaning == "A等次比例"
    assert found["weights_by_group.教育组"].value == "15, 50, 35"
    assert found["survey.thin_channel"].value == "权重按份数比例折减"
    assert len(found) > 45


def test_every_choice_of_a_setting_has_words_of_its_own():
    assert all(choice(code, ZH) != words for code, words in CHOICES.items())


def test_a_scheme_without_a_survey_or_barred_tiers_is_told_as_well():
    weights = dict.fromkeys(tables.COMPONENTS, 10_000)

    assert any(row.key == "survey.scale" for row in settings(Scheme(2026, "1", weights)))
