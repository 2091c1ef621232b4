"""Text of a part that was not read yet: given out in portions, and shown at first sight meanwhile."""

from collections import deque
from collections.abc import Sequence

from desktop_chat.markup.leaves import Code, Leaf
from desktop_chat.ui.transcript.boxes.box import Box, Place
from desktop_chat.ui.transcript.boxes.rest import MANY_LINES, STRETCH, MakeBox, Rest, RestBox, stretches
from desktop_chat.ui.transcript.look import Look

PORTION = 1_500
PORTION_LINES = 100
"""Characters and lines parsed at once."""


class Waiting:
    """Text that waits to be read."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._before = 0
        """So many characters were forgotten."""
        self._rest: Rest | None = None
        self._boxes: deque[RestBox] = deque()

    def __bool__(self) -> bool:
        return self._at < len(self._text)

    def add(self, text: str) -> None:
        """More text came."""
        self._before += self._at
        self._text = self._text[self._at :] + text
        self._at = 0
        self._forget()

    @property
    def rest(self) -> str:
        """All that waits."""
        return self._text[self._at :]

    def take(self) -> str:
        """The next portion; what is shown of it at first sight is gone."""
        end = min(len(self._text), self._at + (STRETCH if self._boxes else PORTION))
        if self._boxes:
            end = min(end, self._boxes[0].end)
        # A stretch is read whole, so that what is shown of it never begins in the middle of something.
        if self._text.count("\n", self._at, end) > (MANY_LINES if self._boxes else PORTION_LINES):
            end = self._at
            for _ in range(PORTION_LINES):
                end = self._text.index("\n", end) + 1
        portion = self._text[self._at : end]
        self._at = end
        if self._boxes:
            first = self._boxes.popleft()
            first.drop()
            if end < first.end and self._rest is not None:
                self._boxes.appendleft(RestBox(self._rest, end, first.end, first.look, first.place))
        if not self:
            self._before += self._at
            self._text, self._at = "", 0
            self._forget()
        return portion

    def show(self, look: Look, fence: str, make: MakeBox) -> None:
        """Have boxes for what waits.

        Args:
            look: Fonts, colours and measures.
            fence: The line that opened the code the text begins in; empty if it begins in none.
            make: Makes the box of a leaf.
        """
        if not self._boxes and self:
            self._rest = Rest(self._text, self._before, fence, make)
            cuts = stretches(self._text, self._at)
            self._boxes.extend(RestBox(self._rest, start, end, look, Place()) for start, end in cuts)

    def make_with(self, make: MakeBox) -> None:
        """Have boxes of leaves made by somebody else from now on."""
        if self._rest is not None:
            self._rest.make = make

    @property
    def boxes(self) -> Sequence[Box]:
        """What waits, at first sight; nothing before `show`."""
        return self._boxes

    def _forget(self) -> None:
        self._boxes.clear()
        if self._rest is not None:
            # Boxes that are still known somewhere shall not keep it.
            self._rest.text, self._rest = "", None


def open_fence(leaves: Sequence[Leaf]) -> str:
    """A line that opens the code some leaves end in; empty if they end in none."""
    last = leaves[-1] if leaves else None
    return f"```{last.language}" if isinstance(last, Code) and not last.is_closed and not last.frames else ""
