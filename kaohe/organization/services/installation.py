"""The installation itself: its beginning, its administrators, its upkeep, its jurisdictions."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, transaction

from kaohe import __version__
from kaohe.core.access import Verb
from kaohe.core.errors import Conflict, Invalid
from kaohe.core.leaf import Event, Fact
from kaohe.core.texts import clean
from kaohe.organization.models import Jurisdiction, User
from kaohe.organization.queries.access import require
from kaohe.organization.queries.installation import MADE, is_made, made_entry
from kaohe.organization.services.accounts import Opened
from kaohe.organization.services.roles import open_first_administrators
from kaohe.organization.services.writing import (
    State,
    changed,
    created,
    is_same,
    record,
    save,
    taken,
)


class MadeAlready(Conflict):
    """An installation begins once."""

    code = "installation.made-already"
    sentence = "This installation was made before; nothing was changed."


class JurisdictionCodeTaken(Conflict):
    """A division code stands for one place."""

    code = "jurisdiction.code-taken"
    sentence = "There is a jurisdiction with the code {code} already: “{name}”. Check the code."
    field = "code"


class CodeUnfit(Invalid):
    """Division codes have six digits."""

    code = "jurisdiction.code-unfit"
    sentence = "“{code}” is not a division code. Enter the six digits of GB/T 2260, such as 370683."
    field = "code"


class BelowItself(Invalid):
    """A jurisdiction cannot lie below itself."""

    code = "jurisdiction.below-itself"
    sentence = "“{name}” lies below this jurisdiction, and so cannot be above it. Choose another."
    field = "parent"


def make(*, keep: Callable[[list[Opened]], object]) -> list[Opened]:
    """Begin the record, and open the accounts of the three administrators.

    Args:
        keep: puts the first passwords where the owner of the machine finds them; where it fails,
            nothing was made.

    Raises:
        MadeAlready: it was made before.
    """
    try:
        with transaction.atomic():
            if is_made():
                raise MadeAlready
            facts: dict[str, Fact] = {"version": __version__, "database": connection.vendor}
            record(Event("installation.made", f"installation:{uuid4().hex}", facts=facts), by=None)
            accounts = open_first_administrators()
            keep(accounts)
    except IntegrityError as error:  # another process was faster
        raise MadeAlready from error
    return accounts


@transaction.atomic
def note(*, what: str, facts: Mapping[str, Fact]) -> None:
    """Put on record what was done to the whole installation from its machine.

    Args:
        what: "backed-up", "restored" or "upgraded".
    """
    subject = made_entry().subject if is_made() else MADE
    clear = {name: value for name, value in facts.items() if name != "file"}
    sealed = {"file": str(facts["file"])} if "file" in facts else {}  # somebody chose its name
    record(Event(f"installation.{what}", subject, facts=clear, sealed=sealed), by=None)


@transaction.atomic
def enter_jurisdiction(
    *,
    by: User,
    code: str,
    name: str,
    office_name: str = "",
    support: str = "",
    parent: Jurisdiction | None = None,
) -> Jurisdiction:
    """Enter a province, a city or a county that runs its own assessment.

    Raises:
        RoleMissing: ``by`` may not.
        CodeUnfit: the code has not six digits.
        JurisdictionCodeTaken: another one has the code.
    """
    require(by, Verb.SYSTEM_MANAGE)
    row = Jurisdiction.objects.create(
        code=_free_code(code),
        name=clean(name),
        office_name=clean(office_name),
        support=clean(support),
        parent=parent,
    )
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    row.save(update_fields=["path"])
    record(created(row, "jurisdiction.entered"), by=by)
    return row


@transaction.atomic
def correct_jurisdiction(
    *, by: User, jurisdiction: Jurisdiction, seen: int | None, **fields: Any
) -> Jurisdiction:
    """Mend what is known of a jurisdiction; all below it moves with it.

    Args:
        fields: of ``code``, ``name``, ``office_name``, ``support``, ``parent``.

    Raises:
        RoleMissing: ``by`` may not.
        CodeUnfit, JurisdictionCodeTaken: the new code will not do.
        BelowItself: the new parent lies below it.
        Changed: it is not what ``by`` saw.
    """
    require(by, Verb.SYSTEM_MANAGE)
    row = taken(Jurisdiction, jurisdiction.pk, seen)
    before, old_path = State(row), row.path
    if fields.get("code", row.code) != row.code:
        fields["code"] = _free_code(fields["code"])
    parent = fields.get("parent", row.parent)
    if parent is not None and parent.path.startswith(old_path):
        raise BelowItself(name=parent.name)
    for name, value in fields.items():
        setattr(row, name, clean(value) if isinstance(value, str) else value)
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    if is_same(row, before):
        return row
    save(row, by=by, event=changed(row, before, "jurisdiction.corrected"))
    if row.path != old_path:
        for below in Jurisdiction.objects.filter(path__startswith=old_path).exclude(pk=row.pk):
            below.path = row.path + below.path.removeprefix(old_path)
            below.save(update_fields=["path"])  # follows from the entry above
    return row


def _free_code(code: str) -> str:
    code = clean(code)
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        raise CodeUnfit(code=code)
    taken_by = Jurisdiction.objects.filter(code=code).first()
    if taken_by is not None:
        raise JurisdictionCodeTaken(code=code, name=taken_by.name)
    return code
