"""The installation: begun once; jurisdictions entered and moved."""

import pytest

from kaohe.core.access import Role
from kaohe.journal.models import JournalEntry
from kaohe.journal.queries import entries_of, tell
from kaohe.organization.models import Jurisdiction, RoleAssignment, User
from kaohe.organization.queries import installation as queries
from kaohe.organization.queries.access import RoleMissing, visible_units
from kaohe.organization.services import installation
from kaohe.organization.services.installation import (
    BelowItself,
    CodeUnfit,
    JurisdictionCodeTaken,
    MadeAlready,
)
from kaohe.organization.services.writing import Changed
from tests.fixtures.people import make_department, make_jurisdiction, make_unit, make_user


@pytest.fixture
def keeper(db):
    return make_user(Role.SYS_ADMIN)


def test_an_installation_begins_once_with_three_administrators(db):
    kept = []
    installation.make(keep=kept.extend)

    assert [each.user.username for each in kept] == ["sysadmin", "secadmin", "auditadmin"]
    assert all(each.user.check_password(each.password) for each in kept)
    assert JournalEntry.objects.earliest("id").action == "installation.made"
    with pytest.raises(MadeAlready):
        installation.make(keep=kept.extend)
    assert len(kept) == User.objects.count() == RoleAssignment.objects.count() == 3


def test_where_the_first_passwords_cannot_be_kept_nothing_begins(db):
    def full(_accounts):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        installation.make(keep=full)

    assert not User.objects.exists()
    assert not queries.is_made()


def test_a_jurisdiction_is_entered_below_another(keeper):
    province = make_jurisdiction("370000", "示例省")

    row = installation.enter_jurisdiction(
        by=keeper, code=" 370699 ", name="示例市", parent=province, support="张三 2210001"
    )

    assert row.lineage == (row.pk, province.pk)
    [told] = tell(entries_of([row.subject]))
    assert (told.action, told.facts["parent_id"]) == ("jurisdiction.entered", province.pk)
    assert "support" not in told.facts
    assert told.sealed["support"] == "张三 2210001"


@pytest.mark.parametrize("code", ["37068", "3706833", "37068a", "三七〇六八三", "٣٧٠٦٨٣", ""])
def test_a_code_of_other_form_is_refused(keeper, code):
    with pytest.raises(CodeUnfit):
        installation.enter_jurisdiction(by=keeper, code=code, name="示例市")


def test_a_code_stands_for_one_place(keeper, city, other_city):
    with pytest.raises(JurisdictionCodeTaken, match="示例市"):
        installation.enter_jurisdiction(by=keeper, code=city.code, name="又一市")
    with pytest.raises(JurisdictionCodeTaken):
        installation.correct_jurisdiction(
            by=keeper, jurisdiction=other_city, seen=None, code=city.code
        )


def test_what_lies_below_moves_along_and_readers_above_see_it(keeper, city):
    province = make_jurisdiction("370000", "示例省")
    county = make_jurisdiction("370683", "示例县", parent=city)
    unit = make_unit(county, make_department(county, "县教体局"), "示例县第一中学", 49458012)
    reader = make_user(Role.PROVINCE_READER, jurisdiction=province)
    assert not visible_units(reader).exists()

    installation.correct_jurisdiction(by=keeper, jurisdiction=city, seen=1, parent=province)

    county.refresh_from_db()
    assert county.lineage == (county.pk, city.pk, province.pk)
    assert list(visible_units(User.objects.get(pk=reader.pk))) == [unit]
    assert JournalEntry.objects.filter(action="jurisdiction.corrected").count() == 1


def test_nothing_lies_below_itself(keeper, city):
    below = make_jurisdiction("370683", "示例县", parent=city)

    for parent in (city, below):
        with pytest.raises(BelowItself):
            installation.correct_jurisdiction(
                by=keeper, jurisdiction=city, seen=None, parent=parent
            )


def test_who_saw_an_older_version_is_told(keeper, city):
    installation.correct_jurisdiction(by=keeper, jurisdiction=city, seen=1, name="新示例市")

    with pytest.raises(Changed):
        installation.correct_jurisdiction(by=keeper, jurisdiction=city, seen=1, name="旧示例市")

    assert Jurisdiction.objects.get(pk=city.pk).name == "新示例市"


def test_a_correction_that_changes_nothing_is_not_an_entry(keeper, city):
    installation.correct_jurisdiction(by=keeper, jurisdiction=city, seen=1, name=city.name)

    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("role", [Role.OFFICE_HEAD, Role.SEC_ADMIN, Role.AUDIT_ADMIN])
def test_others_may_not(person, city, role):
    with pytest.raises(RoleMissing):
        installation.enter_jurisdiction(by=person(role), code="370683", name="示例县")
    with pytest.raises(RoleMissing):
        installation.correct_jurisdiction(by=person(role), jurisdiction=city, seen=None, name="x")


def test_the_facts_of_a_sound_installation(keeper, vendor):
    installation.note(what="backed-up", facts={"file": "b.tar.gz", "bytes": 3})

    found = queries.facts()

    assert (found.vendor, found.missing_triggers, found.pending) == (vendor, frozenset(), ())
    assert found.backup["file"] == "b.tar.gz"
    assert found.entries >= 1
    assert found.free_bytes > 0
