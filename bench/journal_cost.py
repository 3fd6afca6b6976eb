"""What an entry on the record adds to the CPU of a form that is sent over HTTP.

``python -m bench.journal_cost HOME`` serves the platform with one worker on loopback and corrects a
department again and again, batch by batch with the record written and with it patched out, in
turn.  The CPU is that of the worker's whole process, as the kernel counts it.  Prints JSON.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench import platform_home
from bench.measure import ROOT

BATCHES, SIZE = 20, 25
OFF = "HTTP_X_BENCH_WITHOUT_RECORD"


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The platform, which leaves the record out for a request that asks for it; one at a time."""
    global _inner
    if _inner is None:
        _inner = _patched()
    _without[0] = OFF in environ
    return _inner(environ, start_response)


_inner: Any = None
_without = [False]


def _patched() -> Any:
    from kaohe.config.wsgi import application as platform
    from kaohe.journal import services

    append, append_all = services.append, services.append_all

    def maybe(event: Any, *, by: Any) -> Any:
        return None if _without[0] else append(event, by=by)

    def maybe_all(events: Any, *, by: Any) -> Any:
        return [] if _without[0] else append_all(events, by=by)

    services.append, services.append_all = maybe, maybe_all
    return platform


class Client:
    """Somebody of the office with a form about a department."""

    def __init__(self, port: int, address: str, cookies: Mapping[str, str]) -> None:
        self.port, self.address, self.count = port, address, 0
        token = "a" * 32
        self.token = token
        cookie = "; ".join(f"{k}={v}" for k, v in {**cookies, "csrftoken": token}.items())
        self.headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def send(self, *, record: bool) -> None:
        """Correct the department.

        Raises:
            RuntimeError: it was not done.
        """
        self.count += 1
        body = urlencode(
            {
                "csrfmiddlewaretoken": self.token,
                "once_key": uuid4().hex,
                "short_name": f"简称{self.count}",
                "in_charge": "on",
            }
        )
        headers = self.headers if record else {**self.headers, "X-Bench-Without-Record": "1"}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        link.request("POST", self.address, body, headers)
        answer = link.getresponse()
        answer.read()
        link.close()
        if answer.status != 302:
            raise RuntimeError(f"{self.address}: {answer.status}")


def cpu_of(pid: int) -> float:
    """The CPU seconds that a process has used so far, all its threads together."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def serve(home: Path, port: int) -> tuple[subprocess.Popen[bytes], int]:
    """A server with one worker; the server, and the number of the worker's process."""
    command = [sys.executable, "-m", "gunicorn", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [*command, "--log-level", "error", "bench.journal_cost:application"],
        cwd=ROOT,
        env=platform_home.settings_of(home),
    )
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    for _ in range(200):
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)) and children.read_text().split():
                return server, int(children.read_text().split()[0])
        time.sleep(0.05)
    server.kill()
    raise RuntimeError("the server did not start")


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main(home: Path) -> None:
    """Measure, and print."""
    platform_home.begin(home)
    from django.db import connection
    from django.urls import reverse

    from kaohe.demo.platform import CITY
    from kaohe.organization.models import Department

    department = Department.objects.filter(jurisdiction__code=CITY).order_by("pk")[0]
    address = reverse("web:correct-department", args=[department.pk])
    cookies = platform_home.session_of("office_head")
    connection.close()
    port = free_port()
    server, worker = serve(home, port)
    try:
        found = measure(Client(port, address, cookies), worker)
    finally:
        server.terminate()
        server.wait(10)
    print(json.dumps(found))


def measure(client: Client, worker: int) -> dict[str, float]:
    """CPU seconds of one sending, with and without the record."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    for record in (True, False):
        client.send(record=record)  # what is done once only
    for turn in range(2 * BATCHES):
        record = turn % 2 == 0
        before = cpu_of(worker)
        for _ in range(SIZE):
            client.send(record=record)
        spent[record].append((cpu_of(worker) - before) / SIZE)
    return {"with": median(spent[True]), "without": median(spent[False])}


if __name__ == "__main__":
    os.chdir(ROOT)
    main(Path(sys.argv[1]))
