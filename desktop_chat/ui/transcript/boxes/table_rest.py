"""Rows of a table whose head is above them, in text that was not read yet.

The table they show has an empty head, as one that is copied without its own. It stands behind
what is above the rows, so that they follow on it.
"""

from dataclasses import replace

from desktop_chat.markup.leaves import Table
from desktop_chat.ui.transcript.boxes.box import Place
from desktop_chat.ui.transcript.boxes.cell_texts import cell_text
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.look import Look


class TableRestBox(TableBox):
    """The rest of a table.

    Args:
        leaf: Its rows, with the head that is not shown again but makes the columns as wide as above.
        look: Fonts, colours and measures.
        place: Where it stands.
    """

    def __init__(self, leaf: Table, look: Look, place: Place) -> None:
        super().__init__(replace(leaf, header=tuple(() for _ in leaf.header)), look, place)
        self.hidden = len(leaf.header)
        """Of `text`, what the empty head takes."""
        texts = [[cell_text(cell) for cell in leaf.header], *self._texts[1:]]
        self._columns.measure(0, [leaf.header, *self._cells[1:]], texts)
        self.content_top -= self._plain_row
        self._around -= self._plain_row

    def stick(self, y: float) -> float:
        return 0.0
