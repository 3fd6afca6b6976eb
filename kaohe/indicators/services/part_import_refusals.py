"""What is refused about files that are brought for a scheme."""

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_


class PartFileNotRead(Conflict):
    """It was not read yet."""

    code = "part-file.not-read"
    sentence = N_("This file is not read yet. Wait until it is, and look at what was found.")


class PartFileOver(Conflict):
    """Applied or given up: nothing more can become of it."""

    code = "part-file.over"
    sentence = N_("This file was applied or given up already. Send it again to bring it anew.")


class PartFileBad(Invalid):
    """Cells that are not right; nothing of the file is applied."""

    code = "part-file.bad"
    sentence = N_(
        "{count} cells are not right yet, so nothing was applied. Correct them in the file and"
        " send it again."
    )


class PartFileNothing(Invalid):
    """Nothing in the file differs from the draft."""

    code = "part-file.nothing"
    sentence = N_("The file says what the draft says already. There is nothing to apply.")


class PartFileStale(Conflict):
    """The draft is no longer what the file was compared with."""

    code = "part-file.stale"
    sentence = N_(
        "The draft was changed since the file was read. Nothing was applied. Read it again, and"
        " look at what would change now."
    )


class PartFileConflicts(Invalid):
    """Cells that were changed in the draft and in the file, and nobody said which holds."""

    code = "part-file.conflicts"
    sentence = N_(
        "{count} cells were changed in the draft too. Look at them; if the file is right, tick"
        " that it holds."
    )
    field = "insist"


class PartFileNotScheme(Invalid):
    """Only departments' schemes are brought as files."""

    code = "part-file.not-scheme"
    sentence = N_("A file can be brought for a department's scheme only.")


class WordColumnUnknown(Invalid):
    """A column was given a meaning that there is not."""

    code = "word-columns.unknown"
    sentence = N_("“{field}” is no field of an indicator. Choose one from the list.")


class WordColumnTwice(Invalid):
    """Two columns were given one meaning."""

    code = "word-columns.twice"
    sentence = N_("Two columns would both be “{field}”. Choose it for one of them.")
