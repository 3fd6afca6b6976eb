"""Finding every text for people: in Python and in templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

MARKS = frozenset({"_", "N_", "translate", "gettext", "gettext_lazy", "lazy", "_lazy"})
QUOTED = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(rf"\b_\({QUOTED}\)")  # {{ value|yesno:_("yes,no") }}


def in_python(path: Path) -> Iterator[tuple[int, str]]:
    """Each text with its line: marked ones, those of problems, sentences of refusals."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            name = called(node)
            if name in MARKS:
                yield from _constants(node.args[0])
            elif name == "declare":
                for pair in ast.walk(node.args[1]):
                    if isinstance(pair, ast.Tuple):
                        for part in pair.elts:
                            yield from _constants(part)
        elif isinstance(node, ast.ClassDef):
            given = {
                target.id: statement.value
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            if "code" in given and "sentence" in given:
                yield from _constants(given["sentence"])


def put_together(path: Path) -> Iterator[int]:
    """Lines where something is marked that no catalogue can hold: a text made at run time."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and called(node) in MARKS:
            if isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                yield node.lineno


def called(node: ast.Call) -> str:
    """The name of what is called."""
    return str(getattr(node.func, "id", getattr(node.func, "attr", "")))


def _constants(node: ast.expr) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.lineno, node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def in_template(path: Path) -> Iterator[tuple[int, str]]:
    """Each text with its line: ``translate``, ``blocktranslate`` and ``_("…")``."""
    return texts_of(path.read_text(encoding="utf-8"))


def texts_of(template: str) -> Iterator[tuple[int, str]]:
    """The same, of a template's own text."""
    tokens = iter(Lexer(template).tokenize())
    for token in tokens:
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for text in IN_TEMPLATE.findall(token.contents):
                yield token.lineno, ast.literal_eval(text)
        if token.token_type is not TokenType.BLOCK:
            continue
        words = token.split_contents()
        if words[0] in ("translate", "trans") and words[1][0] in "\"'":
            yield token.lineno, ast.literal_eval(words[1].split("|")[0])
        elif words[0] in ("blocktranslate", "blocktrans"):
            text = "".join(map(_part, _until_end(tokens)))
            yield token.lineno, trim_whitespace(text) if "trimmed" in words else text


def _until_end(tokens: Iterator[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.token_type is TokenType.BLOCK:
            if not token.contents.startswith("endblocktrans"):
                raise ValueError(f"line {token.lineno}: {token.contents} within blocktranslate")
            return
        yield token


def _part(token: Token) -> str:
    if token.token_type is TokenType.VAR:
        return f"%({token.contents})s"
    return token.contents.replace("%", "%%")
