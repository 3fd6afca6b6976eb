"""``kaohe demo``: the demonstration city, loaded once, then served."""

import argparse
import json
import os
from typing import TYPE_CHECKING

from kaohe.cli import init, serve
from kaohe.cli.platform import home, on_platform
from kaohe.cli.talk import say

if TYPE_CHECKING:
    from kaohe.demo.platform_accounts import Listed

ACCOUNTS = "demo-accounts.json"  # the login page of a demonstration lists them


@on_platform
def run(options: argparse.Namespace) -> int:
    _ = options.translate
    load(options)
    if options.no_serve:
        return 0
    os.environ["KAOHE_DEMO"] = "on"
    options.plain, options.own_cert, options.child = True, None, False
    options.no_worker = options.log_addresses = False
    say(_("Choose an account on the login page; the language is switched in the user menu."))
    return int(serve.run(options))


def load(options: argparse.Namespace) -> None:
    from kaohe.demo import platform
    from kaohe.demo.platform_log import seal_before_witness

    _ = options.translate
    init.make()
    if platform.is_loaded():
        say(_("The demonstration city is in {home} already.").format(home=home()))
        return
    platform.load(init.first_passwords(), _keep, lambda text: say("  " + _(text)))
    seal_before_witness(home() / "witness")
    (home() / init.FIRST_ACCOUNTS).unlink(missing_ok=True)
    say(_("The demonstration city is in {home}.").format(home=home()))


def _keep(accounts: "list[Listed]") -> None:
    rows = [account._asdict() for account in accounts]
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    init.write_private(home() / ACCOUNTS, text)
