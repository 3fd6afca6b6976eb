"""Forms of the deeds by which units change; the chosen units travel in the form itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.errors import Refusal
from kaohe.core.problems import N_
from kaohe.core.register import normal_code
from kaohe.core.successions import Deed, Form
from kaohe.core.texts import fold
from kaohe.organization.queries.successions import Asked, NewUnit
from kaohe.web.fields import DayField, LongText, NameField, tick
from kaohe.web.requests import key_in
from kaohe.web.words.successions import FORMS
from kaohe.web.writing import WritingForm

if TYPE_CHECKING:
    from kaohe.organization.models import Department, Unit

NEW_UNITS = 4  # rows for new units of a split
CHANGED_MEANWHILE = N_("The units were chosen anew in another window. Begin again from the choice.")


class DeedForm(WritingForm):
    """What every deed has; ``units`` holds each unit with the version that was on the screen."""

    deed: Deed
    units = forms.CharField(widget=forms.HiddenInput)
    day = DayField(
        label=lazy("From"),
        help_text=lazy("the first day of the new state; the day before is the last of the old one"),
    )
    document = NameField(
        label=lazy("Document"), help_text=lazy("the document that decides it, with its number")
    )
    note = LongText(label=lazy("Note"), required=False, rows=2)
    field_order: Sequence[str] | None = None

    def __init__(
        self,
        *args: Any,
        rows: Sequence[Unit],
        departments: Iterable[Department],
        how: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.departments, self.how = list(rows), list(departments), how
        self.fields["units"].initial = ",".join(f"{row.pk}:{row.version}" for row in rows)
        self.prepare()

    def prepare(self) -> None:
        """What depends on the units."""

    def clean_units(self) -> str:
        """The units of the address, each with the version that was seen."""
        text: str = self.cleaned_data["units"]
        if {key for key, _version in _pairs(text)} != {row.pk for row in self.rows}:
            raise ValidationError(_(CHANGED_MEANWHILE))
        return text

    @property
    def versions(self) -> dict[int, int]:
        """The version of each unit that was on the screen."""
        return dict(_pairs(self.cleaned_data["units"]))

    def asked(self) -> Asked:
        """The deed as it was filled in."""
        given = self.cleaned_data
        return Asked(
            deed=self.deed,
            units=tuple(row.pk for row in self.rows),
            day=given["day"],
            document=given["document"],
            note=given["note"],
            **self.further(),
        )

    def further(self) -> dict[str, Any]:
        """What this deed says beyond the day and the document."""
        return {}

    def department_choice(self, name: str, empty: Any) -> None:
        """Offer the open departments in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # by the classes below
        field.choices = [("", empty), *((str(row.pk), row.name) for row in self.departments)]


def _pairs(text: str) -> list[tuple[int, int]]:
    found = []
    for pair in text.split(","):
        key, _colon, version = pair.partition(":")
        one, seen = key_in(key), key_in(version)
        if one is not None and seen is not None:
            found.append((one, seen))
    return found


FIELDS_OF = {  # how units merge → what has to be filled in, and what may be
    Form.INTO_EXISTING: (("survivor",), ("name",)),
    Form.INTO_NEW: (("name", "code"), ("department",)),
}


