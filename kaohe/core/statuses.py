"""The number by which each family of refusals is told over HTTP, and what the number is called.

Pages and the API say the same thing with the same number.
"""

from kaohe.core.errors import Conflict, Invalid, NotFound, NotPermitted, Refusal
from kaohe.core.problems import N_

STATUS = {Invalid: 422, NotPermitted: 403, NotFound: 404, Conflict: 409}
TITLE = {
    403: N_("Not allowed"),
    404: N_("Nothing here"),
    409: N_("Changed meanwhile"),
    422: N_("Not possible"),
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal's family."""
    return next(code for family, code in STATUS.items() if isinstance(refusal, family))
