"""``kaohe demo-city OUT``."""

import argparse
import sys

from kaohe.cli.talk import refuses, say
from kaohe.demo.write import write_demo
from kaohe.inquiry.writing import check_out


@refuses
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    check_out(options.out, force=False)
    made = write_demo(
        options.out,
        scale=options.scale,
        units=options.units,
        year=options.year,
        seed=options.seed,
        form=options.format,
    )
    sentence = _("{units} units and {facts} facts lie in {out}")
    say(sentence.format(units=made.units, facts=made.facts, out=options.out), sys.stderr)
    return 0
