"""Which typefaces a paper is set in, and whether they hold every character of it.

Typst looks through the folders of the system (``/usr/share/fonts``, ``~/.local/share/fonts``,
``~/.fonts`` …); a site puts the typefaces that it has licensed (仿宋, 小标宋, 楷体, 黑体) into a
folder of its own and names it in ``KAOHE_FONTS``.  Where they are absent, the free Noto CJK
typefaces stand in.  A paper is never made with boxes in place of characters: without a Chinese
typeface it is refused, and so is a character that none of the typefaces has.
"""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import category

import typst
from fontTools.ttLib import TTFont

from kaohe.documents.refusals import CharacterMissing, FontMissing

SONG = (
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "SimSun",
)
HEI = (
    "SimHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
)
WANTED: Mapping[str, tuple[str, ...]] = {  # GB/T 9704-2012, 5.2.2 and 7, then what is free
    "body": ("FangSong_GB2312", "FangSong", "STFangsong", *SONG),
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", *SONG),
    "heading": HEI,
    "subheading": ("KaiTi_GB2312", "KaiTi", "STKaiti", "LXGW WenKai", *SONG),
    "song": SONG,
    "sans": ("Noto Sans CJK SC", *HEI),
}


@dataclass(frozen=True, slots=True)
class Typefaces:
    """The families for each part of a paper, best first, and the files that hold them."""

    families: Mapping[str, tuple[str, ...]]  # by the keys of WANTED
    files: Mapping[str, tuple[str, int]]  # family: path, index in a collection
    folders: tuple[str, ...]
    system: bool  # whether the system's folders were looked through as well

    @classmethod
    def find(cls, folders: Sequence[Path] | None = None, *, system: bool = True) -> "Typefaces":
        """What there is on this machine.

        Args:
            folders: where to look besides the system; by default the folder of ``KAOHE_FONTS``.
            system: whether to look through the system's folders.

        Raises:
            FontMissing: a part of a paper would have no Chinese typeface at all.

        Source: GB/T 9704-2012, 5.2.2.
        """
        own = own_folders() if folders is None else tuple(str(folder) for folder in folders)
        found = typst.Fonts(
            include_system_fonts=system, include_embedded_fonts=False, font_paths=list(own)
        ).fonts()
        files: dict[str, tuple[str, int]] = {}
        for font in sorted(found, key=lambda font: abs(font.weight - 400)):
            if font.path is not None:
                files.setdefault(font.family, (str(font.path), font.index))
        families = {
            part: tuple(dict.fromkeys(name for name in wanted if name in files))
            for part, wanted in WANTED.items()
        }
        if not families["song"]:
            families = {part: names or families["sans"] for part, names in families.items()}
        if not families["song"]:
            raise FontMissing
        whole = families["song"]
        return cls({part: names or whole for part, names in families.items()}, files, own, system)

    @property
    def standin(self) -> dict[str, bool]:
        """The parts for which another typeface stands in; headings among them need weight."""
        free = {*SONG, *HEI} - {"SimHei"}  # SimHei is heavy as it is
        return {part: names[0] in free for part, names in self.families.items()}

    def lacking(self, text: Iterable[str]) -> list[str]:
        """The characters that no typeface of the papers has, in order of code point.

        A character above U+00FF only: what is below stands in every typeface.  Marks that are not
        seen (direction, joining) need no glyph.
        """
        wanted = {
            character
            for part in text
            for character in part
            if ord(character) > 0xFF and category(character) != "Cf"
        }
        for family in dict.fromkeys(name for names in self.families.values() for name in names):
            if not wanted:
                break
            wanted -= held(self.files[family], wanted)
        return sorted(wanted)

    def insist(self, texts: Iterable[str]) -> None:
        """Refuses texts (names of units, persons, items …) that cannot be printed.

        Raises:
            CharacterMissing: names the first character and the text in which it stands.
        """
        texts = list(texts)
        lacking = self.lacking(texts)
        if lacking:
            character = lacking[0]
            raise CharacterMissing(
                character=character,
                point=f"U+{ord(character):04X}",
                where=_around(character, next(text for text in texts if character in text)),
                others=len(lacking) - 1,
            )


def _around(character: str, text: str) -> str:
    """The entry of a list of names, or the sentence, in which a character stands."""
    return next(part for part in re.split(r"[、；。\n]", text) if character in part).strip()


def own_folders() -> tuple[str, ...]:
    """The folder that ``KAOHE_FONTS`` names, if it does."""
    folder = os.environ.get("KAOHE_FONTS", "")
    return (folder,) if folder else ()


def held(file: tuple[str, int], characters: Iterable[str]) -> set[str]:
    """Those of the characters for which a font file has a glyph."""
    points = code_points(*file)
    return {character for character in characters if ord(character) in points}


@cache
def code_points(path: str, index: int) -> frozenset[int]:
    """The characters of one font of a file, which may be a collection of several."""
    with Path(path).open("rb") as file:
        collection = file.read(4) == b"ttcf"
    with TTFont(path, fontNumber=index if collection else -1, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})
