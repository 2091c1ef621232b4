from dataclasses import replace

from PySide6.QtGui import QGuiApplication

from desktop_chat.core.calls import CallStatus
from desktop_chat.domain.blocks import ToolCall, ToolResult
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.events import ToolCallDelta
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.inspector.tools_tab import ToolsTab, pretty
from tests.ui.inspector.sessions import CALL, ShownSession, conversation, finished, finished_reply, unanswered


def show(qtbot, theme, session):
    tab = ToolsTab(theme)
    qtbot.addWidget(tab)
    tab.show_session(session)
    tab.resize(336, 600)
    tab.show()
    return tab


def test_a_call_is_shown_with_arguments_result_and_state(qtbot, theme):
    tab = show(qtbot, theme, finished())

    assert tab.name.text() == "get_weather"
    assert tab.state.text() == "Done · 412 ms"
    assert tab.arguments.shown_text == '{\n  "location": "Berlin",\n  "days": 3\n}'
    assert tab.result.shown_text == "14 degrees, rain on Thursday"


def test_copy_takes_the_arguments_as_they_came(qtbot, theme):
    tab = show(qtbot, theme, finished())

    tab.arguments.copy_button.click()

    assert QGuiApplication.clipboard().text() == '{"location": "Berlin", "days": 3}'


def test_arguments_are_shown_as_they_arrive(qtbot, theme):
    session = ShownSession(conversation(), is_running=True)
    session.draft = Draft(Message(MessageId("a1"), MessageId("u1"), Role.ASSISTANT, (), 0), session.clock)
    session.draft.begin_round()
    session.draft.apply(ToolCallDelta(0, CALL, "get_weather", '{"loc'))
    session.calls[CALL] = CallStatus(ToolCall(CALL, "get_weather", ""), CallState.ARRIVING)
    tab = show(qtbot, theme, session)
    assert tab.arguments.shown_text == '{"loc'

    session.draft.apply(ToolCallDelta(0, "", "", 'ation": 1}'))
    tab.refresh()

    assert tab.arguments.shown_text == '{"location": 1}'
    assert tab.arguments.view.toPlainText() == '{"location": 1}'
    assert tab.state.text() == "Arguments arriving"


def test_a_running_call_is_timed(qtbot, theme):
    session = ShownSession(conversation(), is_running=True)
    session.draft = Draft(Message(MessageId("a1"), MessageId("u1"), Role.ASSISTANT, (), 0), session.clock)
    session.draft.begin_round()
    session.draft.apply(ToolCallDelta(0, CALL, "slow", "{}"))
    session.calls[CALL] = CallStatus(ToolCall(CALL, "slow", "{}"), CallState.RUNNING, started_ms=1000)
    session.clock.ms = 3500
    tab = show(qtbot, theme, session)

    assert tab.state.text() == "Running · 2.50 s"


def test_cut_off_arguments_are_said_to_be_no_json(qtbot, theme):
    tab = show(qtbot, theme, unanswered())

    assert tab.arguments.shown_text == '{"location": "Ber'
    assert tab.arguments._title.text() == "Arguments, not valid JSON"
    assert tab.state.text() == "Waits for your decision"
    assert tab.result.isHidden()


def test_the_chosen_call_stays_chosen_when_others_come(qtbot, theme):
    session = finished()
    second = replace(
        finished_reply("a2", parent="a1"),
        blocks=(ToolCall(CallId("call_2"), "calculator", "{}"), ToolResult(CallId("call_2"), "4")),
    )
    session.conversation.add(second)
    tab = show(qtbot, theme, session)
    assert tab.name.text() == "calculator"

    tab.list.setCurrentIndex(tab.model.index(0))
    third = replace(
        finished_reply("a3", parent="a2"),
        blocks=(ToolCall(CallId("call_3"), "clock", "{}"), ToolResult(CallId("call_3"), "now", is_error=True)),
    )
    session.conversation.add(third)
    tab.refresh()

    assert tab.name.text() == "get_weather"
    assert tab.model.rowCount() == 3


def test_the_list_is_a_sound_model(qtbot, theme, qtmodeltester):
    tab = show(qtbot, theme, finished())

    qtmodeltester.check(tab.model)

    assert tab.model.rowCount() == 1


def test_a_row_is_told_in_words(qtbot, theme):
    tab = show(qtbot, theme, finished())

    assert tab.model.index(0).data() == "get_weather, Done, 412 ms"


def test_arguments_that_still_arrive_are_left_as_they_are():
    assert pretty('{"a"', is_complete=False) == ('{"a"', True)
    assert pretty('{"a"', is_complete=True) == ('{"a"', False)
    assert pretty('{"a":"ä"}', is_complete=True) == ('{\n  "a": "ä"\n}', True)