def _department(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(widget=forms.Select(attrs={"class": "form-select"}), **kwargs)


class RenameForm(DeedForm):
    """Another name, another code, or both."""

    deed = Deed.RENAME
    name = NameField(label=lazy("Name"))
    code = NameField(label=lazy("Unified social credit code"), max_length=40, required=False)
    field_order = ("name", "code", "day", "document", "note")

    def prepare(self) -> None:
        """What holds now is offered, to be changed."""
        if len(self.rows) == 1:
            self.fields["name"].initial = self.rows[0].name
            self.fields["code"].initial = self.rows[0].code

    def further(self) -> dict[str, Any]:
        """Name and code."""
        return {"name": self.cleaned_data["name"], "code": self.cleaned_data["code"]}


class MergeForm(DeedForm):
    """Into one of the units, or into a new one; with ``how``, only what belongs to that."""

    deed = Deed.MERGE
    form = forms.ChoiceField(
        label=lazy("How they merge"),
        choices=[(str(form), lazy(words)) for form, words in FORMS.items()],
        widget=forms.RadioSelect,
    )
    survivor = _department(
        label=lazy("Unit that goes on"),
        required=False,
        help_text=lazy("where they merge into one of the units"),
    )
    name = NameField(
        label=lazy("New name"),
        required=False,
        help_text=lazy("of the new unit; of the unit that goes on only where it gets another"),
    )
    code = NameField(
        label=lazy("Code of the new unit"),
        max_length=40,
        required=False,
        help_text=lazy("where they merge into a new unit"),
    )
    department = _department(
        label=lazy("Department of the new unit"),
        required=False,
        help_text=lazy("left out: that of the first unit"),
    )
    field_order = ("form", "survivor", "name", "code", "department", "day", "document", "note")

    def prepare(self) -> None:
        """The units to choose from."""
        field = self.fields["survivor"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as above
        field.choices = [("", "—"), *((str(row.pk), row.name) for row in self.rows)]
        self.department_choice("department", "—")
        if self.how:
            self._narrow(Form(self.how))

    def _narrow(self, form: Form) -> None:
        """Leave only the fields of one way to merge."""
        needed, possible = FIELDS_OF[form]
        for name in ("survivor", "name", "code", "department"):
            if name not in needed + possible:
                del self.fields[name]
                continue
            self.fields[name].required = name in needed
            if name != "department":
                self.fields[name].help_text = ""
        self.fields["form"].widget = forms.HiddenInput()
        self.fields["form"].initial = str(form)
        if form is Form.INTO_NEW:
            self.fields["name"].label = _("Name of the new unit")
        else:
            self.fields["name"].help_text = _("only where the unit that goes on gets another name")

    def further(self) -> dict[str, Any]:
        """The form, and what belongs to it."""
        given = self.cleaned_data
        form = Form(self.how or given["form"])
        found: dict[str, Any] = {"form": form}
        if form is Form.INTO_EXISTING:
            found["survivor"] = int(given["survivor"]) if given["survivor"] else None
            found["name"] = given["name"]
        else:
            found["newcomers"] = (NewUnit(given["name"], given["code"], _key(given["department"])),)
        return found


def _key(text: str) -> int | None:
    return int(text) if text else None


class SplitForm(DeedForm):
    """New units out of one."""

    deed = Deed.SPLIT
    continues = tick(
        label=lazy("The unit goes on"),
        help_text=lazy("without the tick it ends, and at least two new units follow it"),
        initial=True,
    )

    def prepare(self) -> None:
        """A row of fields for each new unit."""
        for number in range(1, NEW_UNITS + 1):
            label, needed = _("New unit {n}").format(n=number), number == 1
            self.fields[f"name_{number}"] = NameField(
                label=_("{label}: name").format(label=label), required=needed
            )
            self.fields[f"code_{number}"] = NameField(
                label=_("{label}: code").format(label=label), required=needed, max_length=40
            )
            self.fields[f"department_{number}"] = _department(
                label=_("{label}: department").format(label=label), required=False
            )
            self.department_choice(f"department_{number}", _("as the unit that is split"))
        self.order_fields(
            [
                "continues",
                *(
                    f"{part}_{number}"
                    for number in range(1, NEW_UNITS + 1)
                    for part in ("name", "code", "department")
                ),
                "day",
                "document",
                "note",
            ]
        )

    def clean(self) -> dict[str, Any]:
        """A new unit has both a name and a code."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(2, NEW_UNITS + 1):
            for part, other in (("name", "code"), ("code", "name")):
                if given.get(f"{other}_{number}") and not given.get(f"{part}_{number}"):
                    field = self.fields[f"{part}_{number}"]
                    self.add_error(f"{part}_{number}", field.error_messages["required"])
        return given

    def place_of(self, refusal: Refusal) -> str:
        """Which of the new units a refusal is about, by the code or the name that it tells."""
        said = {fold(str(each)) for each in refusal.facts.values()}
        for number in range(1, NEW_UNITS + 1):
            for part in ("code", "name"):
                typed = str(self.cleaned_data.get(f"{part}_{number}") or "")
                kept = normal_code(typed) if part == "code" else typed
                if part == refusal.field and fold(kept) in said:
                    return f"{part}_{number}"
        return "name_2" if refusal.field == "newcomers" else ""

    def further(self) -> dict[str, Any]:
        """Whether the unit goes on, and the new units."""
        given = self.cleaned_data
        newcomers = tuple(
            NewUnit(
                given[f"name_{number}"],
                given[f"code_{number}"],
                _key(given[f"department_{number}"]),
            )
            for number in range(1, NEW_UNITS + 1)
            if given[f"name_{number}"] or given[f"code_{number}"]
        )
        return {"continues": given["continues"], "newcomers": newcomers}


class TransferForm(DeedForm):
    """To another department."""

    deed = Deed.TRANSFER
    department = _department(label=lazy("To the department"))
    field_order = ("department", "day", "document", "note")

    def prepare(self) -> None:
        """The departments to choose from."""
        self.department_choice("department", "—")

    def further(self) -> dict[str, Any]:
        """The department."""
        return {"department": _key(self.cleaned_data["department"])}


class CloseForm(DeedForm):
    """The end of units that no other follows."""

    deed = Deed.CLOSE


FORM_OF: dict[Deed, type[DeedForm]] = {
    form.deed: form for form in (RenameForm, MergeForm, SplitForm, TransferForm, CloseForm)
}
