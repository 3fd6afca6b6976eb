"""The settings from which grades follow, and what they bring.

Source: docs/rules/settings.md, SE-1.
"""

from kaohe.core.problems import N_
from kaohe.core.scheme_fields import COMPONENT_LABELS, Choice, Kind, Section, Setting
from kaohe.core.tables import COMPONENTS

_GAP = (Choice("break", N_("breaks the run")), Choice("bridge", N_("is passed over")))

_GRADING = (
    Setting(
        "grading.a_share",
        Section.GRADING,
        Kind.PERCENT,
        N_("Grade A at most, % of a group"),
        N_("A limit, not a quota to be filled."),
        "practice",
        "G-3",
    ),
    Setting(
        "grading.seats_rounding",
        Section.GRADING,
        Kind.CHOICE,
        N_("Rounding of seats"),
        N_("How a part of a seat is counted."),
        "design",
        "G-3",
        (
            Choice("floor", N_("dropped")),
            Choice("half_up", N_("half and more is one")),
            Choice("ceil", N_("any part is one")),
        ),
    ),
    Setting(
        "grading.seats_at_least.seats",
        Section.GRADING,
        Kind.WHOLE,
        N_("Seats at least"),
        N_("Even a small group gets as many."),
        "design",
        "G-3",
    ),
    Setting(
        "grading.seats_at_least.from_group_size",
        Section.GRADING,
        Kind.WHOLE,
        N_("Seats at least, from units"),
        N_("A group with fewer units gets what the share gives."),
        "design",
        "G-3",
    ),
    Setting(
        "grading.a_minimum",
        Section.GRADING,
        Kind.POINTS,
        N_("Composite at least for A"),
        N_("Below it no unit gets an A, whatever its rank."),
        "practice",
        "G-3",
    ),
    *(
        Setting(
            f"grading.a_component_minimum.{name}",
            Section.GRADING,
            Kind.POINTS,
            label,
            N_("Below it no unit gets an A. Empty: no such limit."),
            "practice",
            "G-3",
            optional=True,
        )
        for name, label in (
            ("common", N_("Common indicators at least for A")),
            ("individual", N_("Individual indicators at least for A")),
            ("social", N_("Social evaluation at least for A")),
        )
    ),
    Setting(
        "grading.a_barred_tiers",
        Section.GRADING,
        Kind.LIST,
        N_("Tiers that bar from A"),
        N_("A unit in such a tier gets a B at most."),
        "practice",
        "G-3",
    ),
    Setting(
        "grading.c_below",
        Section.GRADING,
        Kind.POINTS,
        N_("Grade C below, points"),
        N_("A composite below this is a C."),
        "practice",
        "G-2",
    ),
    Setting(
        "grading.c_share",
        Section.GRADING,
        Kind.PERCENT,
        N_("Grade C by rank, % of a group"),
        N_("So many of the lowest are a C; 0: nobody is, for the rank alone."),
        "design",
        "G-2",
    ),
    Setting(
        "grading.c_share_below",
        Section.GRADING,
        Kind.POINTS,
        N_("Grade C by rank only below, points"),
        N_("Who has this composite or more is no C by rank."),
        "design",
        "G-2",
    ),
    Setting(
        "grading.tie_break",
        Section.GRADING,
        Kind.LIST,
        N_("Equal composites are ranked by"),
        N_("The parts that are compared, one after the other."),
        "design",
        "G-1",
        tuple(Choice(name, COMPONENT_LABELS[name]) for name in COMPONENTS),
    ),
    Setting(
        "grading.tie_at_last_seat",
        Section.GRADING,
        Kind.CHOICE,
        N_("Equal ranks at the last seat of A"),
        N_("Who gets it when those who are equal do not all fit in."),
        "design",
        "G-3",
        (
            Choice("committee", N_("the committee decides")),
            Choice("all_in", N_("all of them")),
            Choice("all_out", N_("none of them")),
        ),
    ),
)

_LINKAGES = (
    Setting(
        "linkages.excellent_quota",
        Section.LINKAGES,
        Kind.CHOICE,
        N_("Quota of “excellent” in the staff assessment"),
        N_("How many of the staff may be graded excellent; since 2023 shares are set by law."),
        "reg",
        "L-2",
        (
            Choice("fixed", N_("fixed shares by grade")),
            Choice("points", N_("base share and so many percentage points more")),
            Choice("ratio", N_("base number and so many percent more")),
            Choice("ratio_of_rounded", N_("rounded base number and so many percent more")),
        ),
    ),
    *(
        Setting(
            f"linkages.fixed_share.{grade}",
            Section.LINKAGES,
            Kind.PERCENT,
            label,
            N_("For fixed shares: of those who take part in the staff assessment."),
            "reg",
            "L-2",
        )
        for grade, label in (
            ("A", N_("Excellent at most in a unit of grade A, %")),
            ("B", N_("Excellent at most in a unit of grade B, %")),
            ("C", N_("Excellent at most in a unit of grade C, %")),
        )
    ),
    Setting(
        "linkages.base_share",
        Section.LINKAGES,
        Kind.PERCENT,
        N_("Base share, %"),
        N_("For the other ways: what every unit may have."),
        "reg",
        "L-2",
    ),
    Setting(
        "linkages.uplift",
        Section.LINKAGES,
        Kind.POINTS,
        N_("Uplift for grade A"),
        N_("For the other ways: so many percentage points, or percent, more."),
        "seed",
        "L-2",
    ),
    Setting(
        "linkages.share_cap",
        Section.LINKAGES,
        Kind.PERCENT,
        N_("Share at most after uplift, %"),
        N_("For percentage points: it does not go beyond this."),
        "practice",
        "L-2",
    ),
    Setting(
        "linkages.principal_months",
        Section.LINKAGES,
        Kind.WHOLE,
        N_("Months in post of a principal"),
        N_("Who heads a unit of grade A as long as this is graded excellent without the quota."),
        "practice",
        "L-3",
    ),
    Setting(
        "linkages.a_streak",
        Section.LINKAGES,
        Kind.WHOLE,
        N_("Years of A in a row for promotion first"),
        N_("Under equal conditions, by the organisation department."),
        "seed",
        "L-4",
    ),
    Setting(
        "linkages.c_streak",
        Section.LINKAGES,
        Kind.WHOLE,
        N_("Years of C in a row for removal"),
        N_("A proposal to who manages the cadre, never a decision."),
        "seed",
        "L-4",
    ),
    Setting(
        "linkages.a_gap",
        Section.LINKAGES,
        Kind.CHOICE,
        N_("Year without a grade inside a run of A"),
        N_("What a year does in which the unit was exempt or ungraded."),
        "design",
        "L-4",
        _GAP,
    ),
    Setting(
        "linkages.c_gap",
        Section.LINKAGES,
        Kind.CHOICE,
        N_("Year without a grade inside a run of C"),
        N_("What a year does in which the unit was exempt or ungraded."),
        "design",
        "L-4",
        _GAP,
    ),
)

GRADE_SETTINGS: tuple[Setting, ...] = (*_GRADING, *_LINKAGES)
