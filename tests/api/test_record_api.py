"""The record over the API: searched, opened, proved, checked, watched, erased."""

import json
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kaohe.core.access import Role, Verb
from kaohe.core.leaf import Event
from kaohe.core.merkle import leaf_hash
from kaohe.core.notes import COSIGNATURE, Key
from kaohe.core.receipts import prove, receipt_of
from kaohe.journal import services as journal
from kaohe.journal.models import Cosignature, JournalEntry, Witness
from kaohe.journal.proofs import own_policy
from kaohe.organization.models import ErasureRequest
from kaohe.organization.services import people
from kaohe.organization.services.departments import open_department
from tests.fixtures.people import make_department

PUBLIC = Ed25519PrivateKey.from_private_bytes(bytes([7] * 32)).public_key().public_bytes_raw()
VKEY = Key("audit.example.gov.cn/witness", COSIGNATURE, PUBLIC).vkey
WHY = {"basis": "judgment", "document": "〔2026〕1号", "reason": "判决已生效"}


@pytest.fixture
def head(person):
    return person(Role.OFFICE_HEAD, username="wang")


@pytest.fixture
def office(head, calling):
    return calling(head)


@pytest.fixture
def auditor(person, calling):
    return calling(person(Role.AUDIT_ADMIN))


@pytest.fixture
def keeper(person, calling):
    return calling(person(Role.SYS_ADMIN))


@pytest.fixture
def opened(head, city):
    """A function: a department entered, and its entry."""

    def make(name="市水务局"):
        row = open_department(by=head, jurisdiction=city, name=name)
        return JournalEntry.objects.filter(subject=row.subject).latest("id")

    return make


@pytest.fixture
def wang(head, city, school):
    """Somebody who was in post until a day."""
    row = people.enter_person(by=head, jurisdiction=city, name="王某某")
    tenure = people.appoint(
        by=head, place=school, post="principal", person=row, from_on=date(2020, 3, 5)
    )
    people.end_tenure(by=head, tenure=tenure, seen=1, on=date(2024, 3, 5))
    return row


# ── entries ───────────────────────────────────────────────────────────────────────────────────────
def test_the_record_is_searched(office, opened, head):
    water, finance = opened("市水务局"), opened("市财政局")

    def found(query):
        return [each["entry"] for each in office.get(f"/entries?{query}").json()["items"]]

    assert found("") == [finance.entry, water.entry]
    assert found("about=水务") == found(f"number={water.pk}") == [water.entry]
    assert found(f"about={finance.subject}&action=department.opened") == [finance.entry]
    assert found(f"actor={head.name}") == found(f"actor={head.pseudonym}") == found("")
    assert found("action=unit.renamed") == found("unit=12370699MB2000017K") == []
    assert found("since=2020-01-01T00:00:00Z") == found("before=2999-01-01T08:00:00%2B08:00")
    assert found("before=2020-01-01T00:00:00Z") == []
    assert office.get("/entries?since=gestern").status_code == 422


def test_a_line_tells_who_did_what_and_whether_it_is_sealed(office, opened, head, sealing):
    entry = opened()
    [line] = office.get("/entries").json()["items"]
    assert (line["actor"], line["actor_name"]) == (head.pseudonym, head.name)
    assert (line["action"], line["jurisdiction"]) == ("department.opened", "370699")
    assert line["index"] is None

    sealing()
    [line] = office.get("/entries").json()["items"]
    assert line["index"] == JournalEntry.objects.get(pk=entry.pk).position.index


def test_an_entry_shows_its_bytes_its_facts_and_its_texts(office, opened, head, sealing):
    entry = opened("市水务局（䶮）")
    log = sealing()

    told = office.get(f"/entries/{entry.entry.upper()}").json()

    assert told["leaf"] == entry.leaf
    assert told["leaf_hash"] == leaf_hash(entry.leaf.encode()).hex()
    assert told["facts"] == json.loads(entry.leaf)["facts"]
    assert (told["role"], told["actor_name"]) == ("office_head", head.name)
    assert told["checkpoint"] == log.last()[1].size
    assert told["seen_by"] == []
    leaf = office.get(f"/entries/{entry.entry}/leaf")
    assert leaf.content == entry.leaf.encode()
    assert leaf["Content-Type"] == "application/octet-stream"
    assert office.get(f"/entries/{entry.entry}/leaf", If_None_Match=leaf["ETag"]).status_code == 304


