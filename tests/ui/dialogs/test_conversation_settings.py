import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop_chat.domain.changes import ConversationEdited
from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.dialogs.conversation_settings import ConversationSettingsDialog
from tests.ui.panes import OpenSession
from tests.ui.tabs import tab_stops

TOOLS = ("current_time", "calculator")


@pytest.fixture
def session():
    return OpenSession(Conversation(ConversationId("c1"), "Weather", 0, 0))


@pytest.fixture
def dialog(qtbot, theme, session):
    made = ConversationSettingsDialog(session, theme, lambda: TOOLS)
    qtbot.addWidget(made)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    return made


def test_nothing_is_sent_unless_it_was_set(dialog, session):
    dialog.close()

    assert session.conversation.settings == ConversationSettings()


def test_numbers_are_shown_only_when_they_are_sent(dialog, session):
    assert not dialog._temperature.isVisible()

    dialog._sends_temperature.setChecked(True)
    assert dialog._temperature.isVisible()
    dialog._temperature.setValue(0.25)
    assert session.conversation.settings.temperature == 0.25

    dialog._sends_temperature.setChecked(False)
    assert session.conversation.settings.temperature is None


def test_a_temperature_of_zero_is_sent(dialog, session):
    dialog._sends_temperature.setChecked(True)
    dialog._temperature.setValue(0)

    assert session.conversation.settings.temperature == 0.0


def test_the_length_of_a_reply_is_set_and_unset(dialog, session):
    dialog._sends_tokens.setChecked(True)
    dialog._tokens.setValue(300)
    assert session.conversation.settings.max_tokens == 300

    dialog._sends_tokens.setChecked(False)
    assert session.conversation.settings.max_tokens is None


def test_the_system_prompt_is_taken_over_after_a_pause(dialog, session, qtbot):
    dialog._prompt.setPlainText("Be brief.")

    with qtbot.waitSignal(dialog._pause.timeout):
        pass

    assert session.conversation.settings.system_prompt == "Be brief."


@pytest.mark.parametrize("way", ["close", "reject"])
def test_closing_keeps_what_was_typed(dialog, session, way):
    dialog._prompt.setPlainText("Be brief.")

    getattr(dialog, way)()

    assert session.conversation.settings.system_prompt == "Be brief."


def test_tools_are_switched_off_one_by_one_and_all_at_once(dialog, session):
    dialog._ticks["calculator"].setChecked(False)
    assert session.conversation.settings.tools_off == {"calculator"}

    dialog._uses_tools.setChecked(False)
    assert not session.conversation.settings.uses_tools
    assert not dialog._ticks["current_time"].isEnabled()


def test_a_tool_that_is_off_everywhere_stays_off_here(dialog, session):
    session.edit_settings(tools_off=frozenset({"other"}))

    dialog._ticks["calculator"].setChecked(False)

    assert session.conversation.settings.tools_off == {"other", "calculator"}


def test_a_tool_allowed_for_good_can_be_asked_about_again(dialog, session):
    session.edit_settings(allowed_tools=frozenset({"calculator", "current_time"}))
    buttons = [b for b in dialog.findChildren(QPushButton) if b.property("tool") == "calculator"]

    buttons[0].click()

    assert session.conversation.settings.allowed_tools == {"current_time"}


def test_changes_made_elsewhere_are_shown(dialog, session):
    session.edit_settings(temperature=1.5, system_prompt="From elsewhere")

    assert dialog._temperature.value() == 1.5
    assert dialog._prompt.toPlainText() == "From elsewhere"


def test_tab_stops_at_controls_with_names_only(dialog):
    stops = tab_stops(dialog, "System prompt")

    assert stops[0] == "System prompt"
    assert "QScrollArea" not in stops
    assert stops[-1] == "Close"


def test_large_text_leaves_the_close_button_on_the_screen(qtbot, theme, session):
    theme.set_text_px(24)
    made = ConversationSettingsDialog(session, theme, lambda: TOOLS)
    qtbot.addWidget(made)

    assert made.height() <= made.screen().availableSize().height()


def test_the_window_says_which_conversation_it_is_about(dialog, session):
    assert dialog.windowTitle() == "Settings of “Weather”"

    session.conversation.title = "Rain"
    session.changes.publish(ConversationEdited())

    assert dialog.windowTitle() == "Settings of “Rain”"
