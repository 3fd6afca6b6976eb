"""The commands of ``kaohe year`` and what they take.  Nothing heavy is imported here."""

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

from kaohe.cli.arguments import path, whole
from kaohe.locale import Translate

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def _command(
    own: "Subparsers", shared: argparse.ArgumentParser, name: str, sentence: str, _: Translate
) -> argparse.ArgumentParser:
    """Adds a command that ``kaohe.cli.year.<name>`` carries out, imported only then."""
    parser = own.add_parser(name, help=sentence, description=sentence, parents=[shared])
    parser.add_argument(
        "--jurisdiction",
        metavar=_("CODE"),
        help=_("code of the jurisdiction, where the installation has several"),
    )

    def run(options: argparse.Namespace) -> int:
        return int(getattr(import_module("kaohe.cli.year"), f"{name}_year")(options))

    parser.set_defaults(run=run)
    return parser


def add(own: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    """Adds all of them."""
    _command(own, shared, "list", _("the assessment years, and what is ready of each"), _)
    parser = _command(own, shared, "export", _("write a year as an assessment folder"), _)
    parser.add_argument(
        "year", type=whole(1900, _), metavar=_("YEAR"), help=_("the assessment year")
    )
    parser.add_argument("folder", type=path, metavar=_("DIR"), help=_("an empty or new folder"))
    parser.add_argument(
        "--format", choices=("csv", "xlsx", "parquet"), default="csv", help=_("form of the tables")
    )
    parser.add_argument(
        "--draft", action="store_true", help=_("what is drafted counts as if it were issued")
    )
    parser.add_argument("--force", action="store_true", help=_("replace an earlier export in DIR"))
    parser = _command(own, shared, "import", _("make a year of an assessment folder"), _)
    parser.add_argument("folder", type=path, metavar=_("DIR"), help=_("the assessment folder"))
    parser.add_argument(
        "--as",
        dest="user",
        metavar=_("USER"),
        help=_("the account in whose name it is entered (that of the office, if there is one)"),
    )
