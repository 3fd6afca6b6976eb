"""Why an erasure is refused."""

from kaohe.core.errors import Conflict, Invalid, NotPermitted
from kaohe.core.problems import N_


class NothingToErase(Invalid):
    """A request about nothing."""

    code = "erasure.nothing"
    sentence = N_(
        "Nothing is left to erase here. Choose at least one text that is still kept, or, where"
        " another request has erased them all, refuse this one."
    )
    field = "names"


class AskedAlready(Conflict):
    """The same is asked for once."""

    code = "erasure.asked-already"
    sentence = N_(
        "Request № {number} about the same waits to be carried out. Follow that one, or leave out"
        " the texts that it is about."
    )
    field = "names"


class ErasureSettled(Conflict):
    """A request is carried out, or refused, once."""

    code = "erasure.settled"
    sentence = N_(
        "This request has been carried out or refused already. Nothing was done. Open it anew to"
        " see what came of it."
    )


class OneHandErases(NotPermitted):
    """Two persons: who asks does not carry out."""

    code = "erasure.one-hand"
    sentence = N_(
        "You asked for this erasure yourself. Another person must carry it out or refuse it: the"
        " audit administrator."
    )


class OtherTextsNow(Conflict):
    """What would go is not what was looked at."""

    code = "erasure.other-texts-now"
    sentence = N_(
        "Since you opened this page, texts have come or gone. Nothing was erased. Look again at"
        " what would go."
    )


class PersonInPost(Conflict):
    """The register of today's posts is kept by law."""

    code = "person.in-post"
    sentence = N_(
        "{name} holds a post or a seat today. While that is so the law asks that the register says"
        " who it is. End the post first; single texts of entries can be erased meanwhile."
    )


class PersonErased(Conflict):
    """There is nothing left about the person."""

    code = "person.erased-already"
    sentence = N_("Everything about this person has been erased already.")
