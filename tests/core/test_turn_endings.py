"""How a turn ends, and what is kept with its reply and its endpoint."""

import asyncio

import pytest

from desktop_chat.domain.blocks import Reasoning, Text
from desktop_chat.domain.codec import conversation_from_dict, conversation_to_dict
from desktop_chat.domain.events import (
    FinishReported,
    OptionDropped,
    ReasoningDelta,
    TextDelta,
    UsageReported,
)
from desktop_chat.domain.message import Ended
from desktop_chat.domain.usage import Usage
from tests.core.conftest import HANG, Makes, says
from tests.core.turns import calls


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
