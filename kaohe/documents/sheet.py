"""The explanation of one unit's result on paper (计分说明): a sheet that can be checked by hand.

It is made of what ``kaohe.inquiry.explanation.explain`` says and adds no rule of its own: the
arithmetic of the composite, where the points went, why the grade is what it is, each lost point
with its event, day, document and clause, and how to object.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.documents.blocks import DASH, MINUS
from kaohe.documents.press import Press
from kaohe.documents.waterfall import picture
from kaohe.locale import Translate
from kaohe.locale.words import N_, SEPARATOR

Explanation = Mapping[str, Any]
MOST_KEEPS = 5  # of the ways to have kept points


def write_sheet(
    path: Path,
    explanation: Explanation,
    *,
    translate: Translate = str,
    language: str = "zh",
    press: Press | None = None,
) -> None:
    """Writes the explanation as a PDF.

    Args:
        explanation: what ``kaohe.inquiry.explain.explain`` gives, in the same language.
        press: a press to use again for many units; by default a new one.

    Raises:
        FontMissing: there is no Chinese typeface on this machine.
        CharacterMissing: a text has a character that none of the typefaces has.

    Source: docs/rules/scoring.md, N-3; docs/rules/outputs.md, O-5.
    """
    (press or Press()).print(path, "sheet", sheet_data(explanation, translate, language))


def sheet_data(explanation: Explanation, translate: Translate, language: str) -> dict[str, object]:
    """The explanation as the template shows it: words, and figures as text."""
    unit, result = explanation["unit"], explanation["result"]
    scored = result["composite"] is not None
    say = translate
    return {
        "lang": language,
        "space": " " if language == "en" else "",
        "colon": ": " if language == "en" else "：",
        "words": {key: say(text) for key, text in WORDS.items()},
        "title": unit["name"],
        "year": explanation["year"],
        "scheme": explanation["title"],
        "facts": [
            [say(N_("unified social credit code")), unit["code"]],
            [say(N_("group")), unit["group"]],
            [say(N_("department")), unit["department"]],
            [say(N_("status")), unit["status_words"]],
            *([[say(N_("category")), unit["category"]]] if unit["category"] else []),
        ],
        "scored": scored,
        "reason": unit["status_reason"] or "",
        "composite": result["composite"] or DASH,
        "place": _place(result, say),
        "grade": result["grade"] if result["grade"] != "none" else "",
        "grade_words": result["grade_words"],
        "sentence": result["sentence"],
        "parts": list(_parts(explanation, say)),
        "adjustments": [_adjustment(row) for row in explanation["composite"]["adjustments"]],
        "lines": _texts(explanation["composite"]["lines"]),
        "waterfall": picture(explanation, translate) if scored else None,
        "why": _why(explanation, say),
        "keeps": _keeps(explanation, say),
        "enough": (explanation["lost"]["enough"] or {}).get("sentence"),
        "notes": explanation["lost"]["notes"] if explanation["lost"]["keeps"] else [],
        "components": [_component(part, say) for part in explanation["components"]],
        "open": [_open(event) for event in explanation["open_events"]],
        "measures": [_measure(row, say) for row in explanation["linkages"]["measures"]],
        "runs": [run["sentence"] for run in explanation["linkages"]["runs"]],
        "appeal": [say(text) for text in APPEAL],
        "checks": explanation["checks"],
    }


WORDS = {
    "sheet": N_("Explanation of the score"),
    "composite": N_("composite"),
    "component": N_("component"),
    "score": N_("score"),
    "weight": N_("weight"),
    "counted": N_("counted in"),
    "went": N_("Where the points went"),
    "went_note": N_("From 100 to the composite, in points of the composite."),
    "cut_note": N_("The axis begins above 0."),
    "keeps": N_("Points that were easiest to keep"),
    "keeps_note": N_("each row by itself, all other units as they are"),
    "way": N_("what would have kept them"),
    "effort": N_("effort"),
    "gain": N_("composite gains"),
    "then": N_("then"),
    "lost": N_("Point by point"),
    "item": N_("item and facts"),
    "document": N_("document"),
    "clause": N_("clause"),
    "points": N_("points"),
    "earned": N_("earned"),
    "lost_points": N_("lost"),
    "channel": N_("channel"),
    "responses": N_("responses"),
    "valid": N_("counted"),
    "weight_used": N_("weight used"),
    "margin": N_("margin ±"),
    "open": N_("Not counted: still open"),
    "measures": N_("What follows from the grade"),
    "appeal": N_("How to object"),
    "checks": N_("How to check"),
    "needed": N_("needed"),
    "has": N_("reached"),
    "gap": N_("gap"),
    "condition": N_("condition"),
    "neighbours": N_("Neighbours in the group"),
    "rank": N_("rank"),
    "unit": N_("unit"),
    "grade": N_("grade"),
    "to_this": N_("to this unit"),
}
APPEAL = (
    N_(
        "Within the period for objections, the unit may object in writing to the committee's"
        " office, naming the number of the record, the facts and the grounds."
    ),
    N_(
        "Records under objection are not counted until they are decided; once decided, the result"
        " is worked out anew and this sheet is issued again."
    ),
    N_(
        "If the unit does not accept the answer, it may ask for a review; the committee decides."
        " While it is under review the score stands as printed here."
    ),
)


def _place(result: Mapping[str, Any], say: Translate) -> str:
    if result["rank"] is None:
        return ""
    text = say(N_("rank {rank} of {size}"))
    return text.format(rank=result["rank"], size=result["group_size"])


def _parts(explanation: Explanation, say: Translate) -> Iterator[dict[str, object]]:
    """What each component adds to the weighted score, all with the same number of digits."""
    parts = explanation["composite"]["components"]
    total = sum(Fraction(part["weight"]) for part in parts if part["counted"]) or 1
    shares = [Fraction(part["weight"]) * Fraction(part["adjusted"] or 0) / total for part in parts]
    places = max(map(digits, shares), default=4)
    for part, share in zip(parts, shares, strict=True):
        moved = part["score"] != part["adjusted"]
        how = say(N_("{score} before tier {tier}"))
        yield {
            "name": part["name"],
            "how": how.format(score=part["score"], tier=part["tier"]) if moved else "",
            "score": part["adjusted"] or DASH,
            "weight": plain(part["weight"]) if part["counted"] else DASH,
            "share": printed(share, places) if part["counted"] else DASH,
        }


def digits(value: Fraction) -> int:
    """How many digits after the point a figure has, 2 at least; 4 where it has more than six.

    >>> digits(Fraction("17.29118")), digits(Fraction(100, 3)), digits(Fraction(5))
    (5, 4, 2)
    """
    return next((n for n in range(2, 7) if (value * 10**n).denominator == 1), 4)


def printed(value: Fraction, places: int) -> str:
    """A figure with so many digits, half up; ≈ before it where that is not all of it.

    >>> printed(Fraction("18.45"), 5), printed(Fraction(100, 3), 4)
    ('18.45000', '≈33.3333')
    """
    whole, rest = divmod(int(value * 10**places + Fraction(1, 2)), 10**places)
    sign = "" if (value * 10**places).denominator == 1 else "≈"
    return f"{sign}{whole}.{rest:0{places}d}"


def plain(decimal: str) -> str:
    """A decimal without zeros at its end, with a real minus.

    >>> plain("20.0000"), plain("-0.5000")
    ('20', '−0.5')
    """
    text = decimal.rstrip("0").rstrip(".") if "." in decimal else decimal
    return text.replace("-", MINUS)


def _adjustment(row: Mapping[str, Any]) -> list[str]:
    points = plain(row["points"]) if row["points"] else ""
    return [row["kind_words"], row["matter"], points, row["document"] or ""]


def _texts(lines: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [[line["clause"], line["text"]] for line in lines]


def _why(explanation: Explanation, say: Translate) -> dict[str, object]:
    titles = {
        "A": N_("Why grade A"),
        "B": N_("Why not grade A"),
        "C": N_("Why grade C"),
        "none": N_("Why no grade"),
    }
    grade = explanation["grade"]
    return {
        "title": say(titles[explanation["result"]["grade"]]),
        "lines": _texts(grade["lines"]),
        "obstacles": [
            [
                row["words"],
                plain(row["needed"]) if row["needed"] else "",
                row["has"] or "",
                plain(row["gap"]) if row["gap"] else "",
                row["clause"],
            ]
            for row in grade["obstacles"]
        ],
        "neighbours": [
            {
                "cells": [
                    DASH if row["rank"] is None else str(row["rank"]),
                    row["name"],
                    row["composite"],
                    row["grade"],
                    "" if row["this"] else row["gap"].replace("-", MINUS),
                ],
                "this": row["this"],
            }
            for row in grade["ranking"]
        ],
    }


def _keeps(explanation: Explanation, say: Translate) -> list[list[str]]:
    """The first way for each of the first causes."""
    causes = {row["number"]: row for row in explanation["lost"]["causes"]}
    names = {row["component"]: row["name"] for row in explanation["lost"]["components"]}
    rows: list[list[str]] = []
    seen = set()
    for keep in explanation["lost"]["keeps"]:
        cause = causes[keep["cause"]]
        if keep["cause"] in seen or len(rows) == MOST_KEEPS:
            continue
        seen.add(keep["cause"])
        then = keep["composite"]
        if keep["rank"] is not None:
            text = say(N_("{composite}, rank {rank}, {grade}"))
            then = text.format(composite=then, rank=keep["rank"], grade=keep["grade"])
        rows.append(
            [
                cause["item_name"] or names.get(cause["component"], ""),
                f"{cause['words']} {keep['words']}".strip(),
                keep["effort_words"],
                keep["gain"].replace("-", MINUS),
                then,
            ]
        )
    return rows


def _component(part: Mapping[str, Any], say: Translate) -> dict[str, object]:
    full = [item for item in part["items"] if item["applies"] and not Fraction(item["lost"])]
    text = say(N_("In full: {items}."))
    names = say(N_(" / ")).join(f"{item['item']} {item['name']}" for item in full)
    return {
        "name": part["name"],
        "score": part["score"] or DASH,
        "adjusted": part["adjusted"] or DASH,
        "flags": _words(part["flags"], say),
        "lines": _texts(part["lines"]),
        "items": [_item(item) for item in part["items"] if item not in full],
        "full": text.format(items=names) if full else "",
        "rounds": [_round(each, say) for each in part["rounds"]],
    }


def _words(coded: Sequence[Mapping[str, str]], say: Translate) -> str:
    return say(SEPARATOR).join(each["words"] for each in coded)


def _item(item: Mapping[str, Any]) -> dict[str, object]:
    applies = item["applies"]
    return {
        "name": f"{item['item']} {item['name']}",
        "rule": item["rule_words"],
        "points": plain(item["points"]),
        "earned": plain(item["earned"]) if applies else DASH,
        "lost": MINUS + plain(item["lost"]) if applies else DASH,
        "facts": list(_facts(item)) if applies else [[item["reason"] or "", "", "", ""]],
    }


def _facts(item: Mapping[str, Any]) -> Iterator[list[str]]:
    """What the item rests on: words, document, clause, effect in points."""
    for event in item["events"]:
        if event["counted"]:
            words = f"{event['occurred_on']}  {event['kind']}  {event['event']}"
            if event["note"]:
                words += f"  {event['note']}"
            effect = plain(event["effect"] or "0")
            yield [words, event["document"] or "", event["clause"], effect]
    if not item["events"]:
        document = item["document"] or ""
        for line in item["lines"]:
            yield [line["text"], document, line["clause"], ""]
            document = ""


def _round(part: Mapping[str, Any], say: Translate) -> dict[str, object]:
    return {
        "name": part["name"],
        "score": part["score"] or DASH,
        "weight": plain(part["weight"]),
        "lines": _texts(part["lines"]),
        "channels": [
            [
                channel["name"],
                str(channel["responses"]),
                str(channel["counted"]),
                channel["score"] or DASH,
                plain(channel["weight_used"]),
                channel["margin"] or DASH,
                _words(channel["flags"], say),
            ]
            for channel in part["channels"]
        ],
    }


def _open(event: Mapping[str, Any]) -> list[str]:
    return [event["item_name"], event["occurred_on"], event["kind"], event["sentence"]]


def _measure(row: Mapping[str, Any], say: Translate) -> list[str]:
    amount = "" if row["amount"] is None else str(row["amount"])
    lines = say(SEPARATOR).join(line["text"] for line in row["lines"])
    return [row["link_words"], row["measure_words"], row["person"] or amount or DASH, lines]
