"""Witnesses of the log."""

from functools import partial

from kaohe.core.notes import COSIGNATURE, Key
from kaohe.journal.models import Witness
from kaohe.organization.services import witnesses
from tests.record.cases import leaves

VKEY = Key("audit.example.gov.cn/witness", COSIGNATURE, bytes(32)).vkey


def _row():
    return Witness.objects.create(name="市审计局", vkey=VKEY)


@leaves("witnesses.add_witness", "witness.added")
def _(city):
    return partial(witnesses.add_witness, by=city.system, name="市审计局", vkey=VKEY)


@leaves("witnesses.correct_witness", "witness.corrected")
def _(city):
    return partial(
        witnesses.correct_witness, by=city.system, witness=_row(), seen=1, name="示例市审计局"
    )


@leaves("witnesses.end_witness", "witness.ended")
def _(city):
    return partial(witnesses.end_witness, by=city.system, witness=_row(), seen=1, reason="机构撤并")
