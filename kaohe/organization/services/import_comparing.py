"""How the rows of a workbook agree with the register: new, changed field by field, same, or bad."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kaohe.core.problems import Problem, errors_in
from kaohe.core.register import FIELD, Field, Reading, Record, Value
from kaohe.core.register_fields import TABLE
from kaohe.core.texts import fold
from kaohe.organization.models import Jurisdiction, Succession, Unit
from kaohe.organization.queries.import_register import POSTS, Held, Post, Register
from kaohe.organization.queries.import_report import Options
from kaohe.organization.services.import_reading import Table

_BATCH = 500
_TOLD_ALREADY = frozenset({"import-merged", "import-formula-not-calculated"})


@dataclass(slots=True)
class Line:
    """One row of the workbook beside the register."""

    row: int
    kind: str = "bad"  # new, changed, same, bad
    unit: int | None = None
    seal: str = ""  # what the unit was when it was compared
    values: dict[str, Value] = field(default_factory=dict)
    changes: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str, column: str, /, **facts: object) -> None:
        """Add what is wrong with a cell of the row."""
        self.problems.append(Problem(code, TABLE, self.row, column, facts))


class Ground(NamedTuple):
    """What the rows are compared with."""

    register: Register
    elsewhere: Collection[str]  # codes of units of other jurisdictions
    former: Mapping[str, str]  # earlier codes → names of the units that had them
    may: Callable[[int], bool]  # whether the person may import units of a department


def ground_of(
    jurisdiction: Jurisdiction, register: Register, codes: Sequence[str], may: Callable[[int], bool]
) -> Ground:
    """Look up what is known of the codes of a workbook beyond the jurisdiction's own units."""
    unknown = [code for code in codes if code not in register.by_code]
    elsewhere: set[str] = set()
    for start in range(0, len(unknown), _BATCH):
        part = unknown[start : start + _BATCH]
        found = Unit.objects.filter(code__in=part).values_list("code", flat=True)
        elsewhere.update(code for code in found if code)
    former = dict(
        Succession.objects.filter(jurisdiction=jurisdiction, kind="continuation").values_list(
            "predecessor_code", "unit__name"
        )
    )
    return Ground(register, elsewhere, former, may)


def compare(table: Table, reading: Reading, ground: Ground, options: Options) -> list[Line]:
    """Each row of a workbook beside the register, in the order of the rows.

    What is wrong with the whole table is added to ``table``.

    Source: docs/rules/imports.md, IM-2.
    """
    problems = _by_row(table, reading)
    records = {record.row: record for record in reading.records}
    blanks: Counter[str] = Counter()
    lines = []
    for number, cells in table.rows:
        line = Line(number, problems=problems.get(number, []))
        record = records.get(number)
        if record is not None and not errors_in(line.problems):
            _Row(line, record, cells, table.columns, ground, options, blanks).compare()
        lines.append(line)
    for name, count in blanks.items():
        table.note("import-blank-kept", None, name, head=FIELD[name].written[0], count=count)
    return lines


def _by_row(table: Table, reading: Reading) -> dict[int, list[Problem]]:
    """What is wrong with each row; a cell that could not be read is not called empty as well."""
    found: defaultdict[int, list[Problem]] = defaultdict(list)
    told = set()
    for problem in table.problems:
        if problem.row is not None and problem.row != table.head_row:
            found[problem.row].append(problem)
            if problem.code in _TOLD_ALREADY:
                told.add((problem.row, problem.column))
    table.problems = [each for each in table.problems if each.row in (None, table.head_row)]
    for problem in reading.problems:
        if problem.row is None:
            table.problems.append(problem)
        elif problem.code != "register-empty" or (problem.row, problem.column) not in told:
            found[problem.row].append(problem)
    return found


def _same(was: Value, now: Value) -> bool:
    if isinstance(was, tuple) and isinstance(now, tuple):
        return set(was) == set(now)
    return was == now or (was in (None, "", ()) and now in (None, "", ()))


