"""A receipt is verified from a USB stick: no network, no cryptography of the browser's own."""

import random
from dataclasses import replace

import pytest

from kaohe.core.errors import Refusal
from kaohe.core.notes import Note, Signature
from kaohe.core.receipts import policy_of, prove, receipt_of
from tests.journal.receipts_made import (
    AUDIT,
    DISCIPLINE,
    FILE,
    LOG_KEY,
    ORIGIN,
    TEXT,
    TEXTS,
    WITNESSES,
    opened,
    receipt,
    vkey,
)

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not FILE.exists(), reason="make setup builds it"),
]
GOOD = receipt()
LINES = GOOD.content.split("\n")
LAST = len(LINES) - 1  # what stands behind the last line end: nothing


@pytest.fixture(scope="module")
def stick(chromium):
    """The page, opened once for all receipts."""
    with opened(chromium) as found:
        yield found


def test_a_good_receipt_is_trusted(stick):
    found = stick.examine(GOOD.content, number="2", texts=TEXTS)

    assert found.verdict == "ok"
    assert {state for state, _ in found.checks.values()} == {"ok", "note"}
    assert "可信" in found.words
    assert "第 618 条" in found.words
    assert "2026.03.05 08:30:00（北京时间）" in found.words
    assert "2026.09.21 22:13:20（北京时间）" in found.words
    assert TEXT.strip() in found.words
    assert stick.page.evaluate("typeof crypto") == "undefined"


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (6, 7), (255, 256), (256, 257)])
def test_receipts_of_other_places_and_sizes_are_trusted(stick, index, size):
    assert stick.examine(receipt(index=index, size=size).content).verdict == "ok"


# ── damage ──────────────────────────────────────────────────────────────────────────────────────
# Line → what finds it.  0 head, 1 entry, 2 index, 3…12 path, 13 blank, 14 origin, 15 size, 16 root,
# 17 blank, 18 the log's signature, 19 and 20 the witnesses', 21 a stranger's.
FINDS = {
    0: "format",
    1: "inclusion",
    2: "inclusion",
    **dict.fromkeys(range(3, 13), "inclusion"),
    14: "signature",
    15: "signature",
    16: "inclusion",
    18: "signature",
    19: "witness",
    20: "witness",
}


def altered(line: str) -> str:
    """A line with one letter or digit exchanged for another that may stand there."""
    number = line.rpartition(" ")[2]
    if number.isdecimal():
        return f"{line[:-1]}{(int(line[-1]) + 1) % 10}"
    at = max(at for at, each in enumerate(line[:-3]) if each.isalnum())
    return f"{line[:at]}{'b' if line[at] != 'b' else 'c'}{line[at + 1 :]}"


@pytest.mark.parametrize("number", FINDS)
def test_a_line_that_was_altered_is_found_and_named(stick, number):
    lines = [*LINES]
    lines[number] = altered(lines[number])

    found = stick.examine("\n".join(lines))

    assert found.verdict in ("bad", "lack")
    assert found.checks[FINDS[number]][0] in ("bad", "lack")


@pytest.mark.parametrize("number", [n for n in range(LAST) if n != 21])
def test_a_line_that_is_missing_is_found(stick, number):
    lines = LINES[:number] + LINES[number + 1 :]

    found = stick.examine("\n".join(lines), number="2")

    assert found.verdict in ("bad", "lack")


def test_a_strangers_signature_proves_nothing_and_harms_nothing(stick):
    without = replace(GOOD, note=Note(GOOD.note.text, GOOD.note.signatures[:3]))

    assert stick.examine(GOOD.content).checks["strangers"] == ("note", "unknown")
    assert "strangers" not in stick.examine(without.content).checks
    assert stick.examine(without.content).verdict == "ok"


@pytest.mark.parametrize("share", [1, 5, 30, 60, 80, 90, 99])
def test_a_receipt_cut_short_is_not_trusted(stick, share):
    cut = GOOD.content[: len(GOOD.content) * share // 100]

    found = stick.examine(cut, number="2")

    assert found.verdict == "bad"
    assert found.checks["format"][0] == "bad"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.replace("index 617", "index 0617"), "index"),
        (lambda text: text.replace("index 617", "index -1"), "index"),
        (lambda text: text.replace("=\n", "\n", 1), "base64"),
        (lambda text: text.replace("=\n\n", "\n\n", 1), "path-line"),
        (lambda text: text.replace("extra ", "extra =", 1), "base64"),
        (lambda text: text.replace("extra ", "extra  ", 1), "base64"),
        (lambda text: text.replace("\n1001\n", "\n01001\n"), "size"),
        (lambda text: text.replace("\n1001\n", "\n1e3\n"), "size"),
        (lambda text: f"{text}trailing\n", "signature-line"),
        (lambda text: f"{text}\nmore\n", "signature-line"),
        (lambda text: text.replace("\n\n—", "\n\nmore\n\n—"), "blank-line"),
        (lambda text: text.replace("—", "-"), "signature-line"),
        (lambda text: text.replace(ORIGIN, f"{ORIGIN}\x07"), "control"),
        (lambda text: f" {text}", "head"),
        (lambda text: text.replace("tlog-proof@v1", "tlog-proof@v2"), "head"),
        (lambda text: f"{text}{'— a AAAAAAA=' * 20_000}", "too-long"),
        (lambda text: "x" * 1_000_000, "too-long"),
        (lambda text: text.replace("\n1001\n", f"\n{2**63}\n"), "size"),
    ],
)
def test_what_is_no_receipt_is_told_apart(stick, change, code):
    found = stick.examine(change(GOOD.content))

    assert found.verdict == "bad"
    assert found.checks["format"] == ("bad", code)


