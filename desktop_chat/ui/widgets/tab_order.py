"""Has the Tab key go through a window as its layouts put things: row by row, side by side.

Qt takes controls in the order in which they found their window, which is another one as soon
as parts are built first and put in place later.
"""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QWidget,
)


def tab_in_reading_order(root: QWidget) -> None:
    """Put the controls of a window, or of a part of it, in the order in which they are laid out.

    Call it when all are in place. What no layout holds is taken in the order in which it was made.
    """
    for before, after in pairwise(_controls(root)):
        QWidget.setTabOrder(before, after)


def _controls(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    inside: list[QWidget | None] = []
    match widget:
        case QAbstractButton() | QAbstractSpinBox() | QComboBox() | QLabel() | QLineEdit():
            # What is in it is Qt's own. Asking for that would have PySide make the classes of all that it could be.
            return
        case QScrollArea():
            inside = [widget.widget()]
        case QAbstractScrollArea():
            # What floats over it comes right after it.
            inside = [child for child in widget.viewport().children() if isinstance(child, QWidget)]
        case QSplitter():
            inside = [widget.widget(index) for index in range(widget.count())]
        case _:
            layout = widget.layout()
            if layout is not None:
                yield from _controls_of(layout)
            else:
                # It places its parts itself.
                inside = [child for child in widget.children() if isinstance(child, QWidget)]
    for part in inside:
        if part is not None and not part.isWindow():
            yield from _controls(part)


def _controls_of(layout: QLayout) -> Iterator[QWidget]:
    for item in _items(layout):
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from _controls(widget)
        elif inner is not None:
            yield from _controls_of(inner)


def _items(layout: QLayout) -> Iterator[QLayoutItem]:
    if isinstance(layout, QFormLayout):
        roles = (QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole)
        yield from (item for row in range(layout.rowCount()) for role in roles if (item := layout.itemAt(row, role)))
        return
    indices = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        indices.sort(key=lambda index: layout.getItemPosition(index)[:2])  # type: ignore[index]  # row, column, spans
    yield from (item for index in indices if (item := layout.itemAt(index)))