@dataclass(slots=True)
class _Row:
    """A row that is sound in itself, on its way beside the register."""

    line: Line
    record: Record
    cells: Mapping[str, object]
    columns: Sequence[Field]
    ground: Ground
    options: Options
    blanks: Counter[str]

    def compare(self) -> None:
        held = self._match()
        self.line.values = self._values()
        self._check_place(held)
        if held is None:
            self._check_titles({})
        else:
            self.line.unit, self.line.seal = held.pk, held.seal
            self._check_identity(held)
            self._find_changes(held)
            self._check_titles(held.values)
            self._check_people(held)
        if errors_in(self.line.problems):
            self.line.kind, self.line.changes = "bad", {}
        elif held is None:
            self.line.kind = "new"
        else:
            self.line.kind = "changed" if self.line.changes else "same"

    def _values(self) -> dict[str, Value]:
        values = {each.name: self.record.values[each.name] for each in self.columns}
        values["department"] = int(str(values["department"]))
        return values

    def _match(self) -> Held | None:
        """The unit that the row is about; None: a new one.

        Source: docs/rules/imports.md, IM-1.
        """
        register, code = self.ground.register, str(self.record.values["code"])
        held = register.by_code.get(code)
        if held is not None:
            return held
        if code in self.ground.former:
            self.line.note("import-code-former", "code", name=self.ground.former[code])
        elif code in self.ground.elsewhere:
            self.line.note("import-code-elsewhere", "code")
        namesake = register.by_name.get(fold(str(self.record.values["name"])))
        if namesake is not None and namesake.code:
            self.line.note("import-unit-has-code", "code", was=namesake.code)
            return None
        return namesake

    def _check_place(self, held: Held | None) -> None:
        """The departments that the row touches must be in the person's charge.

        Source: docs/rules/imports.md, IM-6.
        """
        places = {int(str(self.line.values["department"]))}
        if held is not None:
            places.add(held.department)
        departments = self.ground.register.departments
        for place in sorted(places):
            if not self.ground.may(place):
                found = departments.get(place, "")
                self.line.note("import-not-in-charge", "department", found=found)
                return

    def _check_identity(self, held: Held) -> None:
        """Another name or department is a deed of its own, unless it mends the register.

        Source: docs/rules/imports.md, IM-3.
        """
        if held.closed_on is not None:
            self.line.note("import-unit-closed", "code", day=held.closed_on)
        name = str(self.line.values["name"])
        other = self.ground.register.by_name.get(fold(name), held)
        if other is not held:
            self.line.note("import-name-taken", "name", found=name, other=other.code or "—")
        if self.options.corrections:
            return
        if name != held.name:
            self.line.note("import-name-changed", "name", was=held.name)
        if self.line.values["department"] != held.department:
            was = self.ground.register.departments.get(held.department, "—")
            self.line.note("import-department-changed", "department", was=was)

    def _is_blank(self, name: str) -> bool:
        cell = self.cells.get(name, "")
        return cell == "" or (isinstance(cell, str) and not cell.strip())

    def _find_changes(self, held: Held) -> None:
        for each in self.columns:
            name = each.name
            was, now = held.values.get(name), self.line.values[name]
            if isinstance(was, tuple) and isinstance(now, tuple):
                stay = held.dated_names if name == "former_names" else frozenset()
                now = tuple(dict.fromkeys([*now, *(each for each in was if each in stay)]))
                self.line.values[name] = now
            if _same(was, now):
                continue
            if self._is_blank(name) and not self.options.clear:
                self.blanks[name] += 1
                self.line.values[name] = was
                continue
            self.line.changes[name] = (was, now)

    def _check_titles(self, before: Mapping[str, Value]) -> None:
        """What is said of somebody who is not named cannot be kept."""
        for post in POSTS:
            if self.line.values.get(post.name, before.get(post.name)):
                continue
            for name in (post.title, post.since, post.phone):
                found = self.line.values.get(name)
                if not name or found in (None, ""):
                    continue
                if before.get(name) in (None, ""):
                    facts = {"found": found, "column": FIELD[post.name].written[0]}
                    self.line.note("import-without-name", name, **facts)
                    self.line.changes.pop(name, None)

    def _check_people(self, held: Held) -> None:
        """Who follows somebody in a post does so from a day on, which must be said.

        Source: docs/rules/imports.md, IM-4.
        """
        for post in POSTS:
            holder = held.holders.get(post.post)
            if holder is None or post.name not in self.line.changes or not post.since:
                continue
            now = self.line.changes[post.name][1]
            if now:
                self._check_since(post, str(now), holder.name, held.values.get(post.since))

    def _check_since(self, post: Post, now: str, was: str, began: Value) -> None:
        since = self.line.values.get(post.since)
        known = any(each.name == post.since for each in self.columns)
        if not known or not isinstance(since, date) or self._is_blank(post.since):
            column = post.since if known else post.name
            facts = {"found": now, "was": was, "column": FIELD[post.since].written[0]}
            self.line.note("import-since-missing", column, **facts)
        elif isinstance(began, date) and since <= began:
            days = {"began": began, "found": since}
            self.line.note("import-since-early", post.since, was=was, **days)
