"""The sheets of results.xlsx that hold grounds: events, survey, adjustments, linkages, settings."""

from collections.abc import Sequence

from kaohe.core.problems import Problem
from kaohe.documents.grounds import Grounds
from kaohe.documents.settings import settings
from kaohe.documents.year import CODE, DOCUMENT, FLAGS, GROUP, UNIT, Cell, Head, Sheet, Year
from kaohe.locale.words import N_, flag_words


def effects_sheet(year: Year) -> Sheet:
    """What each event took or brought, with its document.

    Source: docs/rules/scoring.md, R-5.
    """
    items = {item.item: item.name for item in year.inputs.items}
    events = {event.event: event for event in year.inputs.events}
    rows: list[Sequence[Cell]] = []
    for row in year.outputs.event_effects:
        event = events[row.event]
        corrected = year.translate(N_("corrected by the unit itself"))
        rows.append(
            (
                row.event,
                row.unit,
                year.names[row.unit],
                row.item,
                items[row.item],
                event.kind,
                event.occurred_on,
                row.effect,
                corrected if event.self_corrected else None,
                event.document,
                event.note,
            )
        )
    heads = (
        Head(N_("event"), "code", 14),
        CODE,
        UNIT,
        Head(N_("item"), "code", 10),
        Head(N_("name of the item"), "text", 34),
        Head(N_("kind"), "text", 14),
        Head(N_("date"), "date", 12),
        Head(N_("effect in points"), "signed", 10),
        FLAGS,
        DOCUMENT,
        Head(N_("what happened"), "wrap", 34),
    )
    return Sheet(N_("Effects of events"), heads, rows, frozen=1)


def survey_sheet(year: Year) -> Sheet:
    """The channels of the social evaluation, round by round.

    Source: docs/rules/survey.md, E-4 to E-7.
    """
    rows: list[Sequence[Cell]] = [
        (
            row.unit,
            year.names[row.unit],
            year.say("round", row.round),
            year.say("channel", row.channel),
            row.responses,
            row.counted,
            row.score,
            row.weight_used,
            row.margin,
            flag_words(row.flags, year.translate) or None,
        )
        for row in year.outputs.survey_scores
    ]
    heads = (
        CODE,
        UNIT,
        Head(N_("round"), "text", 10),
        Head(N_("channel"), "text", 14),
        Head(N_("responses"), "count", 9),
        Head(N_("counted"), "count", 9),
        Head(N_("score"), "ticks", 11),
        Head(N_("weight used"), "ticks", 11),
        Head(N_("margin ±"), "hundredths", 9),
        FLAGS,
    )
    return Sheet(N_("Social evaluation"), heads, rows, frozen=2)


def adjustments_sheet(year: Year) -> Sheet:
    """Bonuses, extra deductions and special circumstances as entered, before the caps.

    Source: docs/rules/scoring.md, C-4.
    """
    rows: list[Sequence[Cell]] = [
        (
            row.adjustment,
            row.unit,
            year.names[row.unit],
            year.say("adjustment", row.kind),
            row.matter,
            row.points,
            row.document,
            row.note,
        )
        for row in sorted(year.inputs.adjustments)
    ]
    heads = (
        Head(N_("number"), "code", 12),
        CODE,
        UNIT,
        Head(N_("kind"), "text", 20),
        Head(N_("matter"), "wrap", 30),
        Head(N_("points entered"), "ticks", 10),
        DOCUMENT,
        Head(N_("what happened"), "wrap", 34),
    )
    return Sheet(N_("Adjustments"), heads, rows, frozen=1)


def linkages_sheet(year: Year) -> Sheet:
    """The proposals that follow from the grades, with their arithmetic and documents.

    Source: docs/rules/linkages.md, L-1 to L-7.
    """
    results = {row.unit: row for row in year.outputs.results}
    grounds = Grounds(year.scheme, year.inputs, year.translate)
    rows: list[Sequence[Cell]] = []
    for row in year.outputs.linkages:
        result = results[row.unit]
        ground = grounds.of(row, result.grade)
        rows.append(
            (
                row.unit,
                result.name,
                result.group,
                result.grade,
                year.say("link", row.link),
                year.say("measure", row.measure),
                row.person,
                row.amount,
                ground.words or None,
                ground.documents or None,
                year.say("basis", row.basis),
            )
        )
    heads = (
        CODE,
        UNIT,
        GROUP,
        Head(N_("grade"), "grade", 7),
        Head(N_("link"), "text", 11),
        Head(N_("proposal"), "wrap", 32),
        Head(N_("person"), "text", 10),
        Head(N_("number of people"), "count", 9),
        Head(N_("arithmetic and grounds"), "wrap", 36),
        DOCUMENT,
        Head(N_("basis"), "text", 28),
    )
    return Sheet(N_("Use of results"), heads, rows, frozen=2)


def settings_sheet(year: Year) -> Sheet:
    """Every setting of the scheme.

    Source: docs/rules/scheme.md, SC-2.
    """
    rows: list[Sequence[Cell]] = [
        (row.meaning, row.value, row.key) for row in settings(year.scheme, year.translate)
    ]
    heads = (
        Head(N_("setting"), "wrap", 40),
        Head(N_("value"), "wrap", 44),
        Head(N_("key in scheme.toml"), "code", 40),
    )
    return Sheet(N_("Settings"), heads, rows)


def problems_sheet(year: Year) -> Sheet:
    """What was noticed in the folder, with the remedy.

    Source: docs/rules/folder.md, F-10.
    """
    rows: list[Sequence[Cell]] = [
        (
            year.say("severity", row.severity),
            row.table,
            row.row,
            row.column,
            row.sentence(year.translate),
            row.remedy(year.translate),
        )
        for row in sorted(year.problems, key=Problem.place)
    ]
    heads = (
        Head(N_("severity"), "text", 8),
        Head(N_("table"), "code", 16),
        Head(N_("row"), "count", 7),
        Head(N_("column"), "code", 16),
        Head(N_("what was noticed"), "wrap", 60),
        Head(N_("what would be right"), "wrap", 60),
    )
    return Sheet(N_("Notices"), heads, rows)
