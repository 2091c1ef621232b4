"""A popup with a field over a list is used with the keyboard in the field, inside the screen."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget
from pytestqt.qtbot import QtBot

from desktop_chat.ui.widgets.field_popup import FieldPopup


def made(qtbot: QtBot) -> tuple[FieldPopup, QListWidget]:
    popup = FieldPopup()
    qtbot.addWidget(popup)
    listed = QListWidget(popup)
    listed.addItems(["one", "two", "three"])
    listed.setCurrentRow(0)
    popup.arrange(listed, QLabel("below", popup), 200, round)
    return popup, listed


def test_arrows_go_through_the_list_and_enter_takes_while_the_field_is_typed_into(qtbot: QtBot) -> None:
    popup, listed = made(qtbot)
    entered = QSignalSpy(popup.entered)

    QTest.keyClicks(popup.field, "t")
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)

    assert popup.field.text() == "t"
    assert listed.currentRow() == 1
    assert entered.count() == 1


def test_it_opens_inside_the_screen(qapp: QApplication, qtbot: QtBot) -> None:
    popup, _ = made(qtbot)
    room = qapp.primaryScreen().availableGeometry()

    popup.open_at(room.center())
    frame = popup.pos() - room.center()  # Some platforms put one around every window.
    popup.hide()

    popup.open_at(room.bottomRight() + QPoint(50, 50))

    assert room.contains(QRect(popup.pos() - frame, popup.size()))
    popup.hide()
