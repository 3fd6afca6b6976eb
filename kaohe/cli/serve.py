"""``kaohe serve``: the web server and a worker, watched over and started anew when they die."""

import argparse
import os
import signal
import socket
import subprocess
from pathlib import Path
from time import monotonic, sleep
from types import FrameType

from kaohe.cli import certificates
from kaohe.cli.children import Child
from kaohe.cli.platform import (
    die_with_parent,
    home,
    in_use,
    must_be_ready,
    on_platform,
)
from kaohe.cli.server import Server, Tls, addresses, trust_sentence
from kaohe.cli.talk import say
from kaohe.core.errors import Conflict, Invalid

PORT, PLAIN_PORT = 8443, 8000
HERE, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104  # passwords never cross a net in clear
PATIENCE = 40.0  # seconds that a process gets to end in peace
LOG_LIMIT, LOGS_KEPT = 10 * 1024 * 1024, 5
LOGS = ("access.log", "kaohe.log")


class PortTaken(Conflict):
    """Something else listens there."""

    code = "serve.port-taken"
    sentence = "Port {port} cannot be used ({reason}). Choose another with --port."


class CertificateUnfit(Invalid):
    """The files of --own-cert do not belong together, or are none."""

    code = "serve.certificate-unfit"
    sentence = "{certificate} and {key} cannot be used: {reason}"


@on_platform
def run(options: argparse.Namespace) -> int:
    _set_tls(plain=options.plain)
    options.port = options.port or (PLAIN_PORT if options.plain else PORT)
    options.host = options.host or (HERE if options.plain else EVERYWHERE)
    if options.child:
        die_with_parent(signal.SIGTERM)
        Server(
            _bind(options.host, options.port),
            _tls(options),
            home() / "logs" / LOGS[0],
            addresses=options.log_addresses,
        ).run()
        return 0
    must_be_ready()
    _port_must_be_free(options.host, options.port)
    tls = _tls(options)
    (home() / "logs").mkdir(exist_ok=True, mode=0o700)
    with in_use(alone=False):
        _greet(options, tls)
        return Watch(options).run()


def _set_tls(*, plain: bool) -> None:
    """Without TLS here, and none before us, cookies must travel over plain HTTP."""
    from django.conf import settings

    if plain and not settings.SECURE_PROXY_SSL_HEADER:
        os.environ["KAOHE_TLS"] = "off"
        settings.TLS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
        settings.SECURE_HSTS_SECONDS = 0


def _tls(options: argparse.Namespace) -> Tls | None:
    if options.plain:
        return None
    if options.own_cert:
        certificate, key = options.own_cert
        _must_be_a_pair(certificate, key)
        return Tls(certificate, key)
    files = certificates.ensure(home() / "keys" / "tls", _names(options))
    return Tls(files.certificate, files.key)


def _names(options: argparse.Namespace) -> list[str]:
    from django.conf import settings

    known = [host.lstrip(".") for host in settings.ALLOWED_HOSTS]
    return certificates.names_of_this_machine([options.host, *known])


def _must_be_a_pair(certificate: Path, key: Path) -> None:
    import ssl

    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "reason", None) or error.strerror or str(error)
        raise CertificateUnfit(certificate=certificate, key=key, reason=reason) from error


def _bind(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _port_must_be_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise PortTaken(port=port, reason=getattr(error, "strerror", error)) from error


def _greet(options: argparse.Namespace, tls: Tls | None) -> None:
    _ = options.translate
    found = addresses(options.host, options.port, plain=tls is None, names=_names(options))
    say(_("Kaohe is served at {addresses}").format(addresses="  ".join(found)))
    if tls is not None and not options.own_cert:
        say(trust_sentence(home() / "keys" / "tls" / "ca.crt", _))
    say(_("Stop it with Ctrl-C."))


class Watch:
    """Keeps server and worker alive until it is told to stop."""

    def __init__(self, options: argparse.Namespace) -> None:
        spoken = ["--lang", options.language]
        words = ["serve", *spoken, "--child", "--host", options.host, "--port", str(options.port)]
        words += ["--plain"] if options.plain else []
        words += ["--log-addresses"] if options.log_addresses else []
        if options.own_cert:
            words += ["--own-cert", *map(str, options.own_cert)]
        self.options = options
        self.server = Child(*words)
        self.children = [self.server]
        if not options.no_worker:
            self.children.append(Child("worker", *spoken, "--child"))
        self.stopping = False
        self.upkeep_due = 0.0

    def run(self) -> int:
        """Until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            for child in self.children:
                child.watch()
            if monotonic() >= self.upkeep_due:
                self.upkeep_due = monotonic() + 600
                self._upkeep()
            sleep(0.2)
        return self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> int:
        """Let both finish what they are at; then end them."""
        for child in self.children:
            child.tell(signal.SIGTERM)
        end = monotonic() + PATIENCE
        for child in self.children:
            if child.process is not None:
                try:
                    child.process.wait(max(end - monotonic(), 0.1))
                except subprocess.TimeoutExpired:
                    child.process.kill()
                    child.process.wait()
        return 0

    def _upkeep(self) -> None:
        """Logs that have grown are put aside; a certificate near its end is made anew."""
        folder = home() / "logs"
        if sum(put_aside(folder / name) for name in LOGS):
            self.server.tell(signal.SIGUSR1)  # gunicorn opens its log anew
        if not self.options.plain and not self.options.own_cert:
            certificates.ensure(home() / "keys" / "tls", _names(self.options))


def put_aside(log: Path, limit: int = LOG_LIMIT) -> bool:
    """Move a log that has grown beyond ``limit`` to .1, the earlier ones to .2 and so on."""
    if not log.exists() or log.stat().st_size <= limit:
        return False
    for number in range(LOGS_KEPT - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    log.replace(log.with_name(f"{log.name}.1"))
    return True
