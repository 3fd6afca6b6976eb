"""Forms about the committee, its seats and its office."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from kaohe.web.fields import DayField, LongText, NameField, choice, row_choice
from kaohe.web.words.committee import SEATS
from kaohe.web.writing import WritingForm


def narrow_list() -> forms.Select:
    """A list of a few short words, as wide as these."""
    return forms.Select(attrs={"class": "form-select w-m"})


class LabelledChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no [] at run time
    """One of some rows, each with a label of our own."""

    def __init__(self, queryset: QuerySet[Any], label_of: Callable[[Any], str], **kwargs: Any):
        kwargs.setdefault("widget", forms.Select(attrs={"class": "form-select w-l"}))
        super().__init__(queryset, **kwargs)
        self.label_of = label_of

    def label_from_instance(self, obj: Any) -> str:
        """What stands in the list."""
        return self.label_of(obj)


class CommitteeForm(WritingForm):
    """Name, day and document."""

    name = NameField(label=lazy("Name"))
    founded_on = DayField(label=lazy("Founded on"), required=False)
    document = NameField(
        label=lazy("Document"),
        required=False,
        help_text=lazy("the document that set it up, with its number"),
    )


class OfficeForm(WritingForm):
    """How the office signs, and whom to call."""

    office_name = NameField(
        label=lazy("Name of the office"),
        help_text=lazy("as it signs papers"),
    )
    support = NameField(
        label=lazy("Contact of the office"),
        required=False,
        help_text=lazy(
            "shown to everyone who needs help; a number of the office, not a private one"
        ),
    )


class SeatForm(WritingForm):
    """What is known of a seat but for its holder."""

    seat = choice(
        [(code, lazy(words)) for code, words in SEATS.items()],
        label=lazy("Seat"),
        widget=narrow_list(),
    )
    title = NameField(label=lazy("Post held"), required=False)
    from_on = DayField(label=lazy("Seated from"), required=False)
    document = NameField(label=lazy("Document"), required=False)

    def __init__(self, *args: Any, departments: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"] = row_choice(
            departments,
            label=lazy("Department"),
            required=False,
            empty_label="—",
            help_text=lazy(
                "decides in which matters the holder should stand aside: those of the department"
                " and of its units"
            ),
        )
        self.order_fields(["seat", "title", "department", "from_on", "document"])

    @property
    def kind(self) -> str:
        """Director, deputy or member."""
        return str(self.given["seat"])

    @property
    def rest(self) -> dict[str, Any]:
        """What was filled in but for that."""
        return {name: value for name, value in self.given.items() if name != "seat"}


class NewSeatForm(SeatForm):
    """A seat and who takes it: somebody known, or somebody new."""

    name = NameField(
        label=lazy("Name of somebody new"),
        max_length=60,
        required=False,
        help_text=lazy("only for somebody who is not on the list above"),
    )

    def __init__(self, *args: Any, people: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = LabelledChoice(
            people, _person, label=lazy("Person"), required=False, empty_label="—"
        )
        self.order_fields(["person", "name", "seat", "title", "department", "from_on", "document"])


def _person(row: Any) -> str:
    """A name, with the post in a department that tells people of one name apart."""
    posts = [each for each in row.tenures.all() if each.department and not each.to_on]
    if not posts:
        return str(row.name)
    return f"{row.name}（{posts[0].department.name} {posts[0].title}）".replace(" ）", "）")


class EndSeatForm(WritingForm):
    """The last day of a seat."""

    to_on = DayField(label=lazy("Last day in the seat"))
    reason = LongText(label=lazy("Reason"))
