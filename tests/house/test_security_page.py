"""docs/security.md names tests that exist, and settings that are read."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_is_there():
    rows = [line for line in PAGE.splitlines() if line.startswith("| 8.1")]
    named = {name for row in rows for name in re.findall(r"`([\w/]+)`", row.split("|")[-2])}

    assert len(rows) >= 10
    for name in named:
        found = ROOT / "tests" / name
        assert found.is_dir() or found.with_suffix(".py").exists(), name


def test_every_control_names_a_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| 8.1")]

    assert [row for row in rows if "`" not in row.split("|")[-2]] == []


def test_every_setting_that_the_page_names_is_read():
    text = (ROOT / "kaohe" / "config" / "settings.py").read_text(encoding="utf-8")
    named = set(re.findall(r"`KAOHE_(\w+)(?:=\w+)?`", PAGE))

    assert {name for name in named if f'"{name}"' not in text} == set()
