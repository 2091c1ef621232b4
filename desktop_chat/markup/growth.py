"""The last paragraph or list item while only its line grows: nothing else has to be read again.

What a line begins with says which block it belongs to. Once a plain line has begun, more of
it changes its paragraph and nothing else, so that a flush reads only the end of that one.
"""

from dataclasses import dataclass

from markdown_it.common.utils import mdTrim

from desktop_chat.markup import mend
from desktop_chat.markup.inline import Inliner, is_too_large
from desktop_chat.markup.leaves import Text
from desktop_chat.markup.parser import Blocks, Piece


@dataclass(slots=True)
class Growth:
    """What is known of the last line of a text."""

    place: tuple[int, int]
    """Where the tail begins, and how many characters of it are complete lines."""
    size: int
    """Of the unfinished line."""
    content: str
    """Inline source of its block, with the white space at the end."""
    leaf: Text
    """As it was when the line was read with all that is before it."""
    read: int
    """Size of the line at that time."""

    def take(self, line: str) -> str:
        """Add what came to the unfinished line; returns the inline source of its block."""
        self.content += line[self.size :]
        self.size = len(line)
        return mdTrim(self.content)

    def leaf_of(self, content: str, inliner: Inliner) -> Text | None:
        """What the block looks like now, its end mended; `None` if nothing of it can be shown."""
        finished = inliner.finish(content)
        shown = content[:finished] + mend.mended(content[finished:])
        leaf = self.leaf
        if not shown and not leaf.frames:
            return None
        return Text(inliner.read_once(shown), 0, leaf.frames, leaf.start, leaf.end + self.size - self.read)


def growth_of(place: tuple[int, int], line: str, read: Blocks, piece: Piece) -> Growth | None:
    """What can be known before more of a line comes; `None` if it has to be read as a whole.

    Args:
        place: Where the tail begins, and how many characters of it are complete lines.
        line: The unfinished one, not empty.
        read: The blocks of the tail.
        piece: The last of them.
    """
    leaf, content = piece.leaf, piece.content
    is_simple = read.is_quick and isinstance(leaf, Text) and not leaf.level and not leaf.plain
    if not is_simple or not content or is_too_large(content):
        return None
    assert isinstance(leaf, Text)
    spaces = line[len(mdTrim(f"-{line}")) - 1 :]
    return Growth(place, len(line), content + spaces, leaf, len(line))