def test_an_index_beyond_the_log_and_a_path_of_another_length_are_named(stick):
    beyond = replace(GOOD, index=1001)
    short, long = replace(GOOD, proof=GOOD.proof[1:]), replace(GOOD, proof=(*GOOD.proof, b"a" * 32))

    assert stick.examine(beyond.content).checks["inclusion"] == ("bad", "index-beyond")
    assert stick.examine(short.content).checks["inclusion"] == ("bad", "path-length")
    assert stick.examine(long.content).checks["inclusion"] == ("bad", "path-length")


def test_an_editor_of_another_system_does_no_harm_and_is_told(stick, tmp_path):
    file = tmp_path / "receipt.tlog-proof"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.content.replace("\n", "\r\n").encode() + b"\r\n\r\n")
    stick.examine("", keys=LOG_KEY)
    stick.page.set_input_files("#f-file", file)
    stick.page.get_by_text("receipt.tlog-proof").first.wait_for()
    stick.page.get_by_role("button", name="核验").click()

    words = stick.page.locator("#v-results").inner_text()
    assert "可信" in words
    assert "字节顺序标记" in words
    assert "Windows" in words


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xff\xfe" + "凭证".encode("utf-16-le"), "不是 UTF-8 文本"), (b"x" * 1_100_000, "超过")],
)
def test_a_file_that_cannot_be_a_receipt_is_refused(stick, tmp_path, content, sentence):
    file = tmp_path / "wrong.tlog-proof"
    file.write_bytes(content)
    stick.page.set_input_files("#f-file", file)

    assert sentence in stick.page.locator(".err").first.inner_text()


def test_random_damage_is_judged_as_the_platform_judges_it(stick):
    chance = random.Random(20260311)  # noqa: S311  # the same damage in every run
    policy = policy_of(f"log {LOG_KEY}\n{WITNESSES}\ngroup both all audit discipline\nquorum both")
    differ, trusted = [], 0
    for _ in range(250):
        damaged = _damaged(GOOD.content, chance)
        found = stick.examine(
            damaged, witnesses=f"{WITNESSES}\ngroup both 2 audit discipline\nquorum both"
        )
        trusted += found.verdict == "ok"
        if (found.verdict == "ok") != _proves(damaged, policy):
            differ.append(damaged)

    assert differ == []
    assert 0 < trusted < 50  # some of it meets only the stranger's signature


def _damaged(content: str, chance: random.Random) -> str:
    """One letter replaced, taken out or put in; not at the very end, where the page mends."""
    at = chance.randrange(len(content) - 1)
    letter = chance.choice("Aa09+/= \n—é")
    kind = chance.choice(("replace", "remove", "insert"))
    return content[:at] + ("" if kind == "remove" else letter) + content[at + (kind != "insert") :]


def _proves(content: str, policy) -> bool:
    try:
        prove(receipt_of(content.encode()), policy)
    except Refusal:
        return False
    return True


def test_a_name_cannot_rearrange_the_sentence_about_it(stick):
    note = Note(GOOD.note.text, (*GOOD.note.signatures, Signature("\u202eabc", b"abcd", b"x")))

    found = stick.examine(replace(GOOD, note=note).content)

    assert found.verdict == "ok"
    assert "\ufffdabc" in found.words
    assert "\u202e" not in found.words


# Drops a file on an element, as a hand with a mouse does.
DROP = """([target, name, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  const event = new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true});
  document.querySelector(target).dispatchEvent(event);
}"""


@pytest.mark.parametrize("target", [".drop", "#f-receipt"])
def test_a_receipt_can_be_dropped_on_the_page(stick, target):
    stick.examine("", keys=LOG_KEY)
    stick.page.evaluate(DROP, [target, "dropped.tlog-proof", GOOD.content])
    stick.page.get_by_text("dropped.tlog-proof").wait_for()
    stick.page.get_by_role("button", name="核验").click()

    assert "可信" in stick.page.locator("#v-results").inner_text()


# ── keys ────────────────────────────────────────────────────────────────────────────────────────
def test_without_the_logs_key_nothing_is_proved(stick):
    assert stick.examine(GOOD.content, keys="").checks["signature"] == ("lack", "no-keys")
    assert stick.examine(GOOD.content, keys="").verdict == "lack"


