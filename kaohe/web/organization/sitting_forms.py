"""Forms about sittings of the committee."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.organization.papers.minutes import OUTCOMES
from kaohe.organization.services.decisions import Answer
from kaohe.organization.services.sitting_refusals import StayReasonMissing
from kaohe.web.fields import DayField, LongText, NameField, choice, row_choice
from kaohe.web.organization.committee_forms import LabelledChoice, narrow_list
from kaohe.web.writing import WritingForm

MINUTES = 50_000
MOST = 9999


class SittingForm(WritingForm):
    """Title, day and place."""

    title = NameField(label=lazy("Title"))
    held_on = DayField(label=lazy("Day"))
    location = NameField(label=lazy("Place"), required=False)


class MatterForm(WritingForm):
    """A matter, and what it is about."""

    title = NameField(label=lazy("Matter on the agenda"), max_length=200)
    text = LongText(label=lazy("Content"), required=False)

    def __init__(
        self,
        *args: Any,
        departments: QuerySet[Any],
        units: QuerySet[Any],
        versions: QuerySet[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["department"] = row_choice(
            departments, label=lazy("About the department"), required=False, empty_label="—"
        )
        fields["unit"] = row_choice(
            units,
            label=lazy("About the unit"),
            required=False,
            empty_label="—",
            help_text=lazy("department and unit decide who should stand aside"),
        )
        fields["document_version"] = LabelledChoice(
            versions,
            _version,
            label=lazy("About the document"),
            required=False,
            empty_label="—",
            help_text=lazy(
                "versions that wait for approval; the approval will refer to the decision"
            ),
        )


def _version(row: Any) -> str:
    facts = {"title": row.document.title, "number": row.number}
    return _("%(title)s, version %(number)s") % facts


class ConfirmForm(WritingForm):
    """A deed that asks for nothing but the wish."""


CAME, AWAY = "yes", "no"


def everybody_came(sent: QueryDict, roll: list[Any]) -> QueryDict:
    """What was sent; with the button for all, every seat of the roll as present."""
    if "everybody" not in sent:
        return sent
    full = sent.copy()
    for line in roll:
        full[f"here_{line.seat.pk}"] = CAME
    return full


class AttendanceForm(WritingForm):
    """Who came, and why others did not; each has to be said."""

    def __init__(self, *args: Any, roll: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = [line.seat for line in roll]
        for line in roll:
            noted = line.attendance
            name = line.seat.person.name
            label = _("%(name)s: present or absent") % {"name": name}
            here = choice(
                [(CAME, _("present")), (AWAY, _("absent"))],
                label=label,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
            here.initial = (CAME if noted.present else AWAY) if noted else None
            why = NameField(label=_("why %(name)s did not come") % {"name": name}, max_length=200)
            why.required, why.initial = False, noted.reason if noted else ""
            why.widget.attrs["aria-label"] = why.label
            self.fields |= {f"here_{line.seat.pk}": here, f"why_{line.seat.pk}": why}

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Each seat with its two fields, for the page."""
        return [(seat, self[f"here_{seat.pk}"], self[f"why_{seat.pk}"]) for seat in self.seats]

    @property
    def present(self) -> Mapping[int, bool]:
        """Seat → whether its holder came."""
        return {seat.pk: self.cleaned_data[f"here_{seat.pk}"] == CAME for seat in self.seats}

    @property
    def reasons(self) -> Mapping[int, str]:
        """Seat → why its holder did not come."""
        return {seat.pk: self.cleaned_data[f"why_{seat.pk}"] for seat in self.seats}


class RecusalForm(WritingForm):
    """Who stands aside in a matter, and why."""

    reason = LongText(label=lazy("Reason"))

    def __init__(self, *args: Any, seats: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"] = LabelledChoice(
            seats, _seat, label=lazy("Who stands aside"), empty_label="—"
        )
        self.order_fields(["seat", "reason"])


def _seat(row: Any) -> str:
    return f"{row.person.name}　{row.title or row.department or ''}".strip()


class WithdrawForm(WritingForm):
    """Why something is taken back."""

    reason = LongText(label=lazy("Reason"))


def _votes(label: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "form-control w-xs num"})
    return forms.IntegerField(
        label=label, min_value=0, max_value=MOST, required=False, widget=widget
    )


def standing_reason() -> str:
    """The reason to stand aside that the platform itself has seen."""
    return _("The matter is about the holder's own department, or about a unit under it.")


class DecisionForm(WritingForm):
    """What was decided, with how many votes; and whether each who should stand aside does."""

    outcome = choice(
        [(code, lazy(words)) for code, words in OUTCOMES.items()],
        label=lazy("Outcome"),
        widget=narrow_list(),
    )
    text = LongText(
        label=lazy("Wording of the decision"),
        required=False,
        help_text=lazy("as the minutes will say it"),
    )
    votes_for = _votes(lazy("Votes for"))
    votes_against = _votes(lazy("Votes against"))
    abstentions = _votes(lazy("Abstentions"))

    def __init__(self, *args: Any, voters: int, flagged: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("May vote: %(n)s, those present without those who stand aside. Empty counts as 0.")
        self.fields["votes_for"].help_text = hint % {"n": voters}
        self.flagged = flagged
        for seat in flagged:
            facts = {"name": seat.person.name, "department": seat.department}
            self.fields[f"aside_{seat.pk}"] = choice(
                [("", "—"), ("yes", _("record the recusal")), ("no", _("does not stand aside"))],
                label=_("%(name)s should stand aside") % facts,
                widget=narrow_list(),
                help_text=_("%(department)s; one of the two has to be chosen") % facts,
            )
            self.fields[f"because_{seat.pk}"] = LongText(
                label=_("Reason (%(name)s)") % facts,
                rows=2,
                required=False,
                help_text=_("needed where the person does not stand aside; it goes on record"),
            )
        asked = [f"{part}_{seat.pk}" for seat in flagged for part in ("aside", "because")]
        self.order_fields([*asked, "outcome", "text", "votes_for", "votes_against", "abstentions"])

    def clean(self) -> dict[str, Any]:
        """Refuses that somebody does not stand aside for no reason."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for seat in self.flagged:
            name = f"because_{seat.pk}"
            if given.get(f"aside_{seat.pk}") == "no" and not given.get(name):
                said = StayReasonMissing(name=seat.person.name).say(_)
                self.add_error(name, said)
        return given

    @property
    def answers(self) -> dict[int, Answer]:
        """Seat → whether its holder stands aside, and why or why not."""
        found = {}
        for seat in self.flagged:
            aside = self.cleaned_data[f"aside_{seat.pk}"] == "yes"
            reason = self.cleaned_data[f"because_{seat.pk}"]
            found[seat.pk] = Answer(aside, reason or (standing_reason() if aside else ""))
        return found

    @property
    def decided(self) -> dict[str, Any]:
        """What was given; no vote entered is none."""
        names = ("outcome", "text", "votes_for", "votes_against", "abstentions")
        return {name: self.cleaned_data[name] or 0 for name in names[2:]} | {
            name: self.cleaned_data[name] for name in names[:2]
        }


class MinutesForm(WritingForm):
    """The minutes."""

    minutes = LongText(label=lazy("Minutes"), max_length=MINUTES, rows=18)
