"""The last paragraph or list item while only its end grows: nothing else has to be read again.

What a line begins with says which block it belongs to. Once a plain line has begun, more of
it changes its paragraph and nothing else, nor do further plain lines of a paragraph, so that
a flush reads only the end of that one.
"""

import re
from dataclasses import dataclass

from markdown_it.common.utils import mdTrim

from desktop_chat.markup import mend
from desktop_chat.markup.final import MAX_OPEN
from desktop_chat.markup.inline import Inliner, is_too_large
from desktop_chat.markup.leaves import Text
from desktop_chat.markup.parser import Blocks, Piece
from desktop_chat.markup.quick import PLAIN

MAX_LINES = 1_000
"""Characters of a tail in which further lines are taken; in a longer one there may be so many that they are too many."""
# Lines that begin no block and end no paragraph.
_LINES = re.compile(rf"(?:{PLAIN}\n)*(?:{PLAIN})?")


@dataclass(slots=True)
class Growth:
    """What is known of the last line of a text."""

    base: int
    """Where the tail begins."""
    size: int
    """Of the tail, so far."""
    content: str
    """Inline source of its block, with the white space at the end."""
    leaf: Text
    """As it was when the line was read with all that is before it."""
    end: int = 0
    """Behind the last character, in the whole source."""

    def take(self, base: int, tail: str) -> str | None:
        """Add what came to the tail.

        Returns:
            The inline source of the block; `None` if more than the block has changed.
        """
        came = tail[self.size :]
        if base != self.base or len(tail) > MAX_OPEN:
            return None
        lines = came if tail[self.size - 1] == "\n" else came.partition("\n")[2]
        if "\n" in came or lines:
            is_known = not self.leaf.frames and len(tail) <= MAX_LINES and _LINES.fullmatch(lines)
            if not is_known:
                return None
        self.content += came
        self.size = len(tail)
        self.end = base + self.size - tail.endswith("\n")
        return mdTrim(self.content)

    def leaf_of(self, content: str, inliner: Inliner) -> Text | None:
        """What the block looks like now, its end mended; `None` if nothing of it can be shown."""
        finished = inliner.finish(content)
        shown = content[:finished] + mend.mended(content[finished:])
        leaf = self.leaf
        if not shown and not leaf.frames:
            return None
        return Text(inliner.read_once(shown), 0, leaf.frames, leaf.start, self.end)


def growth_of(base: int, size: int, line: str, read: Blocks, piece: Piece) -> Growth | None:
    """What can be known before more of a line comes; `None` if it has to be read as a whole.

    Args:
        base: Where the tail begins.
        size: Of the tail.
        line: The unfinished one at its end, not empty.
        read: The blocks of the tail.
        piece: The last of them.
    """
    leaf, content = piece.leaf, piece.content
    is_simple = read.is_quick and isinstance(leaf, Text) and not leaf.level and not leaf.plain
    if not is_simple or not content or is_too_large(content):
        return None
    assert isinstance(leaf, Text)
    spaces = line[len(mdTrim(f"-{line}")) - 1 :]
    return Growth(base, size, content + spaces, leaf)
