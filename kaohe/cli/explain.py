"""``kaohe explain FOLDER UNIT``."""

import argparse
import json
import sys

from kaohe.cli.talk import refuses, say, terminal_width
from kaohe.inquiry.explanation.folder import explain_folder
from kaohe.inquiry.explanation.text import render_text
from kaohe.inquiry.writing import check_file


@refuses
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    if options.pdf is not None:
        check_file(options.pdf, options.folder)
    explanation = explain_folder(options.folder, options.unit, _)
    if options.pdf is not None:
        # Typst and its typefaces are heavy: an explanation on the terminal must not wait for them.
        from kaohe.documents.sheet import write_sheet

        write_sheet(options.pdf, explanation, translate=_, language=options.language)
        say(_("The score explanation sheet lies in {file}").format(file=options.pdf), sys.stderr)
    if options.json:
        say(json.dumps(explanation, ensure_ascii=False, indent=2))
    elif options.pdf is None:
        say(render_text(explanation, _, terminal_width()))
    return 0
