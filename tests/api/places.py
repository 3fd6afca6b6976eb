"""Which object a path of the API names, and what the examples of bodies are filled with."""

from tests.fixtures.places import OBJECTS

# Where a path begins → the object that it names, and where access is asked about it.
# Lines of the pages hold for the API, too: only what differs stands here.
OWN = {}
# Names in the example of a body that must be keys or codes of what is there.
FILL = {
    "department": lambda at: at.department.pk,
    "unit": lambda at: at.unit.pk,
    "person": lambda at: at.person.pk,
    "jurisdiction": lambda at: at.city.code,
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
    return "/" + page.removeprefix("organization/")


def filled(example, at):
    """The example of a body, about what stands at a place."""
    return {name: FILL[name](at) if name in FILL else value for name, value in example.items()}
