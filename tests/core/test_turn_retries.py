"""A turn whose request fails: what is sent again, after which wait, and what stands in the reply."""

import asyncio

import pytest

from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.changes import RequestSent, RetryScheduled, TurnEnded
from desktop_chat.domain.errors import Interrupted, KeyRejected, RateLimited, ServerBusy, TimedOut, Unreachable
from desktop_chat.domain.events import (
    TextDelta,
    ToolCallDelta,
)
from desktop_chat.domain.message import Ended
from tests.core.conftest import Makes, says


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
