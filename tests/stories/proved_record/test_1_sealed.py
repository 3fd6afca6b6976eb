"""Things are decided and sealed; a school proves its own; the audit administrator searches all."""

from django.urls import reverse

from kaohe.core.receipts import prove, receipt_of
from kaohe.journal.log import open_log
from kaohe.journal.models import JournalEntry, Pending, Position
from kaohe.journal.proofs import own_policy
from tests.stories.governed_city.people import read_workbook

# Words of receipts, texts and policies as files, which the page that verifies has to name.
FORMATS = ("tlog", "proof", "org", "reason", "salt", "text", "witness", "group", "quorum")
RENAMED = "示例市教育和体育局"


def entry_of(action):
    """The latest entry of an action."""
    return JournalEntry.objects.filter(action=action).latest("id")


def test_01_the_office_decides_and_the_page_says_that_it_waits(story):
    office, director = story.person("1001"), story.person("1003")
    office.go(f"/organization/departments/{story.education.pk}/rename")
    office.fill({"New name": RENAMED, "From": "2026-03-01", "Document": "示编〔2026〕2号"})
    office.press("Save")
    office.go(f"/organization/units/{story.school.pk}/appoint")
    office.fill(
        {
            "Full name": "欧阳𠀀",
            "Telephone": "0535-1234567",
            "Part": "principal",
            "Post held": "校长",
            "In post from": "2026-03-01",
        }
    )
    office.press("Save")
    director.go(f"/organization/sittings/{story.sitting.pk}/close")
    director.press("Confirm and close")
    office.go("/trace/")
    office.look("trace-waiting")
    office.go(f"/trace/{entry_of('department.renamed').entry}")
    office.says("waits to be sealed")
    office.look("trace-entry-waiting")
    office.go(f"/trace/{entry_of('department.renamed').entry}/receipt", status=409)
    office.look("trace-receipt-not-yet")

    assert Pending.objects.count() == JournalEntry.objects.count()


def test_02_the_sealer_seals_and_everything_holds(story):
    assert story.seal() is None
    office = story.person("1001")
    office.go(f"/trace/{entry_of('department.renamed').entry}")
    office.look("trace-entry-sealed")
    office.follow("Verify now")
    office.page.locator("#verified table").wait_for()
    office.look("trace-entry-verified")
    assert office.page.locator("#verified .st-late").count() == 0
    assert office.page.locator("#verified .st-done").count() == 5
    office.go("/trace/")
    office.look("trace-sealed")

    assert Pending.objects.count() == 0
    assert Position.objects.count() == JournalEntry.objects.count()


def test_03_a_school_sees_its_own_entries_and_takes_a_receipt_home(story, tmp_path_factory):
    clerk = story.person("school")
    clerk.go("/")
    clerk.follow("Record")
    clerk.look("trace-of-school")
    shown = clerk.page.locator("tbody tr").count()
    mine = entry_of("tenure.begun")
    assert 0 < shown < JournalEntry.objects.count()
    clerk.go(f"/trace/{entry_of('sitting.closed').entry}", status=404)
    clerk.go(f"/trace/{mine.entry}")
    clerk.look("trace-entry-of-school")
    stick = tmp_path_factory.mktemp("stick")
    with clerk.page.expect_download() as caught:
        clerk.page.get_by_role("link", name=clerk.said("Download the receipt")).click()
    assert caught.value.suggested_filename == f"kaohe-{mine.position.index}.tlog-proof"
    caught.value.save_as(stick / "receipt.tlog-proof")
    clerk.follow("Receipt for print")
    clerk.look("trace-paper")
    assert clerk.page.locator("svg.img-fluid").count() == 1
    clerk.go("/verify")
    clerk.look("verify", FORMATS)
    with clerk.page.expect_download() as caught:
        clerk.page.get_by_role("link", name="下载离线核验页").click()
    caught.value.save_as(stick / caught.value.suggested_filename)

    story.kept["stick"] = stick
    content = (stick / "receipt.tlog-proof").read_bytes()
    assert prove(receipt_of(content), own_policy(open_log())).index == mine.position.index


def test_04_the_receipt_holds_on_a_machine_without_network(story):
    home = story.at_home()
    home.look("verify-alone", FORMATS)
    assert home.examine(story.kept["stick"] / "receipt.tlog-proof") == "ok"
    home.shot("verify-alone-holds")  # hashes stand in its sentences: no words of Chinese
    assert home.violations() == []

    assert "可信" in home.page.locator("#v-results").inner_text()


def test_05_the_audit_administrator_searches_all_and_exports(story):
    audit = story.person("auditadmin")
    audit.go("/trace/")
    audit.look("trace-of-audit")
    audit.fill({"Who": "王某某"})
    audit.press("Filter")
    audit.look("trace-by-person")
    assert audit.page.locator("tbody tr").count() == 2  # signed in, and closed the sitting
    today = JournalEntry.objects.latest("id").at.astimezone().date().isoformat()
    audit.go(f"/trace/?action=department.renamed&first={today}&last={today}")
    assert audit.page.locator("tbody tr").count() == 1
    audit.go("/trace/?last=2020-01-01")
    audit.look("trace-nothing-found")
    audit.go("/trace/?about=示例市第一中学")
    with audit.page.expect_download() as caught:
        audit.page.get_by_role("link", name=audit.said("Export xlsx")).click()
    rows = list(read_workbook(caught.value).worksheets[0].iter_rows(values_only=True))
    assert reverse("web:trace") in audit.page.url
    assert len(rows) > 1
    assert all(story.school.code in row for row in rows[1:])
