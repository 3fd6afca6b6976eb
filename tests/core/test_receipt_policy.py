"""Policies: who is trusted, and that nobody counts twice."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.notes import COSIGNATURE, ED25519, Key, KeyUnsound
from kaohe.core.receipts import LINES, PolicyOpen, PolicyTwice, PolicyUnsound, policy_of


def key(number, kind=COSIGNATURE):
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    name = f"w{number}.example" if kind == COSIGNATURE else "log.example/trace"
    return Key(name, kind, private.public_key().public_bytes_raw())


LOG, NEW = key(100, ED25519), key(101, ED25519)
KEYS = {f"W{number}": key(number) for number in range(1, 7)}
WITNESSES = "".join(f"witness {name} {each.vkey}\n" for name, each in KEYS.items())
EXAMPLE = f"""log {LOG.vkey}

# those of one authority
{WITNESSES}
group X-witnesses 2 W1 W2 W3
group Y-witnesses any W4 W5 W6
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def met(text, *names):
    return policy_of(text).is_met([KEYS[name] for name in names])


def test_a_policy_names_logs_witnesses_and_groups():
    found = policy_of(EXAMPLE)

    assert found.logs == (LOG,)
    assert found.witnesses == KEYS
    assert found.groups["X-witnesses"] == (2, ("W1", "W2", "W3"))
    assert found.groups["X-and-Y"] == (2, ("X-witnesses", "Y-witnesses"))
    assert found.quorum == "X-and-Y"


@given(st.sets(st.sampled_from(sorted(KEYS))))
def test_the_example_of_the_specification_asks_for_two_of_three_and_one_of_three(seen):
    enough = len(seen & {"W1", "W2", "W3"}) >= 2 and bool(seen & {"W4", "W5", "W6"})

    assert met(EXAMPLE, *seen) is enough


@pytest.mark.parametrize(
    ("quorum", "enough", "too_few"),
    [
        ("quorum none", [], None),
        ("quorum W1", ["W1"], ["W2", "W3"]),
        ("group g any W1 W2\nquorum g", ["W2"], ["W3"]),
        ("group g all W1 W2\nquorum g", ["W1", "W2"], ["W1", "W3"]),
        ("group g 1 W1\nquorum g", ["W1"], []),
        ("group g 3 W1 W2 W3 W4\nquorum g", ["W1", "W3", "W4"], ["W1", "W4"]),
        ("group all all W1\nquorum all", ["W1"], ["W2"]),
    ],
)
def test_a_quorum_is_met_by_enough_and_not_by_too_few(quorum, enough, too_few):
    assert met(WITNESSES + quorum, *enough)
    assert too_few is None or not met(WITNESSES + quorum, *too_few)


def test_the_same_witness_twice_is_one_witness():
    text = f"{WITNESSES}group g 2 W1 W2\nquorum g"

    assert not met(text, "W1", "W1")


def test_blanks_tabs_comments_addresses_and_line_ends_of_windows_are_borne():
    text = (
        f"\t log\t{LOG.vkey}  https://log.example/trace\r\n\r\n  # 注释：一\n#log\n"
        f"witness W1 {KEYS['W1'].vkey} https://w1.example\nquorum\tW1 "
    )
    found = policy_of(text)

    assert (found.logs, found.witnesses, found.quorum) == ((LOG,), {"W1": KEYS["W1"]}, "W1")


def test_names_may_be_of_any_letters_and_are_told_apart_byte_by_byte():
    text = (
        f"witness 审计局 {KEYS['W1'].vkey}\nwitness K {KEYS['W2'].vkey}\n"
        f"witness \u212a {KEYS['W3'].vkey}\nwitness a\u3000b {KEYS['W4'].vkey}\nquorum a\u3000b"
    )

    assert list(policy_of(text).witnesses) == ["审计局", "K", "\u212a", "a\u3000b"]
    assert policy_of(text).quorum == "a\u3000b"


def test_a_log_may_have_two_keys_while_they_are_changed():
    assert policy_of(f"log {LOG.vkey}\nlog {NEW.vkey}\nquorum none").logs == (LOG, NEW)


