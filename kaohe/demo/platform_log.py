"""The log of the demonstration: sealed, and watched by the audit office of the invented city."""

from pathlib import Path

from kaohe.core.notes import key_of
from kaohe.journal.cosigning import take_in
from kaohe.journal.log import open_log
from kaohe.journal.sealing import seal
from kaohe.organization.models import User
from kaohe.organization.services.witnesses import add_witness
from kaohe.tlog.witness import Witness
from kaohe.tlog.witness_check import check
from kaohe.tlog.witness_home import make_witness

NAME, KEY_NAME = "示例市审计局", "audit.example.gov.cn/witness"


def seal_before_witness(folder: Path) -> None:
    """Seal what was loaded; a witness, which brings its signature on a stick, cosigns it.

    Args:
        folder: where the witness' key and memory go; in earnest that is another machine.
    """
    log = open_log(make=True)
    home = make_witness(folder, KEY_NAME)
    for vkey in log.ring.vkeys:
        home = home.trust(key_of(vkey))
    add_witness(by=User.objects.get(username="sysadmin"), name=NAME, vkey=home.key.vkey)
    seal(log)
    take_in(log, check(Witness(home), log.folder).content.encode())
