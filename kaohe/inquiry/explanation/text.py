"""An explanation as text for a terminal, in the reader's language."""

from collections.abc import Iterable, Sequence
from typing import Any

from kaohe.core.problems import N_
from kaohe.inquiry.terminal import WIDTH, heading, table, wrapped
from kaohe.locale import Translate

Section = dict[str, Any]

CHEAPEST = 12  # ways that are listed; the rest stand in the JSON


def render_text(explanation: Section, translate: Translate = str, width: int = WIDTH) -> str:
    """The explanation that ``explain`` gave, as lines of at most ``width`` columns.

    Args:
        explanation: as ``kaohe.inquiry.explanation.explain`` documents it.
        translate: the same with which it was made.
        width: columns of the terminal; 60 or more.

    Source: docs/rules/scoring.md, N-3.
    """
    page = _Page(translate, max(60, width))
    page.head(explanation)
    if explanation["components"]:
        page.composite(explanation["composite"])
        for number, component in enumerate(explanation["components"]):
            page.component(component, number)
    page.grade(explanation["grade"])
    page.lost(explanation["lost"])
    page.linkages(explanation["linkages"])
    page.open_events(explanation["open_events"])
    page.checks(explanation["checks"])
    return "\n".join(page.rows) + "\n"


class _Page:
    """The lines written so far."""

    def __init__(self, translate: Translate, width: int) -> None:
        self._ = translate
        self.width = width
        self.rows: list[str] = []

    def title(self, text: str) -> None:
        self.rows += heading(self._(text), self.width)

    def say(self, text: str, indent: str = "  ") -> None:
        self.rows += wrapped(text, self.width, indent=indent, hanging=indent + "  ")

    def lines(self, lines: Iterable[Section], indent: str = "  ") -> None:
        """Lines of an explanation, each with its clause in front."""
        for line in lines:
            clause = f"[{line['clause']}]"
            hanging = indent + " " * 7
            first = f"{indent}{clause:<6} "
            self.rows += wrapped(line["text"], self.width, indent=first, hanging=hanging)

    def table(
        self, rows: Sequence[Sequence[str]], right: Iterable[int] = (), indent: str = "  "
    ) -> None:
        self.rows += table(rows, right=right, width=self.width, indent=indent)

    def head(self, e: Section) -> None:
        _ = self._
        unit = e["unit"]
        self.rows += [_(N_("Explanation of the score")), "═" * self.width]
        self.say(f"{unit['name']}  {unit['code']}", "")
        place = [e["title"], unit["group"], unit["department"], unit["status_words"]]
        self.say("  ".join(each for each in place if each), "")
        if unit["status_reason"]:
            self.say(unit["status_reason"], "")
        self.rows.append("")
        self.say(e["result"]["sentence"], "")
        for flag in e["result"]["flags"]:
            self.say(_(N_("Note: {words}.")).format(words=flag["words"]), "")

    def composite(self, composite: Section) -> None:
        _ = self._
        self.title(N_("1. Composite"))
        rows = [
            [
                _(N_("component")),
                _(N_("weight")),
                _(N_("score")),
                _(N_("tier")),
                _(N_("enters with")),
            ]
        ]
        for part in composite["components"]:
            adjusted = part["adjusted"] or _(N_("missing"))
            rows.append(
                [
                    part["name"],
                    part["weight"],
                    part["score"] or "",
                    part["tier"] or "",
                    adjusted if part["counted"] else _(N_("left out")),
                ]
            )
        self.table(rows, right=(1, 2, 4))
        for row in composite["adjustments"]:
            text = N_("{kind} {points}: {matter} ({document})")
            if row["points"] is None:
                text = N_("{kind}: {matter} ({document})")
            if not row["counted"]:
                text = N_("{kind} {points}: {matter} ({document}); does not count")
            self.say(
                _(text).format(
                    kind=row["kind_words"],
                    points=row["points"],
                    matter=row["matter"],
                    document=row["document"],
                )
            )
        self.lines(composite["lines"])

    def component(self, component: Section, number: int) -> None:
        _ = self._
        titles = (
            N_("2. Common indicators"),
            N_("3. Individual indicators"),
            N_("4. Social evaluation"),
        )
        self.title(titles[number])
        if component["items"]:
            self._items(component["items"])
        for each in component["rounds"]:
            self._round(each)
        self.lines(component["lines"])
        if component["scope"]:
            self._scope(component["scope"])

    def _items(self, items: Sequence[Section]) -> None:
        _ = self._
        full = [item for item in items if item["lost"] == "0.0000" and not _told(item)]
        for item in items:
            if item not in full:
                self._item(item)
        if full:
            names = _(N_("; ")).join(
                _(N_("{item} {name} {points}")).format(
                    item=item["item"], name=item["name"], points=item["points"]
                )
                for item in full
            )
            text = _(N_("Full points, nothing recorded: {items}."))
            self.say(text.format(items=names))

    def _item(self, item: Section) -> None:
        _ = self._
        place = " · ".join(each for each in (item["aspect"], item["element"]) if each)
        text = N_("{item} {name}: {earned} of {points} ({rule})")
        if not item["applies"]:
            text = N_("{item} {name}: does not apply, {points} points ({rule})")
        words = _(text).format(
            item=item["item"],
            name=item["name"],
            earned=item["earned"],
            points=item["points"],
            rule=item["rule_words"],
        )
        self.say(f"{words}  {place}" if place else words)
        if item["reason"]:
            self.say(_(N_("reason: {reason}")).format(reason=item["reason"]), "    ")
        named = [f"{each['label']} {each['value']}" for each in item["inputs"]]
        if item["document"]:
            named.append(_(N_("evidence: {document}")).format(document=item["document"]))
        if named:
            self.say(_(N_("; ")).join(named), "    ")
        self._facts(item)
        self.lines(item["lines"], "    ")
        for flag in item["flags"]:
            self.say(_(N_("Note: {words}.")).format(words=flag["words"]), "    ")

    def _facts(self, item: Section) -> None:
        _ = self._
        for event in item["events"]:
            self._event(event)
        for row in item["milestones"]:
            text = N_(
                "{name}: share {share}, due {due}, done {done}, {late} days late, keeps {kept}%"
            )
            if row["done_on"] is None:
                text = N_("{name}: share {share}, due {due}, not done")
            self.say(
                _(text).format(
                    name=row["milestone"],
                    share=row["share"],
                    due=row["due_on"],
                    done=row["done_on"],
                    late=row["days_late"],
                    kept=row["kept"],
                ),
                "    ",
            )
        marks = [
            _(
                N_("{judge} {points}") if row["counted"] else N_("{judge} {points} (left out)")
            ).format(judge=row["judge"], points=row["points"])
            for row in item["marks"]
        ]
        if marks:
            self.say(_(N_("; ")).join(marks), "    ")

    def _event(self, event: Section) -> None:
        _ = self._
        parts = [
            event["effect"] or _(N_("does not count")),
            event["occurred_on"],
            event["kind"],
            event["status_words"],
            _(N_("self-corrected")) if event["self_corrected"] else "",
            event["document"] or _(N_("no document")),
            event["note"] or "",
            event["why"],
        ]
        text = _(N_("event {event}: {parts}"))
        known = _(N_(", ")).join(part for part in parts if part)
        self.say(text.format(event=event["event"], parts=known), "    ")

    def _round(self, each: Section) -> None:
        _ = self._
        text = _(N_("{round}, weight {weight}: {score}"))
        score = each["score"] or _(N_("no score"))
        self.say(text.format(round=each["name"], weight=each["weight"], score=score))
        rows = [
            [
                _(N_("channel")),
                _(N_("responses")),
                _(N_("counted")),
                _(N_("at least")),
                _(N_("score")),
                _(N_("margin")),
                _(N_("weight")),
                _(N_("weight used")),
            ]
        ]
        for row in each["channels"]:
            rows.append(
                [
                    row["name"],
                    str(row["responses"]),
                    str(row["counted"]),
                    str(row["minimum"]),
                    row["score"] or "",
                    f"±{row['margin']}" if row["margin"] else "",
                    row["weight"],
                    row["weight_used"],
                ]
            )
        self.table(rows, right=range(1, 8), indent="    ")
        for row in each["channels"]:
            told = [line for line in row["lines"] if line["clause"] != "E-7"]
            if told:
                self.say(row["name"], "    ")
                self.lines(told, "      ")
        self.lines(each["lines"], "    ")

    def _scope(self, scope: Section) -> None:
        _ = self._
        text = _(N_("Tiers are divided among {size} units of “{name}”:"))
        self.say(text.format(size=scope["size"], name=scope["name"]))
        rows = [[_(N_("unit")), _(N_("score")), _(N_("tier"))]]
        for row in scope["units"]:
            mark = "▸ " if row["this"] else "  "
            rows.append([mark + row["name"], row["score"], row["tier"]])
        self.table(rows, right=(1,), indent="    ")

    def grade(self, grade: Section) -> None:
        _ = self._
        self.title(N_("5. Rank and grade"))
        self.lines(grade["lines"])
        if grade["ranking"]:
            rows = [
                [
                    _(N_("rank")),
                    _(N_("unit")),
                    _(N_("composite")),
                    _(N_("distance")),
                    _(N_("grade")),
                ]
            ]
            for row in grade["ranking"]:
                mark = "▸ " if row["this"] else "  "
                gap = "" if row["this"] else row["gap"]
                rows.append(
                    [str(row["rank"]), mark + row["name"], row["composite"], gap, row["grade"]]
                )
            self.table(rows, right=(0, 2, 3))
        if grade["obstacles"]:
            self.say(_(N_("Why not A:")))
            for row in grade["obstacles"]:
                self.lines([{"clause": row["clause"], "text": row["words"]}], "  ")

    def lost(self, lost: Section) -> None:
        _ = self._
        if not lost["causes"]:
            return
        self.title(N_("6. Lost points, and the cheapest to keep"))
        for row in lost["components"]:
            if row["lost"] is not None:
                text = _(N_("{component}: {lost} of 100 lost"))
                self.say(text.format(component=row["name"], lost=row["lost"]))
        self._ways(lost)
        if lost["enough"]:
            self.rows.append("")
            self.say(lost["enough"]["sentence"], "")
            for change in lost["enough"]["changes"]:
                self.say(f"--set {change}")
        for note in lost["notes"]:
            self.say(note, "")

    def _ways(self, lost: Section) -> None:
        """Each way on a line of its own numbers, and one for its words."""
        _ = self._
        causes = {cause["number"]: cause for cause in lost["causes"]}
        for cause in causes.values():
            if cause["cause"] == "tier":
                text = _(N_("{words} {lost} points of the component lost by it."))
                self.say(text.format(words=cause["words"], lost=cause["lost"]))
        self.rows.append("")
        text = N_("Least effort for a composite point first; in front what each would bring:")
        self.say(_(text), "")
        for keep in lost["keeps"][:CHEAPEST]:
            cause = causes[keep["cause"]]
            what = " ".join(each for each in (cause["item"], cause["item_name"]) if each)
            place = f"{keep['place']}."
            self.say(f"{place:<4}{keep['gain']}  {keep['effort_words']}  {what}", "  ")
            about = _(N_("{before} {after}")).format(before=cause["words"], after=keep["words"])
            self.say(about, "      ")
        hidden = len(lost["keeps"]) - CHEAPEST
        if hidden > 0:
            self.say(_(N_("… and {number} more (--json lists them all).")).format(number=hidden))

    def linkages(self, linkages: Section) -> None:
        _ = self._
        if not linkages["measures"]:
            return
        self.title(N_("7. What follows"))
        for row in linkages["measures"]:
            text = row["measure_words"]
            if row["person"]:
                text = _(N_("{measure}: {person}")).format(measure=text, person=row["person"])
            if row["amount"] is not None:
                text = _(N_("{measure}: {amount}")).format(measure=text, amount=row["amount"])
            self.say(f"{row['link_words']}  {text}")
            self.lines(row["lines"], "    ")
        for run in linkages["runs"]:
            self.say(run["sentence"])
            for member in run["members"]:
                grade = member["grade"] or _(N_("unknown"))
                parts = [str(member["year"]), grade, member["unit"] or "", member["document"] or ""]
                self.say("  ".join(part for part in parts if part), "    ")

    def open_events(self, events: Sequence[Section]) -> None:
        if not events:
            return
        self.title(N_("8. Not settled yet"))
        for event in events:
            self.say(event["sentence"])

    def checks(self, checks: Sequence[str]) -> None:
        self.title(N_("How to check"))
        for check in checks:
            self.say(check, "")


def _told(item: Section) -> bool:
    """Whether an item with full points has something to be told all the same."""
    return bool(
        item["events"] or item["flags"] or item["milestones"] or item["marks"] or item["inputs"]
    )
