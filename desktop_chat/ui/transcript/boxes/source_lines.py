"""Which place of its source a line of code or a row is: it finds that where only a part of the whole is known yet."""

from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.table_rest import TableRestBox

Lined = CodeBox | TableBox
"""What has a line of its source for each line or row."""
FENCES = ("```", "~~~")


def place_at(box: Lined, source: str, y: float) -> tuple[int, float]:
    """How far into its source the line at a height begins, and how far below the top of that line the height is.

    Args:
        box: Is laid out.
        source: Of the block, or of the part of it that the box shows.
        y: In the box; above the first line it is counted from the top of the box.
    """
    line, below = box.place_at(y)
    at = 0
    for _ in range(line - 1 + _lines_above(box, source) if line else 0):
        at = source.find("\n", at) + 1
        if not at:
            return 0, y
    return (at, below) if at else (0, y)


def y_of(box: Lined, source: str, at: int) -> float:
    """Where what `place_at` returned is measured from."""
    line = source.count("\n", 0, at) + 1 - _lines_above(box, source)
    return box.y_of(max(0, line)) if at > 0 else 0.0


def _lines_above(box: Lined, source: str) -> int:
    """How many lines open the code or table, before its first one."""
    if isinstance(box, TableBox):
        return 0 if isinstance(box, TableRestBox) else 2
    first = source[: source.find("\n") + 1]
    return 1 if any(fence in first for fence in FENCES) else 0
