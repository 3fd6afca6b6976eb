"""What the forms of a common and of an individual indicator ask alike: its rule, its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as lazy

from kaohe.core.indicators import Indicator
from kaohe.core.scheme_fields import TAG_WORDS
from kaohe.web.fields import LongText, NameField, choice
from kaohe.web.indicators.rule_fields import RuleForm, rule_initial
from kaohe.web.words.indicators import PERIODS
from kaohe.web.words.templates import JUDGES
from kaohe.web.writing import WritingForm


def offered(words: Mapping[Any, str], empty: Any) -> list[tuple[str, Any]]:
    """Codes with their words to choose from, and what stands where none is chosen."""
    return [("", empty), *((str(code), lazy(text)) for code, text in words.items())]


class DescribedForm(WritingForm, RuleForm):
    """An indicator's rule, and what people need to know to collect, judge and verify it.

    ``PLAIN`` and ``FURTHER``: the fields of a form in their order, without those of the rule.
    """

    PLAIN: ClassVar[tuple[str, ...]] = ()
    FURTHER: ClassVar[tuple[str, ...]] = ()

    name = NameField(label=lazy("Name of the indicator"), max_length=120)
    item = NameField(
        label=lazy("Code of the indicator"),
        max_length=40,
        required=False,
        help_text=lazy("empty: the next one"),
        widget=forms.TextInput(attrs={"class": "form-control w-s"}),
    )
    aspect = NameField(label=lazy("Aspect"), max_length=60, required=False)
    definition = LongText(
        label=lazy("Definition"),
        required=False,
        rows=3,
        help_text=lazy("what is counted, over which time, and what is not"),
    )
    source = NameField(
        label=lazy("Source of the value"),
        max_length=200,
        required=False,
        help_text=lazy("a report, a system, an office: where a third party can verify it"),
    )
    evidence = NameField(label=lazy("Evidence"), max_length=200, required=False)
    basis = NameField(
        label=lazy("Basis"),
        max_length=300,
        required=False,
        help_text=lazy("law, plan or document on which it rests"),
    )
    tag = choice(
        offered(TAG_WORDS, lazy("not stated")),
        label=lazy("Nature of the clause"),
        required=False,
        help_text=lazy("how far an office may change it"),
    )
    judge = choice(
        offered(JUDGES, lazy("not stated")), label=lazy("How it is judged"), required=False
    )
    period = choice(offered(PERIODS, lazy("not stated")), label=lazy("Collected"), required=False)
    person = NameField(
        label=lazy("Post in charge"),
        max_length=60,
        required=False,
        help_text=lazy("the post or office, no name"),
    )

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """All fields but those of the rule."""
        return (*cls.PLAIN, *cls.FURTHER)

    @classmethod
    def initial_of(cls, old: Indicator) -> dict[str, Any]:
        """An indicator as the form begins with it."""
        return {**{name: getattr(old, name) for name in cls.words()}, **rule_initial(old)}

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """What the indicator is."""
        return [self[name] for name in self.PLAIN]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What people need to know to collect, judge and verify it."""
        return [self[name] for name in self.FURTHER]

    def described(self) -> dict[str, Any]:
        """What was filled in but for the rule."""
        return {name: self.cleaned_data[name] for name in self.words()}
