"""Compile each translation catalogue (.po) to the form that programs read (.mo)."""

import sys
from pathlib import Path

import polib

CATALOGUES = Path(__file__).parent.parent / "kaohe" / "locale"


def main() -> int:
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
