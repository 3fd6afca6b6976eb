"""Their share of the work: weighted sums and ranks within groups, by pandas and two MCDM libraries.

``PYTHON peers.py SCORES`` runs in an environment that has them, not Kaohe.  SCORES is an ``.npz``
with ``scores`` (units, 3) in points, ``weights`` (3,) and ``start`` (groups + 1,): where each group
begins.  Data stands in memory; imports are not counted.  Prints CPU seconds by library.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np

REPEATS = 5


def with_pandas(scores: Any, weights: Any, start: Any) -> Callable[[], object]:
    """A weighted sum of columns, and ``rank(method="min")`` by group."""
    pandas = importlib.import_module("pandas")
    group = np.repeat(np.arange(len(start) - 1), np.diff(start))
    frame = pandas.DataFrame(scores, columns=["common", "individual", "social"])
    frame["group"] = group

    def work() -> object:
        parts = frame[["common", "individual", "social"]] * weights
        composite = (parts.sum(axis=1) / weights.sum()).round(2)
        return composite.groupby(frame["group"]).rank(method="min", ascending=False)

    return work


def with_skcriteria(scores: Any, weights: Any, start: Any) -> Callable[[], object]:
    """A decision matrix for each group, its weighted sum model, and its ranks."""
    criteria = importlib.import_module("skcriteria")
    model = importlib.import_module("skcriteria.agg.simple").WeightedSumModel()
    shares = weights / weights.sum()

    def work() -> object:
        return [
            model.evaluate(criteria.mkdm(scores[a:b], [max, max, max], weights=shares)).rank_
            for a, b in pairwise(start)
        ]

    return work


def with_pymcdm(scores: Any, weights: Any, start: Any) -> Callable[[], object]:
    """The weighted sum model, neither normalised nor validated, for each group, and its ranks."""
    methods = importlib.import_module("pymcdm.methods")
    ranks = importlib.import_module("pymcdm.helpers").rrankdata
    model = methods.WSM(normalization_function=lambda column, cost: column)
    shares, gain = weights / weights.sum(), np.ones(3)

    def work() -> object:
        return [
            ranks(model(scores[a:b], shares, gain, validation=False)) for a, b in pairwise(start)
        ]

    return work


def main(path: str) -> None:
    """Measure all three."""
    data = np.load(path)
    arrays = data["scores"], data["weights"], data["start"]
    found = {}
    for name, make in (
        ("pandas", with_pandas),
        ("scikit-criteria", with_skcriteria),
        ("pymcdm", with_pymcdm),
    ):
        work = make(*arrays)
        work()
        spent = []
        for _ in range(REPEATS):
            before = time.process_time()
            work()
            spent.append(time.process_time() - before)
        found[name] = median(spent)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
