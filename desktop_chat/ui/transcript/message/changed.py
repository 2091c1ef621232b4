"""What bringing a message up to date has changed in it, and from where on it looks different."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.page.heights import Heights


@dataclass(slots=True)
class Changed:
    """Everything from this box on may look different."""

    box: int
    y: float
    """In that box, from its top."""
    old: Box | None

    def top(self, boxes: Sequence[Box], heights: Heights, wrote_in: int | None) -> float:
        """Height from which on the message looks different.

        Args:
            boxes: Of the message, laid out where they are seen.
            heights: Of these.
            wrote_in: The box that had the writing cursor.
        """
        y = self.y
        if self.old is not None and self.box < len(boxes):
            box = boxes[self.box]
            if isinstance(box, TextBox) and box.is_laid_out:
                y = box.first_change(self.old)
        if self.box < len(boxes):
            # Far from the window a box may be thought to be lower than it knows by now.
            y = min(y, heights.values[self.box])
        top = heights.top(self.box) + y
        if wrote_in is not None and wrote_in < self.box:
            # The cursor leaves the box it was in.
            left = boxes[wrote_in]
            if isinstance(left, TextBox):
                # Pictures may stand below its lines.
                top = min(top, heights.top(wrote_in) + left.last_line_top)
            else:
                top = min(top, heights.top(wrote_in + 1) - 2 * left.look.line_px)
        return top
