"""What was said, typed and asked is there again after closing, a restart or a power cut."""

import json
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.message import Ended
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.state import FILE_NAME
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, RunQt, Visit, add_endpoint, sit_down


def test_what_was_said_is_there_after_a_restart_without_any_server(visit: Visit, provider: FakeProvider) -> None:
    provider.says("Hel", "lo", " there")

    async def first_day(me: Person) -> None:
        await me.asks("Good morning")

    async def next_day(me: Person) -> list[str]:
        await me.until(lambda: bool(me.path))
        return [message.text for message in me.path]

    visit(first_day)
    provider.close()

    assert visit(next_day) == ["Good morning", "Hello there"]


def test_closing_while_a_reply_streams_keeps_what_came(visit: Visit, provider: FakeProvider) -> None:
    provider.says("Half", " a reply", then_hangs=True)

    async def leaves(me: Person) -> None:
        me.say("hi")
        await me.sees("Half a reply")

    async def returns(me: Person) -> None:
        await me.until(lambda: len(me.path) == 2)
        assert me.text == "Half a reply"
        assert me.path[-1].ended in (Ended.INTERRUPTED, Ended.STOPPED)
        assert me.can(ActionId.MESSAGE_CONTINUE)

    visit(leaves)
    visit(returns)


def test_closing_while_a_tool_waits_asks_again_after_the_restart(visit: Visit, provider: FakeProvider) -> None:
    provider.calls_tool("calculator", json.dumps({"expression": "1+1"}))
    provider.says("Two.")

    async def leaves(me: Person) -> None:
        me.say("What is 1+1?")
        await me.is_asked()

    async def returns(me: Person) -> None:
        await me.until(lambda: len(me.path) == 2)
        assert me.path[-1].ended is Ended.WAITING
        me.do(ActionId.TOOL_ALLOW_ONCE, "call_1")
        await me.is_answered()
        assert me.text == "Two."

    visit(leaves)
    visit(returns)


def test_unsent_text_survives_a_restart(visit: Visit) -> None:
    async def leaves(me: Person) -> None:
        await me.asks("hi")
        me.types("half a thought")

    async def returns(me: Person) -> None:
        await me.until(lambda: bool(me.path))
        assert me.panes.composer.text == "half a thought"

    visit(leaves)
    visit(returns)


def test_a_question_that_is_being_edited_survives_everything_but_escape(visit: Visit, provider: FakeProvider) -> None:
    async def leaves(me: Person) -> None:
        await me.asks("first")
        editor = me.panes.transcript.editor
        me.do(ActionId.MESSAGE_EDIT_LAST)
        QTest.keyClicks(editor._field, " and best")
        begun = me.session.conversation.id
        me.program.shown.new()
        assert not editor.isVisible()
        me.program.shown.open(begun)
        await me.until(lambda: me.session.conversation.id == begun)
        assert editor.isVisible()
        me.do(ActionId.MESSAGE_REGENERATE)
        await me.is_answered()
        assert editor.isVisible()

    async def returns(me: Person) -> None:
        await me.until(lambda: bool(me.path))
        editor = me.panes.transcript.editor
        assert editor.isVisible()
        assert editor.text == "first and best"
        provider.says("Slow", " reply", waits=True)
        me.do(ActionId.MESSAGE_REGENERATE)
        await me.sees("Slow")
        editor.save()
        assert editor.isVisible(), "a reply is being written"
        provider.go_on()
        await me.is_answered()
        editor.save()
        assert me.path[0].text == "first and best"
        await me.is_answered()
        await me.until(lambda: not editor.isVisible())
        me.do(ActionId.MESSAGE_EDIT_LAST)
        editor.go_on_with("dropped", 3)
        editor.cancel()
        assert me.window.toast.text
        me.window.toast._button.click()
        assert editor.text == "dropped"
        editor.cancel()

    async def returns_again(me: Person) -> None:
        await me.until(lambda: bool(me.path))
        assert not me.panes.transcript.editor.isVisible()
        assert me.session.edits == {}

    visit(leaves)
    visit(returns)
    visit(returns_again)


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
