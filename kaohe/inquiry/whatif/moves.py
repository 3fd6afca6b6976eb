"""Who moves between two assessments of one folder: before and after, unit by unit."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import duckdb

from kaohe.core.problems import N_
from kaohe.core.quantities import show_hundredths, show_ticks
from kaohe.engine.tables import Sink
from kaohe.folder.typed import column_list, quoted
from kaohe.inquiry.explanation.arithmetic import comma
from kaohe.locale import Translate
from kaohe.locale.words import person_measure, say, say_all

Section = dict[str, object]

BEFORE, AFTER = "before", "after"
_KEPT = ("results", "component_scores", "linkages")
_NAMED = 3  # units that a cause names


class State(NamedTuple):
    """What a unit came to; decimals in ticks, the composite in hundredths."""

    group: str
    weighted: int | None
    bonus: int | None
    deduction: int | None
    composite: int | None
    rank: int | None
    grade: str
    reasons: str | None
    flags: str | None
    common: int | None
    individual: int | None
    social: int | None
    tier: str | None
    adjusted: int | None
    links: Sequence[Mapping[str, Any]]


class Move(NamedTuple):
    """A unit that moves, and why: codes of ``CAUSES``."""

    unit: str
    name: str
    department: str
    before: State
    after: State
    cause: str


CAUSES: Mapping[str, str] = {
    "own": N_("its own facts change"),
    "setting": N_("a setting changes"),
    "ranked": N_("its place under a ranked item changes"),
    "tier": N_("the tiers of its scope are divided anew"),
    "order": N_("others of its group change places with it"),
    "seat": N_("the seats or lines of its group move"),
    "linkage": N_("what follows from the grade changes"),
}


def keeper(con: duckdb.DuckDBPyConnection, side: str) -> Sink:
    """Keeps results, component scores and linkages of one side as tables ``before_…``."""

    def keep(table: str, relation: duckdb.DuckDBPyRelation) -> None:
        if table not in _KEPT:
            return
        name = f"{side}_{table}"
        known = con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [name])
        if known.fetchone():
            relation.insert_into(name)
        else:
            relation.create(name)

    return keep


_RESULTS = ("group", "weighted", "bonus", "deduction", "composite", "rank", "grade", "reasons")
_COMPARED = tuple(name for name in State._fields)


def make_moves(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the table ``moves``: every unit in which the two sides differ.

    Args:
        con: holds the tables that ``keeper`` kept of both sides.
    """
    for side in (BEFORE, AFTER):
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW side_{side} AS"  # noqa: S608
            f" SELECT unit, name, department, {column_list(_RESULTS)}, flags, common, individual,"
            " social, tier, adjusted, coalesce(links, []) AS links"
            f" FROM {side}_results LEFT JOIN (SELECT unit,"
            " max(score) FILTER (component = 'common') AS common,"
            " max(score) FILTER (component = 'individual') AS individual,"
            " max(score) FILTER (component = 'social') AS social,"
            " max(tier) AS tier,"
            " max(adjusted) FILTER (component = 'individual') AS adjusted"
            f" FROM {side}_component_scores GROUP BY unit) USING (unit)"
            " LEFT JOIN (SELECT unit, list({'link': link, 'measure': measure, 'person': person,"
            " 'amount': amount} ORDER BY link, measure, person) AS links"
            f" FROM {side}_linkages GROUP BY unit) USING (unit)"
        )
    columns = ", ".join(
        f"{side[0]}.{quoted(name)} AS {quoted(f'{side}_{name}')}"
        for side in (BEFORE, AFTER)
        for name in _COMPARED
    )
    differ = " OR ".join(
        f"b.{quoted(name)} IS DISTINCT FROM a.{quoted(name)}" for name in _COMPARED
    )
    con.execute(
        "CREATE OR REPLACE TABLE moves AS"  # noqa: S608
        f" SELECT a.unit, a.name, a.department, {columns}"
        f" FROM side_{BEFORE} b JOIN side_{AFTER} a ON b.unit = a.unit WHERE {differ}"
    )