def test_another_key_of_the_same_name_proves_nothing(stick):
    found = stick.examine(GOOD.content, keys=vkey(ORIGIN, 9, 1))

    assert found.verdict == "lack"
    assert found.checks["signature"] == ("lack", "not-signed")


def test_a_receipt_of_another_log_is_named(stick):
    other = receipt(origin="other.example.gov.cn/trace", signer=8)

    found = stick.examine(other.content)

    assert found.verdict == "lack"
    assert found.checks["signature"] == ("lack", "other-log")
    assert "other.example.gov.cn/trace" in found.words


def test_a_forged_signature_of_a_known_key_is_never_passed_over(stick):
    first, *others = GOOD.note.signatures
    forged = Signature(first.name, first.key_id, bytes(64))
    note = Note(GOOD.note.text, (forged, *others))

    found = stick.examine(replace(GOOD, note=note).content)

    assert found.verdict == "bad"
    assert found.checks["signature"] == ("bad", "forged")


def test_after_a_change_of_keys_old_receipts_still_verify(stick):
    keys = f"{vkey(ORIGIN, 5, 1)}\n{LOG_KEY}"

    assert stick.examine(GOOD.content, keys=keys).verdict == "ok"


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("abc", "不是验证密钥"),
        (LOG_KEY[:-3], "不是验证密钥"),
        (LOG_KEY.replace("+", "+0", 1), "不是验证密钥"),
        (LOG_KEY.replace("trace", "trick"), "编号与公钥值不符"),
        (vkey(ORIGIN, 1, 6), "只接受"),
        (f"# 注释\n\n{LOG_KEY}\n\nabc def", "第 5 行"),
        (f"log {vkey(AUDIT, 2)}", "这是见证方的验证密钥"),
    ],
)
def test_a_key_that_is_none_is_refused_at_its_field(stick, keys, sentence):
    found = stick.examine(GOOD.content, keys=keys)

    assert found.verdict == ""
    assert sentence in found.faults["keys"]


# ── witnesses ───────────────────────────────────────────────────────────────────────────────────
def test_too_few_witnesses_are_missing_evidence(stick):
    first = replace(GOOD, note=Note(GOOD.note.text, GOOD.note.signatures[:2]))

    assert stick.examine(first.content, number="1").verdict == "ok"
    found = stick.examine(first.content, number="2")
    assert found.verdict == "lack"
    assert found.checks["quorum"] == ("lack", "number-missed")


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("group g all audit discipline\nquorum g", "lack"),
        ("group g any audit discipline\nquorum g", "ok"),
        ("group g 1 audit\ngroup h 2 g discipline\nquorum h", "lack"),
        ("quorum audit", "ok"),
        ("quorum discipline", "lack"),
        ("quorum none", "ok"),
    ],
)
def test_a_policy_says_who_must_have_signed(stick, rule, verdict):
    first = replace(GOOD, note=Note(GOOD.note.text, GOOD.note.signatures[:2]))

    assert stick.examine(first.content, witnesses=f"{WITNESSES}\n{rule}").verdict == verdict


def test_a_broken_cosignature_is_named(stick):
    log, audit, *others = GOOD.note.signatures
    later = Signature(audit.name, audit.key_id, bytes(8) + audit.content[8:])
    short = Signature(audit.name, audit.key_id, audit.content[:64])

    for broken in (later, short):
        note = Note(GOOD.note.text, (log, broken, *others))
        found = stick.examine(replace(GOOD, note=note).content)
        assert found.verdict == "bad"
        assert found.checks["witness"] == ("bad", "forged")
    assert "审计" not in found.words
    assert "audit" in found.words


def test_a_witness_that_signs_twice_counts_once(stick):
    log, audit, *_ = GOOD.note.signatures
    twice = replace(GOOD, note=Note(GOOD.note.text, (log, audit, audit)))

    assert stick.examine(twice.content, number="2").verdict == "lack"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (f"witness a {vkey(AUDIT, 2)}\nwitness a {vkey(DISCIPLINE, 3)}", "已用过"),
        (f"witness a {vkey(AUDIT, 2)}\nwitness b {vkey(DISCIPLINE, 2)}", "不能算作两家"),
        (f"witness a {LOG_KEY}", "这是日志的验证密钥"),
        (f"{WITNESSES}\ngroup g 3 audit discipline", "读不懂"),
        (f"{WITNESSES}\ngroup g all audit\ngroup h all audit", "会算作两家"),
        (f"{WITNESSES}\ngroup g all nobody", "nobody"),
        (f"{WITNESSES}\nquorum nobody", "nobody"),
        (f"{WITNESSES}\nquorum none\nquorum none", "只能写一行"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(stick, lines, sentence):
    found = stick.examine(GOOD.content, witnesses=lines)

    assert found.verdict == ""
    assert sentence in found.faults["witnesses"]


@pytest.mark.parametrize("number", ["3", "-1", "1.5", "许多"])
def test_more_witnesses_than_there_are_cannot_be_asked_for(stick, number):
    assert "0 到 2" in stick.examine(GOOD.content, number=number).faults["number"]
