"""What is refused about governing documents when a move is carried out.

Which move is open from where, to whom, is refused in ``core.documents``.
"""

from kaohe.core.errors import Conflict, Invalid


class TitleTaken(Conflict):
    """Two documents of a jurisdiction may not bear one title."""

    code = "document.title-taken"
    sentence = "There is a document “{title}” already. Open it and draft a new version there."
    field = "title"


class TitleInUse(Conflict):
    """What is issued keeps the title under which it was issued."""

    code = "document.title-in-use"
    sentence = "A version was issued under this title, which therefore stays. Enter a new document."
    field = "title"


class TextMissing(Invalid):
    """A version without a text."""

    code = "document.text-missing"
    sentence = "The text is empty. Write it, or begin with the outline, before you submit it."
    field = "text"


class TextUnchanged(Invalid):
    """A revision that revises nothing."""

    code = "document.text-unchanged"
    sentence = (
        "The text is the same as that of the version in force, version {number}: there is nothing"
        " to submit. Edit it first, or give the draft up."
    )
    field = "text"


class EffectiveBeforeIssue(Invalid):
    """A version that would hold from before the day of its issue."""

    code = "document.effective-before-issue"
    sentence = (
        "The version would hold from {effective}, before the day of its issue, {issued}. Correct"
        " the day; if it is to hold retroactively, tick so."
    )
    field = "effective_on"


class CommentsClosed(Conflict):
    """Comments are asked for while a version waits for approval."""

    code = "document.comments-closed"
    sentence = (
        "This version is not open for comment: comments are taken while it is submitted and not"
        " yet approved. Open the page anew to see where it stands."
    )


class CommentMissing(Invalid):
    """A comment that says nothing."""

    code = "document.comment-missing"
    sentence = "The comment is empty. Write what you think of the version, or that you agree."
    field = "text"


class DecidedOtherwise(Conflict):
    """The committee has not agreed to this text."""

    code = "document.decided-otherwise"
    sentence = (
        "The sitting “{sitting}” did not approve this version. Return it with the reason, or have"
        " a later sitting decide on it."
    )
