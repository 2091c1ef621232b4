"""What the person typed, as leaves: kept as it is, line by line, with fenced code set as code.

Only fences are recognised. Everything else a person types means what it shows, and a paste of
megabytes is cut into pieces that are laid out one by one.
"""

import re
from collections.abc import Iterator

from desktop_chat.markup.leaves import Code, Growing, Leaf, Run, Text

PIECE_CHARACTERS = 4_000
"""More than this is not put into one text layout."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`\s]*)[^`]*$")


def plain_leaves(text: str) -> list[Leaf]:
    """Text as typed, and fenced code."""
    found: list[Leaf] = []
    at = begin = 0
    fence, language, code_begin, fence_begin = "", "", 0, 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        end = at + len(line)
        if fence:
            if bare.strip().startswith(fence) and not bare.strip().strip(fence[0]):
                found.append(Code(_lines(text[code_begin:at]), language, start=fence_begin, end=end))
                fence, begin = "", end
        elif opening := _FENCE.match(bare):
            found.extend(_pieces(text, begin, at))
            fence, language = opening[1], opening[2]
            code_begin, fence_begin = end, at
        at = end
    if fence:
        found.append(Code(_lines(text[code_begin:]), language, is_closed=False, start=fence_begin, end=len(text)))
    else:
        found.extend(_pieces(text, begin, len(text)))
    return found


def _lines(text: str) -> Growing[str]:
    return Growing(text.rstrip("\n").split("\n"))


def _pieces(text: str, begin: int, end: int) -> Iterator[Text]:
    whole = text[begin:end]
    begin += len(whole) - len(whole.lstrip("\n"))
    end = begin + len(text[begin:end].rstrip())
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
