"""A conversation of very many messages is seen before all of it is read."""

import asyncio
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import head_of
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui.actions.ids import ActionId
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, RunQt, Visit, sit_down

LONG, SHORT = ConversationId("long"), ConversationId("short")
COUNT = 800


def keep(home: Path) -> None:
    """A long conversation and a short one, from an earlier run."""

    async def fill() -> None:
        store = SqliteStore(paths_below(home).store)
        for conversation_id, count in ((LONG, COUNT), (SHORT, 4)):
            conversation = Conversation(conversation_id, f"The {conversation_id} one", 1.0, 2.0)
            for number in range(count):
                parent, role = (MessageId(f"m{number - 1}") if number else None), list(Role)[number % 2]
                ended = Ended.COMPLETE if role is Role.ASSISTANT else None
                text = Text(f"{conversation_id} {number}")
                conversation.add(Message(MessageId(f"m{number}"), parent, role, (text,), 1.0 + number, ended=ended))
            await store.save(head_of(conversation), tuple(conversation.messages.values()))
        await store.close()

    asyncio.run(fill())


def rows(me: Person) -> list[MessageId]:
    """Messages of the page, whatever the session is."""
    column = me.panes.transcript.column
    return list(column.rows) if column is not None else []


async def is_ahead(me: Person) -> None:
    """Wait until the page shows a conversation that is still being opened."""
    while not me.program.shown.is_ahead:
        await asyncio.sleep(0)


def test_the_end_is_seen_first_and_then_all_of_it_is_there(visit: Visit, home: Path) -> None:
    keep(home)

    async def opens(me: Person) -> None:
        me.program.shown.open(SHORT)
        await me.until(lambda: me.program.shown.conversation_id == SHORT)

        me.program.shown.open(LONG)
        await is_ahead(me)
        assert rows(me)[-1] == f"m{COUNT - 1}"
        assert len(rows(me)) < COUNT
        assert me.session.conversation.id == SHORT

        await me.until(lambda: me.program.shown.conversation_id == LONG)
        assert not me.program.shown.is_ahead
        assert len(rows(me)) == len(me.path) == COUNT
        assert me.panes.transcript.column is not None
        assert me.panes.transcript.column.sticks

    visit(opens)


def test_what_is_pressed_on_a_page_that_is_ahead_is_not_done_elsewhere(visit: Visit, home: Path) -> None:
    keep(home)

    async def opens(me: Person) -> None:
        me.program.shown.open(SHORT)
        await me.until(lambda: me.program.shown.conversation_id == SHORT)
        short = me.session

        me.program.shown.open(LONG)
        await is_ahead(me)
        me.do(ActionId.MESSAGE_DELETE, rows(me)[-1])
        me.do(ActionId.MESSAGE_REGENERATE, rows(me)[-1])
        await me.until(lambda: me.program.shown.conversation_id == LONG)

        assert len(short.conversation.path()) == 4
        assert not short.is_running
        assert not short.can_undo

    visit(opens)


def test_a_message_far_above_is_seen_first_where_it_was_looked_for(visit: Visit, home: Path) -> None:
    keep(home)

    async def opens(me: Person) -> None:
        me.program.shown.open(LONG, MessageId("m300"))
        await is_ahead(me)
        column = me.panes.transcript.column
        assert column is not None
        assert MessageId("m300") in rows(me)
        assert not column.sticks

        await me.until(lambda: me.program.shown.conversation_id == LONG)
        column = me.panes.transcript.column
        assert column is not None
        anchor = column.anchor()
        assert anchor is not None
        assert column.rows[anchor.row] == "m300"

    visit(opens)


def test_whoever_turns_away_meanwhile_sees_what_they_turned_to(visit: Visit, home: Path) -> None:
    keep(home)

    async def opens(me: Person) -> None:
        me.program.shown.open(LONG)
        await is_ahead(me)
        me.program.shown.open(SHORT)
        await me.until(lambda: me.program.shown.conversation_id == SHORT)

        assert [m.text for m in me.path] == [f"short {number}" for number in range(4)]
        assert rows(me) == [message.id for message in me.path]

    visit(opens)


def test_whoever_sends_meanwhile_stays_where_they_wrote(visit: Visit, home: Path, provider: FakeProvider) -> None:
    keep(home)
    provider.says("An answer")

    async def opens(me: Person) -> None:
        me.program.shown.open(SHORT)
        await me.until(lambda: me.program.shown.conversation_id == SHORT)
        me.program.shown.open(LONG)
        await is_ahead(me)
        me.session.send("One more")
        await me.is_answered()

        assert me.session.conversation.id == SHORT
        assert rows(me) == [message.id for message in me.path]
        assert len(me.path) == 6

    visit(opens)


def test_without_an_endpoint_it_is_in_sight_as_early(run_qt: RunQt, qapp: QApplication, home: Path) -> None:
    keep(home)

    async def opens() -> None:
        async with sit_down(home, qapp) as me:
            await me.until(lambda: me.program.parts.library.row(LONG) is not None)
            me.program.shown.new()
            assert me.window.shows_welcome

            me.program.shown.open(LONG)
            await is_ahead(me)
            assert me.panes.transcript.isVisible()
            me.program.shown.new()
            assert me.window.shows_welcome

    run_qt(opens())
