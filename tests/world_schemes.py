"""Sound schemes with every setting drawn: for property tests, together with ``tests.worlds``.

The first of a list of choices is the plainest: that is where Hypothesis shrinks to.
"""

from dataclasses import replace
from random import Random

from kaohe.core.quantities import FULL, LIMIT, TICK
from kaohe.core.scheme import (
    Channel,
    Dimension,
    Grading,
    Linkages,
    Round,
    Scheme,
    SeatsAtLeast,
    Survey,
    Tier,
    TierPolicy,
)
from kaohe.core.tables import COMPONENTS

TIER_NAMES = ("Ⅰ", "Ⅱ", "Ⅲ", "末档")
SHARES = (20 * TICK, 0, 1, 10 * TICK, 333_333, 50 * TICK, 99 * TICK, FULL)
SCORES = (60 * TICK, 0, 1, 30 * TICK, 75 * TICK, 90 * TICK, 999_999, FULL, 101 * TICK)
WEIGHTS = (20 * TICK, 1, TICK, 30 * TICK, 60 * TICK, 333_333, 10_000 * TICK - 1)


def _tier_policy(rng: Random) -> TierPolicy:
    effect = rng.choice(("subtract", "none", "ceiling", "coefficient", "fixed"))
    values: tuple[int, ...] = (0, 3 * TICK, 6 * TICK, 85 * TICK, FULL, 9_500, TICK, LIMIT - 1)
    if effect == "coefficient":
        values = (TICK, 0, 9_500, 8_333, 12_000, LIMIT - 1)
    elif effect in ("ceiling", "fixed"):
        values = (85 * TICK, 95 * TICK, 0, 70 * TICK, LIMIT - 1)
    count = rng.choice((3, 1, 2, 3, 4))
    shares: list[int | None] = [30 * TICK, *SHARES, None, None, None]
    thresholds = sorted((rng.choice(SCORES) for _ in range(count)), reverse=True)
    tiers = []
    for place, name in enumerate(TIER_NAMES[:count]):
        ends = place == count - 1 and rng.random() < 0.8
        value = None if effect == "none" and rng.random() < 0.5 else rng.choice(values)
        tiers.append(
            Tier(
                name,
                share=None if ends else rng.choice(shares),
                threshold=None if ends or rng.random() < 0.3 else thresholds[place],
                value=value,
            )
        )
    assigns = ("quota_and_threshold", "none", "quota", "threshold", "manual")
    return TierPolicy(
        assign=rng.choice(assigns),
        scope=rng.choice(("department", "group", "jurisdiction")),
        effect=effect,
        small_scope=rng.choice((3, 0, 1, 2, 5)),
        ties=rng.choice(("down", "up")),
        tiers=tuple(tiers),
    )


def _survey(rng: Random) -> Survey:
    dimensions, question = [], 0
    for number in range(rng.choice((2, 1, 3, 5, 0))):
        asked = rng.choice((1, 2, 3))
        names = tuple(f"q{question + place + 1}" for place in range(asked))
        dimensions.append(Dimension(f"d{number + 1}", rng.choice(WEIGHTS), names))
        question += asked
    rng.shuffle(dimensions)
    codes = ("on_site", "telephone", "走访")
    channels = [
        Channel(code, rng.choice(WEIGHTS), rng.choice((2, 0, 1, 3, 5, 999_999)))
        for code in codes[: rng.choice((2, 1, 3, 3, 0))]
    ]
    rounds = [Round(code, rng.choice(WEIGHTS)) for code in ("h2", "h1")[: rng.choice((2, 1, 2, 0))]]
    scales = (
        (0, 30 * TICK, 60 * TICK, 80 * TICK, FULL),
        (90 * TICK, 92 * TICK, 95 * TICK, 98 * TICK, FULL),
        (333_333, 444_444, 555_555, 666_667, 777_777),
        (FULL, 0, 50 * TICK, 50 * TICK, 0),
    )
    return Survey(
        scale=rng.choice(scales),
        answered_share=rng.choice((60 * TICK, 0, 333_333, 50 * TICK, FULL)),
        thin_channel=rng.choice(("shrink", "drop", "keep")),
        dimensions=tuple(dimensions),
        channels=tuple(channels),
        rounds=tuple(rounds),
    )


