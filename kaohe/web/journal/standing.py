"""How the log stands, in words: sealing, its keys, its witnesses, and what troubles them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from kaohe.core.errors import Refusal
from kaohe.core.problems import N_
from kaohe.organization.queries.witnesses import ALARMS, SealingState, Watching
from kaohe.web.journal.trace_entry import fingerprint

STATES = {
    "seen": ("done", N_("has seen everything")),
    "behind": ("run", N_("entries behind")),
    "new": ("todo", N_("has not cosigned yet")),
    "failing": ("soon", N_("could not be asked")),
    "late": ("late", N_("behind for more than 7 days")),
    "ended": ("hold", N_("ended")),
}


def trouble_said(trouble: Mapping[str, Any]) -> str:
    """A failure that was noted, as a sentence; empty where there is none."""
    if not trouble:
        return ""
    facts = trouble.get("facts") or {}
    known = Refusal.catalogue.get(str(trouble.get("code", "")))
    if known is not None:
        try:
            return known(**facts).say(_)
        except (KeyError, IndexError):
            return _(known.sentence)
    reason = facts.get("reason", "") if isinstance(facts, Mapping) else ""
    return _("This has failed: {reason}").format(reason=reason or trouble.get("code", ""))


def witness_lines(rows: Sequence[Watching]) -> list[dict[str, Any]]:
    """The witnesses as a table shows them."""
    lines = []
    for each in rows:
        sign, words = STATES[each.state]
        alarm = each.fails and str(each.row.trouble.get("code", "")) in ALARMS
        lines.append(
            {
                "row": each.row,
                "sign": "late" if alarm else sign,
                "state": _("ATTENTION: contradicts the log") if alarm else _(words),
                "behind": each.behind,
                "since": _for_minutes(each.since),
                "fingerprint": fingerprint(each.row.vkey),
                "trouble": trouble_said(each.row.trouble) if each.fails or alarm else "",
            }
        )
    return lines


def _for_minutes(since: datetime | None) -> str:
    """For how long; empty for less than a minute."""
    if since is None or timezone.now() - since < timedelta(minutes=1):
        return ""
    return timesince(since, depth=1)


def log_facts(state: SealingState) -> dict[str, Any]:
    """The log as a page shows it."""
    return {
        "state": state,
        "keys": [(vkey, fingerprint(vkey)) for vkey in state.vkeys],
        "trouble": trouble_said(state.trouble),
        "damage": state.damage.say(_) if state.damage else "",
        "waits": timesince(state.waits_since, depth=1) if state.waits_since else "",
    }
