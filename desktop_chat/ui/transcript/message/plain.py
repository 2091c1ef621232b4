"""What the person typed, as leaves: kept as it is, line by line, with fenced code set as code.

Only fences are recognised. Everything else a person types means what it shows, and a paste of
megabytes is cut into pieces that are laid out one by one.
"""

import re
from collections.abc import Iterator

from desktop_chat.markup.leaves import Code, Growing, Leaf, Run, Text

PIECE_CHARACTERS = 4_000
"""More than this is not put into one text layout."""
PIECES_AT_ONCE = 64_000
"""Characters of a long text that are cut into pieces at once."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`\s]*)[^`]*$")


def plain_leaves(text: str) -> list[Leaf]:
    """Text as typed, and fenced code."""
    return list(read_plainly(text))


def read_plainly(text: str) -> Iterator[Leaf]:
    """The leaves of a text one by one; megabytes are read no further than somebody wants them."""
    at = begin = 0
    fence, language, code_begin, fence_begin = "", "", 0, 0
    for line in _split(text):
        bare = line.rstrip("\r\n")
        end = at + len(line)
        if fence:
            if bare.strip().startswith(fence) and not bare.strip().strip(fence[0]):
                yield Code(_lines(text[code_begin:at]), language, start=fence_begin, end=end)
                fence, begin = "", end
        elif opening := _FENCE.match(bare):
            yield from _pieces(text, begin, at)
            fence, language = opening[1], opening[2]
            code_begin, fence_begin = end, at
        elif at - begin > PIECES_AT_ONCE and bare.strip() and not text[at - 2].isspace():
            # What is far above any fence is given out before one is found.
            yield from _pieces(text, begin, at, goes_on=True)
            begin = at
        at = end
    if fence:
        yield Code(_lines(text[code_begin:]), language, is_closed=False, start=fence_begin, end=len(text))
    else:
        yield from _pieces(text, begin, len(text))


def _split(text: str) -> Iterator[str]:
    """The lines of a text with their ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECES_AT_ONCE) + 1 or len(text)
        yield from text[start:end].splitlines(keepends=True)
        start = end


def _lines(text: str) -> Growing[str]:
    return Growing(text.rstrip("\n").split("\n"))


def _pieces(text: str, begin: int, end: int, *, goes_on: bool = False) -> Iterator[Text]:
    whole = text[begin:end]
    begin += len(whole) - len(whole.lstrip("\n"))
    end = end if goes_on else begin + len(text[begin:end].rstrip())
    while begin < end:
        stop = min(end, begin + PIECE_CHARACTERS)
        if stop < end:
            stop = _good_cut(text, begin, stop)
        yield Text((Run(text[begin:stop].rstrip("\n")),), start=begin, end=stop)
        begin = stop


def _good_cut(text: str, begin: int, stop: int) -> int:
    for mark in ("\n", " "):
        found = text.rfind(mark, begin + PIECE_CHARACTERS // 2, stop)
        if found > 0:
            return found + 1
    return stop
