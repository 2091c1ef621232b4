"""Colours for code, line by line, so that a growing block costs only its new lines.

Pygments is neither imported nor are its lexers loaded on the UI thread: `Highlighter.warm`
and `load` are for a worker, and until they are done code is shown in one colour. A lexer is
found in Pygments' own table, never guessed, and never by a name that it has to search its
plug-ins for (40 to 110 ms each time).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from desktop_chat.ui.transcript.code.rule_starts import Rule, RuleStarts

Span = tuple[int, int, str]
"""Start and length within the line, and the name of the colour: `keyword`, `string`, `function`, `number`, `comment`,
and in diffs `ok` and `bad`. What is not covered is plain."""

MAX_LINE = 2_000
"""Characters; a longer line is not coloured, since a lexer can take very long for it."""
COMMON = (
    "python",
    "javascript",
    "typescript",
    "bash",
    "json",
    "html",
    "css",
    "sql",
    "java",
    "c",
    "cpp",
    "rust",
    "go",
    "yaml",
    "diff",
)
"""What `warm` loads: about a third of a second in all, in the worker."""

_KINDS = {
    "Token.Keyword": "keyword",
    "Token.Keyword.Constant": "number",
    "Token.Operator.Word": "keyword",
    "Token.Name.Tag": "keyword",
    "Token.Comment.Preproc": "keyword",
    "Token.Name.Function": "function",
    "Token.Name.Class": "function",
    "Token.Name.Decorator": "function",
    "Token.Name.Builtin": "function",
    "Token.Name.Exception": "function",
    "Token.Name.Attribute": "function",
    "Token.Name.Namespace": "function",
    "Token.Literal": "string",
    "Token.Literal.Number": "number",
    "Token.Comment": "comment",
    "Token.Generic.Inserted": "ok",
    "Token.Generic.Deleted": "bad",
    "Token.Generic.Heading": "function",
    "Token.Generic.Subheading": "comment",
    "Token.Generic.Prompt": "comment",
}
_OTHER_NAMES = {
    "js": "javascript", "node": "javascript", "ts": "typescript", "py": "python", "shell": "bash", "c++": "cpp",
    "golang": "go", "rs": "rust", "yml": "yaml", "jsonc": "json", "json5": "json", "objective-c": "objectivec",
}  # fmt: skip
_COMMENTS = (("/*", "*/"), ("<!--", "-->"), ("(*", "*)"), ("{-", "-}"), ("--[[", "]]"), ("#=", "=#"))
"""Comments over several lines, which many lexers read only whole."""
_OPENING = re.compile("|".join(re.escape(opening) for opening, _ in _COMMENTS))
_kinds: dict[Any, str] = {}
"""Colours of the tokens that were met."""
_WORD = re.compile(r"[\w+#./-]{1,40}")


class LineLexer:
    """Colours one line after another and remembers where it is: in a string, a comment, a tag.

    Call it with each line once, in order. For another go at the same code, take a new one.
    """

    def __init__(self, lexer: Any, pygments: Any, starts: dict[str, RuleStarts] | None) -> None:
        self._lexer = lexer
        self._starts = starts
        self._context: Any = None
        self._stack = ["root"]
        self._regex = starts is not None
        if isinstance(lexer, pygments.lexer.ExtendedRegexLexer):
            self._regex = False
            # YAML's lexer keeps more than others in a class of its own.
            home = import_module(type(lexer).__module__)
            make_context = getattr(home, f"{type(lexer).__name__}Context", pygments.lexer.LexerContext)
            self._context = make_context("", 0)
        self._is_first = True
        self._has_stumbled = False
        self._comment_end = ""
        """What ends the comment that an earlier line began."""

    def __call__(self, line: str) -> list[Span]:
        """The colours of the next line, which is given without its line break."""
        if self._is_first:
            self._is_first = False
            if self._lexer.name == "PHP" and "<?" not in line:
                # A snippet rarely opens the tag that a whole file begins with.
                self._stack.append("php")
        if len(line) > MAX_LINE or self._has_stumbled:
            return []
        try:
            return self._spans(line)
        except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
            # Lexers are written for whole files; one that cannot go on from line to line costs colours only.
            self._has_stumbled = True
            return []

    def _spans(self, line: str) -> list[Span]:
        start = 0
        spans: list[Span] = []
        if self._comment_end:
            end = line.find(self._comment_end)
            start = end + len(self._comment_end) if end >= 0 else len(line)
            if start:
                spans.append((0, start, "comment"))
            if end < 0:
                return spans
            self._comment_end = ""
        size = len(line)
        for at, length, kind in self._spans_of_line(line[start:]):
            at += start
            length = min(length, size - at)
            if length <= 0:
                continue
            if spans and spans[-1][2] == kind and spans[-1][0] + spans[-1][1] == at:
                spans[-1] = (spans[-1][0], spans[-1][1] + length, kind)
            else:
                spans.append((at, length, kind))
        return spans

    def _spans_of_line(self, line: str) -> list[Span]:
        """Coloured tokens of a line with its break; finds out whether a comment goes on in the next one."""
        for opening, closing in _COMMENTS if _OPENING.search(line) else ():
            at = line.find(opening)
            if at < 0 or line.rfind(closing) > line.rfind(opening):
                continue
            # Closed for a try, the lexer knows it; otherwise this was a string or means nothing here.
            stack = list(self._stack)
            found = self._read(f"{line} {closing}\n")
            for start, length, kind in found:
                if kind == "comment" and start + length > len(line) and line.startswith(opening, start):
                    self._comment_end = closing
                    return found
            self._stack[:] = stack
        return self._read(line + "\n")

    def _read(self, text: str) -> list[Span]:
        if self._regex:
            return self._regex_spans(text)
        if self._context is None:
            # A lexer without states that could be kept; such are made for formats of lines.
            return list(_colored(self._lexer.get_tokens_unprocessed(text)))
        return list(_colored(self._context_tokens(text)))

    def _context_tokens(self, text: str) -> Iterator[tuple[int, Any, str]]:
        context = self._context
        context.text, context.pos, context.end = text, 0, len(text)
        yield from self._lexer.get_tokens_unprocessed(context=context)

    def _regex_spans(self, text: str) -> list[Span]:
        """What `RegexLexer.get_tokens_unprocessed` does, keeping the stack of states at the end."""
        stack, starts = self._stack, self._starts
        assert starts is not None
        spans: list[Span] = []
        pos, size = 0, len(text)
        rules = starts[stack[-1]]
        while pos < size:
            for match, action, new_state in rules[text[pos]]:
                found = match(text, pos)
                if not found:
                    continue
                end = found.end()
                if callable(action):
                    spans += _colored(action(self._lexer, found))
                elif action:
                    spans.append((pos, end - pos, action))
                pos = end
                if new_state is not None:
                    _change(stack, new_state)
                    rules = starts[stack[-1]]
                break
            else:
                if text[pos] == "\n":
                    stack[:] = ["root"]
                    rules = starts["root"]
                pos += 1
        return spans


def _kind(token: Any) -> str:
    """The name of a token's colour; empty if it has none."""
    kind = _kinds.get(token)
    if kind is None:
        kind = ""
        at = token
        while at is not None and not kind:
            kind = _KINDS.get(str(at), "")
            at = at.parent
        _kinds[token] = kind
    return kind


