"""One group in a run of draws: from weights, coins and survey means to composites and keys."""

from dataclasses import dataclass

import numpy as np

from kaohe.core.quantities import FULL
from kaohe.core.scheme import Scheme, TierPolicy
from kaohe.core.tables import COMPONENTS
from kaohe.inquiry.robustness.chance import Chance, Floats, Ints
from kaohe.inquiry.robustness.cohort import MISSING, Array, Bools, Cohort, SurveyMeans
from kaohe.inquiry.robustness.ranks import Contest, Ranked, contest, tie_classes
from kaohe.inquiry.robustness.scores import (
    EXACT,
    adjusted_by,
    in_the_sums,
    social_scores,
    tiers_from,
)

COMMON, INDIVIDUAL, SOCIAL = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """The scores that open events move, in the draws of one pass.

    Attributes:
        first: the first draw of the pass.
        scores: (cells, draws) S of each cell; ``unit`` and ``component`` say whose it is.
        cuts: (tiers - 1, open scopes, draws): the lowest score that each tier admits.
        slot: (scopes,) the place of each scope in ``cuts``; −1: its tiers are as assessed.
    """

    first: int
    scores: Array
    unit: Ints
    component: Ints
    cuts: Array
    slot: Ints


@dataclass(slots=True, eq=False)
class Group:
    """The arrays of one group that are the same in every draw, and the work of a block of draws."""

    units: slice
    scheme: Scheme
    contest: Contest
    weights: Floats  # (draws, components), ticks
    used: Floats  # (components, units): 1 where a component is in the unit's sums
    extra: Ints  # (units,): 2·extra + 101, see ``composites``
    score: Ints
    adjusted: Ints
    tier: Ints
    scope: Ints
    admitted: Bools  # (units,): neither forced to C nor barred from A
    forced: Bools
    exact: bool  # whether the two roundings of a composite may be one, see ``_composites``
    survey: SurveyMeans | None  # None: certain
    survey_start: int  # where its draws begin in the survey stream, in words
    survey_words: int  # a draw
    classes: Array | None = None  # of the tie break, where no draw changes it

    @classmethod
    def of(cls, cohort: Cohort, scheme: Scheme, units: slice, weights: Floats) -> "Group":
        """The group of ``cohort`` that stands at ``units``; its survey is certain."""
        extra = cohort.extra[units]
        score = cohort.score[:, units]
        return cls(
            units=units,
            scheme=scheme,
            contest=contest(scheme.grading, cohort.chosen[units], int(extra.max())),
            weights=weights,
            used=in_the_sums(scheme, score != MISSING).astype(np.float64),
            extra=2 * extra + 101,
            score=score,
            adjusted=cohort.adjusted[:, units],
            tier=cohort.tier[units],
            scope=cohort.scope[units],
            admitted=~(cohort.forced[units] | cohort.barred[units]),
            forced=cohort.forced[units],
            exact=_longest(weights, extra) < EXACT,
            survey=None,
            survey_start=0,
            survey_words=0,
        )

    def rank(
        self, chance: Chance, opened: Open | None, draws: slice, *, room: Floats
    ) -> tuple[Ranked, Bools]:
        """Rank the group in some draws.

        Args:
            room: draws · units floats or more, to work in: memory once touched is faster.

        Returns:
            The standings, and which draws failed: (draws,).  A failed draw's ranks mean nothing.
        """
        fields, places = self._adjusted(chance, opened, draws)
        composites = self._composites(fields, self.weights[draws], room)
        failed = np.zeros(len(composites), dtype=np.bool_)
        if not (composites.min() >= 0 and composites.max() < self.contest.top + 1):
            sound = (composites >= 0) & (composites < self.contest.top + 1)
            np.logical_not(np.all(sound, axis=1), out=failed)
            composites[failed] = 0
        ranked = Ranked.of(
            self.contest,
            composites.astype(self.contest.key_type),
            self._classes(fields),
            self._able(fields, places),
        )
        return ranked, failed

    def _adjusted(
        self, chance: Chance, opened: Open | None, draws: slice
    ) -> tuple[list[Array], Array]:
        """S′ of each component, (draws or 1, units), and the place of each tier likewise."""
        fields: list[Array] = [each[None, :] for each in self.adjusted]
        places: Array = self.tier[None, :]
        if self.survey is not None:
            fields[SOCIAL] = social_scores(
                self.survey,
                chance,
                self.survey_start + draws.start * self.survey_words,
                draws.stop - draws.start,
            )
        if opened is not None:
            fields[COMMON] = self._opened(opened, COMMON, fields[COMMON], draws)
            fields[INDIVIDUAL], places = self._individual(opened, draws)
        return fields, places

    def _opened(self, opened: Open, component: int, scores: Array, draws: slice) -> Array:
        """``scores``, with those of the group's open cells of one component in their place."""
        low, high = np.searchsorted(opened.unit, (self.units.start, self.units.stop))
        cells = low + np.flatnonzero(opened.component[low:high] == component)
        if not len(cells):
            return scores
        moved = np.repeat(scores, draws.stop - draws.start, axis=0)
        window = slice(draws.start - opened.first, draws.stop - opened.first)
        moved[:, opened.unit[cells] - self.units.start] = opened.scores[cells, window].T
        return moved

    def _individual(self, opened: Open, draws: slice) -> tuple[Array, Array]:
        """S′ of the individual component and the tiers, where open events may move them."""
        policy = self.scheme.tier_policy
        slots = np.where(self.tier >= 0, opened.slot[self.scope], -1)
        moving = np.flatnonzero(slots >= 0)
        scores = self._opened(opened, INDIVIDUAL, self.score[INDIVIDUAL][None, :], draws)
        if len(scores) == 1 and not len(moving):
            return self.adjusted[INDIVIDUAL][None, :], self.tier[None, :]
        places: Array = self.tier[None, :]
        if len(moving):
            places = np.repeat(places, draws.stop - draws.start, axis=0)
            window = slice(draws.start - opened.first, draws.stop - opened.first)
            cuts = opened.cuts[:, slots[moving], window].transpose(0, 2, 1)
            places[:, moving] = tiers_from(cuts, scores[:, moving])
        if policy.assign == "none":
            return scores, places
        return adjusted_by(policy, scores, places), places

    def _composites(self, fields: list[Array], weights: Floats, room: Floats) -> Floats:
        """The composite of each unit in each draw, hundredths, with what is cut off beneath.

        With N = Σ weight·S′, D = Σ weight and x = bonus − deduction, the two roundings of C-4 and
        C-5 are one: ⌊(⌊N/D + 1/2⌋ + x + 50) / 100⌋ = ⌊(2N + D·(2x + 101)) / 200D⌋, because whole
        numbers may be taken out of a floor.  Both terms over D are sums over the components.
        """
        added = self.extra if self.exact else 0
        terms = [
            (2 * np.maximum(field, 0) + added) * used
            for field, used in zip(fields, self.used, strict=True)
        ]
        if all(len(term) == 1 for term in terms):
            found = room[: len(weights) * self.contest.size].reshape(len(weights), -1)
            np.matmul(weights, np.concatenate(terms), out=found)
        else:
            found = weights[:, :1] * terms[0]
            for place in (INDIVIDUAL, SOCIAL):
                found += weights[:, place : place + 1] * terms[place]
        alike = bool(np.all(self.used == self.used[:, :1]))
        divisor = weights @ (self.used[:, :1] if alike else self.used)
        empty = self.used.sum(axis=0) == 0
        if empty.any():
            found[:, empty] = self.extra[empty] if self.exact else 0
            divisor = np.where(empty, 1.0, divisor)
        if self.exact:
            found /= 200 * divisor
        else:  # numbers that pass 2^53: first the bracket, then what is added to it
            found = np.floor((found + divisor) / (2 * divisor))
            found = (found + (self.extra - 1) // 2) / 100
        if self.extra.min() < 0:
            np.maximum(found, 0, out=found)
        return found

    def _classes(self, fields: list[Array]) -> Array:
        """The classes of the tie break; worked out once where no draw changes them."""
        if self.classes is not None:
            return self.classes
        order = [fields[COMPONENTS.index(each)] for each in self.scheme.grading.tie_break]
        classes = tie_classes(order, self.contest.size)
        if self.survey is None and all(len(field) == 1 for field in fields):
            self.classes = classes
        return classes

    def _able(self, fields: list[Array], places: Array) -> Array:
        """1 where a unit may be a candidate if its composite reaches: (draws or 1, units), G-3."""
        grading = self.scheme.grading
        able = self.admitted[None, :]
        for component, minimum in grading.a_component_minimum.items():
            field = fields[COMPONENTS.index(component)]
            reached = field >= minimum
            if self.scheme.missing[component] == "redistribute":
                reached |= field == MISSING
            else:
                reached &= field != MISSING  # a minimum of 0 is failed too
            able = able & reached
        barred = [tier.name in grading.a_barred_tiers for tier in self.scheme.tier_policy.tiers]
        if any(barred):
            able = able & ~np.array([*barred, False])[places]  # −1, no tier, reads the last
        return able.astype(np.int64)


def moves_tiers(policy: TierPolicy) -> bool:
    """Whether another score of one unit may change the tier of another."""
    return policy.assign not in ("none", "manual")


def survey_of(survey: SurveyMeans, units: slice) -> SurveyMeans:
    """The channels of some units."""
    return SurveyMeans(
        np.ascontiguousarray(survey.mean[:, :, units]),
        np.ascontiguousarray(survey.error[:, :, units]),
        np.ascontiguousarray(survey.weight[:, :, units]),
        survey.round_weight,
    )


def _longest(weights: Floats, extra: Ints) -> float:
    """The greatest whole number in the one rounding of ``Group._composites``."""
    greatest = 2 * FULL + 101 + 2 * int(np.abs(extra).max(initial=0)) + 200
    return float(weights.sum(axis=1).max()) * greatest
