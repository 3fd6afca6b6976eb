"""Another system writes with a token; a paper proves itself; strangers verify; in English."""

import io
import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pypdf

from kaohe.core.checkpoint import checkpoint_of
from kaohe.core.merkle import leaf_hash
from kaohe.core.notes import note_of
from kaohe.core.receipts import prove, receipt_of
from kaohe.core.tiles import ENTRIES, Tile
from kaohe.documents.receipt_code import receipt_code
from kaohe.journal.log import open_log
from kaohe.journal.models import JournalEntry, Position
from kaohe.journal.proofs import own_policy, receipt_for
from kaohe.organization.models import ApiToken
from kaohe.organization.queries.tokens import TokenRevoked
from tests.stories.proved_record.people import kaohe

PURPOSE = "人事系统对接"


def call(story, method, path, body=None, **headers):
    """What another system asks of the API: status, answer, ETag."""
    given = {"Authorization": f"Bearer {story.kept['token']}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{story.site}/api/v1{path}", data, given, method=method)  # noqa: S310
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.load(answer), answer.headers["ETag"]
    except HTTPError as problem:
        with problem:
            return problem.code, json.load(problem), None


def test_11_a_clerk_makes_a_token_and_another_system_writes_with_it(story):
    clerk = story.person("1004")
    clerk.go("/account/")
    clerk.follow("Tokens")
    clerk.look("tokens-none")
    clerk.follow("Make a token")
    clerk.press("Make the token")
    clerk.look("token-refused")
    clerk.fill({"Purpose": PURPOSE})
    for verb in ("unit.read", "unit.manage", "trace.read"):
        clerk.page.locator(f"input[value='{verb}']").check()
    clerk.look("token-new")
    clerk.press("Make the token")
    clerk.look("token-made")
    story.kept["token"] = clerk.page.locator("dd.code.b").inner_text()
    path = f"/units/{story.school.pk}"
    status, unit, etag = call(story, "GET", path)
    assert (status, unit["name"]) == (200, story.school.name)
    changed = {"address": "示例路1号"}
    sent = {"If_Match": etag, "Idempotency_Key": "hr-1"}
    assert call(story, "PATCH", path, changed, **sent)[0] == 200
    assert call(story, "PATCH", path, changed, **sent)[0] == 200  # sent again: done once
    assert call(story, "PATCH", path, changed, If_Match=etag)[0] == 412
    assert call(story, "GET", "/people")[1]["code"] == "api.beyond-scope"
    clerk.go(f"/organization/units/{story.school.pk}/facts")
    clerk.says("示例路1号")
    clerk.go(f"/organization/units/{story.school.pk}/record")
    clerk.says("郑某某")
    clerk.look("unit-record-by-token")

    entry = JournalEntry.objects.get(action="unit.corrected")
    clerk.go(f"/trace/{entry.entry}")
    clerk.says("郑某某")
    clerk.look("trace-entry-by-token")


def test_12_a_token_that_was_revoked_opens_nothing(story):
    clerk, security = story.person("1004"), story.person("secadmin")
    security.go("/users/tokens/")
    security.says(PURPOSE)
    security.look("tokens-of-all")
    clerk.go("/account/tokens/")
    clerk.look("tokens")
    clerk.follow("Revoke")
    clerk.look("token-revoke")
    clerk.press("Revoke the token")
    clerk.says("The token is revoked.")
    clerk.look("tokens-revoked")
    status, problem, _ = call(story, "GET", f"/units/{story.school.pk}")
    assert (status, problem["code"]) == (401, TokenRevoked.code)
    security.go("/users/tokens/")
    assert security.page.locator("td .st").inner_text() == security.said("revoked")

    assert ApiToken.objects.get().revoked_at is not None


def test_13_the_minutes_bear_a_code_that_proves_their_closing(story):
    assert story.seal() is None
    director = story.person("1003")
    closed = JournalEntry.objects.get(action="sitting.closed")
    director.go(f"/organization/sittings/{story.sitting.pk}")
    director.follow("Paper")
    director.look("sitting-paper-proved")
    shown = director.page.locator("article svg").evaluate("each => each.outerHTML")
    with director.page.expect_download() as caught:
        director.page.get_by_role("link", name=director.said("Download PDF")).click()
    printed = pypdf.PdfReader(io.BytesIO(caught.value.path().read_bytes()))
    text = "".join("".join(page.extract_text().split()) for page in printed.pages)

    code = receipt_code(receipt_for(open_log(), closed, whole=False))
    assert path_of(shown) == path_of(code.svg)
    proved = prove(receipt_of(code.content.encode()), own_policy(open_log()), closed.leaf.encode())
    assert proved.index == closed.position.index
    assert leaf_hash(closed.leaf.encode()).hex() in text
    home = story.windows["home"]
    file = story.kept["stick"] / "scanned.txt"
    file.write_text(code.content, encoding="utf-8")
    assert home.examine(file) == "lack"  # a paper carries the hash; what is behind it, the file
    home.shot("verify-scanned")
    assert home.examine(file, leaf=closed.leaf) == "ok"


def path_of(svg):
    """The squares of a code, whatever else stands in its picture."""
    return svg.partition(' d="')[2].partition('"')[0]


def test_14_a_stranger_fetches_the_log_and_finds_it_whole(story, tmp_path):
    with urlopen(f"{story.site}/log/checkpoint", timeout=60) as answer:  # noqa: S310
        said = checkpoint_of(note_of(answer.read()))
    key = open_log().ring.vkeys[0]
    log = f"{story.site}/log"
    whole = kaohe("journal", "verify", "--log", log, "--key", key, home=tmp_path / "stranger")
    assert f"The log is whole: {said.size} entries." in whole
    receipt = story.kept["stick"] / "receipt.tlog-proof"
    held = kaohe("journal", "verify", "--receipt", receipt, "--key", key, home=tmp_path / "a")
    assert "The receipt holds" in held
    bundle = story.home / "log" / Tile(ENTRIES, 0, said.size).path
    content = bundle.read_bytes()
    bundle.write_bytes(content.replace(b'"370699"', b'"370698"', 1))
    told = kaohe("journal", "verify", "--log", log, "--key", key, home=tmp_path / "b", code=1)
    bundle.write_bytes(content)

    assert "The log is NOT whole." in told
    assert said.size == Position.objects.count()


def test_15_who_reads_english_reads_english(story):
    office = story.person("1001")
    office.page.locator(".k-who summary").click()
    office.page.get_by_role("button", name="English").click()
    office.page.wait_for_load_state()
    office.language = "en"
    entry = JournalEntry.objects.get(action="department.renamed")
    for path, name in (
        ("/trace/", "trace"),
        (f"/trace/{entry.entry}/verify", "trace-entry"),
        (f"/trace/{entry.entry}/paper", "trace-paper"),
        ("/trace/witnesses", "witnesses"),
        ("/trace/erasures/", "erasures"),
        ("/verify", "verify"),
    ):
        office.go(path)
        office.look(f"{name}-en")
        assert office.page.locator("html").get_attribute("lang") == "en"
        assert not chinese(office.page.locator("h1, h2, thead th, label").all_inner_texts())


def chinese(texts):
    """Those of some texts that hold Chinese."""
    return [text for text in texts if any("一" <= sign <= "鿿" for sign in text)]
