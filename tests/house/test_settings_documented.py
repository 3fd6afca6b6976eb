"""docs/operating.md names every setting and every command, and nothing that is not there."""

import argparse
import ast
import re
from pathlib import Path

from kaohe.cli import commands

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
OF_THE_ENGINE = {"assess", "explain", "robustness", "what-if", "demo-city", "tour"}  # README


def settings_read():
    """The names that ``env`` functions and ``os.environ`` are asked for anywhere in the program."""
    names = set()
    for path in (ROOT / "kaohe").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            first = node.args[0] if node.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                continue
            if getattr(node.func.value, "id", "") == "env":
                names.add(f"KAOHE_{first.value}")
            elif first.value.startswith("KAOHE_"):
                names.add(first.value)
    return names


def test_every_setting_is_documented_and_no_other():
    documented = re.findall(r"^\| `(KAOHE_\w+)` \|", PAGE, flags=re.MULTILINE)

    assert set(documented) == settings_read()
    assert len(documented) == len(set(documented))


def test_no_setting_is_mentioned_that_is_not_there():
    assert set(re.findall(r"KAOHE_[A-Z_]+", PAGE)) <= settings_read()


def test_every_command_of_the_platform_has_its_part():
    subparsers = argparse.ArgumentParser().add_subparsers()
    for command in commands.ALL:
        command(subparsers, argparse.ArgumentParser(add_help=False), str)

    documented = set(re.findall(r"^### kaohe (\S+)", PAGE, flags=re.MULTILINE))
    assert documented == set(subparsers.choices) - OF_THE_ENGINE
