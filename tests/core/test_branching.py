"""A branch is a conversation of its own, and the one it comes from stays as it is."""

from dataclasses import replace

import pytest

from desktop_chat.core.library_history import LibraryAct
from desktop_chat.domain.codec import conversation_to_dict
from desktop_chat.domain.conversation import ConversationSettings
from desktop_chat.domain.message import Ended
from tests.adapters.sqlite.trees import question, reply, talk
from tests.core.conftest import HANG, says
from tests.core.homes import Home, Run, ended, titles, under_way


def test_a_branch_has_the_way_to_its_message_and_nothing_else(made_home: Home, run: Run) -> None:
    first = question("q")
    shown, other = reply("shown", first), reply("other", first)
    conversation = talk(first, shown, other, question("later", other), title="Talk")
    conversation.settings = ConversationSettings(model="model-b", system_prompt="Be brief.")
    conversation.tags = ("tag",)
    conversation.pinned = True

    async def play() -> None:
        await made_home.fill(conversation)
        before = conversation_to_dict(conversation)
        async with made_home.library() as library:
            session = await library.open(conversation.id)
            branch = await library.branch(session, shown.id)
            assert conversation_to_dict(session.conversation) == before
            assert titles(library) == ["Talk", "Talk (2)"]
            branch.send("go on")
            await ended(branch)
            assert conversation_to_dict(session.conversation) == before
        async with made_home.library() as library:
            copy = (await library.open(branch.conversation.id)).conversation
            assert [message.text for message in copy.path()] == ["q", "shown", "go on", "again"]
            assert (copy.settings, copy.tags, copy.pinned) == (conversation.settings, ("tag",), False)
            assert not set(copy.messages) & set(conversation.messages)
            old, new = conversation.messages[shown.id], copy.path()[1]
            assert replace(new, id=old.id, parent_id=old.parent_id) == old

    run(play())


def test_a_branch_is_undone_into_the_trash(made_home: Home, run: Run) -> None:
    first = question("q")
    conversation = talk(first)

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            branch = await library.branch(await library.open(conversation.id), first.id)
            assert library.undo_title == LibraryAct.BRANCH
            library.undo()
            assert [row.id for row in library.rows] == [conversation.id]
            assert [row.id for row in await library.trashed()] == [branch.conversation.id]
            library.redo()
            assert len(library.rows) == 2
            library.undo()
        async with made_home.library() as library:
            assert [row.id for row in await library.trashed()] == [branch.conversation.id]

    run(play())


def test_a_branch_of_a_reply_that_is_being_written_takes_what_came(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [[*says("so far")[:1], HANG]]

    async def play() -> None:
        async with made_home.library() as library:
            session = library.new()
            session.send("Hello")
            running = await under_way(session)
            branch = await library.branch(session, running)
            assert session.is_running
            assert not branch.is_running
            assert [message.text for message in branch.conversation.path()] == ["Hello", "so far"]
            assert branch.conversation.path()[-1].ended is Ended.STOPPED
            await library._saver.flush()
            other = Home(made_home.folder)
            async with other.library() as after_a_crash:
                path = (await after_a_crash.open(session.conversation.id)).conversation.path()
                assert (path[-1].text, path[-1].ended) == ("so far", Ended.INTERRUPTED)

    run(play())


@pytest.mark.parametrize(
    ("title", "taken", "expected"),
    [
        ("Talk", (), "Talk (2)"),
        ("Talk (2)", (), "Talk (3)"),
        ("Talk", ("Talk (2)", "Talk (3)"), "Talk (4)"),
        ("In (2026)", (), "In (2026) (2)"),
    ],
)
def test_a_branch_is_told_apart_by_a_number(
    made_home: Home, run: Run, title: str, taken: tuple[str, ...], expected: str
) -> None:
    first = question("q")
    conversation = talk(first, title=title)

    async def play() -> None:
        await made_home.fill(conversation, *(talk(question("q"), title=other) for other in taken))
        async with made_home.library() as library:
            branch = await library.branch(await library.open(conversation.id), first.id)
            assert branch.conversation.title == expected

    run(play())


def test_a_branch_of_a_deleted_message_has_it(made_home: Home, run: Run) -> None:
    first = question("q")
    second = reply("a", first)
    conversation = talk(first, second)
    conversation.delete(first.id)
    conversation.delete(second.id)

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            branch = await library.branch(await library.open(conversation.id), second.id)
            assert [message.text for message in branch.conversation.path()] == ["a"]

    run(play())
