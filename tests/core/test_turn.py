"""One turn: rounds, tools, retries and endings, against a provider with a script."""

import asyncio
from typing import Any

import pytest

from desktop_chat.core.calls import CANCELLED, DENIED
from desktop_chat.core.turn import MAX_ROUNDS
from desktop_chat.domain.blocks import Notice, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import CallState, Decision, RequestSent, RetryScheduled, TurnEnded
from desktop_chat.domain.codec import conversation_from_dict, conversation_to_dict
from desktop_chat.domain.errors import Interrupted, KeyRejected, RateLimited, ServerBusy, TimedOut, Unreachable
from desktop_chat.domain.events import (
    FinishReported,
    OptionDropped,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.domain.function import OwnFunction
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended, Message
from desktop_chat.domain.usage import Usage
from tests.core.conftest import HANG, Bench, Makes, says

WEATHER = OwnFunction(
    "get_weather", "Weather.", '{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}'
)


def calls(arguments: str, name: str = "echo", reason: str = "tool_calls", call_id: str = "c1") -> list[Any]:
    """A reply that calls one tool, its arguments in fragments of three characters."""
    pieces = [arguments[at : at + 3] for at in range(0, len(arguments), 3)] or [""]
    first = ToolCallDelta(0, call_id, name, pieces[0])
    return [first, *(ToolCallDelta(0, arguments=piece) for piece in pieces[1:]), FinishReported(reason)]


def state(b: Bench, call_id: str = "c1") -> CallState | None:
    """Where a call stands."""
    status = b.session.calls.get(CallId(call_id))
    return status.state if status else None


def result(reply: Message, call_id: str = "c1") -> ToolResult:
    """What came of a call."""
    return reply.results[CallId(call_id)]


async def asked(b: Bench) -> None:
    """Send, and go on once the call waits for a person."""
    b.session.send("Go")
    await b.until(lambda: state(b) in (CallState.ASKING, CallState.ANSWERING))


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


def test_a_request_that_fails_is_sent_again_visibly(bench: Makes) -> None:
    async def person() -> None:
        b = bench([ServerBusy("500")], [Unreachable("cut")], says("Hello"))

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        retries = [c for c in b.seen if isinstance(c, RetryScheduled)]
        assert [(c.attempt, c.of, c.needs_consent) for c in retries] == [(1, 3, False), (2, 3, False)]
        assert b.clock.slept == [c.wait_s for c in retries]
        assert b.clock.slept[1] > b.clock.slept[0] > 0
        assert sum(isinstance(c, RequestSent) for c in b.seen) == 3
        assert reply.text == "Hello"
        assert reply.rounds[0].tries == 3

    asyncio.run(person())


def test_after_three_retries_the_error_stands_in_the_reply(bench: Makes) -> None:
    async def person() -> None:
        b = bench(*([ServerBusy("500")] for _ in range(9)))

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert len(b.provider.requests) == 4
        assert reply.ended is Ended.FAILED
        assert reply.blocks == (Notice("ServerBusy", "500"),)

    asyncio.run(person())


def test_a_wrong_key_is_not_tried_again(bench: Makes) -> None:
    async def person() -> None:
        b = bench([KeyRejected("401")])

        b.session.send("Hi")
        await b.ended()
        await b.session.close()

        assert len(b.provider.requests) == 1
        assert isinstance(next(c for c in b.seen if isinstance(c, TurnEnded)).error, KeyRejected)

    asyncio.run(person())


def test_retry_after_is_obeyed(bench: Makes) -> None:
    async def person() -> None:
        b = bench([RateLimited("429", retry_after_s=7.0)], says("ok"))

        b.session.send("Hi")
        await b.ended()
        await b.session.close()

        assert b.clock.slept == [7.0]

    asyncio.run(person())


def test_a_long_retry_after_waits_for_consent(bench: Makes) -> None:
    async def person() -> None:
        b = bench([RateLimited("429", retry_after_s=3600.0)], says("ok"))

        b.session.send("Hi")
        await b.until(lambda: b.session.waiting)
        assert b.session.waiting is not None
        assert b.session.waiting.needs_consent
        assert b.clock.slept == []
        await asyncio.sleep(0)
        b.session.retry_now()
        reply = await b.ended()
        await b.session.close()

        assert reply.text == "ok"
        assert b.clock.slept == []

    asyncio.run(person())


def test_a_wait_can_be_cut_short(bench: Makes) -> None:
    async def person() -> None:
        b = bench([ServerBusy("503")], says("ok"))
        b.clock.stands = asyncio.Event()

        b.session.send("Hi")
        await b.until(lambda: b.session.waiting)
        await asyncio.sleep(0)
        b.session.retry_now()
        reply = await b.ended()
        await b.session.close()

        assert reply.text == "ok"

    asyncio.run(person())


def test_stop_ends_a_wait(bench: Makes) -> None:
    async def person() -> None:
        b = bench([ServerBusy("503")], says("never"))
        b.clock.stands = asyncio.Event()

        b.session.send("Hi")
        await b.until(lambda: b.session.waiting)
        b.session.stop()
        reply = await b.ended()
        await b.session.close()

        assert reply.ended is Ended.STOPPED
        assert len(b.provider.requests) == 1

    asyncio.run(person())


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (Unreachable("cut"), Ended.INTERRUPTED),
        (Interrupted("no end"), Ended.INTERRUPTED),
        (TimedOut("gap"), Ended.INTERRUPTED),
        (ServerBusy("in the middle"), Ended.FAILED),
    ],
    ids=["cut", "clean end", "gap", "error"],
)
def test_an_error_after_text_keeps_the_text_and_is_not_retried(bench: Makes, error: Exception, ended: Ended) -> None:
    async def person() -> None:
        b = bench([TextDelta("Hel"), error])

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert reply.text == "Hel"
        assert reply.ended is ended
        assert isinstance(reply.blocks[-1], Notice)
        assert reply.blocks[-1].code == type(error).__name__
        assert len(b.provider.requests) == 1

    asyncio.run(person())


