"""One call over http or https: bounded in time and in size, to the address named and no other.

No redirects are followed and no proxy is asked: who answers is who was called.
"""

import ssl
from contextlib import closing, suppress
from dataclasses import dataclass
from errno import EHOSTUNREACH, ENETUNREACH
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from socket import SHUT_RDWR, gaierror, socket
from threading import Timer
from urllib.parse import urlsplit

from kaohe.core.errors import Conflict, Invalid
from kaohe.core.problems import N_

SECONDS = 15.0  # for the whole of a call

NO_ADDRESS = N_("it must begin with http:// or https:// and name a machine")
TOO_SLOW = N_("the answer took too long")
TOO_LARGE = N_("the answer is larger than it can rightly be")
NOT_HTTP = N_("what answered does not speak HTTP")
NOBODY = N_("the machine is there, but nothing answers at that port")
CUT_OFF = N_("the connection was cut off")
UNKNOWN = N_("the name of the machine is not known in the network")
NO_WAY = N_("no way leads to the machine")
NOT_TRUSTED = N_("its certificate is not from an authority that is trusted here, or has run out")
_TOLD: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, TOO_SLOW),
    (ConnectionRefusedError, NOBODY),
    (ConnectionError, CUT_OFF),
    (ssl.SSLCertVerificationError, NOT_TRUSTED),
    (gaierror, UNKNOWN),
    (HTTPException, NOT_HTTP),
)


class AddressUnfit(Invalid):
    """What should be the address of a log or a witness is none."""

    code = "log.address-unfit"
    sentence = N_("“{url}” is no address to call: {reason}. Correct it.")
    words = frozenset({"reason"})


class Unreachable(Conflict):
    """Nobody answered, or not as could be understood; trying again later may work."""

    code = "log.unreachable"
    sentence = N_(
        "{url} could not be reached ({reason}). Nothing is lost: what is missing is made up for at"
        " the next try. Look whether that machine runs and the network leads to it."
    )
    words = frozenset({"reason"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, kind of content (lower case), content."""

    status: int
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """How calls are made: how long one may take, and whom TLS believes (None: the system's)."""

    seconds: float = SECONDS
    authorities: Path | None = None

    def call(self, url: str, *, limit: int, body: bytes | None = None) -> Reply:
        """Get what is at an address, or post ``body`` to it.

        Args:
            limit: of the answer, in bytes.

        Raises:
            AddressUnfit: it is no http(s) address.
            Unreachable: no answer in time, or none that can be understood.
        """
        connection, path = self._connection(url)
        late = _Late()
        with closing(connection):
            try:
                connection.connect()
                late.watch(connection.sock, self.seconds)
                headers = {"Accept-Encoding": "identity", "Connection": "close"}
                connection.request("GET" if body is None else "POST", path, body, headers)
                return _reply(connection.getresponse(), url, limit)
            except (OSError, HTTPException) as error:
                raise Unreachable(url=url, reason=_reason(error, late=late.came)) from error
            finally:
                late.end()

    def _connection(self, url: str) -> tuple[HTTPConnection, str]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise AddressUnfit(url=url[:200], reason=NO_ADDRESS) from error
        path = parts.path or "/"
        if not host or parts.scheme not in ("http", "https") or not _is_plain(host + path):
            raise AddressUnfit(url=url[:200], reason=NO_ADDRESS)
        if parts.scheme == "http":
            return HTTPConnection(host, port, timeout=self.seconds), path
        try:
            context = ssl.create_default_context(cafile=self.authorities)
        except (OSError, ssl.SSLError) as error:
            raise Unreachable(url=url, reason=f"{self.authorities}: {error}") from error
        return HTTPSConnection(host, port, timeout=self.seconds, context=context), path


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


class _Late:
    """Cuts a connection off when its time is over, whatever it is doing."""

    def __init__(self) -> None:
        self.came = False
        self._timer: Timer | None = None

    def watch(self, connection: socket, seconds: float) -> None:
        self._timer = Timer(seconds, self._cut, [connection])
        self._timer.daemon = True
        self._timer.start()

    def _cut(self, connection: socket) -> None:
        self.came = True
        with suppress(OSError):
            connection.shutdown(SHUT_RDWR)

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _reply(response: HTTPResponse, url: str, limit: int) -> Reply:
    body = response.read(limit + 1)
    if len(body) > limit:
        raise Unreachable(url=url, reason=TOO_LARGE)
    if response.length:  # it promised more than came
        raise ConnectionError("cut off")
    kind = response.headers.get_content_type()
    return Reply(response.status, kind, body)


def _reason(error: OSError | HTTPException, *, late: bool) -> str:
    if late:
        return TOO_SLOW
    for kind, told in _TOLD:
        if isinstance(error, kind):
            return told
    if isinstance(error, OSError) and error.errno in (EHOSTUNREACH, ENETUNREACH):
        return NO_WAY
    return str(getattr(error, "strerror", None) or error)
