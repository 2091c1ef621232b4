import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.header import Header
from desktop_chat.ui.picker import Picker
from tests.ui.panes import KnownEndpoints, OpenSession

LOCAL = Endpoint("a", "Local server", "http://a/v1", model="Llama-3.3-70B-Instruct")


@pytest.fixture
def endpoints():
    return KnownEndpoints(LOCAL, models={"a": ("Llama-3.3-70B-Instruct", "qwen3-8b")})


@pytest.fixture
def session():
    return OpenSession(Conversation(ConversationId("c1"), "Weather in Berlin", 0, 0), LOCAL)


@pytest.fixture
def header(qtbot, theme, endpoints, session):
    made = Header(theme, endpoints)
    qtbot.addWidget(made)
    made.resize(900, 50)
    made.show()
    made.show_session(session)
    return made


def test_the_pill_names_model_and_endpoint(header):
    assert header._pill.text() == "Llama-3.3-70B-Instruct · Local server ▾"


def test_an_endpoint_that_is_gone_is_said_to_be(header, session):
    session.endpoint = None
    session.edit_settings(endpoint_id="x", model="old-model")

    assert header._pill.text() == "old-model · (gone) – choose another ▾"


def test_without_an_endpoint_the_pill_says_what_to_do(header, session):
    session.endpoint = None
    header.refresh()

    assert header._pill.text() == "Choose where answers come from ▾"


def test_an_endpoint_without_a_model_asks_for_one(header, session):
    session.model = ""
    header.refresh()

    assert header._pill.text() == "Choose a model · Local server ▾"


@pytest.mark.parametrize("start", ["double click", "F2", "action"])
def test_the_title_is_edited_in_its_place(header, qtbot, start):
    label = header._title._label
    if start == "double click":
        qtbot.mouseDClick(label, Qt.MouseButton.LeftButton)
    elif start == "F2":
        qtbot.keyClick(label, Qt.Key.Key_F2)
    else:
        header.rename()

    with qtbot.waitSignal(header.title_committed) as committed:
        header._title._field.setText("  Another   title ")
        qtbot.keyClick(header._title._field, Qt.Key.Key_Return)

    assert committed.args == ["Another title"]
    assert label.text() == "Weather in Berlin"


def test_escape_leaves_the_title_as_it_was(header, qtbot):
    header.rename()
    header._title._field.setText("Another")

    with qtbot.assertNotEmitted(header.title_committed):
        qtbot.keyClick(header._title._field, Qt.Key.Key_Escape)

    assert header._title.currentWidget() is header._title._label


@pytest.fixture
def field(header, qtbot):
    """A field below the header, in a window that has the keyboard."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    made = QLineEdit()
    column.addWidget(header)
    column.addWidget(made)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield made


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_after_renaming_the_keyboard_is_where_it_was(header, field, qtbot, key):
    field.setFocus()

    header.rename()
    qtbot.keyClicks(header._title._field, "Rain")
    qtbot.keyClick(header._title._field, key)

    kept = field.window().focusWidget()
    header.setParent(None)  # Its fixture ends it.
    assert kept is field


def test_a_new_title_is_shown_when_the_conversation_has_it(header, session):
    session.rename("Another title")

    assert header._title._label.text() == "Another title"


def test_a_narrow_header_elides_and_cuts_nothing_off(header):
    header.resize(420, 50)
    header.layout().activate()

    assert "…" in header._pill.text()
    assert header._inspector.geometry().right() <= 420
    assert header._pill.geometry().right() <= header._settings.geometry().left()


@pytest.mark.parametrize(("width", "words"), [(420, "qwen3-8b"), (360, "qwen3-8b"), (640, "qwen3-8b · Local server")])
def test_a_narrow_header_names_the_model_first(header, session, width, words):
    session.edit_settings(model="qwen3-8b")

    header.resize(width, 50)

    assert header._pill.text() == f"{words} ▾"


def test_the_inspector_button_follows_an_action(header, qtbot):
    action = QAction("Inspector", header)
    action.setCheckable(True)
    header.use_inspector_action(action)

    header._inspector.click()

    assert action.isChecked()


def test_the_picker_opens_below_the_pill_and_closes_with_escape(header, qtbot, run_qt):
    async def person():
        header._pill.click()
        for _ in range(10):
            await asyncio.sleep(0)
        popup = header.findChild(Picker)
        assert popup.isVisible()
        qtbot.keyClick(popup, Qt.Key.Key_Escape)

    run_qt(person())


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_after_the_picker_the_keyboard_is_where_it_was(header, field, qtbot, run_qt, session, way):
    (header._pill if way == "keyboard" else field).setFocus()

    async def person():
        if way == "keyboard":
            qtbot.keyClick(header._pill, Qt.Key.Key_Space)
        else:
            qtbot.mouseClick(header._pill, Qt.MouseButton.LeftButton)
        picker = header.findChild(Picker)
        for _ in range(10):
            await asyncio.sleep(0)
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)
        for _ in range(10):
            await asyncio.sleep(0)

    run_qt(person())

    kept = field.window().focusWidget()
    header.setParent(None)  # Its fixture ends it.
    assert kept is (header._pill if way == "keyboard" else field)


def test_nothing_has_to_be_chosen_while_the_models_are_not_known(header, session, endpoints):
    endpoints.known = {}
    session.model = ""
    header.refresh()

    assert header._pill.text() == "Local server ▾"


def test_the_title_has_the_keyboard_before_anything_changes_in_it(header, qtbot):
    """A screen reader that hears of the cursor of a field first does not say which field it is."""
    had_keyboard = []
    header._title._field.cursorPositionChanged.connect(lambda *_: had_keyboard.append(header._title._field.hasFocus()))

    header.rename()

    assert had_keyboard
    assert all(had_keyboard)
