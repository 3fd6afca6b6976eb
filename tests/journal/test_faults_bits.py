"""One bit changed in a file of the log: it is named, nothing wrong is signed, it can be mended."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe.core.errors import Refusal
from kaohe.core.merkle import leaf_hash, tree_hash
from kaohe.journal.checking import TilesDiffer
from kaohe.journal.models import JournalEntry
from kaohe.journal.recovery import rebuild
from kaohe.tlog.folder import LogDamaged
from tests.journal.test_faults import undone

MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def sealed(record):
    """A log with a full tile, partial ones of both levels and a bundle of each kind; more waits."""
    record.sealed(256)
    record.sealed(44)
    record.add(30)
    return record


def flip(path, bit):
    content = bytearray(path.read_bytes())
    place = bit % (len(content) * 8)
    content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)


def named(record):
    """The files that a stranger, and that our own verification, find wrong."""
    found = record.verify().findings
    own = {each.facts["flaw"].file for each in found if "flaw" in each.facts}
    return {flaw.file for flaw in record.check().flaws}, own


@MANY
@given(data=st.data())
def test_any_bit_of_any_file_that_counts_is_found_and_mended(sealed, tmp_path, data):
    kept = tmp_path / "kept"
    if kept.exists():
        sealed.bring_back(kept)
    else:
        sealed.keep(kept)
    files = sealed.files()
    name = data.draw(st.sampled_from(sorted(files.keys() - {"vkey"})))
    bit = data.draw(st.integers(0, len(files[name]) * 8 - 1))
    path = sealed.home / "log" / name
    flip(path, bit)

    strange, own = named(sealed)
    if name != "checkpoint":
        assert strange == own == {name}
    elif strange or own:  # else the signature of a key that nobody knows, which binds nothing
        assert "checkpoint" in strange
        assert own == {"checkpoint"}

    with undone():
        with contextlib.suppress(Refusal):
            sealed.seal()
        checkpoint = sealed.log.last()[1]
        entries = JournalEntry.objects.filter(position__index__lt=checkpoint.size)
        leaves = entries.order_by("position__index").values_list("leaf", flat=True)
        assert checkpoint.root == tree_hash([leaf_hash(leaf.encode()) for leaf in leaves])
        rebuild(sealed.log)
        assert named(sealed) == (set(), set())
        assert sealed.said() == []


@pytest.mark.parametrize("name", ["tile/0/001.p/44", "tile/1/000.p/1"])
def test_sealing_does_not_build_on_a_tile_that_was_altered(sealed, name):
    last = sealed.log.last()
    flip(sealed.home / "log" / name, 77)

    with pytest.raises(TilesDiffer, match="kaohe journal rebuild"):
        sealed.seal()
    assert sealed.log.last() == last

    rebuild(sealed.log)
    assert sealed.seal().checkpoint.size == 330
    assert sealed.said() == []


def test_an_altered_tile_below_is_not_taken_for_an_altered_row(sealed):
    flip(sealed.home / "log" / "tile/0/000", 5)

    with pytest.raises(TilesDiffer):
        sealed.seal()


@pytest.mark.parametrize("name", ["tile/0/001.p/44", "tile/1/000.p/1", "tile/0/000"])
def test_a_missing_tile_is_named_and_made_anew(sealed, name):
    (sealed.home / "log" / name).unlink()

    assert named(sealed) == ({name}, {name})
    with pytest.raises(LogDamaged, match=name):
        sealed.seal()
    rebuild(sealed.log)
    assert sealed.seal() is not None
    assert sealed.said() == []


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"\xff\xfe", b"x" * 200_000, "另一个日志\n300\n".encode()]
)
def test_a_checkpoint_file_that_is_none_stops_sealing_and_is_published_anew(sealed, content):
    path = sealed.home / "log" / "checkpoint"
    path.write_bytes(content)

    with pytest.raises(LogDamaged, match="checkpoint"):
        sealed.seal()
    assert named(sealed)[1] == {"checkpoint"}
    rebuild(sealed.log)
    assert sealed.seal() is not None
    assert sealed.said() == []


def test_stale_partial_tiles_that_contradict_are_removed_by_rebuilding(sealed):
    stale = sealed.home / "log" / "tile/0/001.p/9"
    stale.write_bytes(b"\7" * 32 * 9)
    assert [flaw.file for flaw in sealed.check().flaws] == ["tile/0/001.p/9"]

    rebuild(sealed.log)
    assert not stale.exists()
    assert sealed.check().is_sound


def test_a_bit_of_the_id_beside_the_signature_does_not_make_it_another_installations_log(sealed):
    path = sealed.home / "log" / "checkpoint"
    line = path.read_bytes().rindex("— ".encode() + sealed.log.ring.origin.encode())
    blob = line + len("— ".encode() + sealed.log.ring.origin.encode()) + 1
    flip(path, blob * 8 + 1)

    assert named(sealed)[1] == {"checkpoint"}
    rebuild(sealed.log)
    assert sealed.seal() is not None
    assert sealed.said() == []
