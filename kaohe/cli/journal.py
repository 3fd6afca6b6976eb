"""``kaohe journal …``: seal, export, verify, recover; what an operator does with the record."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from kaohe.cli.platform import must_be_ready, on_platform, run_folder
from kaohe.cli.talk import say
from kaohe.core.errors import Invalid
from kaohe.core.problems import N_

if TYPE_CHECKING:
    from kaohe.core.notes import Key
    from kaohe.journal.cosigning import Asked
    from kaohe.locale import Translate

SAY_EVERY = 2.0  # seconds
DIFFERENT = 1  # exit status: something is not as it must be


class NoKeys(Invalid):
    """A log elsewhere is checked against keys that one trusts; none were given."""

    code = "journal.no-keys"
    sentence = N_(
        "Give the verification key of the log with --key VKEY (or a file that holds it), as you had"
        " it from a trustworthy source. The file vkey beside the log only helps to find it."
    )


@on_platform
def seal(options: argparse.Namespace) -> int:
    """Seal what waits, and have it cosigned."""
    from kaohe.journal.cosigning import ask_witnesses
    from kaohe.journal.log import open_log
    from kaohe.journal.sealing import seal

    _ = options.translate
    must_be_ready()
    log = open_log(make=True)
    sealed = seal(log)
    if sealed is None:
        say(_("Nothing waits to be sealed."))
    else:
        sentence = _("Entries sealed: {count}. The record now has {size}; root {root}.")
        root = sealed.checkpoint.root.hex()
        say(sentence.format(count=sealed.count, size=sealed.checkpoint.size, root=root))
    return tell_asked(ask_witnesses(log), _)


def tell_asked(asked: "list[Asked]", _: "Translate") -> int:
    for each in asked:
        if each.refusal is None:
            say(_("Cosigned by {name}.").format(name=each.witness.name))
        else:
            say(f"{each.witness.name}: {each.refusal.say(_)}", sys.stderr)
    return DIFFERENT if any(each.refusal for each in asked) else 0


@on_platform
def export(options: argparse.Namespace) -> int:
    """The public log as files."""
    from kaohe.journal.exporting import export
    from kaohe.journal.log import open_log

    _ = options.translate
    must_be_ready()
    made = export(open_log(), options.folder, _progress(_))
    sentence = _(
        "The log of {size} entries lies in {folder} (new files: {files}). Beside it lies its"
        " verification key, vkey."
    )
    size, files = made.checkpoint.size, made.files
    say(sentence.format(size=size, folder=options.folder, files=files))
    return 0


def verify(options: argparse.Namespace) -> int:
    """The record of this installation, or a log elsewhere, or a receipt."""
    if options.receipt is not None:
        return _verify_receipt(options)
    if options.log is not None:
        return _verify_elsewhere(options)
    return int(_verify_here(options))


@on_platform
def _verify_here(options: argparse.Namespace) -> int:
    from kaohe.journal.log import open_log
    from kaohe.journal.verifying import verify

    _ = options.translate
    must_be_ready()
    found = verify(open_log(make=True), _progress(_))
    for finding in found.findings:
        say(finding.say(_), sys.stderr)
    sentence = _(
        "Entries: {sealed} sealed ({size} under the last checkpoint), {pending} waiting. Texts:"
        " {texts} as recorded, {erased} lawfully erased, {lost} lost by a restored backup."
        " Cosignatures: {witnessed}."
    )
    say(sentence.format_map(vars(found)))
    say(_("The record is whole.") if found.is_sound else _("The record is NOT whole."))
    return 0 if found.is_sound else DIFFERENT


@on_platform
def _verify_elsewhere(options: argparse.Namespace) -> int:
    from kaohe.core.notes import note_of
    from kaohe.tlog.folder import LogFolder
    from kaohe.tlog.fsck import check_log
    from kaohe.tlog.fsck_files import check_folder
    from kaohe.tlog.remote import log_at

    _ = options.translate
    keys = trusted(options.key)
    log = log_at(options.log)
    since = note_of(options.since.read_bytes()) if options.since else None
    check = check_folder if isinstance(log, LogFolder) else check_log
    found = check(log, keys, _progress(_), since)  # type: ignore[arg-type]
    for flaw in found.flaws:
        say(flaw.say(_), sys.stderr)
    if found.flaws:
        say(_("The log is NOT whole."))
        return DIFFERENT
    say(_("The log is whole: {size} entries.").format(size=found.size))
    return 0


@on_platform
def _verify_receipt(options: argparse.Namespace) -> int:
    from kaohe.core.receipts import Policy, policy_of, prove, receipt_of

    _ = options.translate
    if options.policy is not None:
        policy = policy_of(options.policy.read_text(encoding="utf-8"))
    else:
        policy = Policy(tuple(trusted(options.key)), {}, {})
    receipt = receipt_of(options.receipt.read_bytes())
    entry = options.entry.read_bytes() if options.entry else None
    proved = prove(receipt, policy, entry)
    sentence = _("The receipt holds: index {index} of {size} entries of {origin}.")
    checkpoint = proved.checkpoint
    say(sentence.format(index=proved.index, size=checkpoint.size, origin=checkpoint.origin))
    for each in proved.seen_by:
        say(_("Cosigned by {name}.").format(name=each.key.name))
    if len(receipt.extra) > 32:
        say(json.dumps(json.loads(receipt.extra), ensure_ascii=False, indent=1, sort_keys=True))
    return 0


def trusted(words: list[str]) -> "list[Key]":
    """The keys that were given, as lines or in files.

    Raises:
        NoKeys: none were given.
        KeyUnsound: one is none.
    """
    from kaohe.core.notes import key_of

    found = []
    for word in words:
        path = Path(word)
        lines = path.read_text(encoding="utf-8").split() if path.is_file() else [word]
        found += [key_of(line) for line in lines]
    if not found:
        raise NoKeys
    return found


@on_platform
def rebuild(options: argparse.Namespace) -> int:
    """Tiles made anew from the rows."""
    from kaohe.journal.log import open_log
    from kaohe.journal.recovery import rebuild

    _ = options.translate
    must_be_ready()
    made = rebuild(open_log())
    if made is None:
        say(_("Nothing has been sealed yet; there was nothing to rebuild."))
    else:
        say(_("The tiles of {size} entries were made anew.").format(size=made.size))
    return 0


@on_platform
def recover(options: argparse.Namespace) -> int:
    """Entries brought back from the log after an older backup was restored."""
    from kaohe.journal.log import open_log
    from kaohe.journal.recovery import recover
    from kaohe.tlog.folder import LogFolder

    _ = options.translate
    must_be_ready()
    log = open_log()
    copy = LogFolder(options.source) if options.source else log.folder
    begin, end = recover(log, copy)
    sentence = _(
        "Entries brought back: {count} (index {begin} to {last}). They tell what was done after the"
        " backup; what they speak of must be entered again where it still holds. Sealing can go on."
    )
    say(sentence.format(count=end - begin, begin=begin, last=end - 1))
    return 0


@on_platform
def adopt(options: argparse.Namespace) -> int:
    """The last checkpoint, as somebody else has kept it."""
    from kaohe.journal.log import open_log
    from kaohe.journal.recovery import adopt

    _ = options.translate
    must_be_ready()
    made = adopt(open_log(), options.file.read_bytes())
    sentence = _("The last checkpoint is now that of {size} entries. Next run: kaohe journal seal")
    say(sentence.format(size=made.size))
    return 0


@on_platform
def cosign(options: argparse.Namespace) -> int:
    """Cosignatures that a witness without network has sent."""
    from kaohe.journal.cosigning import take_in
    from kaohe.journal.log import open_log

    _ = options.translate
    must_be_ready()
    for witness in take_in(open_log(), options.file.read_bytes()):
        say(_("Cosigned by {name}.").format(name=witness.name))
    return 0


@on_platform
def change_key(options: argparse.Namespace) -> int:
    """A new signing key."""
    from kaohe.journal.log import open_log
    from kaohe.journal.rotation import change_key

    _ = options.translate
    must_be_ready()
    ring = change_key(open_log(make=True))
    say(_("The log now signs with a new key; the old one was destroyed. Its verification key:"))
    say(ring.vkeys[0])
    say(_("Give it to every witness and print it anew. Make a backup now: the keys are in it."))
    return 0


@on_platform
def sealer(options: argparse.Namespace) -> int:
    """Seal again and again; the worker's child."""
    import signal

    from kaohe.cli.platform import die_with_parent
    from kaohe.journal.sealer import Sealer

    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Sealer(run_folder() / "sealer.json").run()
    return 0


def _progress(_: "Translate") -> Callable[[int, int], None]:
    """How far it is, on the error stream, now and then."""
    due = monotonic() + SAY_EVERY

    def tell(done: int, total: int) -> None:
        nonlocal due
        if monotonic() >= due:
            due = monotonic() + SAY_EVERY
            say(_("{done} of {total}").format(done=done, total=total), sys.stderr)

    return tell
