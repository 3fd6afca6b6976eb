"""What becomes of units, and of their runs of years."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core import succession_refusals as refusals
from kaohe.core.linkages import known_past
from kaohe.core.rows import PastGrade, Succession
from kaohe.core.scheme import Linkages
from kaohe.core.successions import (
    DEED_WORDS,
    FATE_WORDS,
    FORM_WORDS,
    Begins,
    Closing,
    Deed,
    Ends,
    Fate,
    Form,
    Ground,
    Newcomer,
    Opening,
    Recoding,
    Runs,
    Standing,
    Terms,
    plan,
    streak_effect,
)
from tests.worlds import credit_code

DAY, EVE = date(2026, 7, 1), date(2026, 6, 30)
OPENED = date(2010, 1, 1)
A, B, C = (credit_code(number) for number in (1, 2, 3))
NEW, NEWER = credit_code(8), credit_code(9)
FIRST = Standing(A, "第一小学", "edu", OPENED)
SECOND = Standing(B, "第二小学", "edu", OPENED)
THIRD = Standing(C, "卫生院", "health", OPENED)
GROUND = Ground(
    codes={A, B, C},
    names={"第一小学": A, "第二小学": B, "卫生院": C},
    open_from=date(2026, 1, 1),
)


def does(deed, *units, ground=GROUND, day=DAY, **terms):
    return plan(deed, units, Terms(day, **terms), ground)


rename = partial(does, Deed.RENAME, FIRST)
absorb = partial(does, Deed.MERGE, FIRST, SECOND, form=Form.INTO_EXISTING, survivor=A)
found_new = partial(does, Deed.MERGE, FIRST, SECOND, form=Form.INTO_NEW)
split = partial(does, Deed.SPLIT, FIRST)
transfer = partial(does, Deed.TRANSFER, FIRST, THIRD)
close = partial(does, Deed.CLOSE, FIRST, THIRD)


def test_a_new_name_begins_the_day_after_the_old_one_ends():
    made = rename(name=" 实验小学 ")

    assert made.names_end == (Ends(A, "第一小学", EVE),)
    assert made.names_begin == (Begins(A, "实验小学", DAY),)
    assert made.successions == made.recodings == made.closings == made.affiliations_end == ()


def test_a_new_code_is_a_continuation():
    made = rename(code=NEW)

    assert made.recodings == (Recoding(A, NEW, DAY),)
    assert made.successions == (Succession(NEW, A, 2026, "continuation"),)
    assert made.names_begin == ()


def test_what_is_absorbed_closes_and_frees_its_name():
    made = absorb(name="第二小学")

    assert made.closings == (Closing(B, EVE),)
    assert made.successions == (Succession(A, B, 2026, "absorption"),)
    assert made.names_end == (Ends(A, "第一小学", EVE), Ends(B, "第二小学", EVE))
    assert made.names_begin == (Begins(A, "第二小学", DAY),)
    assert made.affiliations_end == (Ends(B, "edu", EVE),)
    assert absorb().names_begin == ()


def test_a_new_unit_may_take_the_name_of_one_that_merges_into_it():
    made = found_new(newcomers=(Newcomer(NEW, "第一小学"),))

    assert made.openings == (Opening(NEW, "第一小学", "edu", DAY),)
    assert made.closings == (Closing(A, EVE), Closing(B, EVE))
    assert made.successions == (
        Succession(NEW, A, 2026, "merger"),
        Succession(NEW, B, 2026, "merger"),
    )
    assert made.names_begin == (Begins(NEW, "第一小学", DAY),)
    assert made.affiliations_begin == (Begins(NEW, "edu", DAY),)


def test_what_is_split_stays_or_closes():
    newcomers = (Newcomer(NEW, "幼儿园", "health"), Newcomer(NEWER, "初中"))

    stays, closes = split(newcomers=newcomers), split(newcomers=newcomers, continues=False)

    assert stays.closings == ()
    assert closes.closings == (Closing(A, EVE),)
    assert stays.openings == closes.openings
    assert stays.openings[0].department == "health"
    assert {row.kind for row in stays.successions} == {"split"}
    assert [row.unit for row in stays.successions] == [NEW, NEWER]


def test_a_transfer_changes_affiliations_alone():
    made = transfer(department="culture")

    assert made.affiliations_end == (Ends(A, "edu", EVE), Ends(C, "health", EVE))
    assert made.affiliations_begin == (Begins(A, "culture", DAY), Begins(C, "culture", DAY))
    assert made.successions == made.names_end == made.closings == ()


def test_what_closes_ends_its_name_and_affiliation():
    made = close()

    assert made.closings == (Closing(A, EVE), Closing(C, EVE))
    assert made.names_end == (Ends(A, "第一小学", EVE), Ends(C, "卫生院", EVE))
    assert made.affiliations_end == (Ends(A, "edu", EVE), Ends(C, "health", EVE))
    assert made.successions == ()


def new(*codes_and_names):
    return tuple(Newcomer(*each) for each in codes_and_names)


CLOSED = FIRST._replace(closed_on=date(2026, 2, 1))
CHANGED = FIRST._replace(changed_on=DAY)


@pytest.mark.parametrize(
    ("refusal", "act"),
    [
        (refusals.DayInClosedPast, partial(close, day=date(2025, 12, 31))),
        (refusals.DayBeforeOpening, partial(does, Deed.CLOSE, FIRST._replace(opened_on=DAY))),
        (refusals.DayBeforeLastChange, partial(does, Deed.CLOSE, CHANGED)),
        (refusals.UnitClosed, partial(does, Deed.CLOSE, CLOSED)),
        (refusals.UnitTwice, partial(does, Deed.CLOSE, FIRST, FIRST)),
        (refusals.TooFewUnits, partial(does, Deed.CLOSE)),
        (refusals.TooFewUnits, partial(does, Deed.TRANSFER, department="culture")),
        (refusals.TooFewUnits, partial(does, Deed.RENAME, name="x")),
        (refusals.TooFewUnits, partial(does, Deed.MERGE, FIRST, form=Form.INTO_NEW)),
        (refusals.OneUnitOnly, partial(does, Deed.RENAME, FIRST, SECOND, name="x")),
        (refusals.OneUnitOnly, partial(does, Deed.SPLIT, FIRST, SECOND)),
        (refusals.NothingChanges, partial(rename, name="第一小学", code=A)),
        (refusals.NothingChanges, rename),
        (refusals.NameTaken, partial(rename, name="第二 小学")),
        (refusals.NameUnsound, partial(rename, name="=1+1")),
        (refusals.CodeUnsound, partial(rename, code="12370683")),
        (refusals.CodeTaken, partial(rename, code=B)),
        (refusals.FormMissing, partial(does, Deed.MERGE, FIRST, SECOND)),
        (refusals.SurvivorMissing, partial(absorb, survivor=C)),
        (refusals.TooManyNewcomers, partial(absorb, newcomers=new((NEW, "x")))),
        (refusals.NameTaken, partial(absorb, name="卫生院")),
        (refusals.TooFewNewcomers, found_new),
        (refusals.TooManyNewcomers, partial(found_new, newcomers=new((NEW, "x"), (NEWER, "y")))),
        (refusals.NameMissing, partial(found_new, newcomers=new((NEW, " ")))),
        (refusals.NameTaken, partial(found_new, newcomers=new((NEW, "卫生院")))),
        (refusals.CodeTaken, partial(found_new, newcomers=new((A, "x")))),
        (refusals.TooFewNewcomers, split),
        (refusals.TooFewNewcomers, partial(split, continues=False, newcomers=new((NEW, "x")))),
        (refusals.NameTaken, partial(split, newcomers=new((NEW, "第一小学")))),
        (refusals.NameTaken, partial(split, newcomers=new((NEW, "x"), (NEWER, "x")))),
        (refusals.CodeTaken, partial(split, newcomers=new((NEW, "x"), (NEW, "y")))),
        (refusals.DepartmentMissing, transfer),
        (refusals.DepartmentSame, partial(transfer, department="health")),
    ],
)
def test_what_cannot_be_is_refused(refusal, act):
    with pytest.raises(refusal) as refused:
        act()

    assert "{" not in str(refused.value)


def test_every_deed_form_and_fate_has_its_word():
    assert DEED_WORDS.keys() == set(Deed)
    assert FORM_WORDS.keys() == set(Form)
    assert FATE_WORDS.keys() == set(Fate)


# Runs of years


def history(**grades):
    """Grades of A, B, C up to 2025, latest last."""
    codes = {"first": A, "second": B, "third": C}
    return [
        PastGrade(codes[name], 2025 - back, "none" if grade == "-" else grade)
        for name, run in grades.items()
        for back, grade in enumerate(reversed(run))
    ]


PAST = known_past(history(first="BAA", second="CC", third="AA-"), [])
RULES = Linkages()


def effects(made):
    return [tuple(row) for row in streak_effect(made, PAST, RULES)]


def test_renaming_keeps_the_years_under_a_new_code_too():
    assert effects(rename(name="x")) == [(A, Fate.KEPT, Runs(2, 0), Runs(2, 0))]
    assert effects(rename(code=NEW)) == [(NEW, Fate.CARRIED, Runs(2, 0), Runs(2, 0))]


def test_a_year_without_a_grade_breaks_a_run_of_a():
    assert effects(transfer(department="culture"))[1] == (C, Fate.KEPT, Runs(0, 0), Runs(0, 0))


def test_what_absorbs_keeps_its_own_years_alone():
    assert effects(absorb()) == [
        (A, Fate.KEPT, Runs(2, 0), Runs(2, 0)),
        (B, Fate.ENDS, Runs(0, 2), None),
    ]


def test_what_is_formed_by_a_merger_starts_without_years():
    assert effects(found_new(newcomers=new((NEW, "x")))) == [
        (A, Fate.ENDS, Runs(2, 0), None),
        (B, Fate.ENDS, Runs(0, 2), None),
        (NEW, Fate.STARTS, None, Runs(0, 0)),
    ]


def test_what_is_split_off_starts_and_what_continues_keeps():
    assert effects(split(newcomers=new((NEW, "x")))) == [
        (A, Fate.KEPT, Runs(2, 0), Runs(2, 0)),
        (NEW, Fate.STARTS, None, Runs(0, 0)),
    ]


# What holds for every sound deed


@st.composite
def deeds(draw):
    day = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    acts = [
        partial(rename, name="实验小学"),
        partial(rename, code=NEW, name="实验小学"),
        partial(rename, code=NEW),
        absorb,
        partial(absorb, survivor=B, name="联合小学"),
        partial(found_new, newcomers=new((NEW, "联合小学"))),
        partial(split, newcomers=new((NEW, "幼儿园"))),
        partial(split, newcomers=new((NEW, "幼儿园"), (NEWER, "初中")), continues=False),
        partial(transfer, department="culture"),
        close,
    ]
    return draw(st.sampled_from(acts))(day=day)


@given(deeds())
def test_the_old_state_ends_the_day_before_the_new_one_begins(made):
    last = {row.last_day for row in (*made.names_end, *made.affiliations_end, *made.closings)}
    first = {row.first_day for row in (*made.names_begin, *made.affiliations_begin, *made.openings)}

    assert last <= {made.day - timedelta(days=1)}
    assert first <= {made.day}


@given(deeds())
def test_every_unit_has_one_name_and_one_department_after_the_deed(made):
    closing = {row.unit for row in made.closings}
    opening = {row.unit for row in made.openings}
    for ends, begins in (
        (made.names_end, made.names_begin),
        (made.affiliations_end, made.affiliations_begin),
    ):
        ended, begun = [row.unit for row in ends], [row.unit for row in begins]
        assert len(set(ended)) == len(ended)
        assert len(set(begun)) == len(begun)
        assert set(ended) - set(begun) == closing
        assert set(begun) - set(ended) == opening


@given(deeds())
def test_successions_are_of_the_year_of_the_day_and_nothing_follows_itself(made):
    for row in made.successions:
        assert row.year == made.day.year
        assert row.unit != row.predecessor
        assert row.predecessor in made.units
        assert (row.kind == "continuation") == bool(made.recodings)


runs = st.text(alphabet="ABC-", max_size=6)


@given(deeds(), runs, runs, runs, st.sampled_from(["break", "bridge"]))
def test_years_are_kept_or_lost_and_never_gained(made, first, second, third, gap):
    past = known_past(history(first=first, second=second, third=third), [])
    rows = streak_effect(made, past, Linkages(a_gap=gap, c_gap=gap))

    for row in rows:
        if row.fate in {Fate.KEPT, Fate.CARRIED}:
            assert row.before == row.after
        if row.fate is Fate.STARTS:
            assert (row.before, row.after) == (None, Runs(0, 0))
        if row.fate is Fate.ENDS:
            assert row.after is None
    assert len(rows) == len(made.units) + len(made.openings)
