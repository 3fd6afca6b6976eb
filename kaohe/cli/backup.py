"""``kaohe backup [FILE]``: one archive of everything, also while the pages are served."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from kaohe import __version__
from kaohe.cli import archive
from kaohe.cli.platform import home, must_be_made, on_platform, size
from kaohe.cli.talk import say
from kaohe.core.leaf import Fact


@on_platform
def run(options: argparse.Namespace) -> int:
    from django.db import DatabaseError

    from kaohe.organization.queries.installation import is_made
    from kaohe.organization.services.installation import note

    _ = options.translate
    must_be_made(is_made)
    made = archive.write(options.file or default_file("kaohe"))
    sentence = _("The backup lies in {file} ({size}). Keep a copy on another machine.")
    say(sentence.format(file=made.path, size=size(made.size, _)))
    try:
        named: dict[str, Fact] = {"file": made.path.name, "version": __version__}
        note(what="backed-up", facts={**named, "bytes": made.size, "sha256": made.digest})
    except DatabaseError:
        say(_("It could not be put on record: the database takes no writing."), sys.stderr)
    return 0


def default_file(stem: str) -> Path:
    """A name of its own in the installation's folder of backups."""
    return home() / "backups" / f"{stem}-{datetime.now():%Y%m%d-%H%M%S}.tar.gz"  # noqa: DTZ005
