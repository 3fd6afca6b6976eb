"""Another department watches; a text is lawfully erased; somebody alters a row by hand."""

from django.db import connection

from kaohe.core.notes import key_of, vouchers
from kaohe.journal.checking import RowsDiffer
from kaohe.journal.findings import ALTERED
from kaohe.journal.log import open_log
from kaohe.journal.models import Erasure, JournalEntry, Pending, SealedText, Witness
from kaohe.journal.proofs import cosigned_note, latest_checkpoint
from kaohe.journal.verifying import verify
from tests.fixtures.database import record_unlocked
from tests.stories.proved_record.people import kaohe, witness_at

ADDRESS = ("add", "checkpoint")  # words in it, where a witness is asked
AUDIT = "示例市审计局"
FORMER = "司马䶮某"


def rename(office, story, name):
    """Something that is put on record."""
    office.go(f"/organization/departments/{story.health.pk}/correct")
    office.fill({"Short name": name})
    office.press("Save")


def seen_by_all(checkpoint):
    """The witnesses whose signatures hold under a checkpoint."""
    keys = [key_of(each.vkey) for each in Witness.objects.all()]
    return vouchers(cosigned_note(checkpoint), keys)


def test_06_another_department_watches_the_log(story, tmp_path_factory):
    home = story.kept["witness"] = tmp_path_factory.mktemp("witness")
    made = kaohe("journal", "witness", "init", "audit.example.gov.cn/witness", home=home)
    kaohe("journal", "witness", "trust", open_log().ring.vkeys[0], home=home)
    system, office = story.person("sysadmin"), story.person("1001")
    with witness_at(home) as port:
        story.kept["port"] = port
        system.go("/")
        system.follow("System")
        system.follow("Log and witnesses")
        system.look("witnesses-none")
        system.follow("Enter a witness")
        system.fill({"Organisation": AUDIT, "Verification key": "keine"})
        system.press("Save")
        system.look("witness-refused")
        address = f"http://127.0.0.1:{port}"
        system.fill({"Verification key": made.splitlines()[0], "Address of the witness": address})
        system.press("Save")
        system.says("%(name)s is entered.", name=AUDIT)
        system.look("witness-entered")
        assert story.seal() is None
        system.go("/system/witnesses/")
        system.says("has seen everything")
        system.look("witness-has-seen")
    office.go("/trace/witnesses")
    office.look("witnesses-of-office")
    renamed = JournalEntry.objects.get(action="department.renamed")
    office.go(f"/trace/{renamed.entry}/verify")
    office.look("trace-entry-witnessed")

    assert AUDIT in office.page.locator("#verified").inner_text()
    assert len(seen_by_all(latest_checkpoint())) == 1


def test_07_the_witness_goes_away_and_comes_back(story):
    system, office = story.person("sysadmin"), story.person("1001")
    rename(office, story, "卫健局")
    assert story.seal() is None  # without the witness
    system.go("/system/witnesses/")
    system.says("could not be asked")
    system.look("witness-away", ADDRESS)
    before = latest_checkpoint()
    assert seen_by_all(before) == []
    rename(office, story, "市卫健局")
    with witness_at(story.kept["witness"], story.kept["port"]):
        assert story.seal() is None
    system.go("/system/witnesses/")
    system.says("has seen everything")

    assert len(seen_by_all(latest_checkpoint())) == 1
    assert latest_checkpoint().size > before.size


