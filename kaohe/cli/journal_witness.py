"""``kaohe journal witness …``: another department's machine checks the log, and cosigns.

It needs nothing of the platform: no database, no settings; a folder of its own.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial, wraps
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kaohe.cli.arguments import whole
from kaohe.locale import Translate

if TYPE_CHECKING:
    from kaohe.core.notes import Key
    from kaohe.tlog.witness_home import WitnessHome

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

Run = Callable[[argparse.Namespace], int]
HOST, PORT = "0.0.0.0", 8100  # noqa: S104  # it is asked by another machine


def add_parsers(subparsers: "Subparsers", shared: argparse.ArgumentParser, _: Translate) -> None:
    """Adds ``witness`` with its own commands to the commands of ``kaohe journal``."""
    sentence = _("cosign the log of another department that continues what was seen before")
    witness = subparsers.add_parser("witness", help=sentence, description=sentence)
    own = witness.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    add = partial(_add, own, shared, _)
    parser = add("init", _("make a witness with a key of its own; prints its verification key"))
    parser.add_argument("name", metavar=_("NAME"), help=_("such as audit.example.gov.cn/witness"))
    parser = add("trust", _("trust a log from now on, or its new key"))
    parser.add_argument("vkey", metavar="VKEY", help=_("its verification key, or a file with it"))
    parser.add_argument("--end", action="store_true", help=_("trust this key no longer"))
    add("show", _("say what the witness trusts, and what it cosigned last"))
    parser = add("serve", _("answer the log over HTTP until Ctrl-C"))
    parser.add_argument(
        "--host", default=HOST, metavar=_("ADDRESS"), help=_("the address to listen at (all)")
    )
    parser.add_argument(
        "--port",
        default=PORT,
        metavar="N",
        type=whole(0, _),
        help=_("the port to listen at (8100)"),
    )
    parser = add("check", _("check a log in a folder or at an address, and cosign it"))
    parser.add_argument("log", metavar=_("LOG"), help=_("a folder, or the address of /log/"))
    parser.add_argument(
        "-o", "--out", type=Path, metavar=_("FILE"), help=_("where the cosigned checkpoint goes")
    )
    parser.add_argument(
        "--ca", type=Path, metavar=_("FILE"), help=_("the certificate authority of that address")
    )


def _add(
    own: "Subparsers", shared: argparse.ArgumentParser, _: Translate, name: str, sentence: str
) -> argparse.ArgumentParser:
    parser = own.add_parser(name, help=sentence, description=sentence, parents=[shared])
    parser.add_argument(
        "--home",
        type=Path,
        metavar=_("DIRECTORY"),
        help=_("the folder of the witness (KAOHE_HOME/witness)"),
    )
    parser.set_defaults(run=_told(_RUNS[name]))
    return parser


def _told(run: Run) -> Run:
    """A command whose refusals are said: exit status 1."""

    @wraps(run)
    def carried_out(options: argparse.Namespace) -> int:
        from kaohe.core.errors import Refusal

        try:
            return run(options)
        except Refusal as refusal:
            print("kaohe: " + refusal.say(options.translate), file=sys.stderr)
            return 1

    return carried_out


def _home(options: argparse.Namespace) -> Path:
    if options.home is not None:
        return Path(options.home)
    ours = os.environ.get("KAOHE_HOME") or Path("~/.local/share/kaohe").expanduser()
    return Path(ours) / "witness"


def _witness(options: argparse.Namespace) -> "WitnessHome":
    from kaohe.tlog.witness_home import read_witness

    return read_witness(_home(options))


def fingerprint(key: "Key") -> str:
    """What two people compare over the telephone: SHA-256 of the key's line, in groups of four."""
    digest = sha256(key.vkey.encode()).hexdigest()
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))


