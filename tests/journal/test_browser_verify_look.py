"""The page that verifies receipts as people see it: on the site, as a file, in both languages."""

import pytest
from django.db import transaction

from kaohe.core.leaf import Event
from kaohe.journal.log import open_log
from kaohe.journal.proofs import log_keys, receipt_for
from kaohe.journal.sealing import seal
from kaohe.journal.services import append_all
from tests.fixtures.browser import AXE, RULES, SCREENS
from tests.fixtures.people import make_jurisdiction
from tests.journal.receipts_made import FILE, Stick, entry, on_paper, receipt

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not FILE.exists(), reason="make setup builds it"),
]
RENAMED = Event(
    "department.renamed",
    "department:7",
    "370699",
    facts={"name": "市水利局", "document": "编〔2026〕2号"},
    was={"name": "市水务局"},
    sealed={"reason": "机构改革"},
)


@pytest.fixture
def sealed(transactional_db, settings, tmp_path):
    """A receipt of a log that this installation has just sealed."""
    settings.HOME = tmp_path
    settings.KEYS, settings.LOG = tmp_path / "keys", tmp_path / "log"
    settings.LAST_CHECKPOINT = tmp_path / "last-checkpoint"
    make_jurisdiction("370699", "示例市")
    with transaction.atomic():
        entries = append_all([RENAMED] * 5, by=None)
    log = open_log(make=True)
    seal(log)
    return receipt_for(log, entries[3]).content


def violations(page):
    """What axe finds, as strict as for every other page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [each["id"] for each in found["violations"]]


def widths(page, name):
    """Pictures on a desk and on a phone; how much too wide the page is there."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    too_wide = []
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
        too_wide.append(max(0, page.evaluate("document.documentElement.scrollWidth") - width))
    return too_wide


def test_anybody_verifies_a_receipt_on_the_site(window, sealed, tmp_path):
    file = tmp_path / "entry.tlog-proof"
    file.write_text(sealed, encoding="utf-8")
    visitor = window()
    visitor.go("/verify")
    assert visitor.violations() == []
    visitor.shot("verify")
    visitor.page.set_input_files("#f-file", file)
    visitor.page.get_by_text("entry.tlog-proof", exact=True).wait_for()
    visitor.page.get_by_role("button", name="核验").click()

    words = visitor.page.locator("#v-results").inner_text()
    assert "可信" in words
    assert "变更部门名称" in words  # the words of the installation for the code
    assert "市水利局 原：市水务局" in words
    assert visitor.page.evaluate("document.activeElement.id") == "v-verdict"
    assert visitor.violations() == []
    visitor.shot("verify-trusted")


def test_the_site_speaks_english_to_who_reads_english(window, sealed):
    visitor = window(language="en")
    visitor.go("/verify")
    visitor.page.fill("#f-receipt", sealed.replace("index 3", "index 2"))
    visitor.page.get_by_role("button", name="Verify").click()

    words = visitor.page.locator("#v-results").inner_text()
    assert "Not to be trusted" in words
    assert "renamed the department" in words
    assert visitor.violations() == []


def test_the_file_for_a_stick_holds_the_keys_and_needs_nothing(window, sealed, tmp_path, chromium):
    visitor = window()
    visitor.go("/verify")
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name="下载离线核验页").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)

    assert file.name == "kaohe-verify.html"
    stick = Stick(chromium, file)
    stick.page.fill("#f-receipt", sealed)
    stick.page.get_by_role("button", name="核验").click()
    words = stick.page.locator("body").inner_text()
    stick.context.close()
    assert "可信" in words
    assert "示例市" in words
    assert log_keys()[0].split("+")[0] in words
    assert stick.problems == []
    assert [each for each in stick.asked if not each.startswith("file:")] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_reads_well_in_both_languages(chromium, language):
    stick = Stick(chromium)
    if language == "en":
        stick.page.get_by_role("button", name="English").click()
    found = [violations(stick.page)]
    shown = widths(stick.page, f"verify-file-{language}")
    good = receipt()
    cases = {
        "trusted": (good.content, {}, {"zh": "可信", "en": "To be trusted"}),
        "lack": (on_paper(good).content, {}, {"zh": "证据不足", "en": "Not proved"}),
        "bad": (
            on_paper(good).content,
            {"leaf": entry(number="e" * 32).decode()},
            {"zh": "不可信", "en": "Not to be trusted"},
        ),
        "refused": ("", {"keys": "abc"}, {"zh": "还不能核验", "en": "Not verified yet"}),
    }
    for name, (content, fields, words) in cases.items():
        stick.examine(content, **fields)
        assert words[language] in stick.page.locator("#verify").inner_text()
        found.append(violations(stick.page))
        shown += widths(stick.page, f"verify-file-{name}-{language}")
    lang = stick.page.evaluate("document.documentElement.lang")
    stick.context.close()

    assert [each for each in found if each] == []
    assert set(shown) == {0}
    assert lang == {"zh": "zh-CN", "en": "en"}[language]
    assert stick.problems == []


def test_the_language_changes_without_losing_what_was_entered(chromium):
    stick = Stick(chromium)
    stick.examine(receipt().content)
    stick.page.get_by_role("button", name="English").click()

    words = stick.page.locator("#v-results").inner_text()
    kept = stick.page.input_value("#f-receipt")
    stick.context.close()
    assert "To be trusted" in words
    assert kept == receipt().content


def test_a_keyboard_is_enough(chromium):
    stick = Stick(chromium)
    stick.page.focus("#f-receipt")
    stick.page.keyboard.type("nothing")
    for _ in range(4):
        stick.page.keyboard.press("Tab")
        if stick.page.evaluate("document.activeElement.innerText") == "核验":
            break
    stick.page.keyboard.press("Enter")

    focused = stick.page.evaluate("document.activeElement.innerText")
    stick.context.close()
    assert "不可信" in focused
