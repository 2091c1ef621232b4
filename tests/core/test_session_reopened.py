"""A conversation that is opened again: calls that waited, and what becomes of them."""

import asyncio
from typing import Any

import pytest

from desktop_chat.core.context import NEVER_RUN
from desktop_chat.domain.changes import (
    CallState,
    Decision,
)
from desktop_chat.domain.codec import conversation_from_dict, conversation_to_dict
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.events import FinishReported, ToolCallDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from tests.core.conftest import Bench, Makes, says

CALL = [ToolCallDelta(0, "c1", "echo", '{"text": "x"}'), FinishReported("tool_calls")]


async def reopened_while_a_call_waits(bench: Makes, *scripts: list[Any]) -> Bench:
    """A session whose program ended while a call waited, read again as from disk."""
    b = bench(CALL)
    b.session.send("Go")
    await b.until(lambda: any(s.state is CallState.ASKING for s in b.session.calls.values()))
    await b.session.close()
    return bench(*scripts, conversation=conversation_from_dict(conversation_to_dict(b.session.conversation)))


def test_a_call_that_waited_when_the_program_ended_is_decided_after_the_restart(bench: Makes) -> None:
    async def person() -> None:
        b = await reopened_while_a_call_waits(bench, says("done"))
        assert b.session.conversation.path()[-1].ended is Ended.WAITING
        assert b.session.calls[CallId("c1")].state is CallState.ASKING

        b.session.decide(CallId("c1"), Decision.ALLOW_ONCE)
        reply = await b.ended()
        await b.session.close()

        assert b.echo.ran == ["x"]
        assert reply.text == "done"
        assert reply.ended is Ended.COMPLETE
        assert len(b.session.conversation.messages) == 2

    asyncio.run(person())


def test_resume_asks_again_for_a_call_that_waited(bench: Makes) -> None:
    async def person() -> None:
        b = await reopened_while_a_call_waits(bench, says("done"))

        b.session.resume()
        await b.until(lambda: b.session.is_running and b.session.calls[CallId("c1")].state is CallState.ASKING)
        b.session.decide(CallId("c1"), Decision.DENY)
        reply = await b.ended()
        await b.session.close()

        assert reply.results[CallId("c1")].is_error
        with pytest.raises(SettingsError):
            b.session.resume()

    asyncio.run(person())


def test_a_question_after_a_waiting_call_tells_the_model_that_it_never_ran(bench: Makes) -> None:
    async def person() -> None:
        b = await reopened_while_a_call_waits(bench, says("ok"))

        b.session.send("Never mind")
        await b.ended()
        await b.session.close()

        assert b.provider.requests[0].messages[1].results[CallId("c1")].text == NEVER_RUN

    asyncio.run(person())


def test_a_waiting_call_that_was_passed_over_waits_no_longer_also_after_a_restart(bench: Makes) -> None:
    async def person() -> None:
        b = await reopened_while_a_call_waits(bench, CALL)
        waited = b.session.conversation.path()[-1]

        b.session.regenerate(waited.id)
        await b.until(lambda: [s.state for s in b.session.calls.values()] == [CallState.DENIED, CallState.ASKING])
        await b.session.close()
        again = bench(conversation=conversation_from_dict(conversation_to_dict(b.session.conversation)))

        assert [s.state for s in again.session.calls.values()] == [CallState.DENIED, CallState.ASKING]
        assert again.session.conversation.messages[waited.id].ended is Ended.STOPPED
        assert waited.id in [message.id for message in b.saver.kept]

    asyncio.run(person())


def test_calls_of_a_stored_conversation_have_their_states(bench: Makes) -> None:
    async def person() -> None:
        b = bench(CALL, says("done"))
        b.session.send("Go")
        await b.until(lambda: any(s.state is CallState.ASKING for s in b.session.calls.values()))
        b.session.decide(CallId("c1"), Decision.ALLOW_ONCE)
        await b.ended()
        await b.session.close()

        again = bench(conversation=conversation_from_dict(conversation_to_dict(b.session.conversation)))

        assert again.session.calls == b.session.calls
        assert again.session.elapsed_ms == b.session.elapsed_ms

    asyncio.run(person())
