"""A log in a folder checked through: also the files that nobody would ask for."""

from collections.abc import Iterable
from pathlib import Path

from kaohe.core.merkle import leaf_hash
from kaohe.core.notes import Key, Note
from kaohe.core.tiles import ENTRIES, WIDTH, Tile, hashes_of, tile_of, unpack
from kaohe.tlog.folder import CUT, LogDamaged, LogFolder
from kaohe.tlog.fsck import LIMIT, STALE, STRANGE, Checked, Flaw, Progress, check_log


def check_folder(
    folder: LogFolder,
    keys: Iterable[Key],
    progress: Progress | None = None,
    since: Note | None = None,
) -> Checked:
    """Check a log in a folder through; see ``check_log``.

    Beyond that, what lies there and does not belong is named: strange files, and partial tiles left
    behind that contradict the full ones.

    Raises:
        NoteUnsound, CheckpointUnsound: ``since`` is no signed checkpoint.
    """
    found = check_log(folder, keys, progress, since)
    if found.size is None:
        return found
    base = folder.root / "tile"
    for path in base.rglob("*") if base.is_dir() else ():
        if path.is_dir() or _is_unfinished(path):
            continue
        name = path.relative_to(folder.root).as_posix()
        tile = tile_of(name)
        if tile is not None and _end(tile) > found.size:
            found.ahead += 1
            continue
        reason = STRANGE if tile is None else _wrong(folder, path, tile, found)
        if reason and all(flaw.file != name for flaw in found.flaws):
            if len(found.flaws) >= LIMIT:
                found.more = True
                break
            found.flaws.append(Flaw(name, reason))
    return found


def _is_unfinished(path: Path) -> bool:
    """Whether it was being written when the machine stopped: it bears no name of the log yet."""
    return path.name.startswith(".") and path.name.endswith(".new")


def _end(tile: Tile) -> int:
    """How many entries a log must have to hold a tile."""
    hashes = tile.number * WIDTH + tile.width
    return int(hashes * WIDTH ** max(tile.level, 0))


def _wrong(folder: LogFolder, path: Path, tile: Tile, found: Checked) -> str:
    """What is wrong with a partial tile's own file; full ones were checked on the way down."""
    if tile.width == WIDTH:
        return ""
    level = max(tile.level, 0)
    there = (found.size or 0) // WIDTH**level - tile.number * WIDTH
    known = Tile(level, tile.number, min(there, WIDTH))
    try:
        content = path.read_bytes()
        row = list(map(leaf_hash, unpack(content))) if tile.level == ENTRIES else hashes_of(content)
        expected = list(folder.hashes(known)[: tile.width])
    except (OSError, ValueError):
        return CUT
    except LogDamaged:
        return ""  # the tile that would tell is missing, and was named
    if len(row) != tile.width:
        return CUT
    is_known = tile.width == known.width or any(flaw.file == known.path for flaw in found.flaws)
    return "" if row == expected or is_known else STALE
