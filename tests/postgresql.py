"""A PostgreSQL of our own for tests: made in a temporary folder, reached by a socket, removed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
}


def programs() -> Path | None:
    """The folder of the newest installed server's programs."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    found = shutil.which("initdb")
    return folders[-1] if folders else Path(found).parent if found else None


@contextmanager
def cluster() -> Iterator[Path]:
    """The folder of the socket of a server that lives as long as the block.

    As root the server runs as another user, because it refuses root.
    """
    bin_ = programs()
    if bin_ is None:
        raise RuntimeError("PostgreSQL is not installed: run scripts/system.sh test")
    folder = Path(tempfile.mkdtemp(prefix="kaohe-pg-"))
    who: dict[str, object] = {}
    if os.geteuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def run(*words: str) -> None:
        subprocess.run(  # noqa: S603
            [str(bin_ / words[0]), *words[1:]],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **who,
        )

    data = str(folder / "data")
    options = " ".join(f"-c {name}={value!s}" for name, value in FAST.items())
    options = options.replace("listen_addresses=", "listen_addresses=''")
    try:
        run(
            "initdb",
            "-D",
            data,
            "-U",
            "kaohe",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        run(
            "pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            f"{options} -k {folder}",
            "start",
        )
        yield folder
    finally:
        subprocess.run(  # noqa: S603
            [str(bin_ / "pg_ctl"), "-D", data, "-m", "immediate", "stop"],
            check=False,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **who,
        )
        shutil.rmtree(folder, ignore_errors=True)
