"""Why something about people and posts is refused."""

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_


class NoPerson(Invalid):
    """An appointment of nobody."""

    code = "tenure.no-person"
    sentence = N_("Choose a person, or enter the name of one who is not in the list yet.")
    field = "person"


class PersonElsewhere(Invalid):
    """A person belongs to the jurisdiction that entered them."""

    code = "tenure.person-elsewhere"
    sentence = N_("{name} belongs to another jurisdiction. Enter the person here anew.")
    field = "person"


class PlaceClosed(Conflict):
    """Nobody is put in a post of what is closed."""

    code = "tenure.place-closed"
    sentence = N_("“{name}” closed on {closed_on}. Enter a day up to then, or another place.")
    field = "from_on"


class InPostAlready(Conflict):
    """One person does not hold one post twice at a time."""

    code = "tenure.in-post-already"
    sentence = N_("{name} holds this post already (since {since}). Correct that one instead.")
    field = "post"


class PostHeld(Conflict):
    """A unit has one principal and one legal representative at a time."""

    code = "tenure.post-held"
    sentence = N_(
        "{name} holds this post (since {since}). Tick that the former one is relieved on the day"
        " before, enter a later day, or end that post first."
    )
    field = "from_on"


class EndsBeforeBegin(Invalid):
    """The last day in post is not before the first."""

    code = "tenure.ends-before-begin"
    sentence = N_("The post began on {begin}. Enter that day or a later one.")
    field = "to_on"


class TenureEnded(Conflict):
    """A post that has ended is corrected, not ended again."""

    code = "tenure.ended-already"
    sentence = N_("This post ended on {on} already. Where that day is wrong, correct the post.")
