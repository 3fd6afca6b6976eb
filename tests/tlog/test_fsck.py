"""A log checked through, knowing only its files and the keys: whatever is wrong is named."""

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.merkle import EMPTY
from kaohe.core.notes import Note, NoteUnsound
from kaohe.core.tiles import ENTRIES, Tile, pack, unpack
from kaohe.locale import translator
from kaohe.tlog import fsck, fsck_files
from kaohe.tlog.folder import CUT, MISSING, LogFolder
from kaohe.tlog.fsck_files import check_folder
from kaohe.tlog.keys import make_ring
from tests.fixtures.logs import ORIGIN, GrowingLog, entry

SIZE = 256 * 258 + 7  # three levels, each with a partial tile


@pytest.fixture(scope="module")
def large(tmp_path_factory, ring):
    """A log of three levels; who changes a file puts it back."""
    found = GrowingLog(tmp_path_factory.mktemp("large"), ring)
    found.grow(SIZE)
    return found


@pytest.fixture(scope="module")
def middle(tmp_path_factory, ring):
    """A log of two levels."""
    found = GrowingLog(tmp_path_factory.mktemp("middle"), ring)
    found.grow(600)
    return found


@pytest.fixture(scope="module")
def files(large):
    """The names of the log's files that are worth damaging: of each kind some."""
    return [
        "checkpoint",
        *(f"tile/{level}/000" for level in (0, 1, "entries")),
        *("tile/0/255", "tile/0/256", "tile/0/257", "tile/entries/257"),
        *("tile/1/001.p/2", "tile/2/000.p/1", "tile/0/258.p/7", "tile/entries/258.p/7"),
    ]


class Spoilt:
    """A file of a log that is damaged while the block lasts."""

    def __init__(self, log, name, content):
        self.path, self.content = log.folder.root / name, content

    def __enter__(self):
        self.before = self.path.read_bytes()
        if self.content is None:
            self.path.unlink()
        else:
            self.path.write_bytes(self.content(self.before))

    def __exit__(self, *_):
        self.path.write_bytes(self.before)


def flaws(log, **more):
    """What is wrong with a log: file, reason, first entry."""
    found = check_folder(LogFolder(log.folder.root), log.ring.keys, **more)
    return [(flaw.file, flaw.reason, flaw.index) for flaw in found.flaws]


def flipped(bit):
    def change(content):
        place = bit % (8 * len(content))
        changed = bytearray(content)
        changed[place // 8] ^= 1 << place % 8
        return bytes(changed)

    return change


def test_a_sound_log_has_no_flaws(large):
    told = []

    found = check_folder(large.folder, large.ring.keys, lambda *each: told.append(each))

    assert (found.size, found.flaws, found.more, found.ahead) == (SIZE, [], False, 0)
    assert found.is_sound
    assert told[0] == (256, SIZE)
    assert told[-1] == (SIZE, SIZE)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 512, 600])
def test_logs_of_every_shape_are_sound(log, size):
    log.grow(size)

    assert flaws(log) == []


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_one_bit_changed_in_any_file_is_found_and_the_file_is_named(middle, data):
    root = middle.folder.root
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    name = data.draw(st.sampled_from(files))
    bit = data.draw(st.integers(0, 10**6))

    with Spoilt(middle, name, flipped(bit)):
        found = flaws(middle)

    assert [file for file, _, _ in found] == [name]


def test_a_missing_file_is_named_and_the_rest_is_checked(large, files):
    for name in files[1:]:
        with Spoilt(large, name, None):
            [(file, reason, index)] = flaws(large)

        assert (file, reason) == (name, MISSING)
        assert (index is not None) == ("entries" in name)


def test_a_file_cut_short_is_named(large, files):
    for name in files[1:]:
        with Spoilt(large, name, lambda content: content[:-1]):
            [(file, reason, _)] = flaws(large)

        assert (file, reason) == (name, CUT)


def test_a_file_with_more_in_it_than_its_name_says_is_named(large, files):
    for name in files[1:]:
        addition = pack([b"more"]) if "entries" in name else bytes(32)
        with Spoilt(large, name, lambda content, more=addition: content + more):
            [(file, _, _)] = flaws(large)

        assert file == name


@pytest.mark.parametrize(
    ("change", "reason", "index"),
    [
        (lambda rows: [*rows[:9], b"other", *rows[10:]], fsck.ALTERED_ENTRY, 256 * 5 + 9),
        (lambda rows: [*rows[:9], *rows[10:], b"new"], fsck.ALTERED_BUNDLE, 256 * 5 + 9),
        (lambda rows: [*rows[:9], rows[10], rows[9], *rows[11:]], fsck.ALTERED_BUNDLE, 1289),
        (lambda rows: rows[:250], fsck.ALTERED_BUNDLE, 256 * 5 + 250),
        (lambda rows: [*rows, b"new"], fsck.ALTERED_BUNDLE, 256 * 5 + 256),
    ],
    ids=["altered", "removed", "swapped", "cut", "added"],
)
def test_the_first_wrong_entry_is_named(large, change, reason, index):
    name = Tile(ENTRIES, 5).path

    with Spoilt(large, name, lambda content: pack(change(unpack(content)))):
        found = flaws(large)

    assert found == [(name, reason, index)]


