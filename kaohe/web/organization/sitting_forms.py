"""Forms about sittings of the committee."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.web.fields import DayField, LongText, NameField, choice, row_choice, tick
from kaohe.web.organization.committee_forms import LabelledChoice, narrow_list
from kaohe.web.words.committee import OUTCOMES
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


class AttendanceForm(WritingForm):
    """Who came, and why others did not."""

    def __init__(self, *args: Any, roll: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = [line.seat for line in roll]
        for line in roll:
            noted = line.attendance
            name = line.seat.person.name
            here = tick(label=_("%(name)s came") % {"name": name})
            here.initial = noted.present if noted else True
            here.widget.attrs["aria-label"] = here.label
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
        return {seat.pk: self.cleaned_data[f"here_{seat.pk}"] for seat in self.seats}

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


class DecisionForm(WritingForm):
    """What was decided, and with how many votes."""

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

    def __init__(self, *args: Any, voters: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("May vote: %(n)s, those present without those who stand aside. Empty counts as 0.")
        self.fields["votes_for"].help_text = hint % {"n": voters}

    @property
    def decided(self) -> dict[str, Any]:
        """What was given; no vote entered is none."""
        return {name: 0 if value is None else value for name, value in self.given.items()}


class MinutesForm(WritingForm):
    """The minutes."""

    minutes = LongText(label=lazy("Minutes"), max_length=MINUTES, rows=18)
