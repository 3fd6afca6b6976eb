"""Forms of the register: their fields are made from the register's own list of fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.problems import N_, Problem
from kaohe.core.register import FIELD, Field, Kind, read_cell
from kaohe.web.fields import LONG, DayField, LongText, NameField, choice, row_choice
from kaohe.web.writing import WritingForm

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from kaohe.organization.models import Department

FOR_FORMS = frozenset(  # fields whose note is of use in a form, too; others speak of columns
    {"name", "sponsor", "funding_basis", "group", "staff", "start_up", "aliases", "former_names"}
)
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Identity"), ("code", "name", "short_name", "aliases", "former_names", "opened_on")),
    (
        N_("Affiliation"),
        ("department", "sponsor", "category", "level", "sector", "group", "document"),
    ),
    (N_("Funding"), ("funding", "funding_basis", "start_up")),
    (
        N_("Posts and staff"),
        (
            "posts_approved",
            "posts_filled",
            "leader_posts",
            "leaders_filled",
            "temporary_staff",
            "staff",
        ),
    ),
    (
        N_("Registration"),
        ("registrar", "status", "cert_from", "cert_to", "address", "purpose"),
    ),
    (
        N_("Who is in post"),
        (
            "principal",
            "principal_title",
            "principal_from",
            "legal_representative",
            "legal_from",
            "contact",
            "contact_phone",
        ),
    ),
)


class NamesField(forms.Field):
    """Several names, parted by 、 or ; or line ends."""

    def __init__(self, field: Field, **kwargs: Any) -> None:
        self.register_field = field
        super().__init__(
            widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}), **kwargs
        )

    def to_python(self, value: Any) -> tuple[str, ...]:
        """The names, each clean and once."""
        found = read_cell(self.register_field, str(value or "")[:LONG])
        if isinstance(found, Problem):
            raise ValidationError(f"{found.sentence(_)}{_('; ')}{found.remedy(_)}")
        return found if isinstance(found, tuple) else ()

    def prepare_value(self, value: Any) -> Any:
        """As they are typed."""
        return "、".join(value) if isinstance(value, tuple | list) else value


def form_field(name: str) -> forms.Field:
    """The field of a form for a field of the register."""
    field = FIELD[name]
    options: dict[str, Any] = {
        "label": lazy(field.head),
        "required": field.required and name != "code",
    }
    if name in FOR_FORMS and field.help:
        options["help_text"] = lazy(field.help)
    if field.kind is Kind.CHOICE:
        empty = [] if field.default else [("", "—")]
        words = [(each.code, lazy(each.word)) for each in field.choices]
        return choice([*empty, *words], **options)
    if field.kind is Kind.NAMES:
        return NamesField(field, **options)
    if field.kind is Kind.TEXT:
        return LongText(max_length=field.limit, **options)
    if field.kind is Kind.DATE:
        return DayField(earliest=1800, latest=9999, **options)  # as a workbook may say
    if field.kind in (Kind.COUNT, Kind.MONEY):
        return _number(field, options)
    limit = 40 if field.kind is Kind.CODE else field.limit
    return NameField(max_length=limit, **options)


def _number(field: Field, options: dict[str, Any]) -> forms.Field:
    attrs = {"class": "form-control num w-s"}
    if field.kind is Kind.COUNT:
        widget = forms.NumberInput(attrs=attrs)
        return forms.IntegerField(min_value=0, max_value=999_999, widget=widget, **options)
    widget = forms.NumberInput(attrs={**attrs, "step": "0.0001"})
    return forms.DecimalField(
        min_value=0, max_digits=14, decimal_places=4, widget=widget, **options
    )


def year_field(**options: Any) -> forms.IntegerField:
    """An assessment year."""
    widget = forms.NumberInput(attrs={"class": "form-control w-xs"})
    return forms.IntegerField(min_value=1990, max_value=2199, widget=widget, **options)


class RegisterForm(WritingForm):
    """Fields of the register, under headings; ``names`` says which."""

    names: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        *args: Any,
        departments: QuerySet[Department] | None = None,
        groups: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known_groups = groups
        for name in (each for _title, part in GROUPS for each in part if each in self.names):
            self.fields[name] = self._field(name, departments)
        if "group" in self.fields:
            self.fields["group"].widget.attrs["list"] = "known-groups"

    @staticmethod
    def _field(name: str, departments: QuerySet[Department] | None) -> forms.Field:
        if name == "department" and departments is not None:
            label, head = lazy(FIELD["department"].head), lazy("choose")
            return row_choice(departments, label=label, empty_label=head)
        if name == "opened_on":
            return DayField(label=lazy("Opened on"), required=False, earliest=1800)
        if name == "document":
            return NameField(
                label=lazy("Document"), required=False, help_text=lazy("that founded the unit")
            )
        return form_field(name)

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The headings with their fields."""
        found = (
            (_(title), [self[name] for name in part if name in self.fields])
            for title, part in GROUPS
        )
        return [(title, fields) for title, fields in found if fields]


_EVERY = frozenset(name for _title, part in GROUPS for name in part)
_PEOPLE = frozenset(GROUPS[-1][1])


class NewUnitForm(RegisterForm):
    """A unit that was not in the register."""

    names = _EVERY


class CorrectUnitForm(RegisterForm):
    """What the register says of a unit, but for its names, its department and its people."""

    names = (
        _EVERY
        - _PEOPLE
        - {
            "name",
            "department",
            "short_name",
            "aliases",
            "former_names",
            "document",
        }
    )


class NamesForm(WritingForm):
    """The names of a unit besides its present one."""

    short_name = NameField(label=lazy(FIELD["short_name"].head), max_length=60, required=False)
    plates = NamesField(
        FIELD["aliases"],
        label=lazy(FIELD["aliases"].head),
        required=False,
        help_text=lazy("several are parted by 、 or ;"),
    )
    former_names = NamesField(
        FIELD["former_names"],
        label=lazy("former names whose days are not known"),
        required=False,
        help_text=lazy("a change of the name itself is a succession, with its day and document"),
    )
    on = DayField(
        label=lazy("From"),
        help_text=lazy("what is left out ends on the day before; what is new begins"),
    )
    document = NameField(label=lazy("Document"), required=False)


class PastGradeForm(WritingForm):
    """The grade of an earlier year."""

    year = year_field(label=lazy("Assessment year"))
    grade = choice(
        [("A", "A"), ("B", "B"), ("C", "C"), ("none", lazy("no grade"))], label=lazy("Grade")
    )
    document = NameField(
        label=lazy("Document"), help_text=lazy("the number of the document that determined it")
    )
    replaces = forms.BooleanField(
        label=lazy("It replaces a grade that was entered wrongly"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    reason = LongText(
        label=lazy("Reason"), required=False, help_text=lazy("only where it replaces one")
    )


def split_posts(given: dict[str, Any]) -> dict[str, Any]:
    """Take what a form says of people out of ``given``; by field of the register."""
    return {name: given.pop(name) for name in GROUPS[-1][1] if name in given}
