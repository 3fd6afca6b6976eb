"""The settings from which scores follow: weights, tiers, social evaluation, adjustments.

Source: docs/rules/settings.md, SE-1.
"""

from kaohe.core.problems import N_
from kaohe.core.scheme_fields import COMPONENT_LABELS, Choice, Column, Kind, Section, Setting
from kaohe.core.tables import COMPONENTS

_MISSING = (
    Choice("zero", N_("counts 0")),
    Choice("redistribute", N_("its weight goes to the others")),
)
_WEIGHTS = (
    Setting(
        "title",
        Section.WEIGHTS,
        Kind.LINE,
        N_("Title of the scheme"),
        N_("Printed on reports and tables."),
        "design",
        "SC-2",
    ),
    *(
        Setting(
            f"components.{name}.weight",
            Section.WEIGHTS,
            Kind.WEIGHT,
            label,
            meaning,
            "practice",
            "C-4",
        )
        for name, label, meaning in (
            (
                "common",
                N_("Weight of common indicators"),
                N_("The two ledgers, the same for all units. Weights need not sum to 100."),
            ),
            (
                "individual",
                N_("Weight of individual indicators"),
                N_("The unit's own sheet: business, benefit, management."),
            ),
            (
                "social",
                N_("Weight of social evaluation"),
                N_("What the public and those served answer."),
            ),
        )
    ),
    *(
        Setting(
            f"components.{name}.missing",
            Section.WEIGHTS,
            Kind.CHOICE,
            label,
            N_("What a unit gets that has no score of this part; it is flagged either way."),
            "design",
            "C-4",
            _MISSING,
        )
        for name, label in (
            ("common", N_("Common indicators missing")),
            ("individual", N_("Individual indicators missing")),
            ("social", N_("Social evaluation missing")),
        )
    ),
)

_GROUPS = (
    Setting(
        "weights_by_group",
        Section.GROUPS,
        Kind.GROUPS,
        N_("Weights of a group"),
        N_("Three weights in place of the general ones, for all of a group; empty: the general."),
        "practice",
        "C-4",
        columns=tuple(
            Column(name, COMPONENT_LABELS[name], Kind.WEIGHT, optional=True) for name in COMPONENTS
        ),
    ),
)

_TIERS = (
    Setting(
        "tier_policy.assign",
        Section.TIERS,
        Kind.CHOICE,
        N_("How tiers are given"),
        N_("Tiers Ⅰ, Ⅱ, Ⅲ divide the individual scores of units."),
        "seed",
        "C-2",
        (
            Choice("quota_and_threshold", N_("by seats and points, both")),
            Choice("quota", N_("by seats")),
            Choice("threshold", N_("by points")),
            Choice("manual", N_("one by one, with reasons")),
            Choice("none", N_("no tiers")),
        ),
    ),
    Setting(
        "tier_policy.scope",
        Section.TIERS,
        Kind.CHOICE,
        N_("Among whom"),
        N_("Within which circle units share the seats of a tier."),
        "design",
        "C-2",
        (
            Choice("department", N_("units of a department")),
            Choice("group", N_("units of a group")),
            Choice("jurisdiction", N_("all units")),
        ),
    ),
    Setting(
        "tier_policy.effect",
        Section.TIERS,
        Kind.CHOICE,
        N_("What a tier does"),
        N_("How the score of the individual indicators follows from the tier."),
        "seed",
        "C-3",
        (
            Choice("subtract", N_("takes points off")),
            Choice("ceiling", N_("holds the score below a ceiling")),
            Choice("coefficient", N_("multiplies the score")),
            Choice("fixed", N_("sets the score")),
            Choice("none", N_("is only shown")),
        ),
    ),
    Setting(
        "tier_policy.tiers",
        Section.TIERS,
        Kind.ROWS,
        N_("The tiers"),
        N_(
            "From the best down, the last takes the rest. Empty share: no limit of seats."
            " Value: points off, ceiling, factor or score."
        ),
        "practice",
        "C-2",
        columns=(
            Column("name", N_("Tier"), Kind.LINE),
            Column("share", N_("Seats at most, %"), Kind.PERCENT, optional=True),
            Column("threshold", N_("Points at least"), Kind.POINTS, optional=True),
            Column("value", N_("Value of the effect"), Kind.POINTS, optional=True),
        ),
    ),
    Setting(
        "tier_policy.small_scope",
        Section.TIERS,
        Kind.WHOLE,
        N_("Small circle, units"),
        N_("A circle with fewer units has no limit of seats: points alone decide there."),
        "design",
        "C-2",
    ),
    Setting(
        "tier_policy.ties",
        Section.TIERS,
        Kind.CHOICE,
        N_("Equal scores at the last seat of a tier"),
        N_("Where to, when those who are equal do not all fit in."),
        "design",
        "C-2",
        (
            Choice("down", N_("all go down")),
            Choice("up", N_("all go up, if it is one too many")),
        ),
    ),
)

