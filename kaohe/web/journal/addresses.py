"""The addresses of the record: reading it, its log and witnesses, erasures, verifying."""

from kaohe.core.access import Verb
from kaohe.web.journal import (
    erasures,
    public_log,
    receipts,
    trace,
    trace_entry,
    verify_page,
    witnesses,
)
from kaohe.web.routes import PUBLIC, page

_ERASURES = [
    page("trace/erasures/", erasures.erasures, "erasures", Verb.ERASURE_READ),
    page("trace/erasures/new", erasures.ask_erasure, "ask-erasure", Verb.ERASURE_ASK),
    page("trace/erasures/<int:key>", erasures.erasure, "erasure", Verb.ERASURE_READ),
    page(
        "trace/erasures/<int:key>/carry-out",
        erasures.carry_out_erasure,
        "carry-out-erasure",
        Verb.ERASURE_CARRY_OUT,
    ),
    page(
        "trace/erasures/<int:key>/refuse",
        erasures.refuse_erasure,
        "refuse-erasure",
        Verb.ERASURE_CARRY_OUT,
    ),
]

_TRACE = [
    page("log/checkpoint", public_log.log_checkpoint, "log-checkpoint", PUBLIC),
    page("log/vkey", public_log.log_vkey, "log-vkey", PUBLIC),
    page("log/tile/<path:name>", public_log.log_tile, "log-tile", PUBLIC),
    page("log/", public_log.log_nothing, "log-root", PUBLIC),
    page("log/<path:name>", public_log.log_nothing, "log-nothing", PUBLIC),
    page("trace/", trace.trace, "trace", Verb.TRACE_READ),
    page("trace/witnesses", witnesses.trace_witnesses, "trace-witnesses", Verb.TRACE_READ),
    *_ERASURES,
    page("trace/<slug:entry>", trace_entry.trace_entry, "trace-entry", Verb.TRACE_READ),
    page("trace/<slug:entry>/receipt", receipts.receipt_file, "trace-receipt", Verb.TRACE_READ),
    page("trace/<slug:entry>/leaf", receipts.leaf_file, "trace-leaf", Verb.TRACE_READ),
    page("trace/<slug:entry>/paper", receipts.receipt_paper, "trace-paper", Verb.TRACE_READ),
    page("trace/<slug:entry>/verify", trace_entry.verify_now, "trace-verify", Verb.TRACE_READ),
]

_WITNESSES = [
    page("system/witnesses/", witnesses.witnesses, "witnesses", Verb.SYSTEM_READ),
    page("system/witnesses/new", witnesses.add_witness, "add-witness", Verb.SYSTEM_MANAGE),
    page(
        "system/witnesses/<int:key>",
        witnesses.correct_witness,
        "correct-witness",
        Verb.SYSTEM_MANAGE,
    ),
    page(
        "system/witnesses/<int:key>/end", witnesses.end_witness, "end-witness", Verb.SYSTEM_MANAGE
    ),
]

_OLD = [
    page("audit/", trace.audit, "audit", Verb.AUDIT_READ),
    page("audit/<int:number>", trace.audit_entry, "audit-entry", Verb.AUDIT_READ),
]

_VERIFY = [
    page("verify", verify_page.verify, "verify", PUBLIC),
    page("verify/kaohe-verify.html", verify_page.verify_file, "verify-page", PUBLIC),
]

JOURNAL = [*_TRACE, *_WITNESSES, *_VERIFY, *_OLD]
