"""Witnesses: entered, corrected, ended; how far behind each is; whether sealing goes on."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.core.notes import COSIGNATURE, ED25519, Key
from kaohe.journal import services as journal
from kaohe.journal.models import JournalEntry, Witness
from kaohe.organization.queries.access import RoleMissing
from kaohe.organization.queries.desk_administration import administration
from kaohe.organization.queries.witnesses import (
    is_sealing_stuck,
    late_witnesses,
    sealing_state,
    watching,
)
from kaohe.organization.services.witnesses import (
    WitnessAddressUnfit,
    WitnessEnded,
    WitnessKeyUnfit,
    WitnessKnown,
    add_witness,
    correct_witness,
    end_witness,
)
from kaohe.organization.services.writing import Changed

PUBLIC = Ed25519PrivateKey.from_private_bytes(bytes([7] * 32)).public_key().public_bytes_raw()
VKEY = Key("audit.example.gov.cn/witness", COSIGNATURE, PUBLIC).vkey
OF_A_LOG = Key("audit.example.gov.cn/log", ED25519, PUBLIC).vkey


@pytest.fixture
def keeper(person):
    return person(Role.SYS_ADMIN)


@pytest.fixture
def audit(keeper):
    return add_witness(by=keeper, name="市审计局", vkey=VKEY, url="https://10.1.2.3/witness/")


def last_entry():
    return json.loads(JournalEntry.objects.latest("id").leaf)


def test_a_witness_is_entered_and_the_record_says_so(audit):
    told = last_entry()

    assert (told["action"], told["subject"]) == ("witness.added", audit.subject)
    assert told["facts"] == {
        "name": "市审计局",
        "vkey": VKEY,
        "url": "https://10.1.2.3/witness",
    }


@pytest.mark.parametrize("vkey", ["", "x", VKEY[:-4], OF_A_LOG, VKEY.replace("audit", "other")])
def test_what_is_no_key_of_a_witness_is_refused(keeper, vkey):
    with pytest.raises(WitnessKeyUnfit):
        add_witness(by=keeper, name="市审计局", vkey=vkey)


@pytest.mark.parametrize(
    "url",
    [
        "10.1.2.3",
        "ftp://10.1.2.3",
        "https://",
        "https://a b",
        "https://u:p@host",
        "https://h?q",
        "http://10.1.2.3:99999",
        "http://10.1.2.3:0",
        "http://[::1",
        "https://审计.example",
    ],
)
def test_what_is_no_address_is_refused(keeper, url):
    with pytest.raises(WitnessAddressUnfit):
        add_witness(by=keeper, name="市审计局", vkey=VKEY, url=url)


def test_a_key_watches_once(keeper, audit):
    with pytest.raises(WitnessKnown):
        add_witness(by=keeper, name="市纪委监委", vkey=f" {VKEY}\n")


def test_name_and_address_are_corrected_and_nothing_else(keeper, audit):
    Witness.objects.filter(pk=audit.pk).update(size=5)  # meanwhile it has seen something

    correct_witness(by=keeper, witness=audit, seen=1, name="示例市审计局", url="")

    told = last_entry()
    row = Witness.objects.get()
    assert told["action"] == "witness.corrected"
    assert told["was"] == {"name": "市审计局", "url": "https://10.1.2.3/witness"}
    assert (row.name, row.url, row.size, row.version) == ("示例市审计局", "", 5, 2)


def test_what_changes_nothing_leaves_nothing(keeper, audit):
    count = JournalEntry.objects.count()

    correct_witness(by=keeper, witness=audit, seen=1, name=audit.name, url=audit.url)

    assert JournalEntry.objects.count() == count


def test_a_witness_ends_once_and_keeps_its_cosignatures(keeper, audit):
    end_witness(by=keeper, witness=audit, seen=1, reason="机构撤并")

    assert last_entry()["action"] == "witness.ended"
    assert watching()[0].state == "ended"
    for again in (
        lambda: end_witness(by=keeper, witness=audit, seen=None, reason="再次"),
        lambda: correct_witness(by=keeper, witness=audit, seen=None, name="另名"),
    ):
        with pytest.raises(WitnessEnded):
            again()


def test_a_stale_form_is_refused(keeper, audit):
    correct_witness(by=keeper, witness=audit, seen=1, name="示例市审计局", url=audit.url)

    with pytest.raises(Changed):
        end_witness(by=keeper, witness=audit, seen=1, reason="旧页面")


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.SEC_ADMIN, Role.AUDIT_ADMIN])
def test_only_who_keeps_the_system_may(person, audit, role):
    somebody = person(role)
    for deed in (
        lambda: add_witness(by=somebody, name="某局", vkey=VKEY),
        lambda: correct_witness(by=somebody, witness=audit, seen=1, name="某局"),
        lambda: end_witness(by=somebody, witness=audit, seen=1, reason="无"),
    ):
        with pytest.raises(RoleMissing):
            deed()


# ── how far behind ────────────────────────────────────────────────────────────────────────────────
def noted(**given):
    Witness.objects.update(**given)
    [found] = watching()
    return found


def test_a_witness_is_told_by_how_far_it_is(audit, sealing):
    assert watching()[0].state == "seen"  # there is nothing to see yet
    sealing()
    assert noted().state == "new"
    assert noted().behind == 1
    now = timezone.now()
    assert noted(size=1, seen_at=now).state == "seen"
    assert noted(size=0).state == "behind"
    trouble = {"code": "witness.unreachable", "facts": {}}
    assert noted(trouble=trouble, failed_at=now + timedelta(hours=1)).state == "failing"
    assert noted(trouble=trouble, failed_at=now - timedelta(hours=1)).state == "behind"


def test_a_witness_that_is_a_week_behind_is_asked_after(keeper, audit, sealing, monkeypatch):
    sealing()
    assert late_witnesses() == 0
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr("kaohe.organization.queries.witnesses.timezone.now", lambda: later)

    assert late_witnesses() == 1
    assert "web:witnesses" in {each.url for each in administration(keeper)}


def test_a_witness_is_not_late_for_what_was_sealed_before_it_came(keeper, sealing, monkeypatch):
    journal.append(Event("installation.made", "installation:1"), by=None)
    sealing()
    past = timezone.now() - timedelta(days=30)
    row = add_witness(by=keeper, name="市审计局", vkey=VKEY)
    Witness.objects.filter(pk=row.pk).update(added_at=timezone.now())

    assert watching()[0].since > past


# ── sealing ───────────────────────────────────────────────────────────────────────────────────────
def test_entries_that_wait_for_long_mean_that_sealing_is_stuck(
    keeper, audit, monkeypatch, settings
):
    settings.SEAL_SECONDS = 60
    assert not is_sealing_stuck()
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("kaohe.organization.queries.witnesses.timezone.now", lambda: later)

    assert is_sealing_stuck()
    assert sealing_state().pending == 1
    assert "web:witnesses" in {each.url for each in administration(keeper)}


def test_what_is_sealed_is_not_stuck(audit, sealing, monkeypatch):
    log = sealing()
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("kaohe.organization.queries.witnesses.timezone.now", lambda: later)
    state = sealing_state()

    assert not state.is_stuck
    assert (state.pending, state.origin, state.checkpoint.size) == (0, log.ring.origin, 1)


def test_what_the_sealer_told_is_read_and_nonsense_is_passed_over(audit, sealing, tmp_path):
    sealing()
    file = tmp_path / "run" / "sealer.json"
    told = {"at": "2026-03-05T08:30:00+00:00", "trouble": {"code": "log.damaged", "facts": {}}}
    file.write_text(json.dumps(told))
    assert sealing_state().told_at.year == 2026
    assert sealing_state().trouble["code"] == "log.damaged"
    for nonsense in ("", "[]", "{", '{"at": 7}'):
        file.write_text(nonsense)
        assert sealing_state().told_at is None


def test_keys_that_cannot_be_read_are_told(audit, sealing):
    log = sealing()
    (log.ring.folder / "ring.json").write_text("{}")

    assert sealing_state().damage is not None
