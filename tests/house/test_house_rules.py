"""The rules of our own house that no ready-made tool keeps."""

import ast
import re
import subprocess
from pathlib import Path

from scripts.errors_page import page

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for path in (ROOT / "kaohe").rglob("*.py") if path.parent.name != "migrations"
)  # a migration is written by a machine and never changed
RULE_PAGES = sorted((ROOT / "docs" / "rules").glob("*.md"))
TRACKED = subprocess.run(
    ["git", "ls-files"],  # noqa: S607
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.split("\n")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_module_is_longer_than_400_lines():
    everything = [*SOURCES, *(ROOT / "bench").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    long = [p.name for p in everything if len(p.read_text(encoding="utf-8").splitlines()) > 400]

    assert long == []


def test_no_function_is_longer_than_40_lines():
    long = [
        f"{path.name}: {node.name}"
        for path in SOURCES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and _lines_of_code(node) > 40
    ]

    assert long == []


def _lines_of_code(node: ast.FunctionDef) -> int:
    """Lines from the first statement behind the docstring to the last."""
    body = node.body
    first = body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = body[1].lineno if documented and len(body) > 1 else first.lineno
    return (node.end_lineno or start) - start + 1


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}

    assert [path.name for path in SOURCES if path.stem in empty] == []


def test_every_module_and_every_public_function_says_what_it_is():
    silent = []
    for path in SOURCES:
        module = parsed(path)
        if not (ast.get_docstring(module) or "").strip("."):
            silent.append(path.name)
        silent += [
            f"{path.name}: {node.name}"
            for node in module.body
            if isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and path.parent.name != "cli"
            and node.name != "N_"
        ]

    assert silent == []


CLAUSE = re.compile(r"\b([A-Z]{1,2}-\d+)\b")
SOURCE = re.compile(r'Source:((?:(?!""")[^\n]|\n(?!\s*\n))*)')  # up to an empty line, or the end


def clauses_of(path: Path) -> set[str]:
    """The clauses that a page of rules defines: those set in bold, or heading a section."""
    text = path.read_text(encoding="utf-8")
    heads = re.findall(r"(?:^#+ .*|\*\*[^*\n]*\*\*)", text, flags=re.MULTILINE)
    return {clause for head in heads for clause in CLAUSE.findall(head)}


def cited_clauses() -> set[tuple[str, str]]:
    cited = set()
    for path in SOURCES:
        for source in SOURCE.findall(path.read_text("utf-8")):
            pages = re.split(r"docs/rules/(\w+)\.md", source)
            for page_name, text in zip(pages[1::2], pages[2::2], strict=True):
                cited |= {(page_name, clause) for clause in CLAUSE.findall(text)}
    return cited


def test_every_clause_that_code_cites_stands_on_the_page_it_names():
    defined = {(path.stem, clause) for path in RULE_PAGES for clause in clauses_of(path)}

    assert cited_clauses() - defined == set()


def test_every_clause_is_cited_by_some_code():
    cited = {clause for _, clause in cited_clauses()}
    defined = {clause for path in RULE_PAGES for clause in clauses_of(path)}

    assert defined - cited == set()


def test_the_page_of_errors_is_the_catalogue():
    assert (ROOT / "docs" / "errors.md").read_text(encoding="utf-8") == page()


def test_no_lock_file_names_a_host():
    for name in (
        "requirements.lock",
        "requirements-run.lock",
        "requirements-bench.lock",
        "build.in",
    ):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name


def test_the_changelog_is_at_the_version():
    from kaohe import __version__

    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert first is not None
    assert first.group(1) == __version__


def test_every_link_between_pages_leads_somewhere():
    for name in TRACKED:
        if not name.endswith(".md"):
            continue
        page_path = ROOT / name
        for target in re.findall(r"\]\(([^)#\s]+)", page_path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page_path.parent / target).exists(), f"{name}: {target}"
