import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPushButton

from desktop_chat.core.ports import Unsent
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import MessageAdded, TurnEnded, TurnStarted
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.composer.chips import ToolsMenu
from desktop_chat.ui.composer.composer import Composer
from tests.ui.panes import OpenSession

ENDPOINT = Endpoint("a", "A", "http://a/v1", model="smart-select")
TOOLS = ("current_time", "calculator", "get_weather")


@pytest.fixture
def settings(tmp_path):
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def session():
    return OpenSession(endpoint=ENDPOINT)


@pytest.fixture
def composer(qtbot, theme, settings, session):
    made = Composer(theme, settings, lambda: TOOLS)
    qtbot.addWidget(made)
    made.resize(760, 500)
    made.show()
    made.show_session(session)
    return made


def add_message(session, text):
    message = Message(MessageId("m1"), None, Role.USER, (Text(text),), time.time())
    session.conversation.add(message)
    session.changes.publish(MessageAdded(message.id))


def test_the_text_stays_until_the_message_stands_in_the_conversation(composer, session, qtbot):
    composer.set_text("hello")
    with qtbot.waitSignal(composer.submitted) as submitted:
        qtbot.keyClick(composer._editor, Qt.Key.Key_Return)

    assert submitted.args == ["hello"]
    assert composer.text == "hello"
    add_message(session, "hello")
    assert composer.text == ""
    assert session.unsent is None


def test_what_is_typed_after_sending_is_kept(composer, session):
    composer.set_text("hello")
    composer.submit()
    composer._editor.insertPlainText(" and more")

    add_message(session, "hello")

    assert composer.text == " and more"


def test_a_message_that_came_another_way_takes_nothing(composer, session):
    composer.set_text("hello")

    add_message(session, "from elsewhere")

    assert composer.text == "hello"


def test_nothing_is_sent_without_words(composer, qtbot):
    composer.set_text("  \n ")
    with qtbot.assertNotEmitted(composer.submitted):
        composer.submit()
    assert not composer._button.isEnabled()


def test_the_button_does_not_send_while_an_input_method_composes(composer, qtbot):
    composer.set_text("ni")
    QApplication.sendEvent(composer._editor, QInputMethodEvent("に", []))

    with qtbot.assertNotEmitted(composer.submitted):
        composer.submit()
    assert composer.text == "ni"
    QApplication.sendEvent(composer._editor, QInputMethodEvent("", []))


def test_chips_that_have_nothing_to_say_are_named_too(composer):
    for chip in composer.findChildren(QPushButton):
        assert chip.accessibleName() or chip.text(), chip.toolTip()


def test_while_a_reply_runs_the_button_stops_and_enter_sends_nothing(composer, session, qtbot):
    composer.set_text("next question")
    session.is_running = True
    session.changes.publish(TurnStarted(MessageId("r")))

    assert composer._button.text() == composer._button.accessibleName() == "Stop"
    with qtbot.waitSignal(composer.stop_asked), qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer._editor, Qt.Key.Key_Return)
        composer._button.click()

    session.is_running = False
    session.changes.publish(TurnEnded(MessageId("r"), Ended.STOPPED))
    assert composer._button.text() == "Send"
    assert composer.text == "next question"


def test_the_send_key_changes_at_once(composer, settings, qtbot, run_qt):
    async def person():
        settings.change(send_key="ctrl_enter")
        await settings.close()

    run_qt(person())
    composer.set_text("hello")

    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer._editor, Qt.Key.Key_Return)
    with qtbot.waitSignal(composer.submitted) as submitted:
        qtbot.keyClick(composer._editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert submitted.args == ["hello\n"]


def test_it_stands_in_line_with_a_wider_column(composer, settings, run_qt):
    async def person():
        settings.change(column_px=settings.values.column_px + 300)
        await settings.close()

    before = composer._card.maximumWidth()

    run_qt(person())

    assert composer._card.maximumWidth() == before + 300


def test_unsent_text_is_handed_on_with_its_cursor(composer, session, qtbot):
    with qtbot.waitSignal(composer.unsent_changed) as changed:
        composer._editor.insertPlainText("half a sentence")

    assert changed.args == ["half a sentence", 15]
    assert session.unsent == Unsent("half a sentence", 15)


def test_each_conversation_keeps_its_own_unsent_text(composer, session):
    composer._editor.insertPlainText("for the first")
    second = OpenSession(Conversation(ConversationId("c2"), "", 0, 0), ENDPOINT)
    second.unsent = Unsent("for the second", 3)

    composer.show_session(second)
    assert (composer.text, composer._editor.position) == ("for the second", 3)
    assert session.unsent == Unsent("for the first", 13)

    composer.show_session(session)
    assert composer.text == "for the first"
    assert second.unsent == Unsent("for the second", 3)


def test_up_in_an_empty_composer_asks_for_the_last_message(composer, qtbot):
    with qtbot.waitSignal(composer.edit_last_asked):
        qtbot.keyClick(composer._editor, Qt.Key.Key_Up)


def test_the_hint_names_the_model(composer, session):
    assert composer._editor._hint == "Message smart-select"

    session.edit_settings(model="other")

    assert composer._editor._hint == "Message other"


def test_chips_show_only_what_is_set(composer, session, qtbot):
    chips = {chip.text() for chip in composer._chips._chips if chip.text()}
    assert chips == {"Tools · 3"}

    session.edit_settings(temperature=0.7, system_prompt="Be brief.", max_tokens=512)

    chips = [chip.text() for chip in composer._chips._chips]
    assert chips == ["Tools · 3", "Temp 0.7", "Max 512 tokens", "System prompt"]
    with qtbot.waitSignal(composer.settings_asked):
        composer._chips._temperature.click()


def test_chips_without_room_are_left_out_whole(composer, session):
    session.edit_settings(temperature=0.7, system_prompt="Be brief.", max_tokens=512)
    composer.resize(300, 500)
    QApplication.sendPostedEvents()

    shown = [chip for chip in composer._chips._chips if chip.isVisible()]

    assert 0 < len(shown) < 4
    assert all(chip.geometry().right() <= composer._chips.width() for chip in shown)


def test_tools_are_switched_in_this_conversation(composer, session):
    menu = ToolsMenu(session, TOOLS, composer)
    entries = {action.data(): action for action in menu.actions() if not action.isSeparator()}

    entries["calculator"].trigger()
    assert session.conversation.settings.tools_off == {"calculator"}
    assert composer._chips._tools.text() == "Tools · 2"

    entries[""].trigger()
    assert not session.conversation.settings.uses_tools
    assert composer._chips._tools.text() == "Tools off"

    entries["get_weather"].trigger()
    assert session.conversation.settings.offers("get_weather")
    assert composer._chips._tools.text() == "Tools · 1"


def test_without_tools_there_is_no_chip_for_them(qtbot, theme, settings, session):
    composer = Composer(theme, settings)
    qtbot.addWidget(composer)
    composer.show_session(session)

    assert composer._chips._tools.text() == ""


@pytest.mark.parametrize("choice", ["light", "dark"])
@pytest.mark.parametrize("text_px", [11, 14, 24])
def test_the_button_has_room_for_its_word_at_every_size(composer, theme, choice, text_px):
    theme.set(choice)
    theme.set_text_px(text_px)
    QApplication.sendPostedEvents()

    assert composer._button.width() >= composer._button.sizeHint().width()
