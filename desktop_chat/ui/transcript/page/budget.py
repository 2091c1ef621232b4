"""How long what comes into the window may take at once; the rest of it comes at the next flush."""

from math import inf
from time import thread_time

from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.text import TextBox

READ_S = 0.006
"""For reading what was not read yet, and for measuring what was guessed."""
FONTS_S = 0.008
"""Beside it, for finding the fonts of all the writings in the window; each takes some 10 ms, once."""


class Budget:
    """CPU time of the thread that may be used."""

    def __init__(self) -> None:
        self.is_late = False
        """Something in the window is not there yet, because others took long already."""
        self._until = 0.0

    def begin(self, *, is_needed: bool = False) -> None:
        """Use as much as is usual, from the first dear thing on, or as much as is needed."""
        self.is_late, self._until = False, inf if is_needed else 0.0

    @property
    def until(self) -> float:
        """When to leave the rest."""
        self._until = self._until or thread_time() + READ_S
        return self._until

    def allows(self, box: Box, width: float) -> bool:
        """Whether a box is laid out now, for a column of this width; only what may take long ever waits."""
        if box.is_laid_out and box.width == width:
            return True
        late_by = thread_time() - self.until
        if late_by < 0 or not (isinstance(box, RestBox) or (late_by > FONTS_S and _is_foreign(box))):
            return True
        self.is_late = True
        return False

    def charge(self) -> None:
        """Something was done only in part, if time is up."""
        self.is_late = self.is_late or thread_time() > self.until


def _is_foreign(box: Box) -> bool:
    return isinstance(box, TextBox) and not box.text.isascii()
