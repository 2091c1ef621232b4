"""The markdown-it parser with our own rules, each block-local and left to right.

That is what makes a growing text readable piece by piece: whatever is settled may not
depend on what comes later. So tables are tried after headings, lists and fences; a
footnote mark never depends on its definition; addresses are recognised where they stand.
"""

import re
from collections.abc import Mapping
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock, paragraph, reference
from markdown_it.rules_inline import StateInline

from desktop_chat.markup import math
from desktop_chat.markup.tables import table

MAX_NESTING = 24
"""Levels of quotes and lists (a list counts twice); what is deeper is shown as a paragraph."""

FOOTNOTE = re.compile(r"\[\^([^\]\[\s\\]{1,64})\]")
IS_NOTE = "\0"
"""Stands in the text of a footnote before its mark; no source has it."""
FOOTNOTE_INDENT = 4
"""Of the further paragraphs of a footnote."""
_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?)$", re.IGNORECASE)
# Brackets, quotes and full-width punctuation end an address, as readers expect it.
_ADDRESS = re.compile(r"://[^\s<>\[\]`\"\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u300c-\u3011]{1,2000}")
_ENTITY_END = re.compile(r"&[A-Za-z0-9]{1,32};$")


class _Blocks(ParserBlock):
    """Shows text below the deepest level as paragraphs, where markdown-it drops it."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        if state.level < MAX_NESTING:
            super().tokenize(state, startLine, endLine)
            return
        state.line = state.skipEmptyLines(startLine)
        while state.line < endLine and state.sCount[state.line] >= state.blkIndent:
            paragraph(state, state.line, endLine, False)
            state.line = state.skipEmptyLines(state.line)


@cache
def parser() -> MarkdownIt:
    """The one parser: CommonMark with tables, strikethrough, task lists, addresses and footnote marks."""
    md = MarkdownIt("commonmark", {"html": False, "tasklists": True, "maxNesting": MAX_NESTING + 16})
    md.block = _Blocks()
    md.configure("commonmark", {"html": False, "tasklists": True, "maxNesting": MAX_NESTING + 16})
    md.enable("strikethrough")
    md.block.ruler.before("lheading", "gfm_table", table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.at("reference", _definition, {"alt": []})
    md.block.ruler.before(
        "reference", "footnote", _footnote_block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.block.ruler.before("lheading", "math", math.block, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.inline.ruler.before("link", "footnote", _footnote_mark)
    md.inline.ruler.before("escape", "math", math.inline)
    md.inline.ruler.before("newline", "address", _address)
    return md


def trimmed_address(text: str) -> str:
    """Without what ends a sentence and not an address, as GFM has it."""
    while text:
        last = text[-1]
        if last in "?!.,:*_~'":
            text = text.rstrip("?!.,:*_~'")
        elif last == ")" and text.count(")") > text.count("("):
            text = text[:-1]
        elif last == ";" and (entity := _ENTITY_END.search(text)):
            text = text[: entity.start()]
        elif last == ";":
            text = text[:-1]
        else:
            break
    return text


class Found(dict[str, Mapping[str, object]]):
    """Link definitions as markdown-it collects them; those known before count without being copied."""

    def __init__(self, known: Mapping[str, Mapping[str, object]]) -> None:
        super().__init__()
        self.lines: list[tuple[int, str]] = []
        """Line and label of each one found, in order."""
        self._known = known

    def __contains__(self, label: object) -> bool:
        return label in self._known or super().__contains__(label)


def _definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A link definition; notes on which line each new one begins."""
    found = state.env["references"]
    count = len(found)
    is_definition = reference(state, start_line, end_line, silent)
    if len(found) > count:
        found.lines.append((start_line, next(reversed(found))))
    return is_definition


def _footnote_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """`[^1]: text` is a paragraph that begins with its mark, where it stands; what is indented below belongs to it."""
    if state.is_code_block(start_line):
        return False
    pos = state.bMarks[start_line] + state.tShift[start_line]
    found = FOOTNOTE.match(state.src, pos, state.eMarks[start_line])
    if found is None or not state.src.startswith(":", found.end()):
        return False
    if silent:
        return True
    opening = state.push("footnote_open", "", 1)
    paragraph(state, start_line, end_line, False)
    inline = state.tokens[-2]
    inline.content = IS_NOTE + inline.content.replace("]:", "]", 1)
    parent, indent = state.parentType, state.blkIndent
    # Its other blocks, as those of a list item: up to the first line that is not indented.
    state.parentType, state.blkIndent = "footnote", indent + FOOTNOTE_INDENT
    state.md.block.tokenize(state, state.line, end_line)
    state.parentType, state.blkIndent = parent, indent
    end = state.line
    while state.isEmpty(end - 1):
        end -= 1
    opening.map = [start_line, end]
    state.push("footnote_close", "", -1)
    return True


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    found = FOOTNOTE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        is_note = state.pending.endswith(IS_NOTE)
        state.pending = state.pending.removesuffix(IS_NOTE)
        token = state.push("footnote_mark", "", 0)
        # In brackets, so that it stays apart from the word where nothing is raised: in plain copies and read aloud.
        token.content, token.meta = f"[{found[1]}]", {"is_note": is_note}
    state.pos = found.end()
    return True


def _address(state: StateInline, silent: bool) -> bool:
    """`https://…` that stands in the text becomes a link."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-8:])
    found = _ADDRESS.match(state.src, state.pos, state.posMax)
    if scheme is None or found is None:
        return False
    rest = trimmed_address(found[0])
    if len(rest) < 4 or not rest[3].isalnum():
        return False
    if not silent:
        shown = scheme[1] + rest
        state.pending = state.pending[: -len(scheme[1])]
        state.push("link_open", "a", 1).attrs = {"href": state.md.normalizeLink(shown)}
        state.push("text", "", 0).content = shown
        state.push("link_close", "a", -1)
    state.pos += len(rest)
    return True
