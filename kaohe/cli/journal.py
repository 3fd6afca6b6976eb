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
from kaohe.core.merkle import HASH
from kaohe.core.problems import N_

if TYPE_CHECKING:
    from kaohe.core.notes import Key
    from kaohe.journal.cosigning import Asked
    from kaohe.locale import Translate

SAY_EVERY = 2.0  # seconds
DIFFERENT = 1  # exit status: something is not as it must be
LARGEST = 1024 * 1024  # bytes: no checkpoint, receipt, key or policy is larger


class FileUnreadable(Invalid):
    """A file that was named cannot be read."""

    code = "journal.file-unreadable"
    sentence = N_("{file} cannot be read: {reason}. Nothing was changed.")
    words = frozenset({"reason"})


TOO_LARGE = N_("it is larger than what is expected here")
NOT_TEXT = N_("it is no text")


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
    must_be_ready(protected=False)
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
    is_kept = issued_is_kept(_)
    return 0 if found.is_sound and is_kept else DIFFERENT


def issued_is_kept(_: "Translate") -> bool:
    """Whether every scheme and sheet that was issued still says what its digest says."""
    from kaohe.indicators.queries.sheets import altered

    sentence = _("{what} is not what was issued: its content does not agree with its digest.")
    found = [sentence.format(what=row.subject) for row in altered()]
    for line in found:
        say(line, sys.stderr)
    return not found


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
    since = note_of(read(options.since)) if options.since else None
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
        policy = policy_of(read_text(options.policy))
    else:
        policy = Policy(tuple(trusted(options.key)), {}, {})
    receipt = receipt_of(read(options.receipt))
    entry = read(options.entry) if options.entry else None
    proved = prove(receipt, policy, entry)
    sentence = _("The receipt holds: index {index} of {size} entries of {origin}.")
    checkpoint = proved.checkpoint
    say(sentence.format(index=proved.index, size=checkpoint.size, origin=checkpoint.origin))
    for each in proved.seen_by:
        say(_("Cosigned by {name}.").format(name=each.key.name))
    if len(receipt.extra) > HASH:
        say(_shown(receipt.extra))
    return 0


def _shown(entry: bytes) -> str:
    """An entry as people read it; one of another program's log as it is."""
    try:
        return json.dumps(json.loads(entry), ensure_ascii=False, indent=1, sort_keys=True)
    except (ValueError, RecursionError):
        return entry.decode("utf-8", "backslashreplace")


def read(file: Path) -> bytes:
    """A small file that was named.

    Raises:
        FileUnreadable: it is not there, no file, too large, or must not be read.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileUnreadable(file=file, reason=reason) from error
    if len(content) > LARGEST:
        raise FileUnreadable(file=file, reason=TOO_LARGE)
    return content


def read_text(file: Path) -> str:
    """A small file of text that was named.

    Raises:
        FileUnreadable: it cannot be read, or is no text.
    """
    try:
        return read(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnreadable(file=file, reason=NOT_TEXT) from error


def trusted(words: list[str]) -> "list[Key]":
    """The keys that were given, as lines or in files.

    Raises:
        NoKeys: none were given.
        KeyUnsound: one is none.
        FileUnreadable: a file with keys cannot be read.
    """
    from kaohe.core.notes import key_of

    found = []
    for word in words:
        lines = read_text(Path(word)).split() if _is_path(word) else [word]
        found += [key_of(line) for line in lines]
    if not found:
        raise NoKeys
    return found


def _is_path(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):  # too long for a name
        return False


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
    from kaohe.journal.recovery import NothingToRecover, recover
    from kaohe.tlog.folder import LogFolder

    _ = options.translate
    must_be_ready()
    log = open_log()
    copy = LogFolder(options.source) if options.source else log.folder
    try:
        begin, end = recover(log, copy)
    except NothingToRecover:
        if not erase_again(_):
            raise
        return 0
    sentence = _(
        "Entries brought back: {count} (index {begin} to {last}). They tell what was done after the"
        " backup; what they speak of must be entered again where it still holds. Sealing can go on."
    )
    say(sentence.format(count=end - begin, begin=begin, last=end - 1))
    erase_again(_)
    return 0


def erase_again(_: "Translate") -> bool:
    """Erase what was lawfully erased and a backup has brought back; whether there was any."""
    from kaohe.journal.erasing import erase_all_again
    from kaohe.organization.services.erasures import erase_people_again

    count = erase_all_again() + erase_people_again()
    if count:
        say(_("Lawfully erased, brought back by the backup, erased again: {n}").format(n=count))
    return bool(count)


@on_platform
def requeue(options: argparse.Namespace) -> int:
    """Entries that neither have an index nor wait for one."""
    from kaohe.journal.log import open_log
    from kaohe.journal.recovery import requeue

    _ = options.translate
    must_be_ready()
    count = requeue(open_log(make=True))
    if count:
        say(_("Entries that wait again: {count}. The record says so.").format(count=count))
    else:
        say(_("Every entry is sealed or waits; nothing was changed."))
    return 0


@on_platform
def adopt(options: argparse.Namespace) -> int:
    """The last checkpoint, as somebody else has kept it."""
    from kaohe.journal.log import open_log
    from kaohe.journal.recovery import adopt

    _ = options.translate
    must_be_ready()
    made = adopt(open_log(), read(options.file) if options.file else None)
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
    for witness in take_in(open_log(), read(options.file)):
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