def count_moves(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many units there are, how many move, and in what."""
    names = ("composite", "rank", "grade", "tier", "links")
    sums = ", ".join(
        f"count(*) FILTER (before_{name} IS DISTINCT FROM after_{name})" for name in names
    )
    moved = con.execute(f"SELECT count(*), {sums} FROM moves").fetchall()[0]  # noqa: S608
    units = con.execute(f"SELECT count(*) FROM {AFTER}_results").fetchall()[0][0]  # noqa: S608
    keys = ("moved", "composite", "rank", "grade", "tier", "linkages")
    return {"units": units, **dict(zip(keys, moved, strict=True))}


def read_moves(
    con: duckdb.DuckDBPyConnection, touched: Iterable[str], *, setting: bool
) -> Iterator[Move]:
    """The moves, changed grades first, then by group and rank.

    Args:
        touched: units whose own facts change.
        setting: whether a setting of the scheme, or an item, changes.
    """
    own = set(touched)
    sides = column_list(f"{side}_{name}" for side in (BEFORE, AFTER) for name in _COMPARED)
    result = con.cursor().execute(
        f"SELECT unit, name, department, {sides} FROM moves"  # noqa: S608
        " ORDER BY before_grade IS NOT DISTINCT FROM after_grade, after_group, after_rank, unit"
    )
    width = len(_COMPARED)
    while rows := result.fetchmany(1_000):
        for unit, name, department, *cells in rows:
            before, after = State._make(cells[:width]), State._make(cells[width:])
            cause = "own" if unit in own else _cause(before, after, setting=setting)
            yield Move(unit, name, department, before, after, cause)


def _cause(before: State, after: State, *, setting: bool) -> str:
    scores = ("common", "individual", "social")
    if any(getattr(before, name) != getattr(after, name) for name in scores):
        return "setting" if setting else "ranked"
    if before.tier != after.tier:
        return "tier"
    if (before.adjusted, *before[1:5]) != (after.adjusted, *after[1:5]):
        return "setting"
    if before.rank != after.rank:
        return "order"
    if (before.grade, before.reasons, before.flags) != (after.grade, after.reasons, after.flags):
        return "seat"
    return "linkage"


@dataclass(frozen=True)
class Told:
    """How moves are told: in which language, and what was asked for of which unit."""

    translate: Translate
    touched: Mapping[str, Sequence[str]]

    def sections(self, moves: Sequence[Move]) -> list[Section]:
        """The moves as ``kaohe.inquiry.whatif.differences`` documents them."""
        actors: defaultdict[str, list[Move]] = defaultdict(list)
        for move in moves:
            if move.before.composite != move.after.composite:
                actors[move.after.group].append(move)
        return [self._section(move, actors[move.after.group]) for move in moves]

    def _section(self, move: Move, actors: Sequence[Move]) -> Section:
        before = [tuple(link.values()) for link in move.before.links]
        after = [tuple(link.values()) for link in move.after.links]
        return {
            "unit": move.unit,
            "name": move.name,
            "group": move.after.group,
            "department": move.department,
            "before": self._state(move.before),
            "after": self._state(move.after),
            "linkages_gone": [self.link(link) for link in before if link not in after],
            "linkages_new": [self.link(link) for link in after if link not in before],
            "because": {"code": move.cause, "words": self._because(move, actors)},
        }

    def _state(self, state: State) -> Section:
        _ = self.translate
        scores = ("weighted", "bonus", "deduction", "common", "individual", "social", "adjusted")
        decimals = {name: getattr(state, name) for name in scores}
        return {
            "group": state.group,
            "composite": composite_text(state),
            "rank": state.rank,
            "grade": state.grade,
            "grade_words": say("grade", state.grade, _),
            "tier": state.tier,
            **{n: None if ticks is None else show_ticks(ticks) for n, ticks in decimals.items()},
            "reasons": state.reasons or "",
            "reason_words": say_all("reason", state.reasons, _),
            "flags": state.flags or "",
        }

    def link(self, link: Sequence[Any]) -> str:
        """One measure in words: (link, measure, person, amount)."""
        _kind, measure, person, amount = link
        words = person_measure(measure, person, self.translate)
        if amount is None:
            return words
        return self.translate(N_("{measure}: {amount}")).format(measure=words, amount=amount)

    def _because(self, move: Move, actors: Sequence[Move]) -> str:
        _ = self.translate
        words = _(CAUSES[move.cause])
        if move.cause == "own":
            told = _(N_(", ")).join(self.touched[move.unit])
            return _(N_("{cause}: {told}")).format(cause=words, told=told)
        if move.cause != "order":
            return words
        passed = [actor.name for actor in actors if _passed(move, actor)]
        if not passed:
            return words
        named = comma(_).join(passed[:_NAMED])
        if len(passed) > _NAMED:
            text = N_("{names} and {more} others change places with it")
            return _(text).format(names=named, more=len(passed) - _NAMED)
        return _(N_("{names} changes places with it")).format(names=named)


def _passed(move: Move, other: Move) -> bool:
    """Whether another unit changes sides with this one in the ranking."""
    far = 10**9  # a unit without rank stands behind all others
    ranks = [
        (mine.rank or far, theirs.rank or far)
        for mine, theirs in ((move.before, other.before), (move.after, other.after))
    ]
    (mine_then, theirs_then), (mine_now, theirs_now) = ranks
    return (theirs_then - mine_then > 0) != (theirs_now - mine_now > 0)


def composite_text(state: State) -> str | None:
    """The composite as it is printed."""
    return None if state.composite is None else show_hundredths(state.composite)
