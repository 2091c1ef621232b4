"""A toast says something for a while and never gets in the way."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.ui.widgets.toast import Toast


def host(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(600, 400)
    qtbot.addWidget(window)
    window.show()
    return window


def test_it_goes_by_itself(qtbot: QtBot) -> None:
    toast = Toast(host(qtbot))

    toast.say("Done", ms=10)

    assert toast.text == "Done"
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_without_a_time_it_stays_and_no_timer_runs(qtbot: QtBot) -> None:
    toast = Toast(host(qtbot))

    toast.say("Not saved")

    assert toast.isVisible()
    assert not toast._timer.isActive()


def test_its_button_does_what_was_asked_once(qtbot: QtBot) -> None:
    toast = Toast(host(qtbot))
    done: list[str] = []

    toast.say("Deleted", button="Undo", act=lambda: done.append("undone"))
    toast.press()
    toast.press()

    assert done == ["undone"]
    assert not toast.isVisible()


def test_a_second_line_replaces_the_first(qtbot: QtBot) -> None:
    toast = Toast(host(qtbot))
    done: list[str] = []

    toast.say("One", button="Undo", act=lambda: done.append("one"))
    toast.say("Two")
    toast.press()

    assert done == []


def test_it_stays_inside_a_small_window(qtbot: QtBot) -> None:
    window = host(qtbot)
    toast = Toast(window)

    toast.say("A long sentence about something that happened to the conversation " * 3)
    window.resize(220, 300)

    assert window.rect().contains(toast.geometry())
