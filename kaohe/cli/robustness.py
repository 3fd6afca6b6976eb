"""``kaohe robustness FOLDER``."""

import argparse
import sys

from kaohe.cli.talk import refuses, say, terminal_width
from kaohe.inquiry.robustness.files import check_place, render_robustness, write_files
from kaohe.inquiry.robustness.study import study, uncertainty_of


@refuses
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    uncertainty = uncertainty_of(options.draws, options.seed, options.weights, options.only)
    if options.out is not None:
        check_place(options.out, options.folder, force=options.force)
    found = study(options.folder, uncertainty)
    say(render_robustness(found, _, terminal_width()))
    if options.out is not None:
        left_out = write_files(found, options.out, _, options.language, replace=options.force)
        if left_out:
            say(f"{_('note')}  {left_out}", sys.stderr)
        say(_("The results lie in {out}").format(out=options.out))
    return 1 if found.failed else 0
