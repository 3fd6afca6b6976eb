"""Why a paper is not made.  Light to import: commands catch these without loading Typst."""

from kaohe.locale import Translate
from kaohe.locale.words import N_


class PaperRefused(Exception):
    """A paper cannot be made as it should be.  ``code`` names why, ``facts`` say what with."""

    code = "paper-refused"
    text = N_("The document cannot be made.")

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence())

    def sentence(self, translate: Translate = str) -> str:
        """What is wrong and what to do, in the language of ``translate``."""
        return translate(self.text).format_map(self.facts)


class FontMissing(PaperRefused):
    """There is no Chinese typeface on this machine."""

    code = "font-missing"
    text = N_(
        "There is no Chinese typeface on this machine, so no paper can be set. Install the"
        " package fonts-noto-cjk (思源宋体 and 思源黑体), or put typefaces into a folder and name"
        " it in KAOHE_FONTS; the tables are complete without it."
    )


class CharacterMissing(PaperRefused):
    """The typefaces lack a character; facts: character, point ("U+4DAE"), where, others."""

    code = "character-missing"
    text = N_(
        "No typeface on this machine has the character “{character}” ({point}) of “{where}”"
        " ({others} more are missing). Put a typeface that has it into the folder that"
        " KAOHE_FONTS names, for instance 思源宋体 or 天珩全字库."
    )
