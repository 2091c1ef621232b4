"""From the source of one paragraph, heading or cell to its runs.

Reading text costs the most of all, so results are kept as long as the text, and the link
definitions it may point at, stay the same.
"""

import re
from collections.abc import Mapping

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from desktop_chat.markup.leaves import Run, Style
from desktop_chat.markup.rules import trimmed_address

MAX_INLINE = 16_000
"""Characters of a paragraph; a longer one is shown as it is written."""
MAX_MARKS = 2_000
"""Of characters that may mean something, in a paragraph; each costs some 10 µs."""
MAX_BRACKETS = 1_000
"""Of `[` in a paragraph; the time to pair them grows with the square."""
MAX_IMAGES = 200
"""In a paragraph; each may hold others, and every level is read again."""
SLICE = 4_000
"""Characters of one leaf of such a paragraph."""

Runs = tuple[Run, ...]
Definitions = Mapping[str, Mapping[str, object]]
"""Normalised label to a mapping with `href`, as markdown-it keeps them."""

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)
_BARE = re.compile(
    r"(?<![A-Za-z0-9./@_-])(?:(?P<web>www\.[^\s<>\[\]`\"]{1,2000})"
    r"|(?P<mail>[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])))"
)
_STYLES = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}


def labels_in(content: str) -> set[str]:
    """All labels that this text could look up, whether they are defined or not."""
    if "[" not in content:
        return set()
    return {normalizeReference(label) for label in _LABEL.findall(content)}


def is_too_large(content: str) -> bool:
    """Whether a text is shown as it is written, because reading it could take too long."""
    if len(content) <= MAX_BRACKETS:
        return False
    if len(content) > MAX_INLINE or content.count("[") > MAX_BRACKETS or content.count("![") > MAX_IMAGES:
        return True
    return len(content) > MAX_MARKS and sum(map(content.count, "*_~`[]<&\\!:")) > MAX_MARKS


def next_slice(text: str, start: int) -> int:
    """Where the slice that begins at `start` ends; behind a line break or space where there is one."""
    end = start + SLICE
    for mark in ("\n", " "):
        cut = text.rfind(mark, start + SLICE // 2, end)
        if cut >= 0:
            return cut + 1
    return end


class Inliner:
    """Reads inline Markdown and keeps what it has read."""

    def __init__(self, md: MarkdownIt, definitions: Definitions, *, keeps_breaks: bool = False) -> None:
        """Link to `definitions`, which are not copied; after a change of them call `forget`."""
        self._md = md
        self._break = "\n" if keeps_breaks else " "
        self._definitions = definitions
        self._fresh: dict[str, Runs] = {}
        self._aged: dict[str, Runs] = {}

    def forget(self) -> None:
        """Read everything anew: the definitions have changed."""
        self._fresh = {}
        self._aged = {}

    def age(self) -> None:
        """Forget what has not been asked for since the last call."""
        self._aged = self._fresh
        self._fresh = {}

    def runs(self, content: str) -> Runs:
        """Read `content`; what is too large comes back as one plain run."""
        if not content:
            return ()
        runs = self._fresh.get(content)
        if runs is None:
            runs = self._aged.get(content)
            if runs is None:
                runs = self._read(content)
            self._fresh[content] = runs
        return runs

    def _read(self, content: str) -> Runs:
        if is_too_large(content):
            return (Run(content),)
        tokens = self._md.inline.parse(content, self._md, {"references": self._definitions}, [])
        return _runs_of(tokens, self._break)


class _Collector:
    """Joins neighbours of one look into one run."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._parts: list[str] = []
        self._style = Style.PLAIN
        self._href = ""

    def add(self, text: str, style: Style, href: str) -> None:
        if not text:
            return
        if self._parts and ((style is not self._style and style != self._style) or href != self._href):
            self.flush()
        self._style, self._href = style, href
        self._parts.append(text)

    def flush(self) -> None:
        if self._parts:
            self.runs.append(Run("".join(self._parts), self._style, self._href))
            self._parts = []


def _runs_of(tokens: list[Token], soft_break: str) -> Runs:
    out = _Collector()
    style = Style.PLAIN
    outer: list[Style] = []
    href = ""
    for token in tokens:
        kind = token.type
        if kind in ("text", "text_special"):
            if not href and ("@" in token.content or "www." in token.content):
                _add_bare(out, token.content, style)
            else:
                out.add(token.content, style, href)
        elif kind == "code_inline":
            out.add(token.content, style | Style.CODE, href)
        elif kind == "math":
            out.add(token.content, style | Style.MATH, href)
            out.flush()
        elif kind == "softbreak":
            out.add(soft_break, style, href)
        elif kind == "hardbreak":
            out.add("\n", style, href)
        elif kind == "link_open":
            href = str(token.attrs.get("href", ""))
        elif kind == "link_close":
            href = ""
        elif kind == "footnote_mark":
            out.add(token.content, style | Style.SUPERSCRIPT, href)
        elif kind == "image":
            out.flush()
            out.runs.append(Run(_plain(token.children or []), style, str(token.attrs.get("src", "")), image=True))
        elif token.nesting > 0:
            outer.append(style)
            style |= _STYLES[token.tag]
        elif token.nesting < 0:
            style = outer.pop()
    out.flush()
    return tuple(out.runs)


def _add_bare(out: _Collector, text: str, style: Style) -> None:
    """Link addresses that stand in the text without a scheme."""
    done = 0
    for found in _BARE.finditer(text):
        mail = found["mail"]
        shown = mail or trimmed_address(found["web"])
        if not mail and not shown[4:]:
            continue
        out.add(text[done : found.start()], style, "")
        out.add(shown, style, f"mailto:{mail}" if mail else f"http://{shown}")
        done = found.start() + len(shown)
    out.add(text[done:], style, "")


def _plain(tokens: list[Token]) -> str:
    """The description of an image."""
    parts: list[str] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.children:
            parts.append(_plain(token.children))
        else:
            parts.append(token.content)
    return "".join(parts)
