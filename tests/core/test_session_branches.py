"""Edits, versions and what is deleted: every branch of one conversation stays, and undo shows it."""

import asyncio

import pytest

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import (
    BlockGrew,
    PathChanged,
)
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.events import TextDelta
from tests.core.conftest import HANG, Makes, says


def test_an_edited_question_becomes_a_branch_that_is_answered(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"), says("two"))
        b.session.send("Q1")
        await b.ended()
        question = b.session.conversation.path()[0]

        b.session.edit(question.id, text="Q2")
        await b.ended()
        await b.session.close()

        conversation = b.session.conversation
        assert [m.text for m in conversation.path()] == ["Q2", "two"]
        assert conversation.versions(conversation.path()[0].id) == (question.id, conversation.path()[0].id)
        assert PathChanged(None) in b.seen

    asyncio.run(person())


def test_undo_shows_the_branch_before_the_edit_and_redo_the_edit(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"), says("two"))
        b.session.send("Q1")
        await b.ended()
        b.session.edit(b.session.conversation.path()[0].id, text="Q2")
        await b.ended()

        b.session.undo()
        before = [m.text for m in b.session.conversation.path()]
        b.session.redo()
        after = [m.text for m in b.session.conversation.path()]
        await b.session.close()

        assert before == ["Q1", "one"]
        assert after == ["Q2", "two"]
        assert (b.session.can_undo, b.session.can_redo) == (True, False)

    asyncio.run(person())


def test_an_edited_reply_is_a_version_and_nothing_is_asked(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"))
        b.session.send("Q")
        reply = await b.ended()

        b.session.edit(reply.id, text="better")
        await b.session.close()

        assert b.session.conversation.path()[-1].text == "better"
        assert len(b.provider.requests) == 1
        assert b.saver.kept[-1].text == "better"

    asyncio.run(person())


def test_regenerate_keeps_the_versions_and_shows_the_new_one(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"), says("two"), says("three"))
        b.session.send("Q")
        first = await b.ended()

        b.session.regenerate(first.id, model="model-b")
        second = await b.ended()
        b.session.regenerate(second.parent_id or second.id)
        third = await b.ended()
        b.session.choose(first.id)
        await b.session.close()

        conversation = b.session.conversation
        assert conversation.versions(first.id) == (first.id, second.id, third.id)
        assert second.model == "model-b"
        assert conversation.path()[-1] == first
        assert all(len(request.messages) == 1 for request in b.provider.requests)

    asyncio.run(person())


def test_a_reply_that_was_stopped_goes_on_where_it_stopped(bench: Makes) -> None:
    async def person() -> None:
        b = bench([TextDelta("Hel"), HANG], says("lo", " you"))
        b.session.send("Hi")
        await b.until(lambda: any(isinstance(c, BlockGrew) for c in b.seen))
        b.session.stop()
        cut = await b.ended()

        b.session.continue_reply(cut.id)
        reply = await b.ended()
        await b.session.close()

        assert reply.blocks == (Text("Hello you"),)
        assert [m.role for m in b.provider.requests[1].messages] == ["user", "assistant", "user"]
        assert b.session.conversation.versions(cut.id) == (cut.id, reply.id)

    asyncio.run(person())


def test_showing_a_message_of_another_branch_is_no_step_of_undo(bench: Makes) -> None:
    async def play() -> None:
        made = bench(says("one"), says("two"))
        session = made.session
        session.send("q")
        first = await made.ended()
        session.regenerate(first.id)
        second = await made.ended()
        made.seen.clear()

        session.show(second.id)
        assert made.seen == []
        session.show(first.id)
        assert made.seen == [PathChanged(first.parent_id)]
        assert session.conversation.path()[-1] == first

        session.undo()
        assert not session.can_undo
        assert session.conversation.path()[-1] == first
        session.redo()
        assert session.conversation.path()[-1] == first

    asyncio.run(play())


def test_a_deleted_message_is_off_the_path_and_comes_back(bench: Makes) -> None:
    async def person() -> None:
        b = bench(says("one"), says("two"))
        b.session.send("Q1")
        await b.ended()
        question = b.session.conversation.path()[0]

        b.session.delete(question.id)
        b.session.send("Q2")
        await b.ended()
        sent = [m.text for m in b.provider.requests[1].messages]
        b.session.restore(question.id)
        await b.session.close()

        assert sent == ["one", "Q2"]
        assert [m.text for m in b.session.conversation.path()] == ["Q1", "one", "Q2", "two"]

    asyncio.run(person())


def test_a_reply_that_is_being_written_cannot_be_deleted_or_asked_twice(bench: Makes) -> None:
    async def person() -> None:
        b = bench([TextDelta("Hel"), HANG])
        b.session.send("Hi")
        assert b.session.draft is not None

        with pytest.raises(SettingsError):
            b.session.delete(b.session.draft.message_id)
        with pytest.raises(SettingsError):
            b.session.send("more")
        await b.session.close()

        assert b.session.conversation.path()[0].text == "Hi"

    asyncio.run(person())