def test_08_the_office_asks_for_an_erasure_and_another_carries_it_out(story, tmp_path_factory):
    office, audit = story.person("1001"), story.person("auditadmin")
    folder = story.kept["before"] = tmp_path_factory.mktemp("before")
    office.go("/organization/people/new")
    office.fill({"Full name": FORMER, "Telephone": "0535-1111111", "Remark": "已调出本市"})
    office.press("Save")
    person = office.page.url
    assert story.seal() is None
    about = JournalEntry.objects.filter(action="person.entered").latest("id")
    office.go(f"/trace/{about.entry}")
    office.says(FORMER)
    with office.page.expect_download() as caught:
        office.page.get_by_role("link", name=office.said("Download the receipt")).click()
    caught.value.save_as(folder / "person.tlog-proof")
    office.go(person)
    office.follow("Ask for an erasure")
    office.look("erasure-ask")
    office.press("Ask for it")
    office.look("erasure-ask-refused")
    basis = "judgment or ruling of a court that has taken effect"
    office.fill(
        {"Basis in law": basis, "Document": "（2026）鲁0699民终1号", "Reason": "判决已生效"}
    )
    office.press("Ask for it")
    office.look("erasure-asked")
    audit.go("/")
    audit.look("desk-of-audit")
    audit.go("/trace/erasures/")
    audit.look("erasures")
    audit.page.get_by_role("link", name="1", exact=True).first.click()
    audit.follow("Look and carry out")
    audit.look("erasure-carry-out")
    audit.press("Erase for good")
    audit.look("erasure-carry-out-refused")
    looked = audit.said("I have looked at each of these texts and checked the document")
    audit.page.get_by_label(looked).set_checked(True)
    audit.press("Erase for good")
    audit.says("It is erased. The record says so.")
    audit.look("erasure-carried-out")
    office.go(f"/trace/{about.entry}")
    office.says("[erased by law]")
    office.look("trace-entry-erased")
    assert FORMER not in office.page.content()
    office.go("/organization/people/")
    assert FORMER not in office.page.content()

    assert all(FORMER not in str(each.texts) for each in SealedText.objects.all())


def test_09_what_was_proved_before_the_erasure_is_proved_still(story):
    assert story.seal() is None
    home, office = story.windows["home"], story.person("1001")
    about = JournalEntry.objects.filter(action="person.entered").latest("id")
    office.go(f"/trace/{about.entry}/verify")
    office.look("trace-entry-erased-verified")

    assert home.examine(story.kept["before"] / "person.tlog-proof") == "ok"
    assert office.page.locator("#verified .st-late").count() == 0
    found = verify(open_log())
    assert found.is_sound
    assert found.erased == Erasure.objects.count() > 0


def test_10_a_row_that_somebody_altered_stops_the_sealing_and_is_shown(story):
    office, audit, system = (story.person(each) for each in ("1001", "auditadmin", "sysadmin"))
    entry = JournalEntry.objects.get(action="department.renamed")
    alter(entry, entry.leaf.replace('"2026-03-01"', '"2026-01-01"'))
    rename(office, story, "卫健委")
    refused = story.seal()
    assert refused["code"] == RowsDiffer.code
    assert Pending.objects.count() > 0
    for window, name in ((system, "system"), (audit, "audit")):
        window.go("/")
        window.says("sealing of the record is refused: read why, and keep a copy as it is")
        window.look(f"desk-altered-{name}")
        window.follow("See the log")
        window.says("sealing refused")
        window.look(f"log-altered-{name}", ADDRESS)
    office.go(f"/trace/{entry.entry}")
    office.follow("Verify now")
    office.says("This entry does not verify.")
    office.look("trace-entry-altered")
    assert office.page.locator("#verified .st-late").count() >= 2
    found = verify(open_log()).findings
    assert [each.sentence for each in found] == [ALTERED]
    assert found[0].facts["index"] == entry.position.index

    alter(entry, entry.leaf)
    assert story.seal() is None
    office.follow("Verify again")
    office.says("Everything holds.")
    system.go("/")
    assert system.page.get_by_text(system.said("See the log")).count() == 0
    assert Pending.objects.count() == 0
    assert verify(open_log()).is_sound


def alter(entry, leaf):
    """What somebody does who has the database in their hands."""
    with record_unlocked(), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_journalentry SET leaf = %s WHERE id = %s", [leaf, entry.pk])
        assert cursor.rowcount == 1
