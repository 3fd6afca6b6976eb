"""Words for the register of units, its snapshots, and grades of earlier years."""

from kaohe.core.problems import N_
from kaohe.core.register import FIELDS
from kaohe.web.words import declare_words

GRADES = {"A": "A", "B": "B", "C": "C", "none": N_("no grade")}
SUCCESSIONS = {
    "continuation": N_("continuation"),
    "absorption": N_("absorption"),
    "merger": N_("merger into a new unit"),
    "split": N_("split"),
}

declare_words(
    actions={
        "unit.entered": N_("entered the unit in the register"),
        "unit.corrected": N_("corrected the register"),
        "unit.names-set": N_("set the short name and the plates"),
        "unit.past-grade-recorded": N_("recorded the grade of an earlier year"),
        "unit.past-grade-replaced": N_("replaced the grade of an earlier year"),
        "unit.snapshot-taken": N_("took the snapshot of the year"),
    },
    fields={
        **{f"unit.{each.name}": each.head for each in FIELDS},
        "unit.department_id": N_("competent department"),
        "unit.plates": N_("further names"),
        "unit.opened_on": N_("opened on"),
        "unit.closed_on": N_("closed on"),
        "unit.year": N_("assessment year"),
        "unit.grade": N_("grade"),
        "unit.edition": N_("edition"),
    },
    days={"unit.snapshot-taken": N_(", as of {day}")},
    choices={
        **{each.name: {c.code: c.word for c in each.choices} for each in FIELDS if each.choices},
        "grade": GRADES,
        "succession": SUCCESSIONS,
    },
)
