"""Answers to findings: known again, belonging to their facts, carried into later versions."""

from dataclasses import replace
from datetime import UTC, datetime

from kaohe.core.checkup import Finding
from kaohe.core.checkup_answers import Answer, Key, key_of, open_warnings, with_answers

AT = datetime(2026, 3, 1, tzinfo=UTC)
SOURCE = Finding("source-missing", "indicators/J01/source", facts={"item": "J01 合格率"})


def answer(finding, text="年报发布后补充", number=1):
    return Answer(key_of(finding), dict(finding.facts), text, "张某", AT, number)


def test_a_finding_is_known_again_by_check_cell_and_what_it_is_about():
    shares = [
        Finding("element-share", "sheets/U1", facts={"element": name, "found": "80"})
        for name in ("主体业务开展", "管理运行状况")
    ]
    steps = Finding("target-under-worst", "indicators/J01/steps", "U1")
    own = Finding("target-under-worst", "sheets/U1/J01/target", "U1")

    assert key_of(SOURCE) == Key("source-missing", "indicators/J01/source")
    assert key_of(shares[0]) != key_of(shares[1])
    assert key_of(steps).about == "U1"
    assert key_of(own).about == ""


def test_an_answer_fits_as_long_as_the_facts_are_the_same():
    (told,) = with_answers([SOURCE], [answer(SOURCE)])
    assert told.is_answered
    assert not told.is_open

    moved = replace(SOURCE, facts={"item": "J01 达标率"})
    (told,) = with_answers([moved], [answer(SOURCE)])
    assert told.answer is not None
    assert told.is_stale
    assert told.is_open


def test_the_last_answer_of_a_version_counts():
    given = [answer(SOURCE, "一"), answer(SOURCE, "二")]
    (told,) = with_answers([SOURCE], given)
    assert told.answer.text == "二"


def test_an_answer_of_an_earlier_version_holds_only_for_the_same_finding():
    before = [answer(SOURCE, "甲"), answer(SOURCE, "乙")]
    (told,) = with_answers([SOURCE], [], before)
    assert told.answer.text == "乙"
    assert told.is_answered

    moved = replace(SOURCE, facts={"item": "J01 达标率"})
    (told,) = with_answers([moved], [], before)
    assert told.answer is None


def test_the_own_answer_goes_before_an_earlier_one():
    (told,) = with_answers([SOURCE], [answer(SOURCE, "新", 2)], [answer(SOURCE, "旧")])
    assert told.answer.text == "新"


def test_only_warnings_wait_for_an_answer():
    found = [Finding("plan-empty"), Finding("evidence-missing", "indicators/J01/evidence"), SOURCE]
    assert open_warnings(with_answers(found, [])) == 1
