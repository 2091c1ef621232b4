"""Reads the commonest text without the parser: plain paragraphs and quotes, headings, simple lists, tables, fences.

The end of a growing text is read at every flush, and mostly it is one of these. The tokens
are those that the parser makes of the same text, as far as anybody looks at them; whatever
is not obvious is left to the parser.
"""

import re

from markdown_it.common.utils import mdTrim
from markdown_it.token import Token

from desktop_chat.markup.tables import table_token

LONGEST = 4_096
"""Characters; more at once is not what a model says between two flushes."""

# A line that begins like this begins no block and ends no paragraph.
PLAIN = r"(?:[^\W\d_]|\*\*?[^\s*]|`[^`\s])[^\n]*"
_PLAIN = rf"{PLAIN}\n"
_PARAGRAPH = re.compile(rf"(?:{_PLAIN})+")
_HEADING = re.compile(r"(#{1,6}) ([^\s#][^\n#\t]*)\n")
_ITEMS = re.compile(rf"- {_PLAIN}(?:- {_PLAIN})*|\d{{1,9}}\. {_PLAIN}(?:\d{{1,9}}\. {_PLAIN})*")
_QUOTE = re.compile(rf"(?:> {_PLAIN})+")
_FENCE = re.compile(r"(`{3,})([^`\n]*)\n")
_BLANK = re.compile(r"\n+")
# What begins like this at the edge, behind a blank line, is neither another item nor more of the last one.
_NOT_OF_A_LIST = re.compile(r"[^\W\d_]|[#`|>]|\*\*[^\s*]")
_ROWS = re.compile(r"(?:\|[^\n]*\n){2,}")


def read_quickly(source: str) -> list[list[Token]] | None:
    """The tokens of each block; `None` if the parser has to look.

    Args:
        source: Normalised. Its last line has its break.
    """
    size = len(source)
    if not size or size > LONGEST or source[-1] != "\n":
        return None
    blocks: list[list[Token]] = []
    at = line = 0
    while at < size:
        if source[at] == "\n":
            at += 1
            line += 1
            continue
        if found := _HEADING.match(source, at):
            blocks.append(_text("heading", f"h{len(found[1])}", found[2], line, line + 1, 0))
            at = found.end()
            line += 1
            continue
        if found := _FENCE.match(source, at):
            token, at = _fence(source, found, line)
            blocks.append([token])
            assert token.map is not None
            line = token.map[1]
            continue
        found = _PARAGRAPH.match(source, at) or _ROWS.match(source, at) or _ITEMS.match(source, at)
        found = found or _QUOTE.match(source, at)
        if found is None:
            return None
        count = found[0].count("\n")
        tokens = _tokens(found[0], line, line + count)
        at = found.end()
        line += count
        # All of them end with a blank line.
        if not tokens or (at < size and source[at] != "\n"):
            return None
        if at < size and tokens[0].tag in ("ul", "ol"):
            behind = _BLANK.match(source, at)
            assert behind is not None
            if behind.end() < size and not _NOT_OF_A_LIST.match(source, behind.end()):
                return None
            # The blank lines behind a list belong to it and to its last item.
            line += behind.end() - at
            at = behind.end()
            for token in (tokens[0], tokens[-6]):
                assert token.map is not None
                token.map[1] = line
        blocks.append(tokens)
    return blocks


def _fence(source: str, opening: re.Match[str], line: int) -> tuple[Token, int]:
    """A fence, closed or not, and where it ends."""
    start, mark = opening.end(), opening[1]
    closing = re.compile(rf"^ {{0,3}}`{{{len(mark)},}}[ \t]*\n", re.MULTILINE).search(source, start)
    content = source[start : closing.start() if closing else len(source)]
    place = [line, line + 1 + content.count("\n") + (closing is not None)]
    token = Token("fence", "code", 0, map=place, content=content, info=opening[2], markup=mark)
    return token, closing.end() if closing else len(source)


def _tokens(text: str, first: int, end: int) -> list[Token]:
    if text[0] == ">":
        lines = "".join(line[2:] + "\n" for line in text.split("\n")[:-1])
        quote = [Token("blockquote_open", "blockquote", 1, map=[first, end])]
        return [*quote, *_text("paragraph", "p", lines, first, end, 1), Token("blockquote_close", "blockquote", -1)]
    if text[0] == "|":
        token = table_token(text.split("\n")[:-1], first)
        return [token] if token else []
    if (text[1] == " " and text[0] == "-") or text[0].isdecimal():
        return _list(text.split("\n")[:-1], first, end)
    return _text("paragraph", "p", text, first, end, 0)


def _text(kind: str, tag: str, content: str, first: int, end: int, level: int) -> list[Token]:
    place = [first, end]
    return [
        Token(f"{kind}_open", tag, 1, map=place, level=level),
        Token("inline", "", 0, map=place, level=level + 1, content=mdTrim(content)),
        Token(f"{kind}_close", tag, -1, level=level),
    ]


def _list(lines: list[str], first: int, end: int) -> list[Token]:
    number, mark, _ = lines[0].partition(".") if lines[0][0] != "-" else ("", "-", "")
    kind, tag = ("ordered_list", "ol") if number else ("bullet_list", "ul")
    tokens = [Token(f"{kind}_open", tag, 1, map=[first, end])]
    if number:
        tokens[0].attrs["start"] = int(number)
    for line, text in enumerate(lines, first):
        said = text.partition(".")[0] if number else ""
        tokens.append(Token("list_item_open", "li", 1, map=[line, line + 1], level=1, markup=mark, info=said))
        tokens += _text("paragraph", "p", text.partition(" ")[2], line, line + 1, 2)
        tokens.append(Token("list_item_close", "li", -1, level=1))
    tokens.append(Token(f"{kind}_close", tag, -1))
    return tokens
