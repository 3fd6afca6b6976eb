"""What stands in an entry in clear is published to all the world: nothing there is about a person.

Every case of tests/record is played, and what it left is held against a closed list of facts.  A
new fact in clear must be entered here, by somebody who has thought about it.
"""

import json
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps

from kaohe.journal.models import JournalEntry, SealedText
from kaohe.organization.models import Person, User
from tests import record
from tests.record.cases import CASES, City

for each in iter_modules(record.__path__, "tests.record."):
    import_module(each.name)

KEYS = {
    "committee_id",
    "confined_to_id",
    "decision_id",
    "department_id",
    "document_id",
    "document_version_id",
    "file_id",
    "import_id",
    "item_id",
    "jurisdiction_id",
    "parent_id",
    "part_id",
    "part_version_id",
    "person_id",
    "predecessor_id",
    "scheme_version_id",
    "seat_id",
    "sheet_id",
    "sitting_id",
    "template_version_id",
    "unit_id",
    "user_id",
    "assessment_year_id",
    "group_id",
    "opinion_id",
    "made_id",
    "participant_id",
    "results_id",
    "folder_id",
    "work_plan_id",
}
# Of organisations, which are registered in public.
OF_UNITS = {
    "address",
    "cert_from",
    "cert_to",
    "category",
    "charge",
    "code",
    "former_names",
    "funding",
    "funding_basis",
    "grade",
    "group",
    "in_charge",
    "leader_posts",
    "leaders_filled",
    "level",
    "member_part",
    "name",
    "office_name",
    "plates",
    "posts_approved",
    "posts_filled",
    "predecessors",
    "registrar",
    "sector",
    "short_name",
    "sponsor",
    "staff",
    "start_up",
    "successors",
    "temporary_staff",
    "department_name",
}
# Codes, days, numbers, titles of posts, of sittings and of documents.
OF_DEEDS = {
    "abstentions",
    "basis",
    "by_department",
    "bytes",
    "cause",
    "changed",
    "cells",
    "check_code",
    "closed_on",
    "columns",
    "count",
    "database",
    "digest",
    "document",
    "document_number",
    "edition",
    "effective_on",
    "entries",
    "entry",
    "errors",
    "factor",
    "factors",
    "files",
    "founded_on",
    "from_on",
    "held_on",
    "is_active",
    "issued_on",
    "last_day",
    "ledgers",
    "marks",
    "location",
    "media",
    "method",
    "names",
    "new",
    "number",
    "opened_on",
    "outcome",
    "post",
    "present",
    "provider",
    "rank",
    "request",
    "revoked_on",
    "role",
    "same",
    "bad",
    "scheme_digest",
    "scopes",
    "settled",
    "sheet_number",
    "seat",
    "sha256",
    "size",
    "snapshots",
    "sort",
    "state",
    "status",
    "superseded_by",
    "texts",
    "title",
    "unanswered",
    "to_on",
    "url",
    "version",
    "vkey",
    "votes_against",
    "votes_for",
    "warnings",
    "year",
    "starts_on",
    "ends_on",
    "done_on",
    "dropped",
    "responsible",
    "minimum_group",
    "freeze_on",
    "frozen_on",
    "cut_off_on",
    "imported",
    "position",
    "closed",
    "into",
    "field",
    "old",
}
CLEAR = KEYS | OF_UNITS | OF_DEEDS
NAMED = {
    "committee",
    "department",
    "group",
    "jurisdiction",
    "participant",
    "unit",
    "witness",
}  # their ``name`` is public
TITLED = {"document", "seat", "sitting", "tenure", "year"}  # their ``title`` is no free text
SHORTEST = 2  # characters of a text that is looked for


def played(name):
    """The entries that a case leaves, those that it needs before included."""
    CASES[name].prepare(City())()
    return list(JournalEntry.objects.all())


def in_clear(entry):
    content = json.loads(entry.leaf)
    return {**content["was"], **content["facts"]}


def personal():
    """Everything by which a person could be known, and every text that is kept outside entries."""
    found = set()
    for row in Person.objects.all():
        found |= {row.name, row.phone, row.note}
    for row in User.objects.all():
        found |= {row.name, row.phone, row.username}
    for texts in SealedText.objects.values_list("texts", flat=True):
        found |= {each["text"] for each in texts.values()}
    return {each for each in found if len(each) >= SHORTEST}


def said(value):
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_case_publishes_only_facts_that_are_known_to_be_fit(db, name):
    for entry in played(name):
        kind = entry.subject.partition(":")[0]
        facts = in_clear(entry)

        assert set(facts) - CLEAR == set(), entry.action
        assert "name" not in facts or kind in NAMED, entry.action
        assert "title" not in facts or kind in TITLED, entry.action


@pytest.mark.parametrize("name", sorted(CASES))
def test_no_case_publishes_a_name_a_telephone_or_a_free_text(db, name):
    entries = played(name)
    secrets = personal()

    found = [
        (entry.action, fact, value)
        for entry in entries
        for fact, value in in_clear(entry).items()
        for part in said(value)
        if any(part == each or (len(each) > 4 and each in part) for each in secrets)
    ]

    assert found == []


def test_every_attribute_that_a_table_tells_in_clear_is_known_to_be_fit():
    told = {
        (model.kind, name)
        for model in apps.get_models()
        for name in getattr(model, "plain", ())
        if hasattr(model, "kind")
    }
    unfit = {
        (kind, name)
        for kind, name in told
        if name not in CLEAR
        or (name == "name" and kind not in NAMED)
        or (name == "title" and kind not in TITLED)
    }

    assert unfit == set()
    assert ("unit", "address") in told
