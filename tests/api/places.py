"""Which object a path of the API names, and what the examples of bodies are filled with."""

from django.utils import timezone

from kaohe.core.leaf import Event
from kaohe.journal import services as journal
from kaohe.journal.models import Checkpoint, Witness
from tests.fixtures.places import OBJECTS

# Where a path begins → the object that it names, and where access is asked about it.
# Lines of the pages hold for the API, too: only what differs stands here.
OWN = {
    "/committees/": lambda at: at.seat.committee,
    "/offices/": lambda at: at.city,
    "/tokens/": lambda at: at.token,
    "/roles/": lambda at: at.assignment,
    "/jurisdictions/": lambda at: at.city,
    "/erasures/": lambda at: at.erasure,
    "/entries/": lambda at: ({"entry": an_entry(at).entry}, at.unit),
    "/checkpoints/": lambda at: ({"size": a_checkpoint().pk}, None),
    "/system/witnesses/": lambda at: (a_witness(), None),
    "/target-tables/": lambda at: at.target_table,
    "/adjustments/": lambda at: at.adjustment,
    "/scheme-files/": lambda at: at.part_import,
    "/years/{key}/papers/{job}": lambda at: (
        {"key": at.assessment_year.pk, "job": at.job.pk},
        at.assessment_year,
    ),
    "/scheme-versions/{key}/indicators/{item}": lambda at: (
        {"key": at.scheme_version.pk, "item": "J01"},
        at.scheme_version,
    ),
    "/scheme-versions/{key}/draft-sheets/": lambda at: (
        {"key": at.scheme_version.pk, "unit": at.unit.code},
        at.scheme_version,
    ),
    "/template-versions/{key}/items/{item}": lambda at: (
        {"key": at.template_version.pk, "item": "R01"},
        at.template_version,
    ),
    "/years/": lambda at: at.assessment_year,
    "/steps/": lambda at: at.step,
    "/groups/": lambda at: at.group,
    "/participants/": lambda at: at.participant,
    "/changes/": lambda at: at.change,
    "/units/{key}/snapshots/{year}": lambda at: (
        {"key": at.unit.pk, "year": 2025, "edition": at.edition},
        at.unit,
    ),
}
# Names in the example of a body that must be keys or codes of what is there.
FILL = {
    "department": lambda at: at.department.pk,
    "unit": lambda at: at.unit.pk,
    "person": lambda at: at.person.pk,
    "sitting": lambda at: at.sitting.pk,
    "matter": lambda at: at.matter.pk,
    "seat": lambda at: at.seat.pk,
    "jurisdiction": lambda at: at.city.code,
    "governing_document": lambda at: at.document.pk,
    "into_group": lambda at: at.group.pk,
    "assessment_year": lambda at: at.assessment_year.pk,
    "table": lambda at: at.target_table.pk,
    "participant": lambda at: at.participant.pk,
}
# What a body names that stands somewhere: where access is asked about, the narrowest first.
PLACED = {
    "table": lambda at: at.target_table,
    "participant": lambda at: at.participant,
    "unit": lambda at: at.unit,
    "department": lambda at: at.department,
    "person": lambda at: at.person,
    "sitting": lambda at: at.sitting,
    "matter": lambda at: at.matter,
    "seat": lambda at: at.seat,
    "jurisdiction": lambda at: at.city,
}


def object_of(path, at):
    """The parameters of a path, and the object's place.

    Raises:
        LookupError: no line fits; add one.
    """
    for beginning, find in (*OWN.items(), *((_api(page), find) for page, find in OBJECTS.items())):
        if path.startswith(beginning):
            found = find(at)
            found, placed = found if isinstance(found, tuple) else (found, found)
            given = found if isinstance(found, dict) else {"key": found.pk}
            return given, placed.place() if placed else None
    raise LookupError(f"give the matrix an object for {path} (tests/api/places.py)")


def _api(page):
    """The beginning of a path as the API has it."""
    return "/" + page.removeprefix("organization/").removeprefix("indicators/")


def place_in(example, at):
    """Where that stands which the example of a body names; None: it names nothing that stands."""
    names = set(_names(example))
    found = next((find(at) for name, find in PLACED.items() if name in names), None)
    return found and found.place()


def _names(example):
    """The names of an example, those in its rows too."""
    if isinstance(example, list):
        for each in example:
            yield from _names(each)
    elif isinstance(example, dict):
        for name, value in example.items():
            yield name
            yield from _names(value)


def filled(example, at):
    """The example of a body, about what stands at a place."""
    if isinstance(example, list):
        return [filled(each, at) for each in example]
    if not isinstance(example, dict):
        return example
    return {
        name: FILL[name](at)
        if name in FILL and not isinstance(value, dict | list)
        else filled(value, at)
        for name, value in example.items()
    }


def an_entry(at):
    """An entry about the unit of a place."""
    event = Event("unit.corrected", at.unit.subject, at.city.code, unit=at.unit.code)
    return journal.append(event, by=None)


def a_checkpoint():
    """The one checkpoint that there is."""
    given = {"root": "0" * 64, "note": "…", "at": timezone.now()}
    return Checkpoint.objects.get_or_create(size=1, defaults=given)[0]


def a_witness():
    """The one witness that there is."""
    given = {"name": "市审计局", "vkey": "audit.example.gov.cn/witness+00000000+AA=="}
    return Witness.objects.get_or_create(**given)[0]
