"""Send, stop, approve, fail and try again: in the real window, against a real server."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from desktop_chat.domain.changes import CallState, RetryScheduled
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.function import OwnFunction
from desktop_chat.domain.ids import CallId, EndpointId
from desktop_chat.domain.message import Ended, Role
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.picker import Picker
from desktop_chat.ui.preferences.endpoints_page import EndpointsPage
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, RunQt, Visit, add_endpoint, sit_down


def test_a_first_run_begins_with_the_welcome_page_and_ends_in_an_answer(
    run_qt: RunQt, qapp: QApplication, home: Path
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            assert me.window.shows_welcome
            me.window.welcome.picked.emit("demo", None)
            await me.until(lambda: not me.window.shows_welcome)
            await me.asks("Hello")
            assert me.path[-1].ended is Ended.COMPLETE
            assert me.text

    run_qt(person())


def test_stop_keeps_what_came_and_closes_the_connection(visit: Visit, provider: FakeProvider) -> None:
    provider.says("Hel", "lo", then_hangs=True)

    async def person(me: Person) -> None:
        me.say("hi")
        await me.sees("Hello")
        assert not me.can(ActionId.MESSAGE_REGENERATE)
        me.do(ActionId.TURN_STOP)
        await me.is_answered()
        assert me.text == "Hello"
        assert me.path[-1].ended is Ended.STOPPED
        await provider.until(lambda: provider.requests[-1].saw_disconnect, "the connection to close")

    visit(person)


def test_a_tool_runs_only_after_it_was_allowed(visit: Visit, provider: FakeProvider) -> None:
    provider.calls_tool("calculator", json.dumps({"expression": "6*7"}))
    provider.says("It is 42.")

    async def person(me: Person) -> None:
        me.say("What is 6*7?")
        await me.until(lambda: CallId("call_1") in me.session.calls)
        await me.until(lambda: me.session.calls[CallId("call_1")].state is CallState.ASKING)
        assert len(provider.requests) == 1
        me.do(ActionId.TOOL_ALLOW_ONCE, "call_1")
        await me.is_answered()
        assert "42" in me.path[-1].results[CallId("call_1")].text
        assert me.text == "It is 42."

    visit(person)


def test_a_denied_tool_does_not_run_and_the_model_is_told(visit: Visit, provider: FakeProvider) -> None:
    provider.calls_tool("calculator", json.dumps({"expression": "6*7"}))
    provider.says("As you wish.")

    async def person(me: Person) -> None:
        me.say("What is 6*7?")
        await me.is_asked()
        assert me.can(ActionId.TOOL_DENY)
        me.do(ActionId.TOOL_DENY)
        await me.is_answered()
        assert me.path[-1].results[CallId("call_1")].is_error
        assert me.text == "As you wish."

    visit(person)


def test_enter_while_a_reply_is_written_says_why_nothing_is_sent(visit: Visit, provider: FakeProvider) -> None:
    provider.says("One", " two", waits=True)

    async def person(me: Person) -> None:
        me.say("count")
        await me.sees("One")
        me.say("Next")
        assert "still being written" in me.window.toast.text
        assert me.panes.composer.text == "Next"
        provider.go_on()
        await me.is_answered()

    visit(person)


def test_a_refused_send_keeps_the_text(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await me.program.parts.endpoints.remove(me.program.parts.endpoints.all[0].id)
        me.say("nobody is there")
        assert me.panes.composer.text == "nobody is there"
        assert me.path == []

    visit(person)


def test_a_busy_server_is_asked_again(visit: Visit, provider: FakeProvider) -> None:
    provider.fails(503)
    provider.says("Now it works.")

    async def person(me: Person) -> None:
        me.say("hi")
        scheduled = await me.hears(RetryScheduled)
        assert isinstance(scheduled, RetryScheduled) and scheduled.attempt == 1
        me.do(ActionId.TURN_RETRY_NOW)
        await me.is_answered()
        assert me.text == "Now it works."

    visit(person)


def test_a_wrong_key_is_said_and_not_tried_again(visit: Visit, provider: FakeProvider) -> None:
    provider.fails(401)

    async def person(me: Person) -> None:
        await me.asks("hi")
        assert me.path[-1].ended is Ended.FAILED
        assert len(provider.requests) == 1

    visit(person)


def test_the_key_is_nowhere_but_in_the_request(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    key = "sk-canary-0123456789abcdef"
    provider.key = key

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url, key)
            await me.asks("hi")
            assert me.path[-1].ended is Ended.COMPLETE
            provider.fails(401, f"Incorrect API key provided: {key}")
            await me.asks("again")

    run_qt(person())

    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert [str(path) for path in files if key.encode() in path.read_bytes()] == []


def test_an_open_conversation_can_be_left_while_it_is_answered(visit: Visit, provider: FakeProvider) -> None:
    provider.says("One", " two", waits=True)

    async def person(me: Person) -> None:
        me.say("count")
        await me.sees("One")
        first = me.session
        me.do(ActionId.CONVERSATION_NEW)
        assert me.session is not first
        provider.go_on()
        await me.until(lambda: not first.is_running)
        row = me.program.parts.library.row(first.conversation.id)
        assert row is not None and row.is_unread
        me.panes.sidebar.wishes.open_asked.emit(first.conversation.id)
        await me.until(lambda: me.session is first)
        assert me.text == "One two"

    visit(person)


def test_messages_are_shown_in_the_order_in_which_they_were_said(visit: Visit) -> None:
    async def person(me: Person) -> list[Role]:
        for number in range(3):
            await me.asks(f"question {number}")
        return [message.role for message in me.path]

    assert visit(person) == [Role.USER, Role.ASSISTANT] * 3


def test_a_function_of_ones_own_is_among_the_tools_of_a_conversation(visit: Visit, provider: FakeProvider) -> None:
    async def person(me: Person) -> None:
        chips = me.panes.composer.findChildren(QPushButton)
        assert any(chip.text() == "Tools · 2" for chip in chips)
        schema = '{"type": "object", "properties": {"location": {"type": "string"}}}'
        me.program.parts.settings.change(functions=(OwnFunction("get_weather", "Weather", schema),))
        assert any(chip.text() == "Tools · 3" for chip in chips)
        me.session.edit_settings(tools_off=frozenset({"get_weather"}))
        assert any(chip.text() == "Tools · 2" for chip in chips)
        await me.asks("hi")
        assert "get_weather" not in json.dumps(provider.requests[-1].body["tools"])

    visit(person)


def test_a_word_is_found_in_the_conversation_and_the_reply_is_given_again_by_another_model(
    visit: Visit, provider: FakeProvider
) -> None:
    provider.says("There is a needle in it.")
    provider.says("Another one.")

    async def person(me: Person) -> None:
        await me.asks("Where is the needle?")
        finding = me.panes.transcript.finding
        me.do(ActionId.EDIT_FIND)
        QTest.keyClicks(finding.bar.field, "needle")
        finding.finish()
        assert finding.bar.count_text == "1 of 2"
        me.do(ActionId.EDIT_FIND_NEXT)
        assert finding.bar.count_text == "2 of 2"
        finding.close()

        me.do(ActionId.MESSAGE_REPLY_WITH)
        picker = me.window.findChild(Picker)
        assert picker is not None
        field = picker.findChild(QLineEdit)
        assert field is not None
        field.setText("another-model")
        QTest.keyClick(field, Qt.Key.Key_Return)
        await me.sees("Another one.")
        await me.is_answered()
        assert me.path[-1].model == "another-model"
        assert me.session.model != "another-model"
        assert len(me.session.conversation.versions(me.path[-1].id)) == 2

    visit(person)


def test_a_conversation_is_saved_as_pdf_and_can_be_printed(visit: Visit, provider: FakeProvider) -> None:
    provider.says("On paper, too.")

    async def person(me: Person) -> None:
        await me.asks("Hello")
        me.do(ActionId.CONVERSATION_PDF)
        files = me.window.findChild(QFileDialog)
        assert files is not None
        assert files.isVisible()
        files.reject()
        me.do(ActionId.CONVERSATION_PRINT)
        printers = me.window.findChild(QPrintDialog)
        assert printers is not None
        assert printers.isVisible()
        printers.reject()

    visit(person)


def test_the_button_of_a_failed_reply_opens_the_endpoint_that_failed(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await me.program.parts.endpoints.add(Endpoint(EndpointId("first"), "First", "http://127.0.0.1:9/v1"), "")
            await me.program.parts.endpoints.add(
                Endpoint(EndpointId("second"), "Second", provider.base_url, model="fake-model"), "sk-x"
            )
            me.program.shown.new()
            me.session.edit_settings(endpoint_id=EndpointId("second"))
            await me.asks("Hello")
            me.do(ActionId.APP_ENDPOINTS, me.path[-1].id)
            page = me.window.findChild(EndpointsPage)
            assert page is not None
            assert page.form.name.text() == "Second"
            page.window().close()

    run_qt(person())
