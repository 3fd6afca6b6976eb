"""``kaohe init``: make an installation; asks nothing."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.cli.platform import home, on_platform
from kaohe.cli.talk import say

if TYPE_CHECKING:
    from kaohe.organization.services.accounts import Opened

FOLDERS = ("keys", "files", "logs", "run")
FIRST_ACCOUNTS = "first-accounts.txt"


@on_platform
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    if make():
        sentence = _(
            "The installation lies in {home}. The first passwords of the three administrators are"
            " in {file}; each must be changed at the first sign-in. Then remove the file."
        )
        say(sentence.format(home=home(), file=home() / FIRST_ACCOUNTS))
        say(_("Start it with: kaohe serve"))
    else:
        say(
            _("There is an installation in {home} already; nothing was changed.").format(
                home=home()
            )
        )
    return 0


def make() -> bool:
    """Make the folder, its keys, its tables and its first accounts; whether it was not there."""
    from django.core.management import call_command

    from kaohe.journal.log import open_log
    from kaohe.organization.queries.installation import is_made
    from kaohe.organization.services import installation

    make_folders()
    if is_made():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    open_log(make=True)
    installation.make(keep=_keep)
    return True


def make_folders() -> None:
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    home().chmod(0o700)
    for name in FOLDERS:
        (home() / name).mkdir(exist_ok=True, mode=0o700)


def _keep(accounts: "list[Opened]") -> None:
    """The first passwords, in a file that only the owner reads."""
    lines = [f"{each.user.name}\t{each.user.username}\t{each.password}\n" for each in accounts]
    write_private(home() / FIRST_ACCOUNTS, "".join(lines))


def write_private(path: Path, text: str) -> None:
    """A file that only the owner reads, there whole or not at all."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def first_passwords() -> dict[str, str]:
    """The passwords in the file of first accounts, by user name; none where it is gone."""
    try:
        lines = (home() / FIRST_ACCOUNTS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {username: password for _, username, password in (each.split("\t") for each in lines)}
