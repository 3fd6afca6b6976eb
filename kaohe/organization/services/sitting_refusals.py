"""What is refused about sittings of the committee, and where a sitting can stand."""

from collections.abc import Mapping

from kaohe.core.errors import Conflict, Invalid, NotPermitted
from kaohe.core.problems import N_

STATES: Mapping[str, str] = {
    "planned": N_("planned"),
    "open": N_("under way"),
    "closed": N_("closed"),
}


class SittingNotSo(Conflict):
    """A deed that does not fit where the sitting stands."""

    code = "sitting.not-so"
    sentence = "This is not possible now: the sitting is {state}. Open its page anew."
    words = frozenset({"state"})


class SittingClosed(Conflict):
    """What is closed never changes."""

    code = "sitting.closed"
    sentence = (
        "The sitting is closed and nothing of it changes any more. Plan another sitting and put"
        " the matter on its agenda."
    )


class NoMatters(Invalid):
    """A sitting without an agenda."""

    code = "sitting.no-matters"
    sentence = "There is nothing on the agenda yet. Enter at least one matter first."


class AttendanceMissing(Invalid):
    """Nobody is noted as present."""

    code = "sitting.attendance-missing"
    sentence = "Nobody is noted as present yet. Note who came before anything is decided."


class MattersUndecided(Invalid):
    """A sitting cannot close over an open matter."""

    code = "sitting.matters-undecided"
    sentence = (
        "{count} matters have no decision yet: {numbers}. Record one for each; “deferred” is one."
    )


class MinutesMissing(Invalid):
    """A sitting cannot close without minutes: they could not be added later."""

    code = "sitting.minutes-missing"
    sentence = "There are no minutes yet. Write them first: after closing nothing can be added."


class MinutesUnfinished(Invalid):
    """Minutes in which a gap of the outline is still open."""

    code = "sitting.minutes-unfinished"
    sentence = "The minutes still have “……” that is not filled in. Complete them, then confirm."


class SittingAhead(Invalid):
    """A sitting cannot be held, nor closed, before its day."""

    code = "sitting.ahead"
    sentence = "The sitting is dated {day}, which is still ahead. Correct its day first."


class OwnRecord(NotPermitted):
    """Who recorded the decisions does not confirm them."""

    code = "sitting.own-record"
    sentence = (
        "You recorded decisions of this sitting yourself, so another person must confirm and close"
        " it."
    )


class MatterDecided(Conflict):
    """A decision is a conclusion."""

    code = "sitting.matter-decided"
    sentence = (
        "This matter is decided, and a decision is never edited. To correct it, enter another"
        " matter on the agenda and decide on that."
    )


class TooManyVotes(Invalid):
    """More votes than voters."""

    code = "decision.too-many-votes"
    sentence = (
        "{votes} votes are entered, and {voters} may vote: those present without those who stand"
        " aside. Correct the votes, the attendance or the recusals."
    )
    field = "votes_for"


class OutcomeUnknown(Invalid):
    """An outcome that there is not."""

    code = "decision.outcome-unknown"
    sentence = "“{outcome}” is no outcome. Choose one of: {outcomes}."
    field = "outcome"


class NotCarried(Invalid):
    """Called approved, but the votes say otherwise."""

    code = "decision.not-carried"
    sentence = (
        "For: {votes_for}, against: {against}. A matter is approved with more votes for than"
        " against. Correct the votes or the outcome."
    )
    field = "votes_for"


class NotOfThisSitting(Invalid):
    """A seat that has no place in the sitting."""

    code = "sitting.seat-elsewhere"
    sentence = "A seat that you chose was not held on the day of the sitting. Open the page anew."


class RecusedAlready(Conflict):
    """One recusal for each seat and matter."""

    code = "recusal.there-already"
    sentence = "{name} stands aside in this matter already."
    field = "seat"


class ReasonMissing(Invalid):
    """A recusal without a reason."""

    code = "recusal.reason-missing"
    sentence = "A recusal needs its reason. Write why the person stands aside."
    field = "reason"


class RecusalUnanswered(Invalid):
    """Who should stand aside is there, and nobody said whether they do."""

    code = "decision.recusal-unanswered"
    sentence = (
        "{names}: should stand aside in this matter. Choose for each whether the recusal is"
        " recorded or not, and give the reason."
    )


class StayReasonMissing(Invalid):
    """Somebody who should stand aside does not, and nobody said why."""

    code = "decision.stay-reason-missing"
    sentence = "{name} should stand aside and does not. Write the reason; it goes on record."
