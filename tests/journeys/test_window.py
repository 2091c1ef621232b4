"""The window itself: the keyboard in it, its sizes and looks, and what is offered when."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QPushButton, QToolButton

from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import EndpointId
from desktop_chat.ui import aio
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.dialogs.import_dialog import ImportDialog
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, RunQt, Visit, sit_down
from tests.ui.tabs import tab_stops
from tests.ui.ticking import ticking


def test_what_can_be_done_follows_the_message_one_is_at(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await me.asks("Hello")
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

    visit(person)


def test_the_button_of_the_inspector_is_pressed_while_it_is_seen(visit: Visit) -> None:
    async def person(me: Person) -> None:
        shows = me.program.actions[ActionId.VIEW_INSPECTOR]
        for width in (1400, 500, 1400):
            me.window.resize(width, 600)
            assert shows.isChecked() == me.panes.inspector.isVisible() == (width > 1000)

    visit(person)


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


def test_what_is_typed_goes_into_the_message_wherever_the_keyboard_is(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await me.asks("Hello")
        me.panes.transcript.setFocus()
        QTest.keyClicks(me.panes.transcript, "Next!")
        QTest.keyClick(me.panes.transcript, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
        assert me.panes.composer.text == "Next!"
        keyboard = me.window.focusWidget()
        assert keyboard is not None
        assert keyboard.accessibleName() == "Message"

    visit(person)


def test_enter_presses_the_button_that_has_the_keyboard(visit: Visit, provider: FakeProvider) -> None:
    async def person(me: Person) -> None:
        me.types("Hello")
        send = me.panes.composer.findChild(QPushButton, "sendOrStop")
        assert send is not None
        send.setFocus()
        QTest.keyClick(send, Qt.Key.Key_Return)
        await me.is_answered()
        keyboard = me.window.focusWidget()
        assert keyboard is not None
        assert keyboard.accessibleName() == "Message"
        first = me.session.conversation.id
        me.panes.transcript.reading.focus_row(1)
        bar = me.panes.transcript.toolbar
        branch = next(one for one in bar.findChildren(QToolButton) if one.accessibleName() == "Branch from here")
        branch.setFocus()
        QTest.keyClick(branch, Qt.Key.Key_Enter)
        await me.until(lambda: me.session.conversation.id != first)
        assert len(me.path) == 2

    visit(person)


def test_shift_f10_opens_the_menu_of_what_has_the_keyboard(visit: Visit, qapp: QApplication) -> None:
    async def person(me: Person) -> None:
        await me.asks("Hello")
        found = []
        me.panes.transcript.reading.focus_row(1)
        for widget in (me.panes.transcript, me.panes.composer.findChild(QPlainTextEdit)):
            assert widget is not None
            widget.setFocus()
            QTest.keyClick(widget, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
            menu = qapp.activePopupWidget()
            assert isinstance(menu, QMenu)
            about = menu.parentWidget()
            found.append(about is not None and (about is widget or widget.isAncestorOf(about)))
            QTest.keyClick(menu, Qt.Key.Key_Escape)
        assert found == [True, True]

    visit(person)


def test_the_toolbar_goes_with_the_keyboard(visit: Visit, provider: FakeProvider) -> None:
    provider.says("A [link](https://example.org).")

    async def person(me: Person) -> None:
        await me.asks("Hello")
        transcript, bar = me.panes.transcript, me.panes.transcript.toolbar
        transcript.flusher.flush_now()
        transcript.reading.focus_row(0)
        assert bar.message_id == me.path[0].id
        QTest.keyClick(transcript, Qt.Key.Key_Tab)
        assert bar.message_id == me.path[1].id
        me.panes.composer.focus_editor()
        assert not bar.isVisible()
        transcript.setFocus(Qt.FocusReason.TabFocusReason)
        assert bar.message_id == me.path[1].id
        bar.findChildren(QToolButton)[-1].setFocus(Qt.FocusReason.TabFocusReason)
        assert bar.isVisible()
        me.panes.composer.focus_editor()
        assert not bar.isVisible()
        assert transcript.current_message_id is None

    visit(person)


def test_tab_goes_through_the_window_from_left_to_right(visit: Visit) -> None:
    async def person(me: Person) -> list[str]:
        await me.asks("Hello")
        me.types("Next")
        # As a large screen shows it.
        me.panes.inspector.show()
        return tab_stops(me.window, "New conversation")

    places = ["Search conversations", "Settings of this conversation", "Menu", "Conversation", "Message"]
    places += ["Tools · 2", "Send"]
    stops = visit(person)
    assert [stop for stop in stops if stop in places] == places
    assert stops[stops.index("Send") + 1] == "Inspector"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_and_text_size_change_while_a_reply_streams(visit: Visit, provider: FakeProvider, theme: str) -> None:
    provider.says("# Title\n\n", "```python\nx = 1\n", "```\n", waits=True)

    async def person(me: Person) -> None:
        me.say("write")
        await me.sees("Title")
        me.program.parts.settings.change(theme=theme)
        me.do(ActionId.VIEW_TEXT_LARGER)
        provider.go_on(2)
        await me.is_answered()
        assert me.program.theme.tokens.name == theme
        assert me.program.theme.text_px == 15
        assert not me.window.grab().isNull()

    visit(person)


def test_nothing_ticks_while_nothing_happens(visit: Visit) -> None:
    async def person(me: Person) -> list[str]:
        await me.asks("hi")
        me.panes.composer.cursor_rest.rest()
        found = ticking(me.window)
        me.panes.composer.cursor_rest.wake()
        return found

    assert visit(person) == []


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


def test_send_is_offered_once_something_is_typed(visit: Visit) -> None:
    async def person(me: Person) -> None:
        menu = next(menu for menu in me.window.menus if me.program.actions[ActionId.TURN_SEND] in menu.actions())
        menu.aboutToShow.emit()
        assert not me.can(ActionId.TURN_SEND)
        me.types("Hello")
        menu.aboutToShow.emit()
        assert me.can(ActionId.TURN_SEND)

    visit(person)


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
