from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete, isValid

from desktop_chat.core.calls import CallStatus
from desktop_chat.domain.blocks import ToolCall
from desktop_chat.domain.changes import CallChanged, CallState, Change
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.dialogs.function_answer import FunctionAnswerDialog

CALL = ToolCall(CallId("c1"), "get_weather", '{"location":"Berlin"}')


@dataclass
class WaitingSession:
    """A session with one call that waits for its result."""

    changes: Feed[Change] = field(default_factory=Feed)
    calls: dict[CallId, CallStatus] = field(
        default_factory=lambda: {CALL.call_id: CallStatus(CALL, CallState.ANSWERING)}
    )
    said: list[tuple[str, ...]] = field(default_factory=list)

    def answer(self, call_id, text):
        self.said.append((call_id, text))

    def cancel_call(self, call_id):
        self.said.append((call_id,))


@pytest.fixture
def session():
    return WaitingSession()


@pytest.fixture
def dialog(theme, session):
    made = FunctionAnswerDialog(session, CALL.call_id, theme)
    made.show()
    yield made
    if isValid(made):  # it deletes itself once the call is settled
        delete(made)


def test_the_call_is_shown_and_the_window_does_not_block(dialog):
    assert dialog.arguments.shown_text == '{\n  "location": "Berlin"\n}'
    assert not dialog.isModal()
    assert not dialog.send_button.isEnabled()


def test_the_result_is_sent_as_typed(dialog, session, qtbot):
    qtbot.keyClicks(dialog.answer, '{"t": 14} ')

    dialog.send_button.click()

    assert session.said == [("c1", '{"t": 14} ')]
    assert not dialog.isVisible()


def test_ctrl_enter_sends(dialog, session, qtbot):
    qtbot.keyClicks(dialog.answer, "14")
    qtbot.waitUntil(dialog.isActiveWindow)

    qtbot.keyClick(dialog.answer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert session.said == [("c1", "14")]


def test_cancel_tells_the_session(dialog, session):
    dialog.cancel_button.click()

    assert session.said == [("c1",)]


def test_closing_decides_nothing_and_keeps_what_is_typed(dialog, session, qtbot):
    qtbot.keyClicks(dialog.answer, "half")

    dialog.reject()
    dialog.show()

    assert session.said == []
    assert dialog.answer.toPlainText() == "half"


def test_the_window_goes_when_the_call_is_settled_elsewhere(dialog, session):
    session.calls[CALL.call_id] = CallStatus(CALL, CallState.DENIED)

    session.changes.publish(CallChanged("m", CALL.call_id, CallState.DENIED))

    assert not dialog.isVisible()
