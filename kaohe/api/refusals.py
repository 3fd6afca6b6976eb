"""What the API itself refuses: tokens, bodies, headers, cursors.

The rules of the business refuse in services; here is only what belongs to talking over HTTP.
"""

from typing import ClassVar

from kaohe.core.errors import Conflict, Invalid, NotFound, NotPermitted, Refusal
from kaohe.core.problems import N_
from kaohe.core.statuses import TITLE, status_of
from kaohe.organization.queries.tokens import TokenRests
from kaohe.organization.services.writing import Changed

TITLES = {
    **TITLE,
    400: N_("Not understood"),
    401: N_("No valid token"),
    405: N_("Not done this way"),
    412: N_("Changed meanwhile"),
    413: N_("Too large"),
    415: N_("Not JSON"),
    500: N_("A fault of ours"),
    503: N_("Busy"),
    507: N_("The disk is full"),
}


def http_status(refusal: Refusal, *, has_condition: bool = False) -> int:
    """The status of a refusal; what a condition of the request guards against fails that."""
    if isinstance(refusal, TokenRests):
        return 401
    if has_condition and isinstance(refusal, Changed):
        return 412
    own: int | None = getattr(refusal, "status", None)
    return own or status_of(refusal)


class OfRequest(Invalid):
    """A request that is no sound request; ``status`` says how."""

    status: ClassVar[int] = 400


class TokenMissing(NotPermitted):
    """Nothing says who asks."""

    code = "api.token-missing"
    status: ClassVar[int] = 401
    sentence = N_(
        "Send a token with the request: “Authorization: Bearer kaohe_…”. Who has an account makes"
        " one on the account page."
    )


class TokenUnknown(NotPermitted):
    """A token that is none of ours."""

    code = "api.token-unknown"
    status: ClassVar[int] = 401
    sentence = N_(
        "This token is not known here. Check that it was copied whole, or make a new one."
    )


class BeyondScope(NotPermitted):
    """The token was not made for this."""

    code = "api.beyond-scope"
    sentence = N_("This token was not made for “{scope}”. Make one with this scope.")


class AddressUnknown(NotFound):
    """No such address."""

    code = "api.address-unknown"
    sentence = N_("The API has no such address. /api/v1/openapi.json lists all that there are.")


class MethodUnknown(OfRequest):
    """The address is there, but not for this."""

    code = "api.method-unknown"
    status: ClassVar[int] = 405
    sentence = N_("This address does not take {method}; it takes {allowed}.")


class BodyNotText(OfRequest):
    """Bytes that are no UTF-8."""

    code = "api.body-not-text"
    sentence = N_("The body is not UTF-8 at byte {byte}. Send it in this encoding.")


class BodyNotJson(OfRequest):
    """A text that no reader of JSON understands."""

    code = "api.body-not-json"
    sentence = N_("The body is not JSON in line {line}, column {column}. Send one JSON value.")


class BodyNoNumber(OfRequest):
    """A number that JSON does not have, or that is far too long."""

    code = "api.body-no-number"
    sentence = N_("The body holds “{number}”, which is no number here. Correct it or leave it out.")


class BodyTwiceNamed(OfRequest):
    """Two members of one name: readers differ in which of them holds."""

    code = "api.body-twice-named"
    sentence = N_("“{name}” stands twice in one object of the body. Leave one of them out.")


class BodyTooDeep(OfRequest):
    """More levels than anything here has."""

    code = "api.body-too-deep"
    sentence = N_("The body has more than {levels} levels. Nothing here needs as many.")


class BodyTooLarge(OfRequest):
    """More than this address takes."""

    code = "api.body-too-large"
    status: ClassVar[int] = 413
    sentence = N_("The body is larger than {megabytes} MB. Nothing was saved. Send it in parts.")


class BodyNotTaken(OfRequest):
    """Another kind of content than the address takes."""

    code = "api.body-wrong-type"
    status: ClassVar[int] = 415
    sentence = N_("Send the body as “Content-Type: {wanted}”, in UTF-8.")


class HeaderUnsound(OfRequest):
    """A header that says nothing that is understood."""

    code = "api.header-unsound"
    sentence = N_("The header {name} is not understood. {how}")
    words: ClassVar[frozenset[str]] = frozenset({"how"})


class RequestUnsound(OfRequest):
    """A request that breaks the rules of HTTP."""

    code = "api.request-unsound"
    sentence = N_("The request is not sound HTTP. Check its host, headers and length.")


class CursorUnsound(Invalid):
    """A cursor that no answer of ours gave."""

    code = "api.cursor-unsound"
    sentence = N_(
        "This cursor is not one of this list. Take “next” from an answer as it is, or begin without"
        " a cursor."
    )
    field = "cursor"


class FieldsUnsound(Invalid):
    """Fields of a request that break their rules; ``errors`` of the problem lists each."""

    code = "api.fields-unsound"
    sentence = N_("{count} values of the request cannot be taken. Each is named under “errors”.")


class JurisdictionUnclear(Invalid):
    """It must be said where."""

    code = "api.jurisdiction-unclear"
    sentence = N_("You may do this in several jurisdictions. Say in which, by its code.")
    field = "jurisdiction"


class JurisdictionUnknown(NotFound):
    """A jurisdiction that is not there, or not for this person."""

    code = "api.jurisdiction-unknown"
    sentence = N_("There is no jurisdiction {jurisdiction} in which you may do this.")
    field = "jurisdiction"


class Broken(Conflict):
    """A bug, or a machine that cannot; the problem says nothing of what happened inside."""

    code = "api.broken"
    status: ClassVar[int] = 500
    sentence = N_(
        "Something went wrong on our side. Nothing was saved. The fault is in the log of the"
        " installation; tell its system administrator when it was."
    )


class DiskFull(Conflict):
    """There is no room to write."""

    code = "api.disk-full"
    status: ClassVar[int] = 507
    sentence = N_(
        "The disk of the installation is full. Nothing was saved, and nothing is half done. Tell"
        " its system administrator, and send the request again when there is room."
    )


class DatabaseBusy(Conflict):
    """Another piece of work holds the database."""

    code = "api.database-busy"
    status: ClassVar[int] = 503
    sentence = N_(
        "Another piece of work holds the database. Nothing was saved. Send the request again in a"
        " minute."
    )
