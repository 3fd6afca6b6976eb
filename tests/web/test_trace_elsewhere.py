"""Other pages and papers that lead to the record: a unit's own, minutes of a sitting, the menu."""

from datetime import date

import pytest

from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.core.merkle import leaf_hash
from kaohe.core.receipts import prove, receipt_of
from kaohe.journal import services as journal
from kaohe.journal.proofs import own_policy
from kaohe.organization.models import Committee, Sitting
from kaohe.organization.papers.minutes import minutes_paper


@pytest.fixture
def reader(person, signed_in):
    return signed_in(person(Role.OFFICE_HEAD))


@pytest.fixture
def closed(city):
    """A sitting whose decisions are confirmed."""
    committee = Committee.objects.create(jurisdiction=city, name="事考委")
    given = {"title": "会议", "held_on": date(2026, 3, 5), "state": "closed"}
    return Sitting.objects.create(jurisdiction=city, committee=committee, **given)


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def about_unit(unit, action="unit.entered"):
    return journal.append(Event(action, unit.subject, unit.jurisdiction.code, unit.code), by=None)


def test_a_unit_sees_its_own_record_with_receipts(client, person, school, sealing):
    entry = about_unit(school)
    sealing()
    waiting = about_unit(school, action="unit.corrected")
    client.force_login(person(Role.UNIT_HEAD, unit=school))

    page = page_of(client, f"/organization/units/{school.pk}/record")

    assert f"/trace/{entry.entry}/receipt" in page
    assert f"/trace/{waiting.entry}" in page
    assert f"/trace/{waiting.entry}/receipt" not in page


def test_minutes_bear_the_proof_of_their_confirmation_once_it_is_sealed(
    reader, city, closed, sealing
):
    entry = journal.append(Event("sitting.closed", closed.subject, city.code), by=None)
    address = f"/organization/sittings/{closed.pk}/paper"
    assert "<svg xmlns" not in page_of(reader, address)
    log = sealing()

    page = page_of(reader, address)
    assert "<svg xmlns" in page
    assert leaf_hash(entry.leaf.encode()).hex()[:8] in page
    proved = prove(receipt_of(minutes_paper(closed).proof.code.content.encode()), own_policy(log))
    assert proved.leaf == leaf_hash(entry.leaf.encode())


def test_a_damaged_log_does_not_keep_minutes_from_being_printed(
    reader, city, closed, sealing, tmp_path
):
    journal.append(Event("sitting.closed", closed.subject, city.code), by=None)
    sealing()
    (tmp_path / "keys" / "log" / "ring.json").write_text("{}")

    assert "<svg xmlns" not in page_of(reader, f"/organization/sittings/{closed.pk}/paper")


def test_the_menu_leads_there(reader, client, person):
    assert 'href="/trace/"' in page_of(reader, "/")
    client.force_login(person(Role.SURVEYOR))
    assert 'href="/trace/"' not in page_of(client, "/")
