"""One open conversation, against a provider with a script."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from desktop_chat.core.ports import Unsent
from desktop_chat.domain.blocks import Notice, Text
from desktop_chat.domain.changes import (
    BlockGrew,
    Change,
    MessageAdded,
    RetryScheduled,
    TurnEnded,
    TurnStarted,
)
from desktop_chat.domain.errors import RequestRejected, SettingsError, Unreachable
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import EndpointId
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


def test_half_of_a_character_is_replaced_before_anybody_has_to_write_it(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("Hello"), says("Hello"))

        b.session.send("Hi \ud83d there, \ud83d\ude00")
        await b.ended()
        b.session.edit(b.session.conversation.path()[0].id, text="Ho \ude00")
        await b.ended()
        b.session.rename("A \ud83d title")
        await b.session.close()

        texts = {message.text for message in b.session.conversation.messages.values()}
        assert {"Hi \ufffd there, \U0001f600", "Ho \ufffd"} <= texts
        assert b.session.conversation.title == "A \ufffd title"

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


def test_closing_while_a_reply_is_written_marks_it_as_interrupted(bench: Makes) -> None:
    async def person() -> None:
        b = bench([TextDelta("Hel"), HANG])
        b.session.send("Hi")
        await b.until(lambda: any(isinstance(c, BlockGrew) for c in b.seen))

        await b.session.close()

        reply = b.session.conversation.path()[-1]
        assert reply.ended is Ended.INTERRUPTED
        assert reply.text == "Hel"
        assert b.saver.finished == [reply]

    asyncio.run(person())


def test_a_server_that_is_away_while_it_is_asked_for_its_model_is_asked_again(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("hi"))
        b.settings.change(endpoints=(replace(b.endpoints.all[0], model=""),))
        b.provider.listing_error = Unreachable("away")
        tries: list[int] = []

        def on_change(change: Change) -> None:
            if isinstance(change, RetryScheduled):
                tries.append(change.attempt)
                b.provider.listing_error = None if change.attempt == 2 else b.provider.listing_error

        b.session.changes.subscribe(on_change)
        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert tries == [1, 2]
        assert (reply.text, reply.ended) == ("hi", Ended.COMPLETE)
        assert [round_.tries for round_ in reply.rounds] == [1]

    asyncio.run(person())


def test_what_the_server_named_its_failure_is_kept(bench: Makes) -> None:
    async def person() -> None:
        b = bench([RequestRejected("no", status=400, request_id="req_7")])

        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        notice = reply.blocks[-1]
        assert isinstance(notice, Notice)
        assert (notice.status, notice.request_id) == (400, "req_7")

    asyncio.run(person())


def test_a_view_that_breaks_is_reported_and_the_reply_is_sealed_and_saved(bench: Makes) -> None:
    async def person() -> None:
        b = bench([TextDelta("Hel"), HANG])
        reported: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))

        def breaks(change: Change) -> None:
            if isinstance(change, BlockGrew):
                raise ZeroDivisionError("a bug in a view")

        b.session.changes.subscribe(breaks)
        b.session.send("Hi")
        reply = await b.ended()
        await b.session.close()

        assert isinstance(reported[0], ZeroDivisionError)
        assert reply.text == "Hel"
        assert reply.ended is Ended.FAILED
        assert b.saver.finished == [reply]
        assert b.provider.closed == 1

    asyncio.run(person())


def test_a_slow_disk_does_not_hold_up_the_end_of_a_turn(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"), says("two"))
        b.saver.is_slow = asyncio.Event()
        b.session.send("1")
        await b.ended()

        b.session.send("2")
        await b.ended()
        assert b.saver.finished == []
        b.saver.is_slow.set()
        await b.session.close()

        assert sorted(m.text for m in b.saver.finished) == ["one", "two"]

    asyncio.run(person())


def test_settings_of_the_conversation_are_sent_only_if_set(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"), says("two"))
        b.session.send("1")
        await b.ended()
        b.session.edit_settings(system_prompt="Be brief.", temperature=0.5, max_tokens=9, model="model-b")
        b.session.send("2")
        await b.ended()
        await b.session.close()

        first, second = b.provider.requests
        assert (first.system_prompt, first.temperature, first.max_tokens, first.model) == ("", None, None, "model-a")
        assert (second.system_prompt, second.temperature, second.max_tokens) == ("Be brief.", 0.5, 9)
        assert second.model == "model-b"

    asyncio.run(person())


def test_a_title_given_by_the_person_stays(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"))
        b.session.rename("Mine")
        b.session.send("Something else")
        await b.ended()
        await b.session.close()

        assert b.session.conversation.title == "Mine"
        assert b.session.conversation.titled_by_person

    asyncio.run(person())


def test_a_conversation_whose_endpoint_is_gone_is_readable_and_says_so(bench: Makes) -> None:
    async def person() -> None:
        b = bench()
        b.session.edit_settings(endpoint_id=EndpointId("gone"))

        assert b.session.endpoint is None
        with pytest.raises(SettingsError, match="endpoint"):
            b.session.send("Hi")

    asyncio.run(person())


def test_unsent_text_is_kept_and_forgotten_when_it_is_sent(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"))
        b.session.keep_unsent("Hel", 3)
        kept = b.session.unsent
        b.session.send("Hello")
        await b.ended()
        await b.session.close()

        assert kept == Unsent("Hel", 3)
        assert b.session.unsent is None
        assert b.saver.unsent == [Unsent("Hel", 3), Unsent("", 0)]

    asyncio.run(person())


def test_a_view_that_breaks_on_the_end_is_reported_and_the_reply_is_saved(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("Hello"))
        reported: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))

        def breaks(change: Change) -> None:
            if isinstance(change, TurnEnded):
                raise ZeroDivisionError("a bug in a view")

        b.session.changes.subscribe(breaks)
        b.session.send("Hi")
        await b.ended()
        await b.session.close()
        await asyncio.sleep(0)

        assert isinstance(reported[0], ZeroDivisionError)
        assert [m.text for m in b.saver.finished] == ["Hello"]

    asyncio.run(person())
