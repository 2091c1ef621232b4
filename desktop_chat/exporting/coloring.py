"""Colours of code in exports: Pygments' tokens as the few kinds that the themes have colours for.

Pygments is imported when the first code is coloured: an export runs in a worker.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

MAX_CHARACTERS = 100_000
"""Longer code, and code with a line beyond `MAX_LINE`, is not coloured: it would take seconds."""
MAX_LINE = 2_000
_KINDS = (
    ("Token.Comment.Preproc", "keyword"),
    ("Token.Comment", "comment"),
    ("Token.Keyword.Constant", "number"),
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Name.Tag", "keyword"),
    ("Token.Name.Function", "function"),
    ("Token.Name.Class", "function"),
    ("Token.Name.Decorator", "function"),
    ("Token.Name.Builtin", "function"),
    ("Token.Name.Exception", "function"),
    ("Token.Name.Attribute", "function"),
    ("Token.Name.Namespace", "function"),
    ("Token.Literal.Number", "number"),
    ("Token.Literal", "string"),
    ("Token.Generic.Inserted", "ok"),
    ("Token.Generic.Deleted", "bad"),
    ("Token.Generic.Heading", "function"),
    ("Token.Generic.Subheading", "comment"),
)
"""The more particular first."""


def colored(code: str, language: str) -> Iterator[tuple[str, str]]:
    """Pieces of code, each with its kind; empty for plain.

    Args:
        code: Any text.
        language: As it stands behind the fence; an unknown one gives plain text.
    """
    words = language.lower().split(maxsplit=1)
    lexer = _lexer(words[0]) if words else None
    if lexer is None or len(code) > MAX_CHARACTERS or any(len(line) > MAX_LINE for line in code.split("\n")):
        yield "", code
        return
    kind, pieces = "", [""]
    for _, token, text in lexer.get_tokens_unprocessed(code):
        now = _kind(token)
        if now != kind:
            yield kind, "".join(pieces)
            kind, pieces = now, []
        pieces.append(text)
    yield kind, "".join(pieces)


@cache
def _kind(token: Any) -> str:
    name = str(token)
    return next((kind for start, kind in _KINDS if name == start or name.startswith(start + ".")), "")


@cache
def _lexer(language: str) -> Any:
    home = _homes().get(language)
    return getattr(import_module(home[0]), home[1])() if home else None


@cache
def _homes() -> dict[str, tuple[str, str]]:
    # Pygments' own table: by name it would search for plug-ins, a tenth of a second for each unknown one.
    table = import_module("pygments.lexers._mapping").LEXERS
    return {alias.lower(): (row[0], name) for name, row in table.items() for alias in row[2]}
