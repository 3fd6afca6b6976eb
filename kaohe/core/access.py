"""Who may do what, and where: roles, verbs, and the part of the tree that each reaches.

One closed vocabulary of verbs.  Every page, export and download asks ``reach`` for its verb: a
single object is inside it or not (``covers``), a list is filtered by it.  The two can therefore
never differ.

The tree: jurisdictions (a province above its cities), in each the departments, in each of these the
units.  Keys of departments and units are whatever the caller uses to tell them apart.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Key = int | str


class Role(StrEnum):
    """What a person is here.  docs/rules/access.md has a line on each."""

    COMMITTEE_DIRECTOR = "committee_director"
    COMMITTEE_MEMBER = "committee_member"
    OFFICE_HEAD = "office_head"
    OFFICE_CHIEF = "office_chief"
    OFFICE_CLERK = "office_clerk"
    LEDGER_KEEPER = "ledger_keeper"
    DEPT_HEAD = "dept_head"
    DEPT_CLERK = "dept_clerk"
    UNIT_HEAD = "unit_head"
    UNIT_CLERK = "unit_clerk"
    MEMBER_ORGANISATION = "member_organisation"
    MEMBER_ESTABLISHMENT = "member_establishment"
    MEMBER_HR = "member_hr"
    MEMBER_FINANCE = "member_finance"
    MEMBER_AUDIT = "member_audit"
    MEMBER_EDUCATION = "member_education"
    MEMBER_HEALTH = "member_health"
    DATA_PROVIDER = "data_provider"
    SURVEYOR = "surveyor"
    PROVINCE_READER = "province_reader"
    SYS_ADMIN = "sys_admin"
    SEC_ADMIN = "sec_admin"
    AUDIT_ADMIN = "audit_admin"


class Verb(StrEnum):
    """What can be done.  Closed: a page that does something else needs a verb of its own."""

    DESK_READ = "desk.read"  # the first page after the login
    OVERVIEW_READ = "overview.read"  # how a jurisdiction is organised
    COMMITTEE_READ = "committee.read"
    COMMITTEE_MANAGE = "committee.manage"  # seats, sittings, minutes
    COMMITTEE_DECIDE = "committee.decide"  # confirm what a sitting decided
    DEPARTMENT_READ = "department.read"
    DEPARTMENT_MANAGE = "department.manage"
    UNIT_READ = "unit.read"
    UNIT_MANAGE = "unit.manage"  # add, correct, one by one
    UNIT_IMPORT = "unit.import"  # the whole register from a workbook
    UNIT_SUCCEED = "unit.succeed"  # rename, merge, split, transfer, close
    UNIT_SNAPSHOT = "unit.snapshot"  # fix the register of a year
    PERSON_READ = "person.read"
    PERSON_MANAGE = "person.manage"
    DOCUMENT_READ = "document.read"  # issued versions
    DOCUMENT_REVIEW = "document.review"  # drafts too, and comment on them
    DOCUMENT_DRAFT = "document.draft"
    DOCUMENT_APPROVE = "document.approve"
    DOCUMENT_ISSUE = "document.issue"
    YEAR_READ = "year.read"  # its calendar and journey, its groups, what is issued for all
    YEAR_MANAGE = "year.manage"  # open it, its calendar, groups and who takes part; folders
    YEAR_APPROVE = "year.approve"  # changes after the groups are frozen, exemptions
    PART_REVIEW = "part.review"  # drafts of the settings and of the common template
    SETTINGS_DRAFT = "settings.draft"
    SETTINGS_APPROVE = "settings.approve"
    SETTINGS_ISSUE = "settings.issue"
    TEMPLATE_DRAFT = "template.draft"
    TEMPLATE_APPROVE = "template.approve"  # and issue
    SCHEME_READ = "scheme.read"  # a department's scheme, drafts too
    SCHEME_DRAFT = "scheme.draft"
    SCHEME_APPROVE = "scheme.approve"  # return, approve, issue
    SHEET_READ = "sheet.read"  # a unit's sheet and targets
    SHEET_RECEIVE = "sheet.receive"  # sign that it was received
    TARGET_DECLARE = "target.declare"
    TARGET_REVIEW = "target.review"
    TARGET_FINALISE = "target.finalise"
    TRACE_READ = "trace.read"  # the history of an object one may see
    USER_READ = "user.read"
    USER_MANAGE = "user.manage"  # accounts, locks, passwords
    ROLE_GRANT = "role.grant"
    SYSTEM_READ = "system.read"
    SYSTEM_MANAGE = "system.manage"  # jurisdictions, settings, backups
    JOB_READ = "job.read"  # the jobs of others; one's own one always sees
    AUDIT_READ = "audit.read"  # the whole record
    AUDIT_EXPORT = "audit.export"
    ERASURE_READ = "erasure.read"  # who asked for which personal text to be erased, and why
    ERASURE_ASK = "erasure.ask"
    ERASURE_CARRY_OUT = "erasure.carry_out"  # or refuse


class Span(StrEnum):
    """How far a verb of a role reaches from where the role is held."""

    INSTALLATION = "installation"  # everything, everywhere
    SUBTREE = "subtree"  # the jurisdiction and those below it
    JURISDICTION = "jurisdiction"  # the jurisdiction alone
    CHARGE = "charge"  # the departments in the clerk's charge; none named: the jurisdiction
    DEPARTMENT = "department"  # the department and its units
    UNIT = "unit"  # the unit


ADMINISTRATORS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})
OF_DEPARTMENT = frozenset({Role.DEPT_HEAD, Role.DEPT_CLERK})
OF_UNIT = frozenset({Role.UNIT_HEAD, Role.UNIT_CLERK})
MEMBERS = frozenset(role for role in Role if role.startswith("member_"))
WITH_CHARGE = frozenset({Role.OFFICE_CLERK, Role.LEDGER_KEEPER})

_V = Verb
_READ = (
    _V.OVERVIEW_READ,
    _V.COMMITTEE_READ,
    _V.DEPARTMENT_READ,
    _V.UNIT_READ,
    _V.PERSON_READ,
    _V.DOCUMENT_READ,
    _V.TRACE_READ,
    _V.YEAR_READ,
    _V.SCHEME_READ,
    _V.SHEET_READ,
)
_OFFICE = (
    *_READ,
    _V.PART_REVIEW,
    _V.DOCUMENT_REVIEW,
    _V.DOCUMENT_DRAFT,
    _V.COMMITTEE_MANAGE,
    _V.DEPARTMENT_MANAGE,
    _V.UNIT_MANAGE,
    _V.UNIT_IMPORT,
    _V.UNIT_SUCCEED,
    _V.PERSON_MANAGE,
    _V.YEAR_MANAGE,
    _V.SETTINGS_DRAFT,
    _V.TEMPLATE_DRAFT,
    _V.TEMPLATE_APPROVE,
    _V.SCHEME_APPROVE,
    _V.TARGET_FINALISE,
)
_PUBLISHED = (
    _V.OVERVIEW_READ,
    _V.DEPARTMENT_READ,
    _V.DOCUMENT_READ,
    _V.YEAR_READ,
)  # what every party may know


def _at(span: Span, verbs: Iterable[Verb]) -> dict[Verb, Span]:
    return dict.fromkeys(verbs, span)


_J = Span.JURISDICTION
_chief = _at(_J, (*_OFFICE, _V.UNIT_SNAPSHOT, _V.ERASURE_READ, _V.ERASURE_ASK))
_member = _at(_J, (*_READ, _V.DOCUMENT_REVIEW, _V.PART_REVIEW))
_department = {
    **_at(_J, (*_PUBLISHED, _V.DOCUMENT_REVIEW)),
    **_at(
        Span.DEPARTMENT,
        (
            _V.UNIT_READ,
            _V.PERSON_READ,
            _V.TRACE_READ,
            _V.SCHEME_READ,
            _V.SCHEME_DRAFT,
            _V.SHEET_READ,
            _V.TARGET_REVIEW,
        ),
    ),
}
_unit = {
    **_at(_J, _PUBLISHED),
    **_at(
        Span.UNIT,
        (_V.UNIT_READ, _V.PERSON_READ, _V.TRACE_READ, _V.SHEET_READ, _V.TARGET_DECLARE),
    ),
}

GRANTS: Mapping[Role, Mapping[Verb, Span]] = {
    Role.COMMITTEE_DIRECTOR: {
        **_member,
        **_at(
            _J,
            (
                _V.COMMITTEE_DECIDE,
                _V.DOCUMENT_APPROVE,
                _V.DOCUMENT_ISSUE,
                _V.SETTINGS_APPROVE,
                _V.YEAR_APPROVE,
            ),
        ),
    },
    Role.COMMITTEE_MEMBER: _member,
    Role.OFFICE_HEAD: {
        **_chief,
        **_at(_J, (_V.DOCUMENT_ISSUE, _V.SETTINGS_ISSUE, _V.YEAR_APPROVE)),
    },
    Role.OFFICE_CHIEF: _chief,
    Role.OFFICE_CLERK: {
        **_at(
            _J,
            (
                *_READ,
                _V.PART_REVIEW,
                _V.DOCUMENT_REVIEW,
                _V.DOCUMENT_DRAFT,
                _V.YEAR_MANAGE,
                _V.SETTINGS_DRAFT,
                _V.TEMPLATE_DRAFT,
            ),
        ),
        **_at(Span.CHARGE, (_V.UNIT_MANAGE, _V.PERSON_MANAGE, _V.UNIT_IMPORT)),
    },
    Role.LEDGER_KEEPER: _at(_J, _READ),
    Role.DEPT_HEAD: _department,
    Role.DEPT_CLERK: _department,
    Role.UNIT_HEAD: {**_unit, _V.SHEET_RECEIVE: Span.UNIT},
    Role.UNIT_CLERK: _unit,
    **dict.fromkeys(sorted(MEMBERS), _member),
    Role.DATA_PROVIDER: _at(_J, _PUBLISHED),
    Role.SURVEYOR: _at(_J, _PUBLISHED),
    Role.PROVINCE_READER: _at(Span.SUBTREE, _READ),
    Role.SYS_ADMIN: _at(Span.INSTALLATION, (_V.SYSTEM_READ, _V.SYSTEM_MANAGE, _V.JOB_READ)),
    Role.SEC_ADMIN: _at(Span.INSTALLATION, (_V.USER_READ, _V.USER_MANAGE, _V.ROLE_GRANT)),
    Role.AUDIT_ADMIN: _at(
        Span.INSTALLATION,
        (
            _V.TRACE_READ,
            _V.AUDIT_READ,
            _V.AUDIT_EXPORT,
            _V.ERASURE_READ,
            _V.ERASURE_CARRY_OUT,
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that a person holds today, and where.

    ``lineage``: the jurisdiction's key and those above it, nearest first; empty for administrators
    of the whole installation.  ``charge``: the departments in a clerk's charge, empty for all.
    """

    role: Role
    lineage: tuple[Key, ...] = ()
    department: Key | None = None
    unit: Key | None = None
    charge: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Target:
    """Where an object stands in the tree; ``lineage`` as in ``Holding``."""

    lineage: tuple[Key, ...] = ()
    department: Key | None = None
    unit: Key | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a verb of a person reaches: the union of what each holding gives."""

    everywhere: bool = False
    subtrees: frozenset[Key] = field(default_factory=frozenset)
    jurisdictions: frozenset[Key] = field(default_factory=frozenset)
    departments: frozenset[Key] = field(default_factory=frozenset)
    units: frozenset[Key] = field(default_factory=frozenset)

    def covers(self, target: Target) -> bool:
        """Whether an object lies inside.

        Source: docs/rules/access.md, X-2.
        """
        return (
            self.everywhere
            or bool(target.lineage and target.lineage[0] in self.jurisdictions)
            or not self.subtrees.isdisjoint(target.lineage)
            or (target.department is not None and target.department in self.departments)
            or (target.unit is not None and target.unit in self.units)
        )

    def __bool__(self) -> bool:
        return self.everywhere or any(
            (self.subtrees, self.jurisdictions, self.departments, self.units)
        )


def reach(holdings: Iterable[Holding], verb: Verb) -> Reach:
    """How far the holders of these roles may do ``verb``; an empty reach is false.

    Source: docs/rules/access.md, X-1, X-2, X-3.

    >>> keeper = Holding(Role.DEPT_CLERK, ("370683",), department="health")
    >>> reach([keeper], Verb.UNIT_READ).departments
    frozenset({'health'})
    >>> bool(reach([keeper], Verb.UNIT_MANAGE))
    False
    """
    parts: dict[str, set[Key]] = {
        name: set() for name in ("subtrees", "jurisdictions", "departments", "units")
    }
    everywhere = verb is Verb.DESK_READ
    for holding in holdings:
        span = GRANTS[holding.role].get(verb)
        if span is Span.INSTALLATION:
            everywhere = True
        elif span is not None:
            name, keys = _keys(span, holding)
            parts[name].update(keys)
    return Reach(everywhere, **{name: frozenset(keys) for name, keys in parts.items()})


@dataclass(frozen=True, slots=True)
class Limit:
    """What a token of the API leaves of the reach of its user.

    ``lineage``: as in ``Holding``, of the jurisdiction to which it is confined; empty: to none.
    """

    scopes: frozenset[Verb]
    lineage: tuple[Key, ...] = ()


def limited_reach(holdings: Collection[Holding], verb: Verb, limit: Limit) -> Reach:
    """How far the holders of these roles may do ``verb`` with a token: never further than without.

    Source: docs/rules/access.md, X-6.

    >>> reader = Holding(Role.PROVINCE_READER, ("370000",))
    >>> yantai = Limit(frozenset({Verb.UNIT_READ}), ("370600", "370000"))
    >>> limited_reach([reader], Verb.UNIT_READ, yantai).subtrees
    frozenset({'370600'})
    >>> bool(limited_reach([reader], Verb.PERSON_READ, yantai))
    False
    """
    if verb is not Verb.DESK_READ and verb not in limit.scopes:
        return Reach()
    if not limit.lineage:
        return reach(holdings, verb)
    here = limit.lineage[0]
    whole = reach(holdings, verb)
    inside = reach([each for each in holdings if here in each.lineage], verb)
    covered = whole.everywhere or not whole.subtrees.isdisjoint(limit.lineage)
    subtrees = inside.subtrees | {here} if covered else inside.subtrees
    return Reach(False, subtrees, inside.jurisdictions, inside.departments, inside.units)


def _keys(span: Span, holding: Holding) -> tuple[str, Collection[Key]]:
    """What one holding adds to which part of a reach."""
    here = holding.lineage[:1]
    if span is Span.SUBTREE:
        return "subtrees", here
    if span is Span.DEPARTMENT:
        return "departments", () if holding.department is None else (holding.department,)
    if span is Span.UNIT:
        return "units", () if holding.unit is None else (holding.unit,)
    if span is Span.CHARGE and holding.charge:
        return "departments", holding.charge
    return "jurisdictions", here


def cannot_be_joined(roles: Collection[Role]) -> bool:
    """Whether one person may not hold all of these: an administrator holds no other role.

    Source: docs/rules/access.md, X-4.

    >>> cannot_be_joined({Role.SYS_ADMIN, Role.SEC_ADMIN})
    True
    >>> cannot_be_joined({Role.OFFICE_CHIEF, Role.LEDGER_KEEPER})
    False
    """
    return len(set(roles)) > 1 and not ADMINISTRATORS.isdisjoint(roles)


def wants(role: Role) -> str:
    """What must be named with a role: "department", "unit", "jurisdiction", or nothing ("").

    Source: docs/rules/access.md, X-3.
    """
    if role in OF_DEPARTMENT:
        return "department"
    if role in OF_UNIT:
        return "unit"
    return "" if role in ADMINISTRATORS else "jurisdiction"
