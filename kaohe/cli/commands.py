"""What the commands are called and what they take.  Nothing heavy is imported here."""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from kaohe.cli.arguments import path, whole
from kaohe.locale import Translate

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

Register = Callable[["Subparsers", argparse.ArgumentParser, Translate], None]


def _command(
    subparsers: "Subparsers",
    shared: argparse.ArgumentParser,
    name: str,
    sentence: str,
) -> argparse.ArgumentParser:
    """Adds a command that ``kaohe.cli.<name>.run`` carries out, imported only then."""
    parser = subparsers.add_parser(name, help=sentence, description=sentence, parents=[shared])
    module = f"kaohe.cli.{name.replace('-', '_')}"

    def run(options: argparse.Namespace) -> int:
        return int(import_module(module).run(options))

    parser.set_defaults(run=run)
    return parser


def _folder(parser: argparse.ArgumentParser, _: Translate) -> None:
    parser.add_argument("folder", type=path, metavar=_("FOLDER"), help=_("the assessment folder"))


def assess(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(
        subparsers, shared, "assess", _("assess a year: scores, ranks, grades, linkages")
    )
    _folder(parser, _)
    parser.add_argument(
        "--out", type=path, required=True, metavar=_("OUT"), help=_("where the results go")
    )
    parser.add_argument(
        "--tables-only", action="store_true", help=_("no results.xlsx and no report.pdf")
    )
    parser.add_argument(
        "--format", choices=("csv", "parquet"), default="csv", help=_("form of the result tables")
    )
    parser.add_argument("--force", action="store_true", help=_("replace earlier results in OUT"))
    parser.add_argument(
        "--problems", type=path, metavar=_("FILE"), help=_("write all problems to this CSV file")
    )


def explain(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(
        subparsers, shared, "explain", _("say where each digit of a unit's score comes from")
    )
    _folder(parser, _)
    parser.add_argument("unit", metavar=_("UNIT"), help=_("credit code, or (part of) the name"))
    parser.add_argument("--json", action="store_true", help=_("the explanation as JSON"))
    parser.add_argument(
        "--pdf", type=path, metavar=_("FILE"), help=_("the score explanation sheet as PDF")
    )


def robustness(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(
        subparsers, shared, "robustness", _("how firm ranks and grades are under uncertainty")
    )
    _folder(parser, _)
    parser.add_argument("--out", type=path, metavar=_("OUT"), help=_("table and pictures go here"))
    parser.add_argument(
        "--draws", metavar="N", type=whole(1, _), default=1000, help=_("how many draws (1000)")
    )
    parser.add_argument(
        "--seed", metavar="N", type=whole(0, _), default=1, help=_("seed of the draws (1)")
    )
    parser.add_argument(
        "--weights",
        metavar=_("PERCENT"),
        default="25",
        help=_("how far a component weight may move, in percent (25)"),
    )
    parser.add_argument(
        "--only",
        choices=("weights", "survey", "events"),
        action="append",
        help=_("only this uncertainty (may be repeated)"),
    )
    parser.add_argument("--force", action="store_true", help=_("replace earlier results in OUT"))


def what_if(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(
        subparsers, shared, "what-if", _("who would move if something were different")
    )
    _folder(parser, _)
    parser.add_argument(
        "--set",
        action="append",
        required=True,
        metavar=_("CHANGE"),
        dest="changes",
        help=_(
            "event:ID=withdrawn, measurement:UNIT/ITEM=93.5, bonus:UNIT=+1, "
            "scheme:grading.a_share=25 … (may be repeated)"
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("the differences as JSON"))
    parser.add_argument(
        "--csv", type=path, metavar=_("FILE"), help=_("the differences as a CSV file")
    )


def demo_city(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(
        subparsers, shared, "demo-city", _("make a believable city (or province, or nation)")
    )
    parser.add_argument("out", type=path, metavar=_("OUT"), help=_("an empty or new folder"))
    parser.add_argument("--units", type=whole(1, _), metavar="N", help=_("how many units"))
    parser.add_argument(
        "--year", metavar="Y", type=whole(1900, _), default=2026, help=_("year (2026)")
    )
    parser.add_argument("--seed", metavar="S", type=whole(0, _), default=1, help=_("seed (1)"))
    parser.add_argument("--scale", choices=("city", "province", "nation"), default="city")
    parser.add_argument(
        "--format",
        choices=("xlsx", "csv", "parquet"),
        help=_("form of the tables (a city: xlsx; larger: parquet)"),
    )


def tour(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(subparsers, shared, "tour", _("say what lies in a result, and what to try"))
    _folder(parser, _)
    parser.add_argument("out", type=path, metavar=_("OUT"), help=_("where the results lie"))


def init(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    _command(subparsers, shared, "init", _("make an installation in KAOHE_HOME; asks nothing"))


def _listening(
    parser: argparse.ArgumentParser, _: Translate, host: str, port: int | None, help_: str
) -> None:
    parser.add_argument("--port", metavar="N", type=whole(0, _), default=port, help=help_)
    sentence = _("the address to listen at ({host})").format(host=host)
    parser.add_argument("--host", default=host, metavar=_("ADDRESS"), help=sentence)


def serve(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(subparsers, shared, "serve", _("serve the pages, and carry out the jobs"))
    port = _("the port to listen at (8443; without TLS 8000)")
    _listening(parser, _, "0.0.0.0; --plain 127.0.0.1", None, port)
    parser.set_defaults(host=None)  # with TLS every address of the machine, without it this machine
    parser.add_argument(
        "--plain", action="store_true", help=_("without TLS: for a proxy before it, or for trials")
    )
    parser.add_argument(
        "--own-cert",
        nargs=2,
        type=path,
        metavar=(_("CERTIFICATE"), _("KEY")),
        help=_("a certificate (with its chain) and its key, both PEM"),
    )
    parser.add_argument("--no-worker", action="store_true", help=_("leave the jobs to others"))
    parser.add_argument(
        "--log-addresses", action="store_true", help=_("write callers' addresses to the log")
    )
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)


def worker(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(subparsers, shared, "worker", _("carry out the jobs"))
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)


def backup(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(
        subparsers, shared, "backup", _("save database, files and keys in one archive")
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=path,
        metavar=_("FILE"),
        help=_("the archive, .tar.gz (in KAOHE_HOME/backups)"),
    )


def restore(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(subparsers, shared, "restore", _("bring back what an archive holds"))
    parser.add_argument("file", type=path, metavar=_("FILE"), help=_("the archive"))
    parser.add_argument(
        "--force", action="store_true", help=_("replace an installation; it is kept aside")
    )


def upgrade(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    _command(subparsers, shared, "upgrade", _("bring the database to this version; backs up first"))


def demo(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    parser = _command(
        subparsers, shared, "demo", _("load the demonstration city into KAOHE_HOME and serve it")
    )
    _listening(parser, _, "127.0.0.1", 8000, _("the port to listen at (8000)"))
    parser.add_argument("--no-serve", action="store_true", help=_("load it only"))


def journal(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    from kaohe.cli import journal_parsers

    sentence = _("the record (痕迹): seal, export, verify, recover; witnesses")
    parser = subparsers.add_parser("journal", help=sentence, description=sentence)
    own = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    journal_parsers.add(own, shared, _)


def year(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    from kaohe.cli import year_parsers

    sentence = _("assessment years: list, export as a folder, import a folder")
    parser = subparsers.add_parser("year", help=sentence, description=sentence)
    own = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    year_parsers.add(own, shared, _)


ALL: tuple[Register, ...] = (
    assess,
    explain,
    robustness,
    what_if,
    demo_city,
    tour,
    init,
    serve,
    worker,
    backup,
    restore,
    upgrade,
    journal,
    year,
    demo,
)
