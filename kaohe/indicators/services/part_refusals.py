"""What is refused about the parts of a year's scheme when a move is carried out."""

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_


class PartThere(Conflict):
    """A part is begun once."""

    code = "part.there"
    sentence = N_("This was begun already. Open it and go on there.")


class YearIsClosed(Conflict):
    """Nothing is drafted for a year that is over."""

    code = "part.year-closed"
    sentence = N_("The year {year} is closed: nothing of it changes any more.")


class PartNotSound(Invalid):
    """The check-up found errors."""

    code = "part.not-sound"
    sentence = N_(
        "The check-up found {count} errors, so it cannot be handed in. The first: {first}. Mend"
        " each, then hand it in again."
    )


class PartUnchanged(Invalid):
    """A revision that revises nothing."""

    code = "part.unchanged"
    sentence = N_(
        "Nothing differs from version {number}, which is in force: there is nothing to hand in."
        " Change it, or give the draft up."
    )


class PartNoteMissing(Invalid):
    """A later version says why."""

    code = "part.note-missing"
    sentence = N_(
        "A version after the first says what changes and why: write it, then hand it in again."
    )
    field = "change_note"


class PartMoved(Conflict):
    """Units of a scheme are no longer under its department, or no longer take part."""

    code = "part.units-moved"
    sentence = N_(
        "Units have left this department since the scheme was handed in, or take no part any more:"
        " {units}. Return it, so that their sheets are taken out: a new department takes the sheet"
        " over into its own draft, and nothing of it is lost. Where the register is wrong, mend it."
    )


class PartUndoes(Conflict):
    """Targets were adjusted after the draft began, and it holds the old ones."""

    code = "part.undoes-adjustment"
    sentence = N_(
        "Targets of these units were adjusted after this version was drafted, and it still holds"
        " the old ones: {units}. Return it, so that the adjusted values are entered."
    )


class PartReturnedOften(Invalid):
    """A further return, with nothing but marks."""

    code = "part.returned-often"
    sentence = N_(
        "This version was returned {count} times already. A further return needs a reason for the"
        " whole: write what is still to be changed, besides the marks on cells."
    )
    field = "reason"


class MarkNowhere(Invalid):
    """A mark on a cell that the version does not have."""

    code = "part.mark-nowhere"
    sentence = N_("There is no cell “{path}” in this version. Open the page anew and mark again.")


class SheetReceived(Conflict):
    """A sheet is received once."""

    code = "sheet.received"
    sentence = N_("The receipt of this sheet was confirmed already, by {name} on {day}.")


class SheetNotInForce(Conflict):
    """Only what is in force is received."""

    code = "sheet.not-in-force"
    sentence = N_("This version of the sheet is no longer in force. Open the latest one.")


class NothingToRenew(Invalid):
    """Every sheet holds the common template in force."""

    code = "sheet.nothing-to-renew"
    sentence = N_("Every sheet holds the common template that is in force: nothing is to be done.")


class TemplateMissing(Conflict):
    """Sheets hold the common indicators, so these come first."""

    code = "part.template-missing"
    sentence = N_(
        "The common template of {year} is not issued yet. Issue it first: every sheet holds it."
    )
