"""``kaohe assess FOLDER --out OUT``."""

import argparse
import sys
from pathlib import Path

from kaohe.cli.talk import refuses, say, tell_problems
from kaohe.core.problems import FolderRefused, Problem
from kaohe.folder.write import write_problems
from kaohe.inquiry.assess import Wanted, assess_folder
from kaohe.inquiry.writing import check_file


@refuses
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    wanted = Wanted(
        form=options.format,
        documents=not options.tables_only,
        force=options.force,
        translate=_,
        language=options.language,
    )
    if options.problems is not None:
        check_file(options.problems, options.folder)
    try:
        done = assess_folder(options.folder, options.out, wanted)
    except FolderRefused as refused:
        _keep(options.problems, refused.problems, options)
        raise
    _keep(options.problems, done.warnings, options)
    tell_problems(done.warnings, _, sys.stderr)
    if done.left_out:
        say(f"{_('note')}  {done.left_out}", sys.stderr)
    counts = [
        _("{number} units: A {a}, B {b}, C {c}, without a grade {none}").format(
            number=sum(done.grades.values()),
            a=done.grades.get("A", 0),
            b=done.grades.get("B", 0),
            c=done.grades.get("C", 0),
            none=done.grades.get("none", 0),
        ),
        _("The results lie in {out}").format(out=options.out),
    ]
    say("\n".join(counts))
    return 0


def _keep(path: Path | None, problems: list[Problem], options: argparse.Namespace) -> None:
    if path is not None:
        write_problems(problems, path, options.translate)
