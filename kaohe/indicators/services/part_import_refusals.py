"""What is refused about files that are brought for a scheme."""

from collections.abc import Mapping
from typing import ClassVar

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


class WordFilesTooMany(Invalid):
    """More files than can be read at once."""

    code = "word-files.too-many"
    sentence = N_(
        "At most {limit} files can be sent at once. Send the rest when these are applied: what the"
        " draft has for units that a file does not name stays."
    )
    field = "file"


class WordArchiveUnfit(Invalid):
    """An archive that cannot be opened."""

    code = "word-files.archive-unfit"
    sentence = N_("The archive “{name}” was not opened: {why}. Pack the files anew as a .zip.")
    field = "file"
    words = frozenset({"why"})
    WHY: ClassVar[Mapping[str, str]] = {
        "damaged": N_("it is damaged, or no .zip"),
        "protected": N_("it is protected by a password"),
        "suspicious": N_("it would unpack to far more than ordinary files hold"),
        "empty": N_("there is no file in it"),
    }


class WordOldForm(Invalid):
    """A Word file of an old form."""

    code = "word-files.old-form"
    sentence = N_(
        "“{name}” is of an old form (.doc, .wps), which cannot be read. Open it in WPS or Word,"
        " save it as .docx, and send that."
    )
    field = "file"


class WordFilesNone(Invalid):
    """Nothing of what was sent can be read."""

    code = "word-files.none"
    sentence = N_(
        "None of the files that were sent can be read. Send Word files (.docx); open those of an"
        " old form (.doc, .wps) in WPS or Word and save them as .docx first."
    )
    field = "file"


class WordFileUnknown(Invalid):
    """A file that is not one of the import."""

    code = "word-files.unknown"
    sentence = N_("This file is not one of those that were sent together. Open the page anew.")


class WordUnitUnknown(Invalid):
    """A unit that the department does not have in this year."""

    code = "word-files.unit-unknown"
    sentence = N_("“{unit}” is no unit of the department in this year. Choose one from the list.")


class PartFileNotApplied(Conflict):
    """Only what was applied is taken back, and once."""

    code = "part-file.not-applied"
    sentence = N_("This file is not applied, or it was taken back already: nothing is to be done.")


class PartFileNotKept(Conflict):
    """It was applied by a version of the platform that did not keep the draft before."""

    code = "part-file.not-kept"
    sentence = N_(
        "What the draft said before this file was not kept. Compare the versions, and correct the"
        " draft by hand."
    )


class PartFileLeft(Conflict):
    """The version is no longer in the hands of those who draft."""

    code = "part-file.left"
    sentence = N_(
        "Version {number} is “{state}” now, so the file cannot be taken back. Have the version"
        " returned first, or draft the next one."
    )
    words = frozenset({"state"})


class PartFileEdited(Conflict):
    """The draft was edited after the file was applied."""

    code = "part-file.edited"
    sentence = N_(
        "The draft was edited since, last by {name} on {at}. Taking the file back would lose that,"
        " so nothing was done. Correct the draft by hand."
    )
