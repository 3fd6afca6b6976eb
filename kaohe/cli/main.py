"""``kaohe``: the commands.  Start-up stays light: a command imports what it needs when it runs."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

from kaohe import __version__
from kaohe.cli import commands
from kaohe.locale import LANGUAGES, chosen_language, translator

USAGE, REFUSED, INTERRUPTED = 2, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns:
        0 done; 1 the folder (or what was asked of it) was refused; 2 wrong usage.
    """
    _take_any_terminal()
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(words)
    translate = translator(language)
    # argparse looks its own few words up in this name; there is no other door to them.
    setattr(argparse, "_", translate)  # noqa: B010
    options = build_parser(translate).parse_args(words)
    options.language = language
    options.translate = translate
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        print(f"kaohe: {error.strerror or error}{where}", file=sys.stderr)
        return REFUSED


def _take_any_terminal() -> None:
    """A terminal without Chinese characters shows their numbers; nothing stops for that."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _language(words: Sequence[str]) -> str:
    """The language asked for, before the words are parsed: the help is in it too."""
    for place, word in enumerate(words):
        wanted = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and place + 1 < len(words):
            wanted = words[place + 1]
        if wanted in LANGUAGES:
            return wanted
    return chosen_language()


def build_parser(translate: Callable[[str], str]) -> argparse.ArgumentParser:
    """The parser of all commands, in the language of ``translate``."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--lang", choices=LANGUAGES, help=translate("language of what is said"))
    parser = argparse.ArgumentParser(
        prog="kaohe",
        description=translate(
            "Kaohe: the annual assessment of public institutions, exact and explainable."
        ),
        parents=[shared],
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"kaohe {__version__}",
        help=translate("show the version and exit"),
    )
    subparsers = parser.add_subparsers(
        title=translate("commands"), metavar=translate("COMMAND"), required=True
    )
    for command in commands.ALL:
        command(subparsers, shared, translate)
    return parser


if __name__ == "__main__":
    sys.exit(main())