def test_a_policy_that_asks_for_no_witness_must_say_so():
    for text in ("", "# nothing\n", f"log {LOG.vkey}\n", f"log {LOG.vkey}\n{WITNESSES}"):
        with pytest.raises(PolicyOpen):
            policy_of(text)


@pytest.mark.parametrize(
    "line",
    [
        "log",
        f"log {LOG.vkey} https://log.example more",
        f"LOG {LOG.vkey}",
        f"log {KEYS['W1'].vkey}",
        f"witness {LOG.vkey}",
        f"witness W9 {LOG.vkey}",
        f"witness W9 {key(9).vkey} https://w9.example more",
        "group",
        "group g",
        "group g all",
        "group g any",
        "group g W1 W2",
        "group g 0 W1",
        "group g 3 W1 W2",
        "group g 01 W1",
        "group g -1 W1",
        "group g １ W1",
        "group g 99999 W1",
        "group g some W1",
        "group g all W9",
        "group g all g",
        "group g all none",
        "group g all later\ngroup later all W1",
        "quorum",
        "quorum W9",
        "quorum W1 W2",
        "quorum all",
        "unknown W1",
        "quorum W1\x0b",
        "quorum\x0bW1",
        "quorum W1\r\r",
        "quorum\u00a0W1",
        "# a comment\x00",
        "quorum W1\u2028",
    ],
)
def test_a_line_that_cannot_be_understood_is_named(line):
    with pytest.raises(PolicyUnsound) as caught:
        policy_of(f"{WITNESSES}{line}\nquorum none\n")

    assert caught.value.facts == {"line": 7, "text": line.split("\n")[0].removesuffix("\r")}


@pytest.mark.parametrize(
    "line",
    [
        f"log {LOG.vkey}\nlog {LOG.vkey}",
        f"witness W9 {KEYS['W1'].vkey}",
        f"witness W9 {Key('other', COSIGNATURE, KEYS['W1'].public).vkey}",
        f"witness W1 {key(9).vkey}",
        f"witness none {key(9).vkey}",
        "group W1 all W2",
        "group none all W2",
        "group g all W1 W1",
        "group g 2 W1 W1",
        "group g all W1\ngroup g all W2",
        "group g all W1\ngroup h all W1",
        "group g all W1\ngroup h all g\ngroup i all h g",
        f"group g all W1\nwitness g {key(9).vkey}",
        "quorum W1\nquorum W1",
        "quorum none\nquorum none",
    ],
)
def test_nobody_counts_twice(line):
    with pytest.raises(PolicyTwice) as caught:
        policy_of(f"{WITNESSES}{line}\n")

    assert caught.value.facts == {"line": 7 + line.count("\n"), "text": line.split("\n")[-1]}


def test_one_key_is_not_two_witnesses():
    text = f"witness A {KEYS['W1'].vkey}\nwitness B {KEYS['W1'].vkey}\ngroup g 2 A B\nquorum g\n"
    with pytest.raises(PolicyTwice):
        policy_of(text)


def test_of_a_long_line_the_beginning_is_told():
    for line, kind in (("x" * 300, PolicyUnsound), (f"group W1 all W2{' ' * 300}", PolicyTwice)):
        for end in ("", "\x00"):
            with pytest.raises(PolicyUnsound if end else kind) as caught:
                policy_of(f"{WITNESSES}{line}{end}\n")
            assert caught.value.facts["text"] == line[:200]


def test_a_key_that_is_none_is_named():
    with pytest.raises(KeyUnsound) as caught:
        policy_of("log nothing\nquorum none\n")

    assert caught.value.facts["key"] == "nothing"


def test_a_separator_of_lines_that_is_none_here_hides_no_line():
    with pytest.raises(PolicyOpen):
        policy_of("# comment\u2028quorum none")


def test_a_policy_has_an_end_and_groups_within_groups_do_not_exhaust_us():
    groups = "".join(f"group g{n} all {f'g{n - 1}' if n else 'W1'}\n" for n in range(LINES - 7))
    text = f"{WITNESSES}{groups}quorum g{LINES - 8}"

    assert met(text, "W1")
    assert not met(text, "W2")
    with pytest.raises(PolicyUnsound) as caught:
        policy_of(f"{text}\n\n")
    assert caught.value.facts["line"] == LINES + 1
