"""What can be read and pressed on a page, and two texts to fill it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.ui.transcript.boxes.box import HotSpot
from desktop_chat.ui.transcript.boxes.card import LineBox
from desktop_chat.ui.transcript.view import TranscriptView

LONG = "\n\n".join(f"Paragraph {n} with some words in it." for n in range(80))
RICH = """# Title

Some *text* with `code` and [a link](https://example.org).

- one
- two
  - three

> quoted

| a | b |
|---|--:|
| 1 | 2 |
| 3 | 4 |

```python
def f():
    return 1
```

---

The end."""


def words(view: TranscriptView) -> str:
    """All that can be read on the page."""
    column = view.column
    assert column is not None
    found = []
    for row in range(len(column.rows)):
        for box in column.item(row).boxes:
            found.append(box.spoken if isinstance(box, LineBox) else box.text)
    return "\n".join(found)


def spots(view: TranscriptView) -> dict[str, tuple[QPoint, HotSpot]]:
    """Everything in view that can be clicked, by its name, and where."""
    return {
        spot.hot.label: (view_point(view, spot.row, spot.box, spot.hot), spot.hot)
        for spot in view.reading.places.spots_in_view()
    }


def view_point(view: TranscriptView, row: int, box: int, hot: HotSpot) -> QPoint:
    assert view.column is not None
    y = view.column.place_of(row, box) - view.column.scroll_y
    center = hot.rects[0].center()
    return QPoint(round(center.x() + view.column_left), round(center.y() + y))


def click(qtbot: QtBot, view: TranscriptView, label: str) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spots(view)[label][0])