def test_a_receipt_proves_its_entry_once_it_is_sealed(office, opened, sealing):
    entry = opened()
    early = office.get(f"/entries/{entry.entry}/receipt")
    assert (early.status_code, early.json()["code"]) == (409, "log.not-sealed-yet")
    assert office.get(f"/entries/{entry.entry}/checks").json()["outcome"] == "waits"

    log = sealing()
    answer = office.get(f"/entries/{entry.entry}/receipt")
    proved = prove(receipt_of(answer.content), own_policy(log))
    assert proved.index == entry.position.index
    assert answer["Content-Type"].startswith("text/plain")
    assert "tlog-proof" in answer["Content-Disposition"]
    checks = office.get(f"/entries/{entry.entry}/checks").json()
    assert checks["outcome"] == "holds"
    assert [each["holds"] for each in checks["checks"]] == [True, True, True, True, True, None]


def test_an_altered_row_fails_its_check(office, opened, sealing, monkeypatch):
    entry = opened()
    sealing()
    real = JournalEntry.from_db.__func__

    def altered(cls, *given):
        row = real(cls, *given)
        row.leaf = row.leaf.replace("department.opened", "department.closed")
        return row

    monkeypatch.setattr(JournalEntry, "from_db", classmethod(altered))
    checks = office.get(f"/entries/{entry.entry}/checks").json()

    assert checks["outcome"] == "fails"


def test_what_lies_beyond_ones_reach_is_not_there(office, auditor, other_city):
    away = make_department(other_city, "外市某局")
    entry = journal.append(Event("department.opened", away.subject, other_city.code), by=None)

    assert office.get("/entries").json()["items"] == []
    for part in ("", "/leaf", "/receipt", "/checks"):
        assert office.get(f"/entries/{entry.entry}{part}").status_code == 404
    [seen] = auditor.get("/entries").json()["items"]
    assert (seen["actor"], seen["actor_name"]) == ("system", None)
    for strange in ("0" * 32, "x", "1" * 40, "ab%00"):
        assert auditor.get(f"/entries/{strange}").status_code == 404


# ── the log ───────────────────────────────────────────────────────────────────────────────────────
def test_the_log_tells_how_sealing_stands(office, keeper, opened, sealing):
    opened()
    assert office.get("/log").json()["pending"] == 1
    log = sealing()
    opened("市财政局")

    told = office.get("/log").json()

    assert (told["size"], told["pending"], told["is_stuck"]) == (log.last()[1].size, 1, False)
    assert told["vkeys"] == list(log.ring.vkeys)
    assert told["root"] == log.last()[1].root.hex()
    assert keeper.get("/system/log").json() == told
    assert keeper.get("/log").status_code == 403


def test_checkpoints_are_listed_and_shown_with_their_signatures(office, opened, sealing):
    opened()
    sealing()
    opened("市财政局")
    sealing()

    found = office.get("/checkpoints").json()["items"]
    assert [each["size"] for each in found] == [2, 1]
    row = Witness.objects.create(name="市审计局", vkey=VKEY)
    now = timezone.now()
    Cosignature.objects.create(checkpoint_id=2, witness=row, line="— w AA==\n", at=now)
    told = office.get("/checkpoints/2").json()
    assert told["note"].startswith(office.get("/log").json()["origin"])
    assert [(each["witness"], each["line"]) for each in told["cosignatures"]] == [
        (row.pk, "— w AA==\n")
    ]
    assert office.get("/checkpoints/3").status_code == 404


def test_a_witness_is_added_corrected_ended(keeper, office):
    answer = keeper.post("/system/witnesses", {"name": "市审计局", "vkey": VKEY})
    where = answer["Location"].removeprefix("/api/v1")
    assert (answer.status_code, answer.json()["url"]) == (201, "")
    again = keeper.post("/system/witnesses", {"name": "又", "vkey": VKEY})
    assert again.status_code == 409
    assert keeper.post("/system/witnesses", {"name": "又", "vkey": "x"}).status_code == 422

    moved = keeper.patch(where, {"name": "市审计局", "url": "https://w.example/"}, If_Match='"1"')
    assert moved.json()["url"].startswith("https://w.example")
    assert keeper.patch(where, {"name": "审"}, If_Match='"1"').status_code == 412
    assert keeper.patch(where, {"name": "审"}).json()["url"] == moved.json()["url"]
    [line] = office.get("/witnesses").json()["items"]
    assert (line["name"], line["state"], line["trouble"]) == ("审", "seen", None)
    assert keeper.post(f"{where}/end", {"reason": "更换设备"}).json()["ended_at"]
    assert keeper.post(f"{where}/end", {"reason": "更换设备"}).status_code == 409
    actions = [entry.action for entry in JournalEntry.objects.order_by("id")]
    assert actions == ["witness.added", *["witness.corrected"] * 2, "witness.ended"]


def test_a_token_of_one_city_does_not_reach_the_log(person, calling, city):
    keeper = calling(person(Role.SYS_ADMIN), confined_to=city)

    assert keeper.post("/system/witnesses", {"name": "审", "vkey": VKEY}).status_code == 403
    assert keeper.get("/system").status_code == 403
    assert Witness.objects.count() == 0


