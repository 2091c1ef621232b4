"""The Tab key goes the way the eye does."""

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_chat.ui.widgets.tab_order import tab_in_reading_order
from tests.ui.tabs import tab_stops


def buttons(*names: str) -> list[QPushButton]:
    return [QPushButton(name) for name in names]


def holder(layout: QVBoxLayout | QHBoxLayout, *widgets: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def test_tab_follows_rows_and_columns_whatever_was_made_first(qtbot: QtBot) -> None:
    last, third, second, first = buttons("last", "third", "second", "first")
    row = holder(QHBoxLayout(), first, second)
    window = holder(QVBoxLayout(), last, third)
    qtbot.addWidget(window)
    window.layout().insertWidget(0, row)  # type: ignore[union-attr]
    window.layout().insertWidget(1, third)  # type: ignore[union-attr]
    assert tab_stops(window, "first") != ["first", "second", "third", "last"]

    tab_in_reading_order(window)

    assert tab_stops(window, "first") == ["first", "second", "third", "last"]


def test_a_form_goes_from_row_to_row_and_a_grid_too(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    form, grid = QFormLayout(), QGridLayout()
    model, seconds, name, across = QComboBox(), QSpinBox(), QLineEdit(), QPushButton("across")
    model.setEditable(True)
    for widget, title in ((model, "model"), (seconds, "seconds"), (name, "name")):
        widget.setAccessibleName(title)
    for place, button in zip(((1, 1), (0, 1), (1, 0), (0, 0)), buttons("d", "b", "c", "a"), strict=True):
        grid.addWidget(button, *place)
    form.addRow(QLabel("Seconds"), seconds)
    form.addRow(across)
    form.addRow(grid)
    form.insertRow(0, QLabel("Model"), model)
    form.insertRow(0, QLabel("Name"), name)
    window.setLayout(form)

    tab_in_reading_order(window)

    assert tab_stops(window, "name") == ["name", "model", "seconds", "across", "a", "b", "c", "d"]


def test_pages_splits_and_what_scrolls_are_entered(qtbot: QtBot) -> None:
    right, left, below, one, two = buttons("right", "left", "below", "one", "two")
    pages, area, split = QStackedWidget(), QScrollArea(), QSplitter()
    pages.addWidget(one)
    pages.addWidget(two)
    area.setWidget(pages)
    area.setAccessibleName("area")
    split.addWidget(right)
    split.insertWidget(0, left)
    window = holder(QVBoxLayout(), below)
    qtbot.addWidget(window)
    window.layout().insertWidget(0, area)  # type: ignore[union-attr]
    window.layout().insertWidget(0, split)  # type: ignore[union-attr]

    tab_in_reading_order(window)

    assert tab_stops(window, "left") == ["left", "right", "area", "one", "below"]
