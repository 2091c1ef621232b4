from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop_chat.ui.dialogs.crash import CrashDialog, describe, make_report


def caught():
    try:
        try:
            {}["my private words"]
        except KeyError as error:
            raise ValueError("more private words") from error
    except ValueError as error:
        return error


def test_a_report_has_versions_places_and_log_lines():
    report = make_report(caught(), ["12:01 turn began\n"])

    assert "Desktop Chat " in report
    assert "Qt 6." in report
    assert "test_crash.py" in report
    assert report.endswith("12:01 turn began")


def test_a_report_has_no_words_of_a_conversation():
    report = make_report(caught())

    assert "builtins.ValueError" in report
    assert "builtins.KeyError" in report
    assert "private" not in report


def test_a_description_does_not_say_whose_computer_it_is():
    assert "/home/" not in describe(caught())
    assert "  test_crash.py" in describe(caught())


def test_the_report_is_copied(qtbot, theme):
    dialog = CrashDialog("the report", theme, lambda: None)
    qtbot.addWidget(dialog)

    dialog.copy_button.click()

    assert QGuiApplication.clipboard().text() == "the report"


def test_keys_meant_for_a_message_press_none_of_its_buttons(qtbot, theme):
    pressed = []
    dialog = CrashDialog("the report", theme, lambda: pressed.append("quit"))
    qtbot.addWidget(dialog)
    QGuiApplication.clipboard().setText("kept")
    dialog.finished.connect(pressed.append)
    dialog.show()

    QTest.keyClicks(dialog.focusWidget(), "go on, quit or copy ")
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)

    assert pressed == []
    assert QGuiApplication.clipboard().text() == "kept"


def test_quitting_is_offered(qtbot, theme):
    asked = []
    dialog = CrashDialog("the report", theme, lambda: asked.append(True))
    qtbot.addWidget(dialog)

    dialog.quit_button.click()

    assert asked == [True]