def test_what_troubles_a_witness_is_told(keeper):
    Witness.objects.create(
        name="审",
        vkey=VKEY,
        trouble={"code": "witness.unreachable", "facts": {"reason": "timeout"}},
        failed_at=timezone.now(),
    )

    [line] = keeper.get("/system/witnesses").json()["items"]

    assert line["state"] == "failing"
    assert line["trouble"] == {"code": "witness.unreachable", "facts": {"reason": "timeout"}}


# ── erasures ──────────────────────────────────────────────────────────────────────────────────────
def test_a_text_is_erased_by_two_hands(office, auditor, head, wang):
    entry = JournalEntry.objects.get(subject=wang.subject, action="person.entered")
    asked = office.post(f"/entries/{entry.entry}/erase", {"names": ["name"], **WHY}).json()
    where = f"/erasures/{asked['id']}"
    assert (asked["state"], asked["jurisdiction"], asked["person"]) == ("asked", "370699", None)

    texts = auditor.get(f"{where}/texts").json()
    assert [each["texts"] for each in texts["entries"]] == [{"name": "王某某"}]
    assert office.post(f"{where}/carry-out", {"what": texts["what"]}).status_code == 403
    assert auditor.post(f"{where}/carry-out", {"what": "0" * 64}).status_code == 409
    done = auditor.post(f"{where}/carry-out", {"what": texts["what"]}, If_Match='"1"')
    assert done.json()["state"] == "carried_out"
    assert office.get(f"/entries/{entry.entry}").json()["texts"]["name"] is None
    assert auditor.get(f"{where}/texts").json()["entries"][0]["texts"] == {"name": None}
    assert auditor.post(f"{where}/refuse", {"reason": "迟"}).status_code == 409


def test_everything_about_a_person_is_asked_for_and_refused(office, auditor, wang):
    asked = office.post(f"/people/{wang.pk}/erase", WHY).json()
    assert asked["person"] == wang.pk
    assert office.post(f"/people/{wang.pk}/erase", WHY).status_code == 409

    refused = auditor.post(f"/erasures/{asked['id']}/refuse", {"reason": "依法应当保存"}).json()
    assert (refused["state"], refused["answer"]) == ("refused", "依法应当保存")
    assert office.get(f"/erasures/{asked['id']}").json() == refused
    assert [each["id"] for each in office.get("/erasures?state=refused").json()["items"]] == [
        asked["id"]
    ]
    assert office.get("/erasures?jurisdiction=370699&document=无").json()["items"] == []


@pytest.mark.parametrize(
    "sent",
    [
        {"names": [], **WHY},
        {"names": ["no-such-text"], **WHY},
        {"names": ["name"], **WHY, "basis": "whim"},
        {"names": ["name"], **WHY, "document": " "},
    ],
)
def test_what_is_no_request_for_erasure_is_refused(office, wang, sent):
    entry = JournalEntry.objects.get(subject=wang.subject, action="person.entered")

    assert office.post(f"/entries/{entry.entry}/erase", sent).status_code in (409, 422)
    assert ErasureRequest.objects.count() == 0


def test_no_city_asks_for_the_texts_of_another(office, auditor, other_city):
    event = Event("person.entered", "person:1", other_city.code, sealed={"name": "某"})
    entry = journal.append(event, by=None)

    sent = {"names": ["name"], **WHY}
    assert office.post(f"/entries/{entry.entry}/erase", sent).status_code == 404
    assert auditor.post(f"/entries/{entry.entry}/erase", sent).status_code == 403


@pytest.mark.parametrize("where", ["/entries", "/checkpoints", "/erasures"])
def test_a_list_asks_the_same_number_of_questions_whatever_its_length(
    office, opened, sealing, head, city, where
):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            found = office.get(f"{where}?limit=200")
        assert found.status_code == 200
        return len(asked), len(found.json()["items"])

    def more(count):
        for _ in range(count):
            opened(f"第{JournalEntry.objects.count()}局")
            sealing()
            ErasureRequest.objects.create(jurisdiction=city, asked_by=head, **WHY)

    more(3)
    questions()
    few, some = questions()
    more(57)
    many, all_ = questions()

    assert many == few <= 8
    assert all_ == some + 57


def test_what_a_token_was_not_made_for_is_not_opened(head, calling, wang):
    program = calling(head, Verb.ERASURE_ASK)

    entry = JournalEntry.objects.get(subject=wang.subject, action="person.entered")
    sent = {"names": ["name"], **WHY}
    assert program.post(f"/entries/{entry.entry}/erase", sent).status_code == 404  # not its to see
    assert program.get("/erasures").status_code == 403
    assert program.post(f"/people/{wang.pk}/erase", WHY).status_code == 200