_SURVEY = (
    Setting(
        "survey.scale",
        Section.SURVEY,
        Kind.NUMBERS,
        N_("Points of the five answers"),
        N_("From very dissatisfied to very satisfied; “don't know” does not count."),
        "practice",
        "E-2",
        count=5,
    ),
    Setting(
        "survey.answered_share",
        Section.SURVEY,
        Kind.PERCENT,
        N_("Questions answered at least, %"),
        N_("A response with fewer answers does not count."),
        "design",
        "E-1",
    ),
    Setting(
        "survey.thin_channel",
        Section.SURVEY,
        Kind.CHOICE,
        N_("Channel with too few responses"),
        N_("What a channel weighs that has fewer responses than its minimum."),
        "design",
        "E-5",
        (
            Choice("shrink", N_("less, in proportion")),
            Choice("drop", N_("nothing")),
            Choice("keep", N_("as much as ever")),
        ),
    ),
    Setting(
        "survey.dimensions",
        Section.SURVEY,
        Kind.ROWS,
        N_("Dimensions"),
        N_("What is asked about; each question belongs to one dimension."),
        "seed",
        "E-3",
        columns=(
            Column("code", N_("Short code"), Kind.LINE),
            Column("weight", N_("Weight"), Kind.WEIGHT),
            Column("questions", N_("Questions, by code"), Kind.LIST),
        ),
    ),
    Setting(
        "survey.channels",
        Section.SURVEY,
        Kind.ROWS,
        N_("Channels"),
        N_("How people are asked, and how many answers each unit needs there in a round."),
        "seed",
        "E-4",
        columns=(
            Column("code", N_("Short code"), Kind.LINE),
            Column("weight", N_("Weight"), Kind.WEIGHT),
            Column("minimum", N_("Responses at least"), Kind.WHOLE),
        ),
    ),
    Setting(
        "survey.rounds",
        Section.SURVEY,
        Kind.ROWS,
        N_("Rounds"),
        N_("Each half-year and at year end."),
        "seed",
        "E-6",
        columns=(
            Column("code", N_("Short code"), Kind.LINE),
            Column("weight", N_("Weight"), Kind.WEIGHT),
        ),
    ),
)

_ADJUSTMENTS = (
    Setting(
        "common.self_correction_relief",
        Section.ADJUSTMENTS,
        Kind.PERCENT,
        N_("Relief for self-correction, %"),
        N_("How much of a deduction is forgiven when the unit found and mended it by itself."),
        "design",
        "R-1",
    ),
    Setting(
        "common.not_applicable",
        Section.ADJUSTMENTS,
        Kind.CHOICE,
        N_("Item that does not apply"),
        N_("How an item counts that does not apply to a unit."),
        "design",
        "C-1",
        (
            Choice("rescale", N_("left out, the others carry its points")),
            Choice("full", N_("counted as earned in full")),
        ),
    ),
    Setting(
        "adjustments.bonus_cap",
        Section.ADJUSTMENTS,
        Kind.POINTS,
        N_("Bonuses at most, points"),
        N_("Of one matter only the highest counts."),
        "practice",
        "C-4",
    ),
    Setting(
        "adjustments.deduction_cap",
        Section.ADJUSTMENTS,
        Kind.POINTS,
        N_("Deductions at most, points"),
        N_("Deductions of the ledgers are not under this limit."),
        "practice",
        "C-4",
    ),
)

SCORE_SETTINGS: tuple[Setting, ...] = (*_WEIGHTS, *_GROUPS, *_TIERS, *_SURVEY, *_ADJUSTMENTS)
