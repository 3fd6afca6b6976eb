"""A growing list of problems that stays small: the first of each kind are kept, all are counted."""

from collections import Counter

from kaohe.core.problems import Problem, declare

KEPT = 1_000  # problems of one code in one column that are listed each with its row

declare(
    "error",
    {
        "more-of-the-same": (
            "more rows with a problem in this column, not listed: {count}",
            "mend the listed rows first: most often the others have the same cause",
        ),
    },
)


class Findings:
    """The problems of one reading, in the order in which they were found.

    Source: docs/rules/folder.md, F-10.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self._listed: list[Problem] = []
        self._seen: Counter[tuple[str, str, str]] = Counter()
        self._more: Counter[tuple[str, str]] = Counter()

    def add(
        self,
        code: str,
        table: str = "",
        row: int | None = None,
        column: str = "",
        /,
        **facts: object,
    ) -> None:
        """One problem; listed when it is among the first of its code in its column."""
        kind = (table, column, code)
        self._seen[kind] += 1
        if self._seen[kind] <= self.kept:
            self._listed.append(Problem(code, table, row, column, facts))
        else:
            self._more[table, column] += 1

    def extend(self, other: "Findings") -> None:
        """All that another reading found."""
        self._listed.extend(other._listed)
        self._seen.update(other._seen)
        self._more.update(other._more)

    def add_more(self, table: str, column: str, count: int) -> None:
        """``count`` rows with a problem in a column that are counted and not listed."""
        if count:
            self._more[table, column] += count

    def __bool__(self) -> bool:
        return bool(self._seen or self._more)

    @property
    def problems(self) -> list[Problem]:
        """The listed ones, and one summary for each column with more."""
        return self._listed + [
            Problem("more-of-the-same", table, None, column, {"count": count})
            for (table, column), count in self._more.items()
        ]
