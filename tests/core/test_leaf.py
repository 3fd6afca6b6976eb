"""The bytes of an entry: pinned, canonical, bound to their texts, and not too long."""

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.leaf import LIMIT, SALT, Event, canonical, commitment, instant, leaf

PAGE = (Path(__file__).parents[2] / "docs" / "journal-format.md").read_text(encoding="utf-8")
BLOCKS = {
    kind: re.findall(rf"```{kind}\n(.*?)\n```", PAGE, re.DOTALL)
    for kind in ("python", "json", "text")
}

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
names = st.from_regex(r"(was\.)?[a-z_]{1,12}", fullmatch=True)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
facts = st.dictionaries(
    names, texts | whole | st.booleans() | st.none() | st.lists(texts, max_size=3), max_size=6
)
events = st.builds(
    Event,
    action=st.sampled_from(["unit.renamed", "seat.ended"]),
    subject=st.sampled_from(["unit:7", "seat:1"]),
    jurisdiction=st.sampled_from(["", "370699"]),
    facts=facts,
    was=facts,
    sealed=st.dictionaries(names, texts, max_size=4),
    effective_on=st.none() | st.dates(),
)
PINNED = Event(
    "unit.renamed",
    "unit:7",
    "370699",
    "12370699MB2000017K",
    facts={
        "name": "示例市第一中学",
        "document": "编〔2026〕2号",
        "staff": 305,
        "closed": False,
        "sponsor": None,
        "ledgers": ["registration", "establishment"],
    },
    was={"name": "示例市一中"},
    sealed={"reason": "更名；𠀀䶮 O'Neill\n"},
    effective_on=date(2026, 3, 5),
)


def written(event, salts=None):
    """The leaf of an event whose circumstances do not matter."""
    return leaf(
        event,
        entry="0123456789abcdef0123456789abcdef",
        actor="a1b2c3d4e5f60718",
        role="office_clerk",
        at=datetime(2026, 3, 5, 8, 30, 0, 1234, tzinfo=timezone(timedelta(hours=8))),
        salts=salts or {name: bytes(range(SALT)) for name in event.sealed},
    )


def test_the_bytes_are_those_of_the_published_format():
    assert written(PINNED) == BLOCKS["json"][0].encode()


def test_the_program_of_the_published_format_agrees():
    scope = {}
    exec(BLOCKS["python"][0], scope)  # noqa: S102  # our own page

    digest = scope["check"](BLOCKS["json"][0].encode(), json.loads(BLOCKS["json"][1]))

    assert digest == BLOCKS["text"][0]
    with pytest.raises(AssertionError, match="reason"):
        scope["check"](
            BLOCKS["json"][0].encode(), {"reason": {"salt": "00" * SALT, "text": "更名"}}
        )


def test_the_published_format_names_every_field_of_an_entry():
    named = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))

    assert named == set(json.loads(written(PINNED)))


@given(events)
def test_a_leaf_read_and_written_again_has_the_same_bytes(event):
    bytes_ = written(event)

    assert rfc8785.dumps(json.loads(bytes_)) == bytes_


@given(events)
def test_a_leaf_says_what_was_done_and_none_of_the_sealed_texts(event):
    found = json.loads(written(event))

    assert (found["facts"], found["was"]) == (event.facts, event.was)
    assert found.get("effective_on") == (event.effective_on and event.effective_on.isoformat())
    assert set(found["sealed"]) == set(event.sealed)
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", each) for each in found["sealed"].values())


@given(st.binary(min_size=SALT, max_size=SALT), names, texts, names, texts)
def test_a_commitment_binds_name_and_text(salt, name, text, other_name, other_text):
    same = (name, text) == (other_name, other_text)

    assert (commitment(salt, name, text) == commitment(salt, other_name, other_text)) is same


@given(names, texts, st.lists(st.binary(min_size=SALT, max_size=SALT), min_size=2, unique=True))
def test_one_text_under_two_salts_looks_like_two(name, text, salts):
    assert len({commitment(salt, name, text) for salt in salts}) == len(salts)


ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8))])


@given(st.datetimes(min_value=datetime(1970, 1, 2), timezones=ZONES))  # noqa: DTZ001
def test_a_moment_is_written_in_one_way_and_can_be_read_back(moment):
    text = instant(moment)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text)
    assert datetime.fromisoformat(text) == moment


def test_an_entry_may_be_as_long_as_a_bundle_can_hold_and_no_longer():
    def of(length):
        return Event("unit.corrected", "unit:7", facts={"note": "a" * length})

    room = LIMIT - len(written(of(0)))

    assert len(written(of(room))) == LIMIT
    with pytest.raises(ValueError, match="65536 bytes about unit:7"):
        written(of(room + 1))


def test_the_length_is_counted_in_bytes_not_in_characters():
    with pytest.raises(ValueError, match="most"):
        written(Event("unit.corrected", "unit:7", facts={"note": "编" * (LIMIT // 3)}))


@pytest.mark.parametrize("number", [2**53, -(2**53)])
def test_a_number_that_not_every_reader_can_hold_is_refused(number):
    with pytest.raises(rfc8785.CanonicalizationError):
        written(Event("unit.corrected", "unit:7", facts={"staff": number}))


def test_a_text_without_its_salt_is_not_sealed():
    with pytest.raises(KeyError):
        written(PINNED, salts={"other": bytes(SALT)})


def test_names_of_other_letters_are_written_by_the_general_library():
    value = {"名": "一中", "a": ["x"]}

    assert (
        canonical(value, ["名", "a"]) == rfc8785.dumps(value) == '{"a":["x"],"名":"一中"}'.encode()
    )
