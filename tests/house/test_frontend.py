"""The rules of what the pages load: no hosts, no words newer than the oldest browser, light."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
DIST = ROOT / "kaohe" / "web" / "static" / "dist"
SHEETS = sorted([*(FRONTEND / "css").glob("*.css"), *(FRONTEND / "verify").glob("*.css")])
SCRIPTS = sorted([*(FRONTEND / "js").glob("*.js"), *(FRONTEND / "verify").glob("*.js")])
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

# Each with the Chromium that brought it; the oldest on the desks is 86.
NEWER_CSS = {
    r"color-mix\(": 111,
    r":has\(": 105,
    r":is\(": 88,
    r":where\(": 88,
    r"(?<!-)\binset(-block|-inline)?\s*:": 87,
    r"(?<!-)aspect-ratio\s*:": 88,
    r"@layer\b": 99,
    r"@container\b": 105,
    r"\b(oklch|oklab|lch|lab)\(": 111,
    r"accent-color\s*:": 93,
    r"\b\d+(dvh|svh|lvh)\b": 108,
    r"@media[^{]*[<>]": 104,
}
NEWER_JS = {
    r"\.at\(": 92,
    r"Object\.hasOwn\(": 93,
    r"structuredClone\(": 98,
    r"\.findLast(Index)?\(": 97,
    r"\.toSorted\(": 110,
    r"AbortSignal\.timeout\(": 103,
    r"crypto\.randomUUID\(": 92,
}


def css_without_comments(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def nested(css: str) -> list[str]:
    """The heads of rules that stand inside a rule: a block may nest only in a block of ``@…``."""
    heads: list[str] = []
    inside = []
    for before, brace in re.findall(r"([^{}]*)([{}])", css):
        if brace == "}":
            heads.pop()
            continue
        head = before.split(";")[-1].strip()
        if heads and not heads[-1].startswith("@"):
            inside.append(head)
        heads.append(head)
    return inside


def test_the_lock_file_names_no_registry():
    text = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in text
    assert re.findall(r"://[^\"/]*(?:registry|npmjs|mirror)[^\"]*", text) == []


def test_packages_are_pinned_exactly():
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    pins = {**package["dependencies"], **package["devDependencies"]}

    assert [name for name, pin in pins.items() if not re.fullmatch(r"\d+\.\d+\.\d+", pin)] == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_uses_nothing_newer_than_the_oldest_browser(path):
    css = css_without_comments(path)

    assert [(word, since) for word, since in NEWER_CSS.items() if re.search(word, css)] == []
    assert nested(css) == []


def test_nesting_is_found_where_it_is():
    assert nested("a { b: c; } @media print { a { b: c; } }") == []
    assert nested("a { b: c; & d { e: f; } }") == ["& d"]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_uses_nothing_newer_than_the_oldest_browser(path):
    text = path.read_text(encoding="utf-8")

    assert [(word, since) for word, since in NEWER_JS.items() if re.search(word, text)] == []


def test_the_bundler_is_told_the_oldest_browser():
    assert 'const TARGET = "chrome86";' in (FRONTEND / "build.mjs").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_nothing_is_loaded_from_elsewhere(path):
    assert re.findall(r"https?://\S+", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_no_file_of_the_pages_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_runs_no_text_as_code_and_writes_no_markup(path):
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML", text) == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_token_a_sheet_names_is_declared(path):
    tokens = css_without_comments(FRONTEND / "css" / "tokens.css")
    declared = set(re.findall(r"(--k-[\w-]+)\s*:", tokens))

    assert set(re.findall(r"var\((--k-[\w-]+)\)", path.read_text("utf-8"))) - declared == set()


# Always there in `make test`; a single test may be run on a machine without npm.
built = pytest.mark.skipif(not (DIST / "app.css").exists(), reason="make setup builds it")


@built
def test_our_own_sheet_stays_under_44_kilobytes():
    css = (DIST / "app.css").read_text(encoding="utf-8")
    ours = css[css.index(":root{--k-ink:") :]

    assert len(COMMENT.sub("", ours).encode()) < 44 * 1024


@built
@pytest.mark.parametrize("name", ["app.css", "survey.css", "verify.css", "verify.html"])
def test_what_was_built_needs_no_newer_browser(name):
    css = COMMENT.sub("", (DIST / name).read_text(encoding="utf-8"))

    assert [(word, since) for word, since in NEWER_CSS.items() if re.search(word, css)] == []


@built
def test_what_was_built_carries_the_licences():
    text = (DIST / "LICENCES.txt").read_text(encoding="utf-8")

    for name in ("bootstrap", "htmx.org", "echarts", "zrender", "tslib", "@noble/curves"):
        assert re.search(rf"^{re.escape(name)} \d", text, re.MULTILINE), name