def init(options: argparse.Namespace) -> int:
    from kaohe.tlog.witness_home import make_witness

    _ = options.translate
    made = make_witness(_home(options), options.name)
    print(made.key.vkey)
    print(_("Fingerprint: {fingerprint}").format(fingerprint=fingerprint(made.key)))
    sentence = _("The witness lies in {folder}. Give the line above to those who run the log.")
    print(sentence.format(folder=made.folder))
    return 0


def trust(options: argparse.Namespace) -> int:
    from kaohe.core.notes import key_of

    _ = options.translate
    file = Path(options.vkey)
    lines = [options.vkey]
    if "+" not in options.vkey or file.is_file():
        with file.open(encoding="utf-8", errors="replace") as opened:
            lines = opened.read(65_536).split("\n")
    witness = _witness(options)
    for key in [key_of(line) for line in lines if line.strip()]:
        witness = witness.distrust(key) if options.end else witness.trust(key)
        print(_not_trusted(_, key) if options.end else _trusted(_, key))
        print(_("Fingerprint: {fingerprint}").format(fingerprint=fingerprint(key)))
    return 0


def _trusted(_: Translate, key: "Key") -> str:
    sentence = _("{name} is trusted. Compare the fingerprint with those who run the log.")
    return sentence.format(name=key.name)


def _not_trusted(_: Translate, key: "Key") -> str:
    return _("This key of {name} is trusted no longer.").format(name=key.name)


def show(options: argparse.Namespace) -> int:
    from kaohe.core.checkpoint import checkpoint_of
    from kaohe.core.notes import note_of, vouchers

    _ = options.translate
    witness = _witness(options)
    print(witness.key.vkey)
    print(_("Fingerprint: {fingerprint}").format(fingerprint=fingerprint(witness.key)))
    for key in witness.trusted:
        print(_("Trusted: {vkey}").format(vkey=key.vkey))
    for origin, content in witness.store.all().items():
        note = note_of(content.encode())
        at = max((each.at or 0 for each in vouchers(note, [witness.key])), default=0)
        when = f"{datetime.fromtimestamp(at, UTC).astimezone():%Y.%m.%d %H:%M:%S}"
        sentence = _("{origin}: {size} entries cosigned, last at {when}")
        print(sentence.format(origin=origin, size=checkpoint_of(note).size, when=when))
    if found := witness.evidence():
        sentence = _("ATTENTION: signed checkpoints that contradict others are kept in {folder}")
        print(sentence.format(folder=found[0].parent))
    return 0


def serve(options: argparse.Namespace) -> int:
    from kaohe.tlog.witness import Witness
    from kaohe.tlog.witness_server import WitnessServer

    _ = options.translate
    witness = Witness(_witness(options))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server = WitnessServer((options.host, options.port), witness, partial(print, flush=True))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        sentence = _("Port {port} cannot be used ({reason}). Choose another with --port.")
        print("kaohe: " + sentence.format(port=options.port, reason=reason), file=sys.stderr)
        return 1
    with server:
        sentence = _("The witness {name} answers at port {port}. Stop it with Ctrl-C.")
        print(sentence.format(name=witness.home.name, port=server.server_port), flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def check(options: argparse.Namespace) -> int:
    from kaohe.tlog import witness_check
    from kaohe.tlog.folder import write_durably
    from kaohe.tlog.remote import log_at
    from kaohe.tlog.remote_call import Caller
    from kaohe.tlog.witness import Witness

    _ = options.translate
    log = log_at(options.log, Caller(authorities=options.ca))
    note = witness_check.check(Witness(_witness(options)), log)
    if options.out is None:
        print(note.content, end="")
        return 0
    write_durably(options.out.absolute(), note.content.encode())
    sentence = _("Cosigned. Take {file} back to those who run the log: kaohe journal cosign {file}")
    print(sentence.format(file=options.out))
    return 0


_RUNS: dict[str, Run] = {
    "init": init,
    "trust": trust,
    "show": show,
    "serve": serve,
    "check": check,
}
