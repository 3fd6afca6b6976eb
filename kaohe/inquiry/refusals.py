"""A question that cannot be answered as it was asked, and what it was probably meant to be."""

from collections.abc import Iterable

from kaohe.core.problems import Problem, declare

declare(
    "error",
    {
        "unit-unknown": (
            "there is no unit “{asked}”",
            "give a unified social credit code, or part of a name; near ones: {near}",
        ),
        "unit-ambiguous": (
            "“{asked}” may mean {number} units",
            "give more of the name, or the code of one of these: {near}",
        ),
    },
)


class QuestionRefused(Exception):
    """What was asked does not fit the folder; ``problems`` says why, all of it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(problem.sentence() for problem in self.problems[:3]))
