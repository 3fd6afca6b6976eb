"""``kaohe upgrade``: bring the database to this version; a backup first."""

import argparse
import sys
from pathlib import Path

from kaohe import __version__
from kaohe.cli import archive
from kaohe.cli.backup import default_file
from kaohe.cli.platform import RecordUnprotected, home, in_use, must_be_made, on_platform
from kaohe.cli.talk import say
from kaohe.core.errors import Conflict
from kaohe.locale import Translate


class FromTheFuture(Conflict):
    """The database was written by a newer version."""

    code = "upgrade.from-newer"
    sentence = (
        "The database was written by a newer version than {ours} (it knows {name}). Install that"
        " version again; nothing was changed."
    )


@on_platform
def run(options: argparse.Namespace) -> int:
    from django.db import connection

    from kaohe.journal import append_only
    from kaohe.organization.queries import installation

    _ = options.translate
    must_be_made(installation.is_made)
    if unknown := installation.unknown_migrations(installation.applied_migrations()):
        raise FromTheFuture(ours=__version__, name=unknown[0])
    pending = installation.pending_migrations()
    if not pending and not append_only.missing(connection):
        say(_("The database is of this version already; nothing was changed."))
        return 0
    with in_use(alone=True):
        made = archive.write(default_file(f"before-{__version__}"))
        say(_("A backup lies in {file}.").format(file=made.path))
        return _migrate(made.path, len(pending), _)


def _migrate(backup: Path, count: int, _: Translate) -> int:
    from django.core.management import call_command
    from django.db import connection

    from kaohe.journal import append_only
    from kaohe.organization.services.installation import note

    try:
        call_command("migrate", verbosity=0, interactive=False)
        append_only.restore(using="default")
    except Exception as error:
        sentence = _(
            "The upgrade failed ({reason}). Install the earlier version again and bring back what"
            " was: kaohe restore {file} --force"
        )
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        say("kaohe: " + sentence.format(reason=reason, file=backup), sys.stderr)
        return 1
    if missing := append_only.missing(connection):
        raise RecordUnprotected(triggers=", ".join(sorted(missing)))
    note(what="upgraded", facts={"version": __version__, "changes": count, "file": backup.name})
    say(
        _("The database in {home} is now of version {version}.").format(
            home=home(), version=__version__
        )
    )
    return 0
