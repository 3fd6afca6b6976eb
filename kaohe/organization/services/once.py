"""A request carried out once, however often it is sent: a double click, a lost answer repeated."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from kaohe.core.errors import Conflict
from kaohe.core.problems import N_
from kaohe.organization.models import Once, User

KEPT = timedelta(days=7)
AT_ONCE = 500


class KeyReused(Conflict):
    """The key of an earlier request came back with something else."""

    code = "writing.key-reused"
    sentence = N_(
        "This form was sent before, with other content. What was sent first holds; open the page"
        " anew to enter something further."
    )


@transaction.atomic
def once(*, by: User, key: str, digest: str, do: Callable[[], str]) -> str:
    """Carry out a request, and remember where its answer led, in one transaction.

    Args:
        key: made for the form when it was shown.
        digest: of all that the form holds.
        do: writes; gives the address to go on to.

    Returns:
        That address; for a repetition, the address of the first time, and nothing is done again.

    Raises:
        KeyReused: the key came before with another digest.
    """
    first, is_new = Once.objects.get_or_create(user=by, key=key, defaults={"digest": digest})
    if not is_new:
        if first.digest != digest:
            raise KeyReused
        return first.location
    first.location = do()
    first.save(update_fields=["location"])
    return first.location


class Answer(NamedTuple):
    """What a program was answered."""

    status: int
    headers: Mapping[str, str]
    body: str


@transaction.atomic
def answered_once(
    *, by: User, key: str, digest: str, do: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """Carry out a request of a program, and keep the answer with it, in one transaction.

    Args:
        key: chosen by the program for this request; at most 64 characters.
        digest: of all that the request holds.
        do: writes; gives the answer.

    Returns:
        The answer, and whether it is that of the first time, given again.

    Raises:
        KeyReused: the key came before with another digest.
    """
    first, is_new = Once.objects.get_or_create(user=by, key=key, defaults={"digest": digest})
    if not is_new:
        if first.digest != digest or first.answer is None:
            raise KeyReused
        return Answer(**first.answer), True
    answer = do()
    first.answer = answer._asdict() | {"headers": dict(answer.headers)}
    first.save(update_fields=["answer"])
    return answer, False


def forget_answers(texts: Iterable[str]) -> int:
    """Forget the answers kept that hold one of some texts, which were erased; how many.

    Who repeats such a request is refused, so that nothing is done twice nevertheless.

    Source: docs/rules/erasure.md, E-5.
    """
    wanted = {json.dumps(text, ensure_ascii=False)[1:-1] for text in texts if text}
    rows = Once.objects.filter(answer__isnull=False) if wanted else Once.objects.none()
    found = [
        row.pk
        for row in rows.select_for_update().order_by("pk").iterator(chunk_size=AT_ONCE)
        if row.answer and any(text in row.answer["body"] for text in wanted)
    ]
    for first in range(0, len(found), AT_ONCE):
        Once.objects.filter(pk__in=found[first : first + AT_ONCE]).update(answer=None)
    return len(found)


def forget_old() -> int:
    """Drop the keys that nobody will send again; how many."""
    return Once.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