def _colored(tokens: Iterable[tuple[int, Any, str]]) -> Iterator[Span]:
    for at, token, text in tokens:
        if kind := _kind(token):
            yield at, len(text), kind


def _starts_of(rules: dict[str, list[Rule]]) -> dict[str, RuleStarts]:
    """The rules by state, with names of colours in place of tokens, most of which have none."""
    return {
        state: RuleStarts([(match, _kind(made) if isinstance(made, tuple) else made, to) for match, made, to in found])
        for state, found in rules.items()
    }


def _change(stack: list[str], new_state: Any) -> None:
    """Apply a transition; the last state stays, whatever strange code pops."""
    if isinstance(new_state, int):
        del stack[1 if -new_state >= len(stack) else new_state :]
        return
    for state in new_state if isinstance(new_state, tuple) else (new_state,):
        if state == "#pop":
            if len(stack) > 1:
                stack.pop()
        else:
            stack.append(stack[-1] if state == "#push" else state)


class Highlighter:
    """Makes line lexers once Pygments is there."""

    def __init__(self) -> None:
        self.is_ready = False
        """Pygments is loaded. Set in the worker; read anywhere."""
        self.missed: Callable[[str], None] | None = None
        """Called on the UI thread with a language that is known but not loaded; its owner hands it to `load`
        in a worker and then lets the boxes of that language ask again."""
        self._pygments: Any = None
        self._homes: dict[str, tuple[str, str]] = {}
        self._loaded: dict[tuple[str, str], Any] = {}
        self._starts: dict[tuple[str, str], dict[str, RuleStarts] | None] = {}

    def warm(self) -> None:
        """Import Pygments and the commonest lexers. For a worker thread; costs some 0.4 s of CPU."""
        pygments = import_module("pygments")
        import_module("pygments.lexer")
        mapping = import_module("pygments.lexers._mapping").LEXERS
        homes = {alias.lower(): (row[0], name) for name, row in mapping.items() for alias in row[2]}
        self._homes = homes | {other: homes[name] for other, name in _OTHER_NAMES.items() if name in homes}
        self._pygments = pygments
        for language in COMMON:
            self.load(language)
        self.is_ready = True

    def load(self, language: str) -> None:
        """Make a language usable. For a worker thread; costs 5 to 60 ms."""
        home = self._home(language)
        if home is None or home in self._loaded:
            return
        lexer = getattr(import_module(home[0]), home[1])()
        # Its expressions are compiled when it is first used.
        list(lexer.get_tokens_unprocessed("a\n"))
        is_regex = isinstance(lexer, self._pygments.lexer.RegexLexer)
        self._starts[home] = _starts_of(lexer._tokens) if is_regex else None
        self._loaded[home] = lexer

    def line_lexer(self, language: str) -> LineLexer | None:
        """A fresh one; `None` if the language is unknown or not loaded yet. Costs microseconds.

        Args:
            language: First word of the info string, as the model wrote it.
        """
        home = self._home(language)
        if home is None:
            return None
        lexer = self._loaded.get(home)
        if lexer is None:
            if self.missed is not None:
                self.missed(language)
            return None
        return LineLexer(lexer, self._pygments, self._starts[home])

    def _home(self, language: str) -> tuple[str, str] | None:
        word = _WORD.match(language.lower().removeprefix("{.").removeprefix("language-"))
        return self._homes.get(word[0]) if word else None
