"""From the source of one paragraph, heading or cell to its runs.

Reading text costs the most of all, so results are kept as long as the text, and the link
definitions it may point at, stay the same.
"""

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from desktop_chat.markup.footnotes import Footnotes
from desktop_chat.markup.leaves import TO_NOTE, TO_REFERENCE, Run, Style
from desktop_chat.markup.quick_inline import Found, read_inline_quickly
from desktop_chat.markup.rules import trimmed_address

MAX_INLINE = 10_000
"""Characters of a paragraph; a longer one is shown as it is written."""
MAX_MARKS = 1_000
"""Of characters that may mean something, in a paragraph; each costs some 10 µs, and twice that while it grows."""
MAX_BRACKETS = 600
"""Of `[` in a paragraph; the time to pair them grows with the square."""
MAX_IMAGES = 200
"""In a paragraph; each may hold others, and every level is read again."""
SLICE = 2_500
"""Characters of one leaf of such a paragraph."""
STEP = 120
"""Characters of a growing text that are read anew each time, about; what is before them is finished."""

Runs = tuple[Run, ...]
Definitions = Mapping[str, Mapping[str, object]]
"""Normalised label to a mapping with `href`, as markdown-it keeps them."""

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)
_BARE = re.compile(
    r"(?<![A-Za-z0-9./@_-])(?:(?P<web>www\.[^\s<>\[\]`\"]{1,2000})"
    r"|(?P<mail>[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])))"
)
_BREAK = re.compile(r"(?<=\S)[ \n](?=[^\s])")
_MEANS = re.compile(r"[*`\[$]|~~|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_MARKS = re.compile(r"[\\`*_~\[\]!<&$@]|://|www\.| \n|\n[ \t]")
_STYLES = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}


def labels_in(content: str) -> set[str]:
    """All labels that this text could look up, whether they are defined or not."""
    if "[" not in content:
        return set()
    return {normalizeReference(label) for label in _LABEL.findall(content)}


def is_plain(text: str) -> bool:
    """Whether a text, wherever it is cut, is shown as it is written, but for its line breaks."""
    return _MARKS.search(text) is None


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
        self.footnotes = Footnotes()
        self._fresh: dict[str, Runs] = {}
        self._aged: dict[str, Runs] = {}
        self._head = ""
        """Beginning of the text that grows, whose runs stay what they are, whatever comes."""
        self._head_read = _Collector()
        self._tried = 0
        """Length of the text when its beginning was last looked at."""

    def forget(self) -> None:
        """Read everything anew: the definitions have changed."""
        self._fresh = {}
        self._aged = {}
        self._head = ""

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
        return self.footnotes.numbered(runs) if "[^" in content else runs

    def read_once(self, content: str) -> Runs:
        """Like `runs`, for a text that will have grown when it is read again."""
        runs = self._read(content)
        return self.footnotes.numbered(runs) if "[^" in content else runs

    def _read(self, content: str) -> Runs:
        if is_too_large(content):
            return (Run(content),)
        head = len(self._head) if self._goes_on(content) else 0
        out = self._head_read.copy() if head else _Collector()
        rest = content[head:]
        if is_plain(rest):
            out.add(rest.replace("\n", self._break), Style.PLAIN, "")
        elif (pieces := read_inline_quickly(rest)) is not None:
            out.take(pieces, self._break)
        else:
            _collect(out, self._tokens(rest), self._break)
        out.flush()
        return tuple(out.runs)

    def _tokens(self, content: str) -> list[Token]:
        return self._md.inline.parse(content, self._md, {"references": self._definitions}, [])

    def _goes_on(self, content: str) -> bool:
        return bool(self._head) and content.startswith(self._head) and not content[len(self._head) :][:1].isspace()

    def finish(self, content: str) -> int:
        """Read of a growing text what is finished, so that only its end is read again.

        Finished is what lies before a space or line break and leaves no marker behind that a later
        one could pair with.

        Args:
            content: The text as it is now.

        Returns:
            How many of its characters are finished.
        """
        if len(content) < self._tried or not self._goes_on(content):
            self._head, self._head_read = "", _Collector()
        start = len(self._head)
        if len(content) < self._tried:
            self._tried = 0
        if len(content) > max(start, self._tried) + STEP and not is_too_large(content):
            self._tried = len(content)
            breaks = list(_BREAK.finditer(content, start, len(content) - STEP // 2))
            segment = content[start : breaks[-1].end()] if breaks else ""
            if segment and (pieces := read_inline_quickly(segment)) is not None:
                # Everything in it has its other half.
                self._head += segment
                self._head_read.take(pieces, self._break)
            elif segment and "\\" not in segment:
                tokens = self._tokens(segment)
                if _is_finished(segment, tokens):
                    self._head += segment
                    _collect(self._head_read, tokens, self._break)
        return len(self._head)


class _Collector:
    """Joins neighbours of one look into one run."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._parts: list[str] = []
        self._style = Style.PLAIN
        self._href = ""

    def copy(self) -> "_Collector":
        """Another one that goes on from here."""
        made = _Collector()
        made.runs, made._parts = list(self.runs), list(self._parts)
        made._style, made._href = self._style, self._href
        return made

    def add(self, text: str, style: Style, href: str) -> None:
        if not text:
            return
        if self._parts and ((style is not self._style and style != self._style) or href != self._href):
            self.flush()
        self._style, self._href = style, href
        self._parts.append(text)

    def take(self, pieces: list[Found], soft_break: str) -> None:
        for text, style, href in pieces:
            self.add(text.replace("\n", soft_break), style, href)

    def flush(self) -> None:
        if self._parts:
            self.runs.append(Run("".join(self._parts), self._style, self._href))
            self._parts = []


def _is_finished(segment: str, tokens: list[Token]) -> bool:
    """Whether nothing is left in a text that could pair with what comes behind it."""
    backticks = segment.count("`")
    for token in tokens:
        if token.type == "image" or (token.type == "text" and _MEANS.search(token.content)):
            return False
        if token.type == "code_inline":
            backticks -= 2 * len(token.markup) + token.content.count("`")
    return not backticks


def _collect(out: _Collector, tokens: list[Token], soft_break: str) -> None:
    """Add what some tokens, with all their openings and closings, look like."""
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
            _add_mark(out, token, style)
        elif kind == "image":
            out.flush()
            source = str(token.attrs.get("src", ""))
            out.runs.append(Run(_plain(token.children or []), style, source, image=True, link=href))
            for mark in _marks(token.children or []):
                _add_mark(out, mark, style)
        elif token.nesting > 0:
            outer.append(style)
            style |= _STYLES[token.tag]
        elif token.nesting < 0:
            style = outer.pop()


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


def _add_mark(out: _Collector, token: Token, style: Style) -> None:
    target = TO_REFERENCE if token.meta["is_note"] else TO_NOTE
    out.flush()
    out.add(token.content, style | Style.SUPERSCRIPT, target + token.content[1:-1])
    out.flush()


def _marks(tokens: list[Token]) -> Iterator[Token]:
    """Those of footnotes in the description of an image, which stand behind it."""
    for token in tokens:
        if token.type == "footnote_mark":
            yield token
        yield from _marks(token.children or [])


def _plain(tokens: list[Token]) -> str:
    """The description of an image."""
    parts: list[str] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.children:
            parts.append(_plain(token.children))
        elif token.type != "footnote_mark":
            parts.append(token.content)
    return "".join(parts)
