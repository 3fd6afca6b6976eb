"""What is erased stands nowhere else: not in reasons, snapshots or answers kept for programs."""

from datetime import date

import pytest
from django.utils import timezone

from kaohe.core.access import Role
from kaohe.journal.models import SealedText
from kaohe.organization.models import Once, UnitYear
from kaohe.organization.models.erasures import ERASED_NAME
from kaohe.organization.queries.erasures import digest_of, doomed_by
from kaohe.organization.services import erasures, people
from kaohe.organization.services.once import Answer, KeyReused, answered_once, forget_answers
from tests.fixtures.people import make_user

WHY = {"basis": "judgment", "document": "〔2026〕1号", "reason": "王某某来电：先前误作“王错某”"}
BEGIN, END = date(2020, 3, 5), date(2024, 3, 5)


@pytest.fixture
def office(person):
    return person(Role.OFFICE_HEAD)


@pytest.fixture
def auditor(db):
    return make_user(Role.AUDIT_ADMIN)


@pytest.fixture
def wang(office, city, school):
    """Somebody who was in post until a day, and whose name was corrected once."""
    row = people.enter_person(by=office, jurisdiction=city, name="王错某", phone="0535-0000000")
    row = people.correct_person(
        by=office, person=row, seen=1, name="王某某", phone="0535-0000000", note='说"好"'
    )
    tenure = people.appoint(by=office, place=school, post="principal", person=row, from_on=BEGIN)
    people.end_tenure(by=office, tenure=tenure, seen=1, on=END)
    row.refresh_from_db()
    return row


def erased(office, auditor, person):
    row = erasures.ask_person_erasure(by=office, person=person, **WHY)
    return erasures.carry_out_erasure(
        by=auditor, request=row, seen=row.version, what=digest_of(doomed_by(row))
    )


def answered(by, key, body="{}"):
    return answered_once(by=by, key=key, digest="d", do=lambda: Answer(201, {}, body))


def test_the_entries_that_erase_do_not_tell_the_names_anew(office, auditor, wang):
    done = erased(office, auditor, wang)

    assert done.reason == f"{ERASED_NAME}来电：先前误作“{ERASED_NAME}”"
    texts = repr(list(SealedText.objects.values_list("texts", flat=True)))
    assert ERASED_NAME in texts
    assert "王某某" not in texts
    assert "王错某" not in texts


def test_a_former_name_is_marked_in_snapshots(office, auditor, wang, city, school):
    given = {"department": school.department, "taken_at": timezone.now(), "taken_by": office}
    UnitYear.objects.create(
        jurisdiction=city, unit=school, year=2021, on=END, principal="赵某某、王错某", **given
    )

    erased(office, auditor, wang)

    assert UnitYear.objects.get().principal == f"赵某某、{ERASED_NAME}"


def test_answers_kept_for_programs_are_forgotten_with_the_texts(office, auditor, wang):
    answered(office, "name", '{"name":"王某某"}')
    answered(office, "former", '{"name":"王错某"}')
    answered(office, "note", '{"note":"说\\"好\\""}')
    answered(office, "other", '{"name":"赵某某"}')

    erased(office, auditor, wang)

    assert set(Once.objects.filter(answer__isnull=False).values_list("key", flat=True)) == {"other"}
    with pytest.raises(KeyReused):
        answered(office, "name")
    assert answered(office, "other") == (Answer(201, {}, '{"name":"赵某某"}'), True)


def test_answers_that_a_backup_brings_back_are_forgotten_again(office, auditor, wang):
    erased(office, auditor, wang)
    wang.save(update_fields=["name", "phone", "note"])  # as the backup had it
    answered(office, "name", '{"name":"王某某"}')

    assert erasures.erase_people_again() == 1
    assert not Once.objects.filter(answer__isnull=False).exists()


def test_without_a_text_no_answer_is_forgotten(office):
    answered(office, "key", '{"name":""}')

    assert forget_answers(["", ""]) == 0
    assert Once.objects.filter(answer__isnull=False).count() == 1


def test_a_name_typed_like_the_mark_keeps_nobody_from_being_erased(office, auditor, wang):
    people.correct_person(by=office, person=wang, seen=None, name=ERASED_NAME)
    wang.refresh_from_db()

    erased(office, auditor, wang)

    wang.refresh_from_db()
    assert (wang.name, wang.phone, wang.note) == (ERASED_NAME, "", "")
    assert "王" not in repr(list(SealedText.objects.values_list("texts", flat=True)))
