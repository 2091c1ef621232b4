"""One turn with tools: rounds, calls and decisions, against a provider with a script."""

import asyncio
from typing import Any

import pytest

from desktop_chat.core.calls import CANCELLED, DENIED
from desktop_chat.core.turn import MAX_ROUNDS
from desktop_chat.domain.blocks import Notice, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import CallState, Decision
from desktop_chat.domain.events import (
    FinishReported,
    ToolCallDelta,
)
from desktop_chat.domain.function import OwnFunction
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from tests.core.conftest import Makes, says
from tests.core.turns import asked, calls, result, state

WEATHER = OwnFunction(
    "get_weather", "Weather.", '{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}'
)


def test_a_tool_that_is_allowed_runs_and_the_model_is_asked_again(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'), says("done"))

        await asked(b)
        assert b.session.calls[CallId("c1")].summary == "Gives back 'x'."
        b.session.decide(CallId("c1"), Decision.ALLOW_ONCE)
        reply = await b.ended()
        await b.session.close()

        assert reply.blocks == (
            ToolCall(CallId("c1"), "echo", '{"text": "x"}'),
            result(reply),
            Text("done"),
        )
        assert result(reply).text == "x"
        assert state(b) is CallState.DONE
        assert len(reply.rounds) == 2
        sent = b.provider.requests[1].messages
        assert [m.role for m in sent] == ["user", "assistant"]
        assert sent[1].blocks == reply.blocks[:2]

    asyncio.run(person())


def test_a_tool_that_is_denied_never_runs_and_the_model_is_told(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'), says("well"))

        await asked(b)
        b.session.decide(CallId("c1"), Decision.DENY)
        reply = await b.ended()
        await b.session.close()

        assert b.echo.ran == []
        assert (result(reply).text, result(reply).is_error) == (DENIED, True)
        assert state(b) is CallState.DENIED

    asyncio.run(person())


def test_a_tool_allowed_in_the_conversation_is_not_asked_for_again(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'), calls('{"text": "y"}', call_id="c2"), says("done"))

        await asked(b)
        b.session.decide(CallId("c1"), Decision.ALLOW_IN_CONVERSATION)
        await b.ended()
        await b.session.close()

        assert b.echo.ran == ["x", "y"]
        assert b.session.conversation.settings.allowed_tools == {"echo"}

    asyncio.run(person())


@pytest.mark.parametrize(
    ("script", "word"),
    [
        (calls('{"text": "x'), "JSON"),
        (calls('["x"]'), "object"),
        (calls("{}"), "missing"),
        (calls('{"text": 5}'), "type string"),
        (calls('{"text": "x"}', name="nothing"), "no tool"),
        (calls('{"text": "x', reason="length"), "JSON"),
        (calls("", reason="length"), "cut off"),
    ],
    ids=["truncated", "not an object", "missing", "wrong type", "unknown tool", "at the limit", "not begun"],
)
def test_a_call_that_cannot_be_used_is_answered_with_the_error_and_never_run(
    bench: Makes, script: list[Any], word: str
) -> None:
    async def person() -> None:
        b = bench(script, says("sorry"))

        b.session.send("Go")
        reply = await b.ended()
        await b.session.close()

        assert b.echo.ran == []
        assert result(reply).is_error
        assert word in result(reply).text
        assert state(b) is CallState.FAILED
        assert reply.text == "sorry"

    asyncio.run(person())


def test_calls_whose_fragments_alternate_run_side_by_side(bench: Makes) -> None:
    async def person() -> None:
        both = [
            ToolCallDelta(0, "c1", "echo", '{"text":'),
            ToolCallDelta(1, "c2", "echo", '{"te'),
            ToolCallDelta(0, arguments=' "a"}'),
            ToolCallDelta(1, arguments='xt": "b"}'),
            FinishReported("tool_calls"),
        ]
        b = bench(both, says("done"))

        b.session.send("Go")
        await b.until(lambda: state(b, "c1") is state(b, "c2") is CallState.ASKING)
        b.session.decide(CallId("c2"), Decision.ALLOW_ONCE)
        await b.until(lambda: state(b, "c2") is CallState.DONE)
        assert state(b, "c1") is CallState.ASKING
        b.session.decide(CallId("c1"), Decision.ALLOW_ONCE)
        reply = await b.ended()
        await b.session.close()

        assert b.echo.ran == ["b", "a"]
        assert [b.call_id for b in reply.blocks if isinstance(b, ToolResult)] == ["c2", "c1"]

    asyncio.run(person())


def test_a_call_can_be_cancelled_while_it_arrives(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'), says("fine"))

        b.session.send("Go")
        await b.until(lambda: state(b) is CallState.ARRIVING)
        b.session.cancel_call(CallId("c1"))
        reply = await b.ended()
        await b.session.close()

        assert result(reply).text == CANCELLED
        assert b.echo.ran == []
        assert reply.text == "fine"

    asyncio.run(person())


def test_a_call_can_be_cancelled_while_it_waits(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'), says("fine"))

        await asked(b)
        b.session.cancel_call(CallId("c1"))
        reply = await b.ended()
        await b.session.close()

        assert result(reply).text == CANCELLED
        assert reply.ended is Ended.COMPLETE

    asyncio.run(person())


def test_a_call_can_be_cancelled_while_it_runs(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'), says("fine"))
        b.echo.hangs = True

        await asked(b)
        b.session.decide(CallId("c1"), Decision.ALLOW_ONCE)
        await b.until(lambda: b.echo.ran or state(b) is CallState.RUNNING)
        b.session.cancel_call(CallId("c1"))
        reply = await b.ended()
        await b.session.close()

        assert result(reply).text == CANCELLED
        assert reply.text == "fine"

    asyncio.run(person())


def test_a_function_of_the_persons_own_gets_the_result_they_type(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"city": "Paris"}', name="get_weather"), says("It is 14 degrees."), functions=(WEATHER,))

        await asked(b)
        assert state(b) is CallState.ANSWERING
        assert b.session.calls[CallId("c1")].is_own
        b.session.answer(CallId("c1"), "14 °C")
        reply = await b.ended()
        await b.session.close()

        assert result(reply).text == "14 °C"
        assert reply.text == "It is 14 degrees."
        assert [t.name for t in b.provider.requests[0].tools] == ["echo", "get_weather"]

    asyncio.run(person())


def test_stop_while_a_call_waits_denies_it(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'))

        await asked(b)
        b.session.stop()
        reply = await b.ended()
        await b.session.close()

        assert reply.ended is Ended.STOPPED
        assert reply.unanswered_calls == ()
        assert state(b) is CallState.DENIED

    asyncio.run(person())


def test_a_tool_that_breaks_does_not_break_the_turn(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls('{"text": "x"}'), says("too bad"))
        b.echo.raises = ZeroDivisionError("a bug")

        await asked(b)
        b.session.decide(CallId("c1"), Decision.ALLOW_ONCE)
        reply = await b.ended()
        await b.session.close()

        assert "ZeroDivisionError" in result(reply).text
        assert reply.ended is Ended.COMPLETE

    asyncio.run(person())


def test_a_model_that_calls_tools_for_ever_is_stopped(bench: Makes) -> None:
    async def person() -> None:
        b = bench(*(calls("{}", name="nothing", call_id=f"c{n}") for n in range(MAX_ROUNDS + 5)))

        b.session.send("Go")
        reply = await b.ended()
        await b.session.close()

        assert len(b.provider.requests) == MAX_ROUNDS
        assert reply.ended is Ended.FAILED
        assert isinstance(reply.blocks[-1], Notice)
        assert reply.blocks[-1].code == "TooManyRounds"

    asyncio.run(person())


def test_one_id_for_every_call_does_not_mix_the_calls_up(bench: Makes) -> None:
    async def person() -> None:
        b = bench(calls("{}"), calls("{}"), says("done"))

        b.session.send("Go")
        reply = await b.ended()
        await b.session.close()

        assert len({block.call_id for block in reply.blocks if isinstance(block, ToolCall)}) == 2
        assert reply.unanswered_calls == ()

    asyncio.run(person())