def test_a_stream_without_a_finish_reason_is_an_interruption(bench: Makes) -> None:
    async def person() -> None:
        b = bench([TextDelta("Hel")])

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert reply.ended is Ended.INTERRUPTED

    asyncio.run(person())


def test_a_call_cut_off_in_the_middle_is_never_run(bench: Makes) -> None:
    async def person() -> None:
        b = bench([ToolCallDelta(0, "c1", "echo", '{"text": "x"}'), Unreachable("cut")])

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert reply.ended is Ended.INTERRUPTED
        assert b.echo.ran == []
        assert reply.unanswered_calls == ()

    asyncio.run(person())


@pytest.mark.parametrize(
    ("reason", "ended"),
    [
        ("stop", Ended.COMPLETE),
        ("length", Ended.LENGTH),
        ("content_filter", Ended.FILTERED),
        ("eos_token", Ended.COMPLETE),
        ("tool_calls", Ended.COMPLETE),
    ],
)
def test_every_finish_reason_has_its_ending(bench: Makes, reason: str, ended: Ended) -> None:
    async def person() -> None:
        b = bench([TextDelta("x"), FinishReported(reason)])

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert reply.ended is ended
        assert reply.rounds[0].finish_reason == reason

    asyncio.run(person())


def test_usage_and_reasoning_are_kept_with_the_reply(bench: Makes) -> None:
    async def person() -> None:
        usage = Usage(prompt_tokens=3, completion_tokens=2, total_tokens=5)
        b = bench([ReasoningDelta("hm"), TextDelta("x"), FinishReported("stop"), UsageReported(usage)])

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert reply.rounds[0].usage == usage
        assert reply.blocks == (Reasoning("hm", 0), Text("x"))
        assert reply.rounds[0].deltas == 2

    asyncio.run(person())


def test_a_rejected_option_is_remembered_for_the_endpoint(bench: Makes) -> None:
    async def person() -> None:
        b = bench([OptionDropped("stream_options"), *calls("{}", name="nothing")], says("ok"))

        b.session.send("Hi")
        await b.ended()
        await b.session.close()

        assert not b.provider.requests[1].endpoint.sends_stream_options
        assert not b.endpoints.all[0].sends_stream_options

    asyncio.run(person())


def test_what_the_server_refused_is_kept_with_the_request(bench: Makes) -> None:
    async def person() -> None:
        b = bench([OptionDropped("tools"), *says("ok")])

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()
        again = conversation_from_dict(conversation_to_dict(b.session.conversation))

        assert reply.rounds[0].left_out == ("tools",)
        assert again.path()[-1] == reply

    asyncio.run(person())


def test_several_conversations_are_answered_at_once(bench: Makes) -> None:
    async def person() -> None:
        first, second = bench([TextDelta("a"), HANG]), bench(says("b"))

        first.session.send("1")
        second.session.send("2")
        reply = await second.ended()
        assert first.session.is_running
        first.session.stop()
        stopped = await first.ended()
        await first.session.close()
        await second.session.close()

        assert reply.text == "b"
        assert stopped.text == "a"

    asyncio.run(person())
