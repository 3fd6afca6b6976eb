"""Receipts made by the project's own code, and the browser that verifies them from a USB stick."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kaohe.core.checkpoint import Checkpoint
from kaohe.core.leaf import Event, leaf
from kaohe.core.merkle import inclusion_proof, leaf_hash, tree_hash
from kaohe.core.notes import COSIGNATURE, ED25519, Key, Note, cosign, sign
from kaohe.core.receipts import Receipt

ORIGIN = "assess.example.gov.cn/trace"
AUDIT, DISCIPLINE = "audit.example.gov.cn/witness", "discipline.example.gov.cn/witness"
STRANGER = "stranger.example/witness"
SALT = bytes(range(32))
TEXT = "更名；𠀀䶮 O'Neill\n"
TEXTS = json.dumps({"reason": {"salt": SALT.hex(), "text": TEXT}})
SIZE, INDEX = 1001, 617
SEEN_AT = 1_790_000_000  # 2026-09-21 22:13:20 in Beijing
EVENT = Event(
    "unit.renamed",
    "unit:7",
    "370699",
    "12370699MB2000017K",
    facts={"name": "示例市第一中学", "document": "编〔2026〕2号", "staff": 305, "closed": False},
    was={"name": "示例市一中"},
    sealed={"reason": TEXT},
    effective_on=date(2026, 3, 5),
)
FILE = Path(__file__).parents[2] / "kaohe" / "web" / "static" / "dist" / "verify.html"


def private(number: int) -> Ed25519PrivateKey:
    """A key that is the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def vkey(name: str, number: int, kind: int = COSIGNATURE) -> str:
    """The verification key that belongs to a private one."""
    return Key(name, kind, private(number).public_key().public_bytes_raw()).vkey


LOG_KEY = vkey(ORIGIN, 1, ED25519)
WITNESSES = f"witness audit {vkey(AUDIT, 2)}\nwitness discipline {vkey(DISCIPLINE, 3)}"


def entry(event: Event = EVENT, *, number: str = "0123456789abcdef" * 2) -> bytes:
    """The bytes of an entry."""
    return leaf(
        event,
        entry=number,
        actor="a1b2c3d4e5f60718",
        role="office_clerk",
        at=datetime(2026, 3, 5, 0, 30, 0, 1234, tzinfo=UTC),
        salts=dict.fromkeys(event.sealed, SALT),
    )


def receipt(
    content: bytes | None = None,
    *,
    index: int = INDEX,
    size: int = SIZE,
    origin: str = ORIGIN,
    signer: int = 1,
    extensions: tuple[str, ...] = (),
) -> Receipt:
    """A receipt of an entry of a log, signed by the log, two witnesses and a stranger."""
    content = entry() if content is None else content
    leaves = [leaf_hash(b"%d" % each) for each in range(size)]
    leaves[index] = leaf_hash(content)

    def read(level: int, at: int) -> bytes:
        return tree_hash(leaves[at << level : (at + 1) << level])

    text = Checkpoint(origin, size, tree_hash(leaves), extensions).text
    signatures = (
        sign(text, origin, private(signer)),
        cosign(text, AUDIT, private(2), SEEN_AT),
        cosign(text, DISCIPLINE, private(3), SEEN_AT + 60),
        cosign(text, STRANGER, private(4), SEEN_AT),
    )
    proof = tuple(inclusion_proof(index, size, read))
    return Receipt(index, proof, Note(text, signatures), content)


def on_paper(whole: Receipt) -> Receipt:
    """The same receipt with the hash of the entry only."""
    return replace(whole, extra=leaf_hash(whole.extra))


@dataclass(frozen=True)
class Found:
    """What the page shows: the verdict, state and code of each check, refusals of fields."""

    verdict: str
    checks: dict[str, tuple[str, str]]
    faults: dict[str, str]
    words: str


# Fills in the fields, presses the button, and reads what the page then shows.
EXAMINE = """fields => {
  for (const [name, value] of Object.entries(fields)) {
    const field = document.getElementById('f-' + name);
    field.value = value;
    field.dispatchEvent(new Event('input', {bubbles: true}));
  }
  document.querySelector('#verify button[type=submit]').click();
  const end = document.getElementById('v-end');
  const states = ['ok', 'bad', 'lack'];
  return {
    verdict: end ? states.find(each => end.classList.contains('v-' + each)) : '',
    checks: [...document.querySelectorAll('[data-check]')].map(
      each => [each.dataset.check, each.dataset.state, each.dataset.code]),
    faults: [...document.querySelectorAll('.k-f.bad')].map(
      each => [each.querySelector('label').htmlFor.slice(2), each.querySelector('.err').innerText]),
    words: document.getElementById('v-results').innerText,
  };
}"""
FIELDS = ("receipt", "leaf", "texts", "keys", "witnesses", "number", "kept", "path")
EMPTY = dict.fromkeys(FIELDS, "")


# What browsers have learnt since Chromium 86, and cryptography, which a page from a disk may lack.
OLD_BROWSER = """
Object.defineProperty(globalThis, 'crypto', {value: undefined});
for (const name of ['structuredClone', 'Iterator']) delete globalThis[name];
for (const name of ['hasOwn', 'groupBy']) delete Object[name];
for (const name of ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'with'])
  for (const kind of [Array, Object.getPrototypeOf(Uint8Array), String])
    delete kind.prototype[name];
for (const name of ['fromHex', 'fromBase64']) delete Uint8Array[name];
for (const name of ['toHex', 'toBase64', 'setFromHex']) delete Uint8Array.prototype[name];
"""


class Stick:
    """The single file, opened from a disk in an old browser that has no network."""

    def __init__(self, browser, file: Path = FILE, size=(1366, 768)) -> None:
        self.problems: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(
            locale="zh-CN", viewport={"width": size[0], "height": size[1]}, offline=True
        )
        self.context.add_init_script(OLD_BROWSER)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", lambda each: self.problems.append(f"console: {each.text}"))
        self.page.on("request", lambda each: self.asked.append(each.url))
        self.page.goto(file.as_uri())

    def examine(self, content: str, **fields: str) -> Found:
        """What the page finds; with the right keys, if the test gives no others."""
        given = {**EMPTY, "keys": LOG_KEY, "witnesses": WITNESSES, "receipt": content, **fields}
        found = self.page.evaluate(EXAMINE, given)
        checks: dict[str, tuple[str, str]] = {}
        for name, state, code in found["checks"]:
            if name not in checks or state in ("bad", "lack"):
                checks[name] = (state, code)
        return Found(found["verdict"], checks, dict(found["faults"]), found["words"])


@contextmanager
def opened(browser):
    """The page, which may have no mistake of a script and ask nobody for anything."""
    found = Stick(browser)
    try:
        yield found
    finally:
        found.context.close()
    assert found.problems == []
    assert [each for each in found.asked if not each.startswith("file:")] == []
