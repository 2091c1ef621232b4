"""One open conversation, against a provider with a script."""

import asyncio

import pytest

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import BlockGrew, MessageAdded, TurnEnded, TurnStarted
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.message import Ended
from tests.core.conftest import HANG, Makes, says


def test_a_question_is_answered_and_both_are_saved(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("Hel", "lo"))

        b.session.send("Hi there\nmore")
        reply = await b.ended()
        await b.session.close()

        assert reply.blocks == (Text("Hello"),)
        assert reply.ended is Ended.COMPLETE
        assert b.session.conversation.title == "Hi there"
        assert b.saver.finished == [reply]
        assert [type(c) for c in b.seen if isinstance(c, MessageAdded | TurnStarted | TurnEnded)] == [
            MessageAdded,
            TurnStarted,
            TurnEnded,
        ]
        assert [c.delta for c in b.seen if isinstance(c, BlockGrew)] == ["Hel", "lo"]

    asyncio.run(person())


def test_stop_keeps_the_text_already_received(bench: Makes) -> None:
    async def person() -> None:
        b = bench([TextDelta("Hel"), HANG])

        b.session.send("Hi")
        await b.until(lambda: any(isinstance(c, BlockGrew) for c in b.seen))
        b.session.stop()
        reply = await b.ended()
        await b.session.close()

        assert reply.text == "Hel"
        assert reply.ended is Ended.STOPPED
        assert b.provider.closed == 1
        assert b.saver.finished == [reply]

    asyncio.run(person())


def test_stop_before_the_turn_could_begin_seals_the_reply(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("never"))

        b.session.send("Hi")
        b.session.stop()
        reply = await b.ended()
        await b.session.close()

        assert reply.ended is Ended.STOPPED
        assert b.provider.requests == []

    asyncio.run(person())


@pytest.mark.parametrize("text", ["", " \n\t"], ids=["nothing", "white space"])
def test_nothing_cannot_be_sent(bench: Makes, text: str) -> None:
    async def person() -> None:
        with pytest.raises(SettingsError):
            bench().session.send(text)

    asyncio.run(person())
