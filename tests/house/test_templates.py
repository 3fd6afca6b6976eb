"""The rules of templates: what they say of themselves, and what the pages' policy asks of them."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).parents[2] / "kaohe" / "web" / "templates").rglob("*.html"))


def texts() -> list[tuple[str, str]]:
    return [
        (f"{path.parent.name}/{path.name}", path.read_text(encoding="utf-8")) for path in TEMPLATES
    ]


def found(pattern: str) -> list[tuple[str, str]]:
    """Each place in a template that a pattern fits."""
    word = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return [(name, match.group()) for name, text in texts() for match in word.finditer(text)]


def test_every_template_says_what_it_is():
    told = ("{#", "{% extends", "{% comment")

    assert [name for name, text in texts() if not text.lstrip().startswith(told)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"<script(?![^>]*\bsrc=)[^>]*>",  # data for a script comes by json_script
        r"<style\b[^>]*>",
        r"<[a-z][^>{]*\son[a-z]+\s*=",  # onclick and the like
        r"\bstyle\s*=\s*[\"']",
        r"javascript:",
        r"\b(src|href|action)=[\"']?(https?:)?//[^\"' >]*",
        r"\|safe\b|{%\s*autoescape off",
        r"hx-on\b|hx-vals=[\"']js:",
    ],
)
def test_no_template_holds(pattern):
    assert found(pattern) == []


def test_every_form_that_writes_carries_its_token():
    forms = found(r"<form\b[^>]*method=[\"']post[\"'].*?</form>")

    assert [name for name, form in forms if "csrf_token" not in form] == []
    assert forms != []


def test_every_head_of_a_table_says_what_it_heads():
    assert [each for each in found(r"<th\b[^>]*>") if "scope=" not in each[1]] == []


def test_every_picture_is_told_in_words_or_hidden():
    pictures = found(r"<img\b[^>]*>") + found(r"<svg\b[^>]*>")
    told = re.compile(r"\balt=|aria-hidden=|aria-label=|aria-labelledby=")

    assert [each for each in pictures if not told.search(each[1])] == []


def test_no_template_is_longer_than_400_lines():
    assert [name for name, text in texts() if text.count("\n") > 400] == []


def test_every_template_that_is_named_is_there():
    root = TEMPLATES[0].parents[1]
    named = {
        match.group(2)
        for _, text in texts()
        for match in re.finditer(r"{%\s*(extends|include) [\"']([^\"']+)[\"']", text)
    }

    assert sorted(name for name in named if not (root / name).exists()) == []
