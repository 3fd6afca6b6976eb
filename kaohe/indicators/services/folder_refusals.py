"""What is refused about the folder of a year."""

from collections.abc import Sequence

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_, Problem, errors_in


class FolderProblems(Invalid):
    """The folder is not sound; ``problems`` has all that is wrong with it."""

    code = "year-folder.refused"
    sentence = N_(
        "The folder cannot become a year: errors {count}, the first in {place}. Nothing of it was"
        " taken. Have it checked again, which lists them all; mend them, and bring it anew."
    )
    field = "file"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        errors = [each for each in problems if errors_in([each])]
        first = errors[0]
        place = " ".join(str(each) for each in (first.table, first.row, first.column) if each)
        super().__init__(count=len(errors), place=place or "—")


class FolderElsewhere(Invalid):
    """The folder is of another jurisdiction."""

    code = "year-folder.elsewhere"
    sentence = N_(
        "The folder is of the jurisdiction {found}, and this one is {here}. Import it there; or,"
        " if the code in its scheme.toml is mistyped, correct it."
    )
    field = "file"


class ExportUnfit(Conflict):
    """A year that no folder can be made of yet; ``problems`` says all that is in the way."""

    code = "year-folder.unfit"
    sentence = N_(
        "The year {year} cannot be exported yet: obstacles {count}. The first: {first} Remove them"
        " all, or export a draft."
    )
    words = frozenset({"first"})
