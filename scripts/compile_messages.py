"""Compile each translation catalogue (.po) to the form that programs read (.mo).

Beside each room's own ``.mo`` there is one ``django.mo`` with all of them: Django knows no rooms.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import polib

CATALOGUES = Path(__file__).parent.parent / "kaohe" / "locale"
ALL = "django.mo"
HEAD = {
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def main() -> int:
    """Compile all; fails where a text has two translations, after the first of them was taken."""
    failed = 0
    for folder in sorted(CATALOGUES.glob("*/LC_MESSAGES")):
        rooms = {path: polib.pofile(str(path)) for path in sorted(folder.glob("*.po"))}
        for path, room in rooms.items():
            room.save_as_mofile(str(path.with_suffix(".mo")))
        merged, twice = merge(rooms.values())
        merged.save_as_mofile(str(folder / ALL))
        for text in twice:
            sys.stderr.write(f"translated in two ways: {text}\n")
            failed = 1
    return failed


def merge(rooms: Iterable[polib.POFile]) -> tuple[polib.POFile, list[str]]:
    """All entries as one catalogue, and the texts that two rooms say differently."""
    merged = polib.POFile()
    merged.metadata = dict(HEAD)
    seen: dict[tuple[str | None, str], str] = {}
    twice = []
    for room in rooms:
        for entry in room:
            key = (entry.msgctxt, entry.msgid)
            if key not in seen:
                seen[key] = entry.msgstr
                merged.append(entry)
            elif seen[key] != entry.msgstr:
                twice.append(entry.msgid)
    return merged, twice


if __name__ == "__main__":
    sys.exit(main())
