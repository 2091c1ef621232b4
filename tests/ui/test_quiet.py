"""Figures that change all the time are read when somebody asks."""

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop_chat.ui.inspector.charts import RateChart
from desktop_chat.ui.inspector.tiles import Tile
from desktop_chat.ui.theme.apply import Theme


def test_a_tile_is_read_with_what_it_shows_now(qtbot: QtBot) -> None:
    tile = Tile("tokens")
    qtbot.addWidget(tile)
    found = QAccessible.queryAccessibleInterface(tile)
    before = found.text(QAccessible.Text.Name)

    tile.show_figure("412", "tokens so far")

    assert (before, found.text(QAccessible.Text.Name)) == ("tokens: –", "tokens so far: 412")
    assert found.role() == QAccessible.Role.StaticText
    assert found.childCount() == 0


def test_no_name_changes_with_a_figure(qtbot: QtBot) -> None:
    tile = Tile("tokens")
    qtbot.addWidget(tile)
    names = [tile.accessibleName(), *(label.accessibleName() for label in tile.findChildren(QLabel))]

    tile.show_figure("412", "tokens so far")

    assert [tile.accessibleName(), *(label.accessibleName() for label in tile.findChildren(QLabel))] == names
    # Qt tells of a changed text where a label has no name of its own.
    assert all(label.accessibleName() for label in tile.findChildren(QLabel))


def test_a_chart_describes_its_line(qtbot: QtBot, theme: Theme) -> None:
    chart = RateChart(theme)
    qtbot.addWidget(chart)
    chart.show_points([(0, 0.0), (1000, 50.0)], 1000)

    found = QAccessible.queryAccessibleInterface(chart)

    assert found.text(QAccessible.Text.Name) == "Tokens per second over time"
    assert found.text(QAccessible.Text.Description) == "Highest 50.0 /s"
