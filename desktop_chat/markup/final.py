"""What of a growing text is final, and how much of it is looked at.

The decisions are made on complete lines only, so that they come out the same however the
text was cut into portions.
"""

from collections.abc import Sequence

from desktop_chat.markup.parser import Block

MAX_OPEN = 32_768
"""Characters of the tail; more that belongs together is shown as it is written."""
MAX_OPEN_LINES = 1_500
"""Lines of the tail, likewise."""
MAX_OPEN_QUOTES = 6_000
"""Of `>` in the tail, likewise: quotes in quotes cost by line and by level."""


def portion_end(text: str, complete: int, limit: int) -> int:
    """Where a portion of complete lines ends, within the limits; 0 if the first line is too long."""
    end = complete if complete <= limit else text.rfind("\n", 0, limit) + 1
    if text.count("\n", 0, end) > MAX_OPEN_LINES:
        at = 0
        for _ in range(MAX_OPEN_LINES):
            at = text.find("\n", at) + 1
        end = at
    while text.count(">", 0, end) > MAX_OPEN_QUOTES:
        end = text.rfind("\n", 0, end // 2) + 1
    return end


def is_final(block: Block, source: str, starts: Sequence[int]) -> bool:
    """Whether the last block of some complete lines stays as it is, whatever comes."""
    if block.kind in ("heading_open", "hr"):
        return True
    if block.kind == "fence":
        return block.end_line - block.first_line - 1 > block.tokens[0].content.count("\n")
    if block.kind == "math_block" and block.tokens[0].meta["is_closed"]:
        return True
    if block.kind in ("paragraph_open", "table", "blockquote_open", "math_block"):
        end = block.end_line
        return end + 1 < len(starts) and not source[starts[end] : starts[end + 1]].strip(" \t\n")
    return False


def behind_blank_line(source: str, starts: Sequence[int], cut: int) -> int:
    """The line behind the last blank one from `cut` on, where only definitions and blank lines are."""
    for line in range(len(starts) - 2, cut - 1, -1):
        if not source[starts[line] : starts[line + 1]].strip(" \t\n"):
            return line + 1
    return cut
