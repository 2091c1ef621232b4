"""Send, stop, edit, approve, close and reopen: in the real window, against a real server."""

import asyncio
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton

from desktop_chat.domain.changes import CallState, RetryScheduled
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.function import OwnFunction
from desktop_chat.domain.ids import CallId, EndpointId
from desktop_chat.domain.message import Ended, Role
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui import aio
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.dialogs.import_dialog import ImportDialog
from desktop_chat.ui.picker import Picker
from desktop_chat.ui.preferences.endpoints_page import EndpointsPage
from desktop_chat.ui.state import FILE_NAME
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import RunQt, add_endpoint, sit_down
from tests.ui.tabs import tab_stops
from tests.ui.ticking import ticking


def test_a_first_run_begins_with_the_welcome_page_and_ends_in_an_answer(
    run_qt: RunQt, qapp: QApplication, home: Path
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            assert me.window.shows_welcome
            me.window.welcome.picked.emit("demo", None)
            await me.until(lambda: not me.window.shows_welcome)
            me.say("Hello")
            await me.is_answered()
            assert me.path[-1].ended is Ended.COMPLETE
            assert me.text

    run_qt(person())


def test_what_can_be_done_follows_the_message_one_is_at(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Hello")
            await me.is_answered()
            me.program.handlers.turns.edit(me.path[0].id, "Good morning")
            await me.is_answered()
            older = me.program.actions[ActionId.MESSAGE_PREVIOUS_VERSION]
            found = []
            for row in (1, 0, 1):
                me.panes.transcript.reading.focus_row(row)
                found.append(older.isEnabled())
            assert found == [False, True, False]
            me.panes.transcript.reading.focus_row(0)
            me.panes.composer.focus_editor()
            assert not older.isEnabled()
            # A mouse that was left over the page chooses nothing.
            me.panes.transcript.reading.offer_toolbar(0)
            assert me.panes.transcript.current_message_id is None

    run_qt(person())


def test_the_button_of_the_inspector_is_pressed_while_it_is_seen(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            shows = me.program.actions[ActionId.VIEW_INSPECTOR]
            for width in (1400, 500, 1400):
                me.window.resize(width, 600)
                assert shows.isChecked() == me.panes.inspector.isVisible() == (width > 1000)

    run_qt(person())


def test_whoever_added_the_first_endpoint_can_type_at_once(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            me.program.dialogs.add_endpoint()
            await me.program.parts.endpoints.add(Endpoint(EndpointId("f"), "Fake", provider.base_url, model="m"), "")
            assert not me.window.shows_welcome
            keyboard = me.window.focusWidget()
            assert keyboard is not None
            assert keyboard.accessibleName() == "Message"

    run_qt(person())


def test_what_is_typed_goes_into_the_message_wherever_the_keyboard_is(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Hello")
            await me.is_answered()
            me.panes.transcript.setFocus()
            QTest.keyClicks(me.panes.transcript, "Next!")
            QTest.keyClick(me.panes.transcript, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
            assert me.panes.composer.text == "Next!"
            keyboard = me.window.focusWidget()
            assert keyboard is not None
            assert keyboard.accessibleName() == "Message"

    run_qt(person())


def test_tab_goes_through_the_window_from_left_to_right(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> list[str]:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Hello")
            await me.is_answered()
            me.types("Next")
            # As a large screen shows it.
            me.panes.inspector.show()
            return tab_stops(me.window, "New conversation")

    places = ["Search conversations", "Settings of this conversation", "Menu", "Conversation", "Message"]
    places += ["Tools · 2", "Send"]
    stops = run_qt(person())
    assert [stop for stop in stops if stop in places] == places
    assert stops[stops.index("Send") + 1] == "Inspector"


def test_what_was_said_is_there_after_a_restart_without_any_server(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("Hel", "lo", " there")

    async def first_day() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Good morning")
            await me.is_answered()

    async def next_day() -> list[str]:
        async with sit_down(home, qapp) as me:
            await me.until(lambda: bool(me.path))
            return [message.text for message in me.path]

    run_qt(first_day())
    provider.close()

    assert run_qt(next_day()) == ["Good morning", "Hello there"]


def test_stop_keeps_what_came_and_closes_the_connection(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("Hel", "lo", then_hangs=True)

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("hi")
            await me.sees("Hello")
            assert not me.can(ActionId.MESSAGE_REGENERATE)
            me.do(ActionId.TURN_STOP)
            await me.is_answered()
            assert me.text == "Hello"
            assert me.path[-1].ended is Ended.STOPPED
            await provider.until(lambda: provider.requests[-1].saw_disconnect, "the connection to close")

    run_qt(person())


def test_an_edited_question_gets_an_answer_of_its_own_and_the_old_one_stays(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("To the first")
    provider.says("To the second")

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("first")
            await me.is_answered()
            me.panes.transcript.edit_committed.emit(me.path[0].id, "second")
            await me.is_answered()
            assert [m.text for m in me.path] == ["second", "To the second"]
            question = me.path[0].id
            assert len(me.session.conversation.versions(question)) == 2
            me.do(ActionId.MESSAGE_PREVIOUS_VERSION, question)
            assert [m.text for m in me.path] == ["first", "To the first"]
            me.do(ActionId.EDIT_UNDO)
            assert [m.text for m in me.path] == ["second", "To the second"]

    run_qt(person())


def test_a_tool_runs_only_after_it_was_allowed(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.calls_tool("calculator", json.dumps({"expression": "6*7"}))
    provider.says("It is 42.")

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("What is 6*7?")
            await me.until(lambda: CallId("call_1") in me.session.calls)
            await me.until(lambda: me.session.calls[CallId("call_1")].state is CallState.ASKING)
            assert len(provider.requests) == 1
            me.do(ActionId.TOOL_ALLOW_ONCE, "call_1")
            await me.is_answered()
            assert "42" in me.path[-1].results[CallId("call_1")].text
            assert me.text == "It is 42."

    run_qt(person())


def test_a_denied_tool_does_not_run_and_the_model_is_told(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.calls_tool("calculator", json.dumps({"expression": "6*7"}))
    provider.says("As you wish.")

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("What is 6*7?")
            await me.until(lambda: any(c.state is CallState.ASKING for c in me.session.calls.values()))
            assert me.can(ActionId.TOOL_DENY)
            me.do(ActionId.TOOL_DENY)
            await me.is_answered()
            assert me.path[-1].results[CallId("call_1")].is_error
            assert me.text == "As you wish."

    run_qt(person())


def test_closing_while_a_reply_streams_keeps_what_came(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("Half", " a reply", then_hangs=True)

    async def leaves() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("hi")
            await me.sees("Half a reply")

    async def returns() -> None:
        async with sit_down(home, qapp) as me:
            await me.until(lambda: len(me.path) == 2)
            assert me.text == "Half a reply"
            assert me.path[-1].ended in (Ended.INTERRUPTED, Ended.STOPPED)
            assert me.can(ActionId.MESSAGE_CONTINUE)

    run_qt(leaves())
    run_qt(returns())


def test_closing_while_a_tool_waits_asks_again_after_the_restart(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.calls_tool("calculator", json.dumps({"expression": "1+1"}))
    provider.says("Two.")

    async def leaves() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("What is 1+1?")
            await me.until(lambda: any(c.state is CallState.ASKING for c in me.session.calls.values()))

    async def returns() -> None:
        async with sit_down(home, qapp) as me:
            await me.until(lambda: len(me.path) == 2)
            assert me.path[-1].ended is Ended.WAITING
            me.do(ActionId.TOOL_ALLOW_ONCE, "call_1")
            await me.is_answered()
            assert me.text == "Two."

    run_qt(leaves())
    run_qt(returns())


def test_a_deleted_conversation_comes_back_with_undo(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Remember this")
            await me.is_answered()
            conversation_id = me.session.conversation.id
            me.do(ActionId.CONVERSATION_TRASH)
            assert me.program.parts.library.row(conversation_id) is None
            assert me.window.toast.isVisible()
            me.do(ActionId.EDIT_UNDO)
            assert me.program.parts.library.row(conversation_id) is not None
            await me.until(lambda: me.session.conversation.id == conversation_id)

    run_qt(person())


def test_an_offer_to_undo_goes_once_it_is_taken_or_the_person_goes_on(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Hello")
            await me.is_answered()
            before = [message.id for message in me.path]
            me.do(ActionId.MESSAGE_DELETE)
            assert me.window.toast.text
            me.do(ActionId.EDIT_UNDO)
            assert not me.window.toast.text
            assert [message.id for message in me.path] == before
            me.do(ActionId.MESSAGE_DELETE)
            me.say("Next")
            assert not me.window.toast.text
            await me.is_answered()

    run_qt(person())


def test_enter_while_a_reply_is_written_says_why_nothing_is_sent(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("One", " two", waits=True)

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("count")
            await me.sees("One")
            me.say("Next")
            assert "still being written" in me.window.toast.text
            assert me.panes.composer.text == "Next"
            provider.go_on()
            await me.is_answered()

    run_qt(person())


def test_a_refused_send_keeps_the_text(run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            await me.program.parts.endpoints.remove(me.program.parts.endpoints.all[0].id)
            me.say("nobody is there")
            assert me.panes.composer.text == "nobody is there"
            assert me.path == []

    run_qt(person())


def test_unsent_text_survives_a_restart(run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider) -> None:
    async def leaves() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("hi")
            await me.is_answered()
            me.types("half a thought")

    async def returns() -> None:
        async with sit_down(home, qapp) as me:
            await me.until(lambda: bool(me.path))
            assert me.panes.composer.text == "half a thought"

    run_qt(leaves())
    run_qt(returns())


def test_a_busy_server_is_asked_again(run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider) -> None:
    provider.fails(503)
    provider.says("Now it works.")

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("hi")
            scheduled = await me.hears(RetryScheduled)
            assert isinstance(scheduled, RetryScheduled) and scheduled.attempt == 1
            me.do(ActionId.TURN_RETRY_NOW)
            await me.is_answered()
            assert me.text == "Now it works."

    run_qt(person())


def test_a_wrong_key_is_said_and_not_tried_again(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.fails(401)

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("hi")
            await me.is_answered()
            assert me.path[-1].ended is Ended.FAILED
            assert len(provider.requests) == 1

    run_qt(person())


def test_the_key_is_nowhere_but_in_the_request(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    key = "sk-canary-0123456789abcdef"
    provider.key = key

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url, key)
            me.say("hi")
            await me.is_answered()
            assert me.path[-1].ended is Ended.COMPLETE
            provider.fails(401, f"Incorrect API key provided: {key}")
            me.say("again")
            await me.is_answered()

    run_qt(person())

    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert [str(path) for path in files if key.encode() in path.read_bytes()] == []


def test_an_open_conversation_can_be_left_while_it_is_answered(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("One", " two", waits=True)

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
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

    run_qt(person())


def test_after_a_power_cut_the_conversation_that_was_shown_is_there(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("One", " two", waits=True)

    async def person() -> tuple[str, str]:
        async with sit_down(home, qapp) as me:
            me.program.frame._remember.setInterval(60_000)
            await add_endpoint(me, provider.base_url)
            me.say("count")
            await me.sees("One")
            # What the timer does a second later; nothing is closed in order.
            assert me.program.frame._remember.isActive()
            me.program._keep_state()
            await me.program._state_file.close()
            kept = json.loads((paths_below(home).config / FILE_NAME).read_text())
            provider.go_on()
            await me.is_answered()
            return kept["conversation_id"], me.session.conversation.id

    kept, shown = run_qt(person())
    assert kept == shown


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_and_text_size_change_while_a_reply_streams(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider, theme: str
) -> None:
    provider.says("# Title\n\n", "```python\nx = 1\n", "```\n", waits=True)

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("write")
            await me.sees("Title")
            me.program.parts.settings.change(theme=theme)
            me.do(ActionId.VIEW_TEXT_LARGER)
            provider.go_on(2)
            await me.is_answered()
            assert me.program.theme.tokens.name == theme
            assert me.program.theme.text_px == 15
            assert not me.window.grab().isNull()

    run_qt(person())


def test_nothing_ticks_while_nothing_happens(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> list[str]:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("hi")
            await me.is_answered()
            me.panes.composer.cursor_rest.rest()
            found = ticking(me.window)
            me.panes.composer.cursor_rest.wake()
            return found

    assert run_qt(person()) == []


def test_messages_are_shown_in_the_order_in_which_they_were_said(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> list[Role]:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            for number in range(3):
                me.say(f"question {number}")
                await me.is_answered()
            return [message.role for message in me.path]

    assert run_qt(person()) == [Role.USER, Role.ASSISTANT] * 3


def test_a_function_of_ones_own_is_among_the_tools_of_a_conversation(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            chips = me.panes.composer.findChildren(QPushButton)
            assert any(chip.text() == "Tools · 2" for chip in chips)
            schema = '{"type": "object", "properties": {"location": {"type": "string"}}}'
            me.program.parts.settings.change(functions=(OwnFunction("get_weather", "Weather", schema),))
            assert any(chip.text() == "Tools · 3" for chip in chips)
            me.session.edit_settings(tools_off=frozenset({"get_weather"}))
            assert any(chip.text() == "Tools · 2" for chip in chips)
            me.say("hi")
            await me.is_answered()
            assert "get_weather" not in json.dumps(provider.requests[-1].body["tools"])

    run_qt(person())


def test_a_word_is_found_in_the_conversation_and_the_reply_is_given_again_by_another_model(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("There is a needle in it.")
    provider.says("Another one.")

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Where is the needle?")
            await me.is_answered()
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

    run_qt(person())


def test_a_conversation_is_saved_as_pdf_and_can_be_printed(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says("On paper, too.")

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Hello")
            await me.is_answered()
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

    run_qt(person())


def test_the_map_goes_to_a_branch_that_is_not_shown(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Hello")
            await me.is_answered()
            first = me.path[-1].id
            me.do(ActionId.MESSAGE_REGENERATE, first)
            await me.until(lambda: not me.session.is_running and me.path[-1].id != first)
            me.panes.inspector.message_chosen.emit(first)
            assert me.path[-1].id == first
            assert me.panes.transcript.current_message_id == first
            assert me.program.actions[ActionId.EDIT_UNDO].text() == "Undo new version"

    run_qt(person())


def test_branching_a_conversation_opens_the_new_one_and_undo_goes_back(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.say("Hello")
            await me.is_answered()
            old, question = me.session.conversation.id, me.path[0].id
            me.do(ActionId.MESSAGE_BRANCH, question)
            await me.until(lambda: me.session.conversation.id != old)
            assert [message.text for message in me.path] == ["Hello"]
            assert me.program.actions[ActionId.EDIT_UNDO].text() == "Undo branch"
            me.do(ActionId.EDIT_UNDO)
            await me.until(lambda: me.session.conversation.id == old)
            assert me.program.actions[ActionId.EDIT_REDO].text() == "Redo branch"

    run_qt(person())


def test_a_temporary_conversation_is_written_once_it_is_kept(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person(*, keeps: bool) -> str:
        async with sit_down(home, qapp) as me:
            if not me.program.parts.endpoints.all:
                await add_endpoint(me, provider.base_url)
            me.do(ActionId.CONVERSATION_NEW_TEMPORARY)
            me.say("Just between us")
            await me.is_answered()
            if keeps:
                me.do(ActionId.CONVERSATION_KEEP)
                assert not me.can(ActionId.CONVERSATION_KEEP)
            return me.session.conversation.id

    async def again() -> set[str]:
        async with sit_down(home, qapp) as me:
            return {row.id for row in me.program.parts.library.rows}

    gone, kept = run_qt(person(keeps=False)), run_qt(person(keeps=True))
    rows = run_qt(again())
    assert kept in rows
    assert gone not in rows


def test_many_steps_of_text_size_are_shown_as_few(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            seen: list[float] = []
            done = asyncio.Event()

            def note() -> None:
                seen.append(me.program.theme.text_px)
                if seen[-1] == 20:
                    done.set()

            me.program.theme.changed.connect(note)
            for _ in range(6):
                me.do(ActionId.VIEW_TEXT_LARGER)
            await asyncio.wait_for(done.wait(), 20)
            assert seen == [15, 20]

    run_qt(person())


def test_send_is_offered_once_something_is_typed(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person() -> None:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            menu = next(menu for menu in me.window.menus if me.program.actions[ActionId.TURN_SEND] in menu.actions())
            menu.aboutToShow.emit()
            assert not me.can(ActionId.TURN_SEND)
            me.types("Hello")
            menu.aboutToShow.emit()
            assert me.can(ActionId.TURN_SEND)

    run_qt(person())


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
            me.say("Hello")
            await me.is_answered()
            me.do(ActionId.APP_ENDPOINTS, me.path[-1].id)
            page = me.window.findChild(EndpointsPage)
            assert page is not None
            assert page.form.name.text() == "Second"
            page.window().close()

    run_qt(person())


def test_what_is_dropped_on_the_window_is_looked_into(
    run_qt: RunQt, qapp: QApplication, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "talk.json").write_text('[{"messages": [{"role": "user", "content": "Hello"}]}]', encoding="utf-8")

    async def person() -> None:
        async with sit_down(home, qapp) as me:
            me.window.files_dropped.emit([tmp_path / "talk.json"])
            dialog = me.window.findChild(ImportDialog)
            assert dialog is not None
            await asyncio.gather(*(task for task in aio.running() if "_look_into" in str(task.get_coro())))
            assert "OpenAI messages" in dialog.preview.title.text()
            dialog.reject()

    run_qt(person())
