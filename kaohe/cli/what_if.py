"""``kaohe what-if FOLDER --set CHANGE …``."""

import argparse
import json

from kaohe.cli.talk import refuses, say, terminal_width
from kaohe.inquiry.whatif.differences import what_if
from kaohe.inquiry.whatif.text import render_moves
from kaohe.inquiry.writing import check_file


@refuses
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    if options.csv is not None:
        check_file(options.csv, options.folder)
    result = what_if(options.folder, options.changes, _, options.csv)
    if options.json:
        say(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        say(render_moves(result, _, terminal_width()))
    return 0
