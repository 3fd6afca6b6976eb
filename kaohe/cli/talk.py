"""What the commands say on the terminal: problems, and sentences of success."""

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TextIO

from kaohe.core.problems import FolderRefused, Problem
from kaohe.core.tables import INPUT_TABLES
from kaohe.documents.refusals import PaperRefused
from kaohe.inquiry.places import place_in_words
from kaohe.inquiry.refusals import QuestionRefused
from kaohe.inquiry.writing import OutTaken
from kaohe.locale import Translate

SHOWN = 40  # problems on the terminal; more than that nobody reads there
NARROW, WIDE = 60, 100  # columns between which texts are set


def terminal_width() -> int:
    """Columns to set a text in; where the output is no terminal, the widest."""
    return min(max(shutil.get_terminal_size((WIDE, 24)).columns, NARROW), WIDE)


def say(sentence: str, stream: TextIO | None = None) -> None:
    """One sentence on a line of its own."""
    print(sentence, file=stream or sys.stdout)


def tell_problems(problems: Sequence[Problem], translate: Translate, stream: TextIO) -> None:
    """Each problem with its place, what is wrong and how to mend it; errors first.

    Tables come in the order in which one builds upon another: a wrong code of a unit stands
    before the many facts that name the unit, and is not lost below them.
    """
    order = {table: number for number, table in enumerate(INPUT_TABLES)}
    ordered = sorted(
        problems,
        key=lambda each: (each.severity != "error", order.get(each.table, -1), each.place()),
    )
    for problem in ordered[:SHOWN]:
        sign = translate("ERROR") if problem.severity == "error" else translate("note")
        say(f"{sign}  {place(problem, translate)}{problem.sentence(translate)}", stream)
        say(f"      → {problem.remedy(translate)}", stream)
    if len(ordered) > SHOWN:
        more = translate("… and {number} more; --problems FILE writes all of them to a table")
        say(more.format(number=len(ordered) - SHOWN), stream)


def place(problem: Problem, translate: Translate) -> str:
    """Where a problem is, as the beginning of a sentence: "units, row 5, column staff: "."""
    found = place_in_words(problem, translate)
    return found + translate(": ") if found else ""


def tell_refusal(
    folder: Path, problems: Sequence[Problem], translate: Translate, stream: TextIO
) -> None:
    """That a folder was refused, and all that is wrong with it."""
    tell_problems(problems, translate, stream)
    errors = sum(problem.severity == "error" for problem in problems)
    sentence = translate("{folder} was refused: {errors} error(s). Nothing was written.")
    say(sentence.format(folder=folder, errors=errors), stream)


def refuses(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command that turns refusals into sentences and an exit status: 1 refused, 2 wrong usage."""

    @wraps(run)
    def told(options: argparse.Namespace) -> int:
        import duckdb  # heavy; not every command works with tables

        _ = options.translate
        try:
            return run(options)
        except FolderRefused as refused:
            tell_refusal(options.folder, refused.problems, _, sys.stderr)
            return 1
        except QuestionRefused as refused:
            tell_problems(refused.problems, _, sys.stderr)
            return 2
        except OutTaken as taken:
            say("kaohe: " + _(taken.sentence).format(out=taken.out), sys.stderr)
            return 2
        except PaperRefused as refused:
            say("kaohe: " + refused.sentence(_), sys.stderr)
            return 1
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            say("kaohe: " + str(error).partition("\n")[0], sys.stderr)
            return 1

    return told
