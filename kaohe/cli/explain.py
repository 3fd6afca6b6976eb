"""``kaohe explain FOLDER UNIT``."""

import argparse
import json
import shutil
import sys

from kaohe.cli.talk import refuses, say
from kaohe.inquiry.explain_folder import explain_folder
from kaohe.inquiry.explain_text import render_text

NARROW, WIDE = 60, 100  # columns between which an explanation is set


@refuses
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    explanation = explain_folder(options.folder, options.unit, _)
    if options.pdf is not None:
        # Typst and its typefaces are heavy: an explanation on the terminal must not wait for them.
        from kaohe.documents.sheet import write_sheet

        write_sheet(options.pdf, explanation, translate=_, language=options.language)
        say(_("The score explanation sheet lies in {file}").format(file=options.pdf), sys.stderr)
    if options.json:
        say(json.dumps(explanation, ensure_ascii=False, indent=2))
    elif options.pdf is None:
        width = min(max(shutil.get_terminal_size((WIDE, 24)).columns, NARROW), WIDE)
        say(render_text(explanation, _, width))
    return 0
