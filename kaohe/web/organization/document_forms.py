"""Forms about governing documents."""

from django.utils.translation import gettext_lazy as lazy

from kaohe.web.fields import DayField, LongText, NameField, choice, tick
from kaohe.web.organization.committee_forms import narrow_list
from kaohe.web.words.documents import SORTS
from kaohe.web.writing import WritingForm

TEXT = 200_000  # characters of a document; the longest statutes have half of that
ROWS = 28


class VersionForm(WritingForm):
    """The text of a version, and what is new in it."""

    change_note = LongText(
        label=lazy("What is new"),
        rows=2,
        required=False,
        help_text=lazy("what is changed and why, for those who comment and approve"),
    )
    text = LongText(
        label=lazy("Text"),
        max_length=TEXT,
        rows=ROWS,
        required=False,
        help_text=lazy(
            "one paragraph a line; lines that begin with 第一章 or 第一条 are set as chapters and"
            " articles"
        ),
    )


class NewDocumentForm(VersionForm):
    """A document that was not there, with the draft of its first version."""

    sort = choice(
        [(code, lazy(words)) for code, words in SORTS.items()],
        label=lazy("Kind"),
        widget=narrow_list(),
    )
    title = NameField(label=lazy("Title"), help_text=lazy("without 《》"))
    field_order = ("sort", "title", "change_note", "text")


class TitleForm(WritingForm):
    """The title of a document."""

    title = NameField(label=lazy("Title"), help_text=lazy("without 《》"))


class ReturnForm(WritingForm):
    """Why a version goes back."""

    reason = LongText(
        label=lazy("Reason"),
        required=False,
        help_text=lazy("what is to be changed, article by article; the drafter reads it first"),
    )


class WithdrawVersionForm(WritingForm):
    """Why a version is given up."""

    reason = LongText(label=lazy("Reason"), required=False)


class IssueForm(WritingForm):
    """The number of a version and the day from which it holds."""

    number = NameField(
        label=lazy("Document number"),
        max_length=60,
        help_text=lazy("as on the paper, for instance 示考委〔2026〕3号"),
    )
    effective_on = DayField(label=lazy("In force from"))
    retroactive = tick(
        label=lazy("It holds from before the day of its issue"),
        help_text=lazy("only where it is to hold retroactively; otherwise leave it empty"),
    )


class CommentForm(WritingForm):
    """What one thinks of a version."""

    text = LongText(label=lazy("Comment"), required=False)
