"""Every text for people is said in Chinese, once, with its facts."""

import re
from itertools import chain
from pathlib import Path

import polib
import pytest

from scripts.compile_messages import merge
from tests.house.texts import in_python, in_template, put_together, texts_of

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "kaohe").rglob("*.py"))
TEMPLATES = sorted((ROOT / "kaohe" / "web" / "templates").rglob("*.*"))
CATALOGUES = sorted((ROOT / "kaohe" / "locale" / "zh_Hans" / "LC_MESSAGES").glob("*.po"))
FACT = re.compile(r"\{(\w*)[^}]*\}|(%(?:\(\w+\))?[sd])")


@pytest.fixture(scope="module")
def entries():
    return [(path.stem, entry) for path in CATALOGUES for entry in polib.pofile(str(path))]


def test_every_text_for_people_is_said_in_chinese(entries):
    said = {entry.msgid for _, entry in entries}
    texts = chain(
        ((path, each) for path in SOURCES for each in in_python(path)),
        ((path, each) for path in TEMPLATES for each in in_template(path)),
    )

    assert [f"{path.name}:{line} {text}" for path, (line, text) in texts if text not in said] == []


def test_no_text_is_put_together_before_it_is_translated():
    found = [f"{path.name}:{line}" for path in SOURCES for line in put_together(path)]

    assert found == []


def test_no_translation_is_empty_or_doubtful(entries):
    bad = [
        (room, entry.msgid)
        for room, entry in entries
        if entry.fuzzy or entry.obsolete or not entry.msgstr or entry.msgctxt or entry.msgid_plural
    ]

    assert bad == []


def test_a_translation_keeps_the_facts(entries):
    def facts(text: str) -> set[str]:
        return set(FACT.findall(text.replace("%%", "")))

    lost = [entry.msgid for _, entry in entries if facts(entry.msgid) != facts(entry.msgstr)]

    assert lost == []


def test_one_text_is_not_translated_in_two_ways():
    _, twice = merge(polib.pofile(str(path)) for path in CATALOGUES)

    assert twice == []


def test_chinese_is_written_with_chinese_marks(entries):
    half = re.compile(r"[\u4e00-\u9fff](?:[,;?!]|\.(?![a-z]))|[\u4e00-\u9fff]\s?\(|\.\.\.|\s，")

    wrong = [e.msgstr for _, e in entries if e.msgid != "yes,no" and half.search(e.msgstr)]

    assert wrong == []


@pytest.mark.parametrize(
    ("template", "texts"),
    [
        ('{% translate "Save" %}', ["Save"]),
        ("{% translate 'Save' as save %}", ["Save"]),
        ('{{ value|yesno:_("yes,no") }}', ["yes,no"]),
        ('{% include "a.html" with title=_("Names") %}', ["Names"]),
        ("{% blocktranslate %}rows: {{ n }}{% endblocktranslate %}", ["rows: %(n)s"]),
        ("{% blocktranslate trimmed %}\n  100 %\n  done\n{% endblocktranslate %}", ["100 %% done"]),
        ("{% translate name %}{{ title }}", []),
    ],
)
def test_a_text_in_a_template_is_found(template, texts):
    assert [text for _, text in texts_of(template)] == texts
