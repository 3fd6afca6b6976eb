"""Requests for erasure."""

from functools import partial

from kaohe.core.access import Role
from kaohe.core.leaf import Event
from kaohe.journal import services as journal
from kaohe.journal.models import JournalEntry
from kaohe.organization.models import ErasureRequest, Person
from kaohe.organization.queries.erasures import digest_of, doomed_by
from kaohe.organization.services import erasures
from tests.fixtures.people import make_user
from tests.record.cases import leaves

WHY = {"basis": "judgment", "document": "〔2026〕1号", "reason": "判决已生效"}


def entry_of(city):
    event = Event("unit.entered", city.school.subject, city.place.code, sealed={"purpose": "教学"})
    found = journal.append(event, by=None)
    return JournalEntry.objects.select_related("sealed").get(pk=found.pk)


def asked(city):
    return erasures.ask_erasure(
        by=city.office, entry=entry_of(city), jurisdiction=city.place, names=["purpose"], **WHY
    )


def somebody(city):
    return Person.objects.create(jurisdiction=city.place, name="王某某", phone="0535-0000000")


def asked_about_person(city):
    return ErasureRequest.objects.create(
        jurisdiction=city.place, person=somebody(city), asked_by=city.office, **WHY
    )


def auditor():
    return make_user(Role.AUDIT_ADMIN)


@leaves("erasures.ask_erasure", "erasure.asked")
def _(city):
    given = {"entry": entry_of(city), "jurisdiction": city.place, "names": ["purpose"], **WHY}
    return partial(erasures.ask_erasure, by=city.office, **given)


@leaves("erasures.ask_person_erasure", "erasure.asked")
def _(city):
    return partial(erasures.ask_person_erasure, by=city.office, person=somebody(city), **WHY)


@leaves("erasures.carry_out_erasure", "erasure.carried-out", "record.text-erased")
def _(city):
    row = asked(city)
    what = digest_of(doomed_by(row))
    return partial(erasures.carry_out_erasure, by=auditor(), request=row, seen=1, what=what)


@leaves("erasures.carry_out_erasure#person", "erasure.carried-out", "person.erased")
def _(city):
    row = asked_about_person(city)
    what = digest_of(doomed_by(row))
    return partial(erasures.carry_out_erasure, by=auditor(), request=row, seen=1, what=what)


@leaves("erasures.erase_person", "person.erased")
def _(city):
    return partial(erasures.erase_person, by=auditor(), request=asked_about_person(city))


@leaves("erasures.refuse_erasure", "erasure.refused")
def _(city):
    given = {"seen": 1, "reason": "依据不足"}
    return partial(erasures.refuse_erasure, by=auditor(), request=asked(city), **given)
