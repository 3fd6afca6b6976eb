"""The web server: gunicorn as a library, two processes of eight threads."""

import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from gunicorn.app.base import BaseApplication

from kaohe.locale import Translate

PROCESSES, THREADS = 2, 8
LONGEST_ADDRESS = 8190  # as much as can be: a page of cells that are marked sends their paths
SILENCE = 10  # seconds that a caller may keep us waiting in the middle of a request
LINE = '%(t)s %(m)s "%(U)s" %(s)s %(B)s %(M)sms'  # nobody's address, no query, no browser
WITH_ADDRESSES = "%(h)s " + LINE


class Tls(NamedTuple):
    """The server's certificate and its key."""

    certificate: Path
    key: Path


class Server(BaseApplication):
    """gunicorn with our settings; nothing is read from its own files."""

    def __init__(self, address: str, tls: Tls | None, log: Path, *, addresses: bool) -> None:
        self._wanted: dict[str, Any] = {
            "bind": [address],
            "workers": PROCESSES,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 120,
            "graceful_timeout": 30,
            "keepalive": 15,
            "limit_request_line": LONGEST_ADDRESS,
            "accesslog": str(log),
            "access_log_format": WITH_ADDRESSES if addresses else LINE,
            "control_socket_disable": True,
            "when_ready": hurry,
            "loglevel": "error",  # its warnings name the addresses of callers
        }
        if tls is not None:
            self._wanted |= {
                "certfile": str(tls.certificate),
                "keyfile": str(tls.key),
                "ssl_context": modern,
            }
        super().__init__()

    def load_config(self) -> None:
        """Our settings."""
        for name, value in self._wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, before the processes are forked: none of them opens a connection."""
        from django.core.wsgi import get_wsgi_application
        from django.db import connections

        from kaohe.cli.ready import make_ready

        application = get_wsgi_application()
        make_ready()
        connections.close_all()
        return application


def hurry(server: Any) -> None:
    """Callers who stop in the middle of a request are cut off, or a few could hold every thread.

    The option is inherited by each connection that a listener accepts.
    """
    for listener in server.LISTENERS:
        waits = struct.pack("ll", SILENCE, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, waits)


def modern(_config: Any, default: Callable[[], Any]) -> Any:
    """TLS 1.2 or newer."""
    import ssl

    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def addresses(host: str, port: int, *, plain: bool, names: list[str]) -> list[str]:
    """Where the pages are found, as one types it."""
    scheme = "http" if plain else "https"
    if host in ("0.0.0.0", "::"):  # noqa: S104
        chosen = [name for name in names if ":" not in name and name != "localhost"]
    else:
        chosen = [f"[{host}]" if ":" in host else host]
    return [f"{scheme}://{name}:{port}/" for name in chosen]


def trust_sentence(authority: Path, _: Translate) -> str:
    """What must be done on the clients, once."""
    sentence = _(
        "The certificate is signed by an authority of this installation. Install {file} on each"
        " client once, as a trusted root authority; until then browsers warn."
    )
    return sentence.format(file=authority)
