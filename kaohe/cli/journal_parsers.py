"""The commands of ``kaohe journal`` and what they take.  Nothing heavy is imported here."""

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

from kaohe.cli import journal_witness
from kaohe.cli.arguments import path
from kaohe.locale import Translate

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def _command(
    own: "Subparsers", shared: argparse.ArgumentParser, name: str, sentence: str
) -> argparse.ArgumentParser:
    """Adds a command that ``kaohe.cli.journal.<name>`` carries out, imported only then."""
    parser = own.add_parser(name, help=sentence, description=sentence, parents=[shared])

    def run(options: argparse.Namespace) -> int:
        module = import_module("kaohe.cli.journal")
        return int(getattr(module, name.replace("-", "_"))(options))

    parser.set_defaults(run=run)
    return parser


def add(own: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    """Adds all of them."""
    _command(own, shared, "seal", _("seal what waits, now, and have it cosigned"))
    parser = _command(own, shared, "export", _("write the public log as files"))
    parser.add_argument("folder", type=path, metavar=_("DIRECTORY"), help=_("where it goes"))
    _verify(_command(own, shared, "verify", _("check the record, a log elsewhere, a receipt")), _)
    _command(own, shared, "rebuild", _("make the log's tiles anew from the rows"))
    parser = _command(
        own, shared, "recover", _("bring back entries that an older backup does not hold")
    )
    parser.add_argument(
        "--from",
        dest="source",
        type=path,
        metavar=_("DIRECTORY"),
        help=_("a copy of the log (the installation's own)"),
    )
    parser = _command(
        own, shared, "adopt", _("take a checkpoint that others have kept as the last one")
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "file", nargs="?", type=path, metavar=_("FILE"), help=_("the newest that anybody has")
    )
    which.add_argument(
        "--from-database",
        action="store_true",
        help=_("the newest that the database holds; only where nobody has kept a newer one"),
    )
    _command(own, shared, "requeue", _("let entries wait that have no index and do not wait"))
    parser = _command(own, shared, "cosign", _("take in what a witness without network has signed"))
    parser.add_argument("file", type=path, metavar=_("FILE"), help=_("the cosigned checkpoint"))
    _command(own, shared, "change-key", _("give the log a new signing key"))
    journal_witness.add_parsers(own, shared, _)
    sealer = own.add_parser("sealer", parents=[shared])  # the worker's child; not for people
    sealer.set_defaults(run=lambda options: import_module("kaohe.cli.journal").sealer(options))


def _verify(parser: argparse.ArgumentParser, _: Translate) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--log", metavar=_("LOG"), help=_("a log in a folder or at an address, not this record")
    )
    which.add_argument("--receipt", type=path, metavar=_("FILE"), help=_("a receipt (.tlog-proof)"))
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="VKEY",
        help=_("verification key of the log, or a file with it (may be repeated)"),
    )
    parser.add_argument(
        "--policy", type=path, metavar=_("FILE"), help=_("whom one trusts (tlog-policy)")
    )
    parser.add_argument(
        "--entry", type=path, metavar=_("FILE"), help=_("the entry, where the receipt has it not")
    )
    parser.add_argument(
        "--since", type=path, metavar=_("FILE"), help=_("an older checkpoint, still to hold")
    )
