"""The arrow keys go from menu to menu."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.ui.widgets.side_by_side import SideBySide


def test_right_goes_on_to_the_next_menu_and_round(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    menu = QMenu(window)
    keys, subs = SideBySide(menu), []
    for name in ("File", "Edit"):
        sub = menu.addMenu(name)
        sub.addAction(f"{name} first")
        sub.installEventFilter(keys)
        subs.append(sub)
    menu.popup(window.mapToGlobal(window.rect().center()))
    menu.setActiveAction(subs[0].menuAction())
    QTest.keyClick(menu, Qt.Key.Key_Right)
    qtbot.waitUntil(subs[0].isVisible)

    QTest.keyClick(subs[0], Qt.Key.Key_Right)
    qtbot.waitUntil(subs[1].isVisible)
    assert not subs[0].isVisible()
    assert subs[1].activeAction() is subs[1].actions()[0]

    QTest.keyClick(subs[1], Qt.Key.Key_Right)
    qtbot.waitUntil(subs[0].isVisible)
    menu.close()
