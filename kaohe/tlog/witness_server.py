"""A witness over HTTP: small enough for another department's old machine.

What is signed protects itself, so plain HTTP within a network is enough; a proxy before it may
speak TLS.  Callers are strangers: each has a bounded body, a bounded time, and one of few places.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, SO_REUSEADDR, SOL_SOCKET, AddressFamily, socket
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any

from kaohe.tlog.witness import TEXT, Answer, Witness
from kaohe.tlog.witness_request import REQUEST_LIMIT

SECONDS = 20.0  # that a caller gets for all it has to say
AT_ONCE = 32  # callers; others are turned away until one is done
_SUBMISSION = "/add-checkpoint"
_PUBLISHED = re.compile(r"/([0-9a-f]{64})/checkpoint")
Say = Callable[[str], None]


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness at an address."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], witness: Witness, say: Say, seconds: float = SECONDS
    ) -> None:
        self.witness, self.say, self.seconds = witness, say, seconds
        self._places = BoundedSemaphore(AT_ONCE)
        self._since: dict[socket, float] = {}
        self._lock = Lock()
        if ":" in address[0]:
            self.address_family = AddressFamily.AF_INET6
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Take the address, without asking the network for our own name as the library would.

        One that was stopped a moment ago leaves it taken for a minute; not for us.
        """
        self.socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a caller a thread, if a place is free."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        with self._lock:
            self._since[request] = monotonic()
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # the system gives us no more threads
            self._leave(request)
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve a caller; the place is free again afterwards, whatever happens."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._leave(request)

    def _leave(self, request: socket) -> None:
        with self._lock:
            self._since.pop(request, None)
        self._places.release()

    def service_actions(self) -> None:
        """Cut off those whose time is over; called again and again while serving."""
        with self._lock:
            late = [each for each, at in self._since.items() if monotonic() - at > self.seconds]
        for each in late:
            with suppress(OSError):
                each.shutdown(SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "kaohe-witness", ""

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.seconds)

    def do_POST(self) -> None:
        if self.path.partition("?")[0] != _SUBMISSION:
            self._answer(Answer(404, b"not found\n"))
            return
        body = self._body()
        if isinstance(body, Answer):
            self.close_connection = True  # what was not read would be taken for a next request
            self._answer(body)
            return
        self._answer(self.server.witness.add_checkpoint(body))

    def _body(self) -> bytes | Answer:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            return Answer(411, b"Content-Length is needed\n")
        if len(length) > 9 or int(length) > REQUEST_LIMIT:
            return Answer(413, b"too large\n")
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else Answer(400, b"cut off\n")

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if match := _PUBLISHED.fullmatch(path):
            self._answer(self.server.witness.published(match[1]))
        elif path == "/vkey":
            self._answer(Answer(200, f"{self.server.witness.home.key.vkey}\n".encode()))
        else:
            self._answer(Answer(404, b"not found\n"))

    do_HEAD = do_GET

    def _answer(self, answer: Answer) -> None:
        reason = "" if answer.status < 400 or answer.kind != TEXT else answer.body.decode().strip()
        self._say(f"{self.command} {answer.status} {reason}".rstrip())
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _say(self, sentence: str) -> None:
        """Tell the operator, whatever characters a caller has chosen; nobody need listen."""
        with suppress(OSError, ValueError):
            self.server.say("".join(each if each.isprintable() else "?" for each in sentence))

    def log_message(self, format: str, *args: Any) -> None:  # the library's name
        """Callers' addresses and what they typed are nobody's business."""
