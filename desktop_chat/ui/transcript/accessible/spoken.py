"""How what is painted is said: the words a screen reader has for a box.

Signs become words: the tick of a task, the number of a list item, the bar of a quote.
"""

from itertools import zip_longest

from desktop_chat.markup.leaves import Item, Quote, Table
from desktop_chat.markup.math import formula
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.card import ButtonsBox, LineBox
from desktop_chat.ui.transcript.boxes.cell_texts import cell_text
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.formula import FormulaBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.words import tr

LONGEST_NAME = 2_000
"""Characters of a message that are said when it is gone to; the rest is read in its parts."""


def said(box: Box) -> str:
    """All that can be read in a box."""
    match box:
        case LineBox():
            return box.spoken
        case FormulaBox():
            return tr("Formula: {tex}", tex=formula(box.text)[0].strip())
        case TextBox():
            return f"{_frames(box)}{box.spoken}"
        case TableBox():
            return "\n".join((_size(box.leaf), *rows_of(box.leaf)))
        case _:
            return box.text


def name_of(box: Box) -> str:
    """What a box is called; for text that is the text itself."""
    match box:
        case CodeBox():
            lines = box.text.count("\n") + 1
            count = tr("1 line") if lines == 1 else tr("{n} lines", n=count_text(lines))
            language = box.leaf.language
            return (
                tr("Code, {language}, {count}", language=language, count=count)
                if language
                else (tr("Code, {count}", count=count))
            )
        case TableBox():
            return _size(box.leaf)
        case ButtonsBox():
            return tr("Choices")
        case TextBox(leaf=leaf) if leaf.runs and all(run.image for run in leaf.runs):
            # Its role says that it is a picture.
            return ", ".join(run.text.strip() for run in leaf.runs) or tr("Picture")
        case _:
            return shortened(said(box))


def rows_of(table: Table) -> list[str]:
    """The rows of a table, each cell with the name of its column."""
    heads = [cell_text(cell).strip() for cell in table.header]
    found = []
    for row in table.rows:
        cells = [cell_text(cell).strip() for cell in row]
        pairs = zip_longest(heads, cells, fillvalue="")
        found.append(", ".join(f"{head}: {cell}" if head else cell for head, cell in pairs if cell))
    return found or [", ".join(filter(None, heads))]


def shortened(text: str) -> str:
    """The beginning of what is too long to be said at once."""
    if len(text) <= LONGEST_NAME:
        return text
    return text[:LONGEST_NAME].rsplit(" ", 1)[0] + " …"


def _size(table: Table) -> str:
    rows, columns = len(table.rows), len(table.header)
    return tr("Table, {rows} rows, {columns} columns", rows=count_text(rows), columns=count_text(columns))


def _frames(box: TextBox) -> str:
    words = []
    quotes = sum(1 for frame in box.frames if isinstance(frame, Quote))
    if quotes > box.place.joined:
        words.append(tr("Quote:"))
    for frame in box.frames:
        if isinstance(frame, Item):
            if frame.checked is not None:
                words.append(tr("checked") if frame.checked else tr("not checked"))
            elif frame.marker:
                words.append(frame.marker)
    return " ".join((*words, "")) if words else ""