def test_several_flaws_are_all_named_in_order(large):
    with (
        Spoilt(large, "tile/entries/003", flipped(77)),
        Spoilt(large, "tile/0/200", flipped(5)),
        Spoilt(large, "tile/1/000", None),
        Spoilt(large, "tile/entries/258.p/7", flipped(30)),
    ):
        found = [file for file, _, _ in flaws(large)]

    assert found == ["tile/1/000", "tile/entries/003", "tile/0/200", "tile/entries/258.p/7"]


def test_a_tile_is_made_anew_even_where_those_below_it_are_gone(log):
    log.grow(600)
    for name in ("tile/1/000.p/2", "tile/0/000", "tile/0/001", "tile/0/002.p/88"):
        (log.folder.root / name).unlink()

    found = flaws(log)

    assert {reason for _, reason, _ in found} == {MISSING}
    assert len(found) == 4


def test_where_a_tile_and_all_below_it_are_gone_that_is_said(large):
    with (
        Spoilt(large, "tile/1/000", None),
        Spoilt(large, "tile/0/007", None),
        Spoilt(large, "tile/entries/007", None),
    ):
        found = flaws(large)

    assert found[:2] == [("tile/1/000", MISSING, None), ("tile/1/000", fsck.UNPROVED, None)]


def test_where_too_much_is_wrong_no_guesses_are_made(large, monkeypatch):
    monkeypatch.setattr(fsck, "GUESSES", 1)
    with Spoilt(large, "tile/1/000", None), Spoilt(large, "tile/0/200", flipped(5)):
        found = flaws(large)

    assert ("tile/1/000", fsck.UNPROVED, None) in found


def test_tile_and_entries_altered_together_are_found_by_the_root(log, tmp_path, ring):
    log.grow(300)
    other = GrowingLog(tmp_path / "other", ring)
    other.grow(300, branch="other")
    shutil.copytree(other.folder.root / "tile", log.folder.root / "tile", dirs_exist_ok=True)

    found = flaws(log)

    assert ("checkpoint", fsck.NO_ROOT, None) in found


def test_a_subtree_altered_together_is_found_by_the_tile_above_it(log, tmp_path, ring):
    log.grow(700)
    other = GrowingLog(tmp_path / "other", ring)
    other.grow(700, branch="other")
    for name in ("tile/0/001", "tile/entries/001"):
        shutil.copy(other.folder.root / name, log.folder.root / name)

    found = flaws(log)

    assert found[:2] == [
        ("tile/0/001", fsck.ALTERED, None),
        ("tile/0/001", fsck.UNPROVED, None),
    ]


def test_nothing_is_said_of_files_beyond_the_checkpoint_but_their_number(log):
    before = log.grow(250)
    log.grow(100)
    log.folder.publish(before)

    found = check_folder(LogFolder(log.folder.root), log.ring.keys)

    assert (found.size, found.flaws, found.ahead) == (250, [], 5)


def test_a_narrow_tile_left_behind_is_no_flaw_unless_it_holds_something_else(log):
    log.grow(100)
    root = log.folder.root
    kept = {name: (root / name).read_bytes() for name in ("tile/0/000.p/100",)}
    bundle = (root / "tile/entries/000.p/100").read_bytes()
    log.grow(200)
    log.folder.write([*kept.items(), ("tile/entries/000.p/100", bundle)])
    assert flaws(log) == []

    log.folder.write([("tile/0/000.p/100", bytes(3200))])

    assert flaws(log) == [("tile/0/000.p/100", fsck.STALE, None)]


def test_strange_files_are_named_and_unfinished_ones_are_not(log):
    log.grow(10)
    for name in ("tile/0/x000/000", "tile/0/0", "tile/notes.txt", "tile/0/.001.new"):
        (log.folder.root / name).parent.mkdir(exist_ok=True)
        (log.folder.root / name).write_bytes(b"?")

    found = flaws(log)

    assert sorted(file for file, _, _ in found) == ["tile/0/0", "tile/0/x000/000", "tile/notes.txt"]
    assert {reason for _, reason, _ in found} == {fsck.STRANGE}


