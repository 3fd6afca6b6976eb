"""Installations of our own for tests of the commands: real folders, databases and processes."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg

ROOT = Path(__file__).parents[2]
LONGEST = 90.0  # seconds; a test that waits longer has failed


class Installation:
    """A folder with its database, and the commands run on it."""

    def __init__(self, home, database=""):
        self.home, self.database = home, database
        self.processes = []

    @property
    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KAOHE_", "DJANGO_"))}
        kept |= {"KAOHE_HOME": str(self.home), "KAOHE_LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
        return kept | ({"KAOHE_DATABASE": self.database} if self.database else {})

    def run(self, *words, code=0, **more):
        """A command to its end; what it said."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "kaohe", *map(str, words)],
            env=self.environment | more.pop("env", {}),
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home.parent,
            timeout=180,
            **more,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def python(self, text, code=0):
        """Some lines of Python with Django set up; what they printed."""
        lines = "import django\ndjango.setup()\n" + text
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", lines],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "kaohe.config.settings"},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout.strip()

    def start(self, *words, prelude="", **settings):
        """A command that goes on, in a process group of its own, with some settings more."""
        text = (
            f"{prelude}\nfrom kaohe.cli.main import main\nraise SystemExit(main({list(words)!r}))"
        )
        path = self.home.parent / f"out-{len(self.processes)}"
        with path.open("w+b") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", text]
                if prelude
                else [sys.executable, "-m", "kaohe", *words],
                env=self.environment
                | {"DJANGO_SETTINGS_MODULE": "kaohe.config.settings"}
                | settings,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process.log = path
        self.processes.append(process)
        return process

    def end(self):
        """Nothing of it is left running."""
        for process in self.processes:
            for pid in [*below(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait(10)

    def copy(self, folder):
        """The same, in another folder, with another database."""
        shutil.copytree(self.home, folder / "home")
        database = ""
        if self.database:
            database = new_database(self.database)
        return Installation(folder / "home", database)


def new_database(address):
    """A database that is a copy of the one at an address, or an empty one beside it."""
    parts = urlsplit(address)
    name, old = f"k{uuid4().hex[:12]}", parts.path.lstrip("/")
    host = re.search(r"host=([^&]+)", parts.query).group(1)
    with psycopg.connect(host=host, user="kaohe", dbname="postgres", autocommit=True) as connection:
        template = f" TEMPLATE {old}" if old.startswith("k") and old != "kaohe" else ""
        connection.execute(f"CREATE DATABASE {name}{template}")
    return parts._replace(path=f"/{name}").geturl()


def below(pid):
    """The processes that a process has started, and those that these have, deepest first."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError):
            if folder.name.isdigit():
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
                if int(parent) == pid:
                    found += [*below(int(folder.name)), int(folder.name)]
    return found


def commands(pid):
    """What each process below a process runs."""
    told = {}
    for each in below(pid):
        with contextlib.suppress(OSError):
            told[each] = Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return told


def poll(ask, enough=bool, seconds=LONGEST):
    """The first answer that is enough; asks again and again, but not for ever."""
    end = monotonic() + seconds
    while True:
        answer = ask()
        if enough(answer):
            return answer
        assert monotonic() < end, answer
        Event().wait(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