def _grading(rng: Random, policy: TierPolicy) -> Grading:
    named = rng.choice((("common", "social"), (), (), (), COMPONENTS, ("individual",)))
    breaks = list(COMPONENTS)
    rng.shuffle(breaks)
    names = [tier.name for tier in policy.tiers]
    barred = rng.choice((names[-1:], [], [], [], names[1:]))
    seats = rng.choice((SeatsAtLeast(1, 5), SeatsAtLeast(0, 0), SeatsAtLeast(2, 1)))
    return Grading(
        a_share=rng.choice((*SHARES, 50 * TICK, 40 * TICK)),
        seats_rounding=rng.choice(("floor", "half_up", "ceil")),
        seats_at_least=seats,
        a_minimum=rng.choice((0, 0, 0, 0, 30 * TICK, 20 * TICK, 40 * TICK, *SCORES)),
        a_component_minimum={each: rng.choice((0, 0, 1, 30 * TICK, *SCORES)) for each in named},
        a_barred_tiers=tuple(barred),
        c_below=rng.choice((0, 0, 0, 10 * TICK, 20 * TICK, *SCORES[:5])),
        c_share=rng.choice((0, 0, 0, *SHARES)),
        c_share_below=rng.choice((70 * TICK, *SCORES, LIMIT - 1)),
        tie_break=tuple(breaks[: rng.choice((3, 0, 1, 2))]),
        tie_at_last_seat=rng.choice(("committee", "committee", "all_in", "all_out")),
    )


def _generous(rng: Random, grading: Grading) -> Grading:
    """Hardly a barrier before A, and few seats: the last one is often tied."""
    return replace(
        grading,
        a_share=rng.choice((10 * TICK, 30 * TICK, 40 * TICK)),
        seats_at_least=SeatsAtLeast(rng.choice((1, 2)), 2),
        a_minimum=0,
        a_component_minimum={},
        a_barred_tiers=(),
        c_below=0,
        c_share=0,
    )


def _linkages(rng: Random) -> Linkages:
    return Linkages(
        excellent_quota=rng.choice(("fixed", "points", "ratio", "ratio_of_rounded")),
        fixed_share={grade: rng.choice(SHARES) for grade in "ABC"},
        base_share=rng.choice((15 * TICK, *SHARES)),
        uplift=rng.choice((10 * TICK, 0, 333_333, LIMIT - 1)),
        share_cap=rng.choice((25 * TICK, *SHARES)),
        principal_months=rng.choice((6, 0, 1, 10, 12, 1200)),
        a_streak=rng.choice((3, 1, 2)),
        c_streak=rng.choice((2, 1, 3)),
        a_gap=rng.choice(("break", "bridge")),
        c_gap=rng.choice(("bridge", "break")),
    )


def sound_scheme(rng: Random, groups: tuple[str, ...]) -> Scheme:
    """A sound scheme; ``groups`` are those that have a unit."""
    policy = _tier_policy(rng)
    grading = _grading(rng, policy)
    year = rng.choice((2026, 2024, 1901))

    def three() -> dict[str, int]:
        return {component: rng.choice(WEIGHTS) for component in COMPONENTS}

    return Scheme(
        year=year,
        jurisdiction="370683",
        weights=three(),
        title=f"{year}年度事业单位绩效考核方案",
        missing={each: rng.choice(("zero", "redistribute")) for each in COMPONENTS},
        weights_by_group={group: three() for group in groups if rng.random() < 0.3},
        self_correction_relief=rng.choice((50 * TICK, 0, 333_333, FULL)),
        not_applicable=rng.choice(("rescale", "full")),
        tier_policy=policy,
        survey=_survey(rng),
        bonus_cap=rng.choice((5 * TICK, 0, 1, LIMIT - 1)),
        deduction_cap=rng.choice((10 * TICK, 0, 1, LIMIT - 1)),
        grading=_generous(rng, grading) if rng.random() < 0.3 else grading,
        linkages=_linkages(rng),
    )