def test_the_checkpoint_must_be_there_and_be_one(log):
    assert flaws(log) == [("checkpoint", fsck.NO_CHECKPOINT, None)]

    log.folder.root.mkdir()
    (log.folder.root / "checkpoint").write_text("hello")

    assert flaws(log) == [("checkpoint", fsck.NOT_CHECKPOINT, None)]


def test_a_checkpoint_that_cannot_be_read_is_named(log):
    (log.folder.root / "checkpoint").mkdir(parents=True)

    [(file, reason, _)] = flaws(log)

    assert (file, reason.lower()) == ("checkpoint", "is a directory")


@pytest.mark.parametrize("change", [{"size": 599}, {"size": 5}, {"root": bytes(32)}])
def test_of_a_forged_checkpoint_nothing_more_is_said(middle, change):
    note = middle.note()
    told = {"origin": ORIGIN, "size": 600, "root": middle.edge.root()} | change
    forged = Note(Checkpoint(**told).text, note.signatures).content.encode()

    with Spoilt(middle, "checkpoint", lambda _: forged):
        found = check_folder(LogFolder(middle.folder.root), middle.ring.keys)

    assert [(flaw.file, flaw.reason) for flaw in found.flaws] == [("checkpoint", fsck.FORGED)]
    assert found.size is None


def test_the_checkpoint_must_be_signed_by_a_key_that_is_trusted(log, tmp_path):
    log.grow(3)
    stranger = make_ring(tmp_path / "stranger", ORIGIN)
    namesake = make_ring(tmp_path / "namesake", "other.example.gov.cn/trace")

    found = check_folder(log.folder, stranger.keys)
    assert [flaw.reason for flaw in found.flaws] == [fsck.NOT_SIGNED]

    log.folder.publish(namesake.sign(Checkpoint(ORIGIN, 3, log.edge.root())))
    found = check_folder(log.folder, namesake.keys)

    assert [flaw.reason for flaw in found.flaws] == [fsck.OTHER_NAME]


def test_an_empty_log_has_the_root_of_an_empty_tree(log, ring):
    log.folder.publish(ring.sign(Checkpoint(ORIGIN, 0, EMPTY)))
    assert flaws(log) == []

    log.folder.publish(ring.sign(Checkpoint(ORIGIN, 0, bytes(32))))

    assert flaws(log) == [("checkpoint", fsck.NOT_EMPTY, None)]


def test_the_log_must_begin_with_what_an_older_checkpoint_covers(log, tmp_path, ring):
    older = log.grow(100)
    log.grow(500)
    rewritten = GrowingLog(tmp_path / "rewritten", ring)
    rewritten.grow(600, branch="other")
    short = GrowingLog(tmp_path / "short", ring)
    short.grow(50)

    assert flaws(log, since=older) == []
    assert flaws(rewritten, since=older) == [("checkpoint", fsck.NOT_CONTINUED, None)]
    assert flaws(short, since=older) == [("checkpoint", fsck.NOT_CONTINUED, None)]


def test_where_a_tile_is_missing_that_is_said_and_not_that_history_was_rewritten(log):
    older = log.grow(100)
    log.grow(500)
    (log.folder.root / "tile/0/000").unlink()

    assert flaws(log, since=older) == [("tile/0/000", MISSING, None)]


def test_an_older_checkpoint_that_nobody_signed_is_refused(log, tmp_path):
    log.grow(10)
    forged = make_ring(tmp_path / "stranger", ORIGIN).sign(Checkpoint(ORIGIN, 1, EMPTY))

    with pytest.raises(NoteUnsound):
        check_folder(log.folder, log.ring.keys, since=forged)


def test_the_check_ends_when_there_is_too_much_to_tell(log, monkeypatch):
    monkeypatch.setattr(fsck, "LIMIT", 3)
    log.grow(2000)
    for number in range(5):
        (log.folder.root / f"tile/entries/00{number}").unlink()

    found = check_folder(log.folder, log.ring.keys)

    assert (len(found.flaws), found.more) == (3, True)


def test_of_strange_files_too_only_so_many_are_named(log, monkeypatch):
    monkeypatch.setattr(fsck_files, "LIMIT", 3)
    log.grow(5)
    log.folder.write([(f"tile/strange-{number}", b"") for number in range(5)])

    found = check_folder(log.folder, log.ring.keys)

    assert (len(found.flaws), found.more) == (3, True)


def test_a_flaw_is_said_in_a_sentence(log):
    log.grow(5)
    log.folder.write([("tile/entries/000.p/5", pack([entry(0), b"x", *map(entry, (2, 3, 4))]))])
    [flaw] = check_folder(log.folder, log.ring.keys).flaws

    assert flaw.say() == (
        "tile/entries/000.p/5: entry 1 was altered, or another stands in its place"
    )
    assert "1" in flaw.say(translator("zh"))
    assert "altered" not in flaw.say(translator("zh"))
