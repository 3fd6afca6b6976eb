"""Checkpoints: three lines that can be written in one way only."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.core.checkpoint import MOST, Checkpoint, CheckpointUnsound, checkpoint_of
from kaohe.core.merkle import EMPTY
from kaohe.core.notes import Note, note_of

PUBLISHED = json.loads((Path(__file__).parent / "vectors" / "notes.json").read_text("utf-8"))
ROOT = base64.b64encode(EMPTY).decode()
lines = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
checkpoints = st.builds(
    Checkpoint,
    lines,
    st.integers(0, MOST),
    st.binary(min_size=32, max_size=32),
    st.lists(lines, max_size=3).map(tuple),
)


@given(checkpoints)
def test_a_checkpoint_is_read_as_it_was_written(checkpoint):
    assert checkpoint_of(Note(checkpoint.text, ())) == checkpoint


@given(st.lists(lines | st.just(ROOT) | st.integers(0, 99).map(str), max_size=5))
def test_whatever_is_read_as_a_checkpoint_is_written_as_it_was(told):
    text = "".join(f"{line}\n" for line in told) or "\n"
    try:
        found = checkpoint_of(Note(text, ()))
    except CheckpointUnsound:
        return

    assert found.text == text


@pytest.mark.parametrize(
    ("name", "origin", "size"),
    [
        ("sum.golang.org", "go.sum database tree", 35_225_469),
        ("arche2025h1", "arche2025h1.staging.ct.transparency.dev", 1_432_088_532),
    ],
)
def test_published_checkpoints_are_read(name, origin, size):
    found = checkpoint_of(note_of(PUBLISHED[name]["note"].encode()))

    assert (found.origin, found.size, found.extensions) == (origin, size, ())


def test_the_root_of_an_empty_log_is_the_hash_of_nothing():
    assert checkpoint_of(Note(f"a\n0\n{ROOT}\n", ())) == Checkpoint("a", 0, EMPTY)


@pytest.mark.parametrize("size", ["0", "1", "9", "10", str(MOST)])
def test_a_size_is_a_number_without_leading_zeros(size):
    assert int(size) <= MOST == 2**63 - 1
    assert checkpoint_of(Note(f"a\n{size}\n{ROOT}\n", ())).size == int(size)


@pytest.mark.parametrize(
    "size",
    [
        "",
        "00",
        "01",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1_000",
        "0x1",
        "１",
        "٣",
        str(MOST + 1),
        "9" * 19,
        "1" * 20,
        "1" * 5_000,
    ],
)
def test_no_other_spelling_of_a_size_is_read(size):
    with pytest.raises(CheckpointUnsound):
        checkpoint_of(Note(f"a\n{size}\n{ROOT}\n", ()))


@pytest.mark.parametrize(
    "root",
    [
        "",
        ROOT[:-1],
        ROOT + "=",
        f" {ROOT}",
        f"{ROOT} ",
        ROOT.replace("/", "_").replace("+", "-"),
        ROOT[:-2] + "V=",  # the same bytes in another spelling
        base64.b64encode(EMPTY[:-1]).decode(),
        base64.b64encode(EMPTY + b"x").decode(),
        EMPTY.hex(),
        "根" * 11,
    ],
)
def test_a_root_is_32_bytes_in_their_one_spelling(root):
    with pytest.raises(CheckpointUnsound):
        checkpoint_of(Note(f"a\n1\n{root}\n", ()))


@pytest.mark.parametrize(
    "text",
    [
        "\n",
        "a\n",
        "a\n1\n",
        f"1\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        f"a\n1\n\n{ROOT}\n",
        f"a\n1\n{ROOT}\n\n",
        f"a\n1\n{ROOT}\n\nmore\n",
    ],
)
def test_a_line_that_is_missing_or_empty_is_not_passed_over(text):
    with pytest.raises(CheckpointUnsound):
        checkpoint_of(Note(text, ()))


def test_further_lines_are_kept():
    found = checkpoint_of(Note(f"a\n1\n{ROOT}\nmore\nand more\n", ()))

    assert found.extensions == ("more", "and more")
