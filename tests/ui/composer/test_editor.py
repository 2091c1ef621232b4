import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAction, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_chat.ui.composer.editor import Editor

LARGE = "a line of text\n" * 20_000
ONE_LINE = "word " * 100_000


@pytest.fixture
def editor(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    made = Editor(theme, window)
    column.addWidget(made)
    column.addStretch(1)
    window.resize(500, 600)
    window.show()
    made.setFocus()
    yield made
    window.close()


def compose(editor, preedit, commit=""):
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(editor, event)


def paste(editor, text):
    data = QMimeData()
    data.setText(text)
    editor.insertFromMimeData(data)


@pytest.mark.parametrize(
    ("send_key", "modifier", "sends"),
    [
        ("enter", Qt.KeyboardModifier.NoModifier, True),
        ("enter", Qt.KeyboardModifier.ShiftModifier, False),
        ("enter", Qt.KeyboardModifier.ControlModifier, True),
        ("enter", Qt.KeyboardModifier.KeypadModifier, True),
        ("ctrl_enter", Qt.KeyboardModifier.NoModifier, False),
        ("ctrl_enter", Qt.KeyboardModifier.ShiftModifier, False),
        ("ctrl_enter", Qt.KeyboardModifier.ControlModifier, True),
    ],
    ids=[
        "Enter",
        "Shift+Enter",
        "Ctrl+Enter",
        "keypad",
        "Enter, other way",
        "Shift+Enter, other way",
        "Ctrl+Enter too",
    ],
)
def test_the_preference_says_which_enter_sends(editor, qtbot, send_key, modifier, sends):
    editor.send_key = send_key
    editor.set_text("hello")
    sent = []
    editor.send_pressed.connect(lambda: sent.append(True))

    qtbot.keyClick(editor, Qt.Key.Key_Return, modifier)

    assert bool(sent) == sends
    assert editor.text == ("hello" if sends else "hello\n")


def test_enter_never_sends_while_an_input_method_composes(editor, qtbot):
    compose(editor, "にほん")
    with qtbot.assertNotEmitted(editor.send_pressed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text == ""

    compose(editor, "", commit="日本")

    assert editor.text == "日本"
    with qtbot.waitSignal(editor.send_pressed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_the_placeholder_makes_room_for_what_is_composed(editor):
    editor.set_hint("Message model")
    empty = editor.grab().toImage()
    compose(editor, "a")
    composing = editor.grab().toImage()
    compose(editor, "")

    assert empty != composing


def test_up_edits_the_last_message_only_when_nothing_is_written(editor, qtbot):
    with qtbot.waitSignal(editor.edit_last_pressed):
        qtbot.keyClick(editor, Qt.Key.Key_Up)

    editor.set_text("x")
    with qtbot.assertNotEmitted(editor.edit_last_pressed):
        qtbot.keyClick(editor, Qt.Key.Key_Up)


def test_rich_text_becomes_plain(editor):
    data = QMimeData()
    data.setHtml("<b>bold</b> words")
    data.setText("bold words")

    editor.insertFromMimeData(data)

    assert editor.text == "bold words"
    assert not editor.textCursor().charFormat().font().bold()


def test_a_picture_is_not_taken(editor):
    data = QMimeData()
    data.setData("image/png", b"x")

    assert not editor.canInsertFromMimeData(data)


@pytest.mark.parametrize("text", [LARGE, ONE_LINE], ids=["many lines", "one line"])
def test_a_large_paste_keeps_its_place_and_is_one_step_of_undo(editor, text):
    editor.insertPlainText("before ")
    paste(editor, text)
    editor.insertPlainText(" after")

    assert editor.text == f"before {text} after"
    assert editor.document().characterCount() < 100
    editor.undo()
    editor.undo()
    assert editor.text == "before "
    editor.redo()
    assert editor.text == f"before {text}"


def test_two_large_pastes_side_by_side_stay_two(editor):
    paste(editor, LARGE)
    paste(editor, ONE_LINE)

    assert editor.text == LARGE + ONE_LINE
    editor.textCursor().deletePreviousChar()
    assert editor.text == LARGE


def test_a_folded_text_is_copied_whole(editor):
    editor.insertPlainText("a\n")
    paste(editor, LARGE)
    editor.selectAll()

    assert editor.createMimeDataFromSelection().text() == "a\n" + LARGE


def test_part_of_the_text_is_copied_as_selected(editor):
    editor.insertPlainText("🙂 one\ntwo three")
    paste(editor, LARGE)
    cursor = editor.textCursor()
    cursor.setPosition(3)
    cursor.setPosition(10, cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)

    assert editor.createMimeDataFromSelection().text() == "one\ntwo"


def test_a_paste_takes_the_place_of_the_selection(editor):
    editor.set_text("all of this")
    editor.selectAll()

    paste(editor, LARGE)

    assert editor.text == LARGE


def test_line_ends_of_other_systems_become_ours(editor):
    paste(editor, "one\r\ntwo\rthree")

    assert editor.text == "one\ntwo\nthree"


def test_the_editor_grows_with_its_text_up_to_a_share_of_the_window(editor, qtbot):
    one = editor.sizeHint().height()
    editor.set_text("a\nb\nc")
    three = editor.sizeHint().height()
    editor.set_text("line\n" * 200)
    many = editor.sizeHint().height()

    assert one < three < many <= 0.4 * 600
    assert editor.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded


def test_a_line_that_wraps_makes_the_editor_grow(editor, qtbot):
    one = editor.sizeHint().height()
    editor.insertPlainText("words that go on and on " * 12)

    assert editor.sizeHint().height() > 2 * one


def test_the_cursor_is_counted_in_characters(editor):
    editor.set_text("🙂🙂 text", 3)

    assert editor.position == 3
    editor.insertPlainText("x")
    assert editor.text == "🙂🙂 xtext"


def test_a_large_text_shown_again_keeps_its_ends_editable(editor):
    editor.set_text("Summarise this:\n" + LARGE)

    assert editor.text == "Summarise this:\n" + LARGE
    assert editor.toPlainText().startswith("Summarise this:\n")


def test_tab_leaves_the_editor(editor, qtbot):
    qtbot.keyClick(editor, Qt.Key.Key_Tab)

    assert editor.text == ""


UNDO = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
REDO = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
OTHER_REDO = (Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("redo", [REDO, OTHER_REDO], ids=["Ctrl+Shift+Z", "Ctrl+Y"])
def test_undo_and_redo_are_about_the_text_first_and_then_about_the_window(editor, qtbot, redo):
    done = []
    for name, keys in (("undo", ["Ctrl+Z"]), ("redo", ["Ctrl+Shift+Z", "Ctrl+Y"])):
        action = QAction(name, editor.window())
        action.setShortcuts(keys)
        action.triggered.connect(lambda _=False, name=name: done.append(name))
        editor.window().addAction(action)
    paste(editor, "Hello")

    seen = []
    for keys in (UNDO, UNDO, redo, redo):
        qtbot.keyClick(editor, *keys)
        seen.append((editor.text, list(done)))

    assert seen == [("", []), ("", ["undo"]), ("Hello", ["undo"]), ("Hello", ["undo", "redo"])]


def test_nothing_in_place_of_nothing_is_no_change(editor):
    """A screen reader would say that something was deleted."""
    editor.set_text("")
    changes = []
    editor.document().contentsChange.connect(lambda *change: changes.append(change))

    editor.set_text("")

    assert changes == []
