"""What ``--set`` may say, and what it refuses."""

from datetime import date

import pytest

from kaohe.core.problems import Problem
from kaohe.inquiry.whatif.wished_scheme import changed_scheme, segments, setting
from kaohe.inquiry.whatif.wishes import Wish, read_wish, read_wishes
from kaohe.locale import translator
from tests.core import golden


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("event:E1=withdrawn", "status", "withdrawn"),
        ("event:E1.points=2", "points", 20_000),
        ("event:E.2026.1.self_corrected=TRUE", "self_corrected", True),
        ("event:E1.points=", "points", None),
        ("measurement:U/W01=93.5", "value", 935_000),
        ("measurement:U/W01=-1", "value", -10_000),
        ("measurement:U/W01.denominator=８０", "denominator", 800_000),
        ("mark:U/W02/J=8", "points", 80_000),
        ("milestone:U/I/M.done_on=2026-05-01", "done_on", date(2026, 5, 1)),
        ("milestone:U/I/M=2026-05-01", "done_on", date(2026, 5, 1)),
        ("unit:U.staff=37", "staff", 37),
        ("unit:U=exempt", "status", "exempt"),
        ("bonus:U=+1", "points", 10_000),
        ("deduction:U=1.5", "points", 15_000),
        ("history:U/2025=A", "grade", "A"),
    ],
)
def test_a_change_is_read_as_its_column_holds_it(text, column, value):
    wish = read_wish(text)

    assert isinstance(wish, Wish)
    assert (wish.column, wish.value, wish.gone) == (column, value, False)


@pytest.mark.parametrize("text", ["adjustment:J1=withdrawn", "mark:U/I/J=", "measurement:U/I="])
def test_a_row_can_be_taken_away(text):
    wish = read_wish(text)

    assert isinstance(wish, Wish)
    assert wish.gone


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("event:E1", "change-unreadable"),
        ("=withdrawn", "change-unreadable"),
        ("evnt:E1=withdrawn", "change-of-unknown"),
        ("event:E1.pionts=2", "change-field-unknown"),
        ("event:E1.event=E2", "change-of-key"),
        ("event:E1.unit=U2", "change-of-key"),
        ("event:E1=gone", "change-not-choice"),
        ("event:E1.points=-2", "change-not-points"),
        ("event:E1.points=1e3", "change-not-points"),
        ("event:E1.self_corrected=yes", "change-not-choice"),
        ("event:E1.occurred_on=2026-02-30", "change-not-date"),
        ("milestone:U/I/M.share=101", "change-not-percent"),
        ("measurement:U/I=NaN", "change-not-decimal"),
        ("unit:U.staff=1.5", "change-not-whole"),
        ("unit:U.name==1+1", "change-danger"),
        ("unit:U.group=", "change-empty"),
        ("bonus:U=-1", "change-not-points"),
        ("bar_a:U=perhaps", "change-not-choice"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_what_would_be_right(text, code):
    problem = read_wish(text)

    assert isinstance(problem, Problem)
    assert problem.code == code
    for translate in (str, translator("zh")):
        assert text in problem.sentence(translate)
        assert problem.remedy(translate)


def test_two_values_for_one_cell_are_refused_and_two_bonuses_are_not():
    _, problems = read_wishes(["event:E1=withdrawn", "event:E1=pending"])
    wishes, none = read_wishes(["bonus:U=1", "bonus:U=2"])

    assert [problem.code for problem in problems] == ["change-twice"]
    assert (len(wishes), none) == (2, [])


def test_a_dotted_key_may_hold_a_name_with_points():
    assert segments('weights_by_group."a.b".common') == ["weights_by_group", "a.b", "common"]
    assert segments("survey.channels.on_site.weight")[-1] == "weight"
    assert segments('"open') == []


def test_a_value_is_read_as_in_the_scheme_and_never_breaks_out_of_its_key():
    assert setting("all_in") == "all_in"
    assert setting("[1, 2]") == [1, 2]
    assert setting("1\nyear = 3") == "1\nyear = 3"


def changed(*texts):
    wishes, problems = read_wishes(list(texts))
    assert problems == []
    return changed_scheme(golden.SCHEME_TEXT, golden.scheme(), wishes)


def test_a_setting_changes_and_its_neighbours_keep_their_defaults():
    scheme, problems = changed(
        "scheme:grading.a_component_minimum.common=85",
        "scheme:tier_policy.tiers.Ⅰ.threshold=92.5",
        "scheme:survey.channels.visit.minimum=5",
        "scheme:linkages.fixed_share.B=22",
        "scheme:weights_by_group.卫生组.social=30",
        "scheme:grading.tie_at_last_seat=all_in",
    )

    assert problems == []
    assert scheme is not None
    assert scheme.grading.a_component_minimum == {"common": 850_000, "social": 800_000}
    assert [tier.threshold for tier in scheme.tier_policy.tiers] == [925_000, 750_000, None]
    assert [channel.minimum for channel in scheme.survey.channels] == [30, 30, 5]
    assert scheme.linkages.fixed_share == {"A": 250_000, "B": 220_000, "C": 150_000}
    assert scheme.weights_of("卫生组") == (200_000, 600_000, 300_000)
    assert scheme.grading.tie_at_last_seat == "all_in"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("scheme:grading.a_shares=25", "scheme-unknown-key"),
        ("scheme:grading.a_share=many", "scheme-not-decimal"),
        ("scheme:grading.a_share=101", "scheme-out-of-range"),
        ("scheme:survey.channels.fax.weight=1", "setting-unknown"),
        ("scheme:year.x.y=1", "setting-unknown"),
        ("scheme:survey.dimensions.duty.questions=['q9']", "questions-changed"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(text, code):
    scheme, problems = changed(text)

    assert scheme is None
    assert [problem.code for problem in problems] == [code]
