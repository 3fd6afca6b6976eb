"""What a receipt is about, as the page for a USB stick shows it: the entry and its sealed texts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kaohe.core.leaf import LIMIT, Event
from kaohe.core.merkle import leaf_hash
from kaohe.core.receipts import policy_of, prove, receipt_of
from tests.journal.receipts_made import FILE, TEXTS, entry, on_paper, opened, receipt

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not FILE.exists(), reason="make setup builds it"),
]
GOOD = receipt()
VECTORS = Path(__file__).parent / "verify_vectors"


@pytest.fixture(scope="module")
def stick(chromium):
    """The page, opened once for all receipts."""
    with opened(chromium) as found:
        yield found


def test_a_receipt_on_paper_needs_the_entry_to_say_what_was_recorded(stick):
    paper = on_paper(GOOD).content

    without = stick.examine(paper)
    assert without.verdict == "lack"
    assert without.checks["leaf"] == ("lack", "hash-only")
    assert without.checks["inclusion"] == ("ok", "sound")
    spread = json.dumps(json.loads(entry()), indent=2)
    for given in (entry().decode(), f"\ufeff{entry().decode()}\r\n", spread):
        assert stick.examine(paper, leaf=given).verdict == "ok"


def test_the_wrong_entry_is_named(stick):
    other = entry(number="f" * 32).decode()

    assert stick.examine(on_paper(GOOD).content, leaf=other).checks["leaf"] == ("bad", "other-hash")
    assert stick.examine(GOOD.content, leaf=other).checks["leaf"] == ("bad", "other-entry")


def test_a_receipt_without_any_entry_proves_nothing(stick):
    bare = replace(GOOD, extra=b"").content

    assert stick.examine(bare).checks["leaf"] == ("lack", "nothing")
    assert stick.examine(bare, leaf=entry().decode()).verdict == "ok"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff" * 40, "leaf-text"),
        (b"not an entry, but long enough to be one", "leaf-json"),
        (b'{"format":"another/1","filling":"..........."}', "leaf-format"),
        (b'{"format":"kaohe-entry/1","filling":"......."}', "leaf-shape"),
        (entry().replace(b'"staff":305', b'"staff":305.5'), "leaf-shape"),
        (entry().replace(b'"staff":305', b'"staff": 305'), "leaf-spelling"),
        (entry().replace(b'"staff":305', b'"staff":304,"staff":305'), "leaf-spelling"),
        (entry().replace(b"\xe7\xa4\xba", b"\\ud800"), "leaf-spelling"),
        (b"[" * 60_000, "leaf-json"),
    ],
)
def test_an_entry_that_is_not_written_as_it_must_be_is_not_relied_on(stick, content, code):
    found = stick.examine(receipt(content).content)

    assert found.checks["inclusion"] == ("ok", "sound")
    assert found.checks["entry"] == ("bad", code)
    assert found.verdict == "bad"


@pytest.mark.parametrize("leaf", ["{", "[]", '{"format":"kaohe-entry/1"}', "x" * 300_000])
def test_an_entry_that_is_none_is_refused_at_its_field(stick, leaf):
    assert "leaf" in stick.examine(on_paper(GOOD).content, leaf=leaf).faults


def test_markup_and_odd_letters_in_an_entry_stay_text(stick):
    name = "<img src=x onerror=alert(1)> \u202eabc __proto__ $& {name}"
    event = Event("constructor", "toString:1", facts={"__proto__": name, "constructor": None})

    found = stick.examine(receipt(entry(event)).content)

    assert found.verdict == "ok"
    assert name in found.words
    assert stick.page.locator("#v-results img").count() == 0


def test_sealed_texts_are_held_against_the_entry(stick):
    changed = TEXTS.replace("O'Neill", "O'Neil")
    unknown = json.dumps({"minutes": {"salt": "00" * 32, "text": "x"}})

    assert stick.examine(GOOD.content, texts=TEXTS).checks["texts"] == ("ok", "sound")
    assert stick.examine(GOOD.content, texts=changed).checks["texts"] == ("bad", "altered")
    assert stick.examine(GOOD.content, texts=unknown).checks["texts"] == ("bad", "not-committed")
    assert stick.examine(on_paper(GOOD).content, texts=TEXTS).checks["texts"] == (
        "lack",
        "no-entry",
    )


@pytest.mark.parametrize(
    "texts", ["{", "[1]", '{"reason":"x"}', '{"reason":{"salt":"0","text":"x"}}']
)
def test_sealed_texts_that_are_none_are_refused(stick, texts):
    assert "texts" in stick.examine(GOOD.content, texts=texts).faults


def test_nothing_is_asked_twice_of_who_gave_nothing(stick):
    found = stick.examine("", keys="")

    assert found.verdict == ""
    assert "请选择存证凭证文件" in found.faults["receipt"]


def test_a_conclusion_goes_when_what_it_was_about_is_changed(stick):
    stick.examine(GOOD.content)
    stick.page.fill("#f-receipt", "something else")

    assert stick.page.locator("#v-end").count() == 0


def test_the_hash_of_an_entry_is_that_of_the_platform(stick):
    assert leaf_hash(entry()).hex() in stick.examine(GOOD.content).words


def test_the_receipts_that_were_given_out_once_verify_for_ever(stick):
    keys = (VECTORS / "vkey").read_text(encoding="utf-8")
    policy = (VECTORS / "policy").read_text(encoding="utf-8")
    leaf = (VECTORS / "entry.json").read_text(encoding="utf-8")
    for name in ("whole.tlog-proof", "paper.tlog-proof"):
        content = (VECTORS / name).read_text(encoding="utf-8")
        proved = prove(receipt_of(content.encode()), policy_of(policy), leaf.encode())
        found = stick.examine(content, keys=keys, witnesses=policy, leaf=leaf)
        assert found.verdict == "ok"
        assert len(proved.seen_by) == 2


def test_receipts_are_still_written_byte_for_byte_as_those_were():
    assert GOOD.content == (VECTORS / "whole.tlog-proof").read_text(encoding="utf-8")
    assert on_paper(GOOD).content == (VECTORS / "paper.tlog-proof").read_text(encoding="utf-8")
    assert entry() == (VECTORS / "entry.json").read_bytes()


def test_the_largest_entry_is_verified_in_a_moment(stick):
    longest = entry(Event("unit.corrected", "unit:7", facts={"name": "示" * 21_600}))

    assert 65_000 < len(longest) <= LIMIT
    assert stick.examine(receipt(longest).content).verdict == "ok"
    assert stick.examine(on_paper(receipt(longest)).content, leaf=longest.decode()).verdict == "ok"
