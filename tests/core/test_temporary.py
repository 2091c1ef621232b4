"""Temporary conversations leave nothing on disk until they are kept."""

import asyncio
from pathlib import Path

from desktop_chat.core.library import Library
from desktop_chat.core.ports import Unsent
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import ConversationUnlisted
from desktop_chat.domain.message import Ended
from tests.adapters.sqlite.trees import question, talk
from tests.core.conftest import HANG, says
from tests.core.homes import Home, Run, ended, titles, under_way

SECRET = "zebrasecret"


def traces(folder: Path) -> list[str]:
    """Files in which the secret stands."""
    return [file.name for file in folder.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()]


async def begun(library: Library, *, temporary: bool = True) -> Session:
    """A conversation whose reply is being written and has begun."""
    session = library.new(temporary=temporary)
    session.send(f"{SECRET} question")
    await under_way(session)
    return session


def test_a_temporary_conversation_is_listed_and_never_written(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [says(f"{SECRET} answer"), says(f"{SECRET} again")]

    async def play() -> None:
        async with made_home.library() as library:
            session = library.new(temporary=True)
            assert session.is_temporary
            assert library.rows == []
            session.keep_unsent(f"{SECRET} half", 3)
            session.edit_settings(system_prompt=SECRET)
            session.send(f"{SECRET} question")
            await ended(session)
            session.regenerate(session.conversation.path()[-1].id)
            await ended(session)
            session.keep_edit(session.conversation.path()[0].id, f"{SECRET} begun", 3)
            session.rename(f"{SECRET} title")
            library.pin([session.conversation.id], True)
            library.tag([session.conversation.id], "tag", True)
            library.move([session.conversation.id], library.add_folder("Folder"))
            library.release(session)
            assert [row.is_temporary for row in library.rows] == [True]
            assert await library.open(session.conversation.id) is session
            await library._saver.flush()
            assert library._saver.waiting == 0
            assert await library.search(SECRET) == []
        async with made_home.library() as library:
            assert library.rows == []
            assert [folder.name for folder in library.folders] == ["Folder"]

    run(play())
    assert traces(made_home.folder) == []


def test_a_temporary_conversation_that_runs_leaves_no_journal(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [[*says(f"{SECRET} answer")[:1], HANG]]

    async def play() -> None:
        async with made_home.library() as library:
            await begun(library)
            await library._saver.flush()

    run(play())
    assert traces(made_home.folder) == []


def test_a_kept_conversation_is_written_with_all_that_was_done_to_it(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [says("answer"), says("another")]

    async def play() -> None:
        async with made_home.library() as library:
            session = library.new(temporary=True)
            session.send(f"{SECRET} question")
            await ended(session)
            session.regenerate(session.conversation.path()[-1].id)
            await ended(session)
            folder = library.add_folder("Folder")
            library.move([session.conversation.id], folder)
            library.tag([session.conversation.id], "tag", True)
            session.keep_unsent("half", 3)
            asked = session.conversation.path()[0].id
            session.keep_edit(asked, "begun", 5)
            library.keep(session.conversation.id)
            library.keep(session.conversation.id)
            assert not session.is_temporary
            assert not library.rows[0].is_temporary
            kept = session.conversation
        async with made_home.library() as library:
            (row,) = library.rows
            assert (row.folder_id, row.tags) == (folder, ("tag",))
            again = await library.open(row.id)
            assert again.conversation == kept
            assert again.unsent is not None
            assert again.unsent.text == "half"
            assert again.edits == {asked: Unsent("begun", 5)}

    run(play())


def test_a_reply_that_runs_when_its_conversation_is_kept_survives_a_crash(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [[*says("so far", " and more")[:2], HANG]]

    async def play() -> None:
        async with made_home.library() as library:
            session = await begun(library)
            library.keep(session.conversation.id)
            while session.draft is None or "more" not in session.draft.message().text:
                await asyncio.sleep(0)
            await library._saver.flush()
            other = Home(made_home.folder)
            async with other.library() as after_a_crash:
                (row,) = after_a_crash.rows
                path = (await after_a_crash.open(row.id)).conversation.path()
                assert [message.text for message in path] == [f"{SECRET} question", "so far and more"]
                assert path[-1].ended is Ended.INTERRUPTED

    run(play())


def test_what_was_undone_before_a_conversation_was_kept_can_be_redone_after(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            session = library.new(temporary=True)
            session.send("question")
            await ended(session)
            library.rename(session.conversation.id, "Mine")
            library.undo()
            library.keep(session.conversation.id)
            library.redo()
        async with made_home.library() as library:
            assert titles(library) == ["Mine"]

    run(play())


def test_a_temporary_conversation_in_the_trash_comes_back_by_undo_alone(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            session = library.new(temporary=True)
            session.send("question")
            await ended(session)
            library.release(session)
            library.trash([session.conversation.id])
            assert await library.trashed() == []
            for _ in range(8):
                other = library.new()
                other.send("other")
                await ended(other)
                library.release(other)
            library.undo()
            assert await library.open(session.conversation.id) is session
        assert ConversationUnlisted(session.conversation.id) in made_home.heard

    run(play())


def test_text_typed_into_a_new_conversation_stays_out_of_a_temporary_one(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            session = library.new()
            session.keep_unsent("half a thought", 4)
            library.release(session)
            temporary = library.new(temporary=True)
            assert temporary is not session
            temporary.keep_unsent(SECRET, 4)
            library.release(temporary)
            assert library.new() is session
            assert library.new(temporary=True) is temporary

    run(play())
    assert traces(made_home.folder) == []


def test_a_branch_of_a_temporary_conversation_is_temporary(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            session = library.new(temporary=True)
            session.send(f"{SECRET} question")
            await ended(session)
            branch = await library.branch(session, session.conversation.path()[-1].id)
            assert branch.is_temporary
            assert all(row.is_temporary for row in library.rows)

    run(play())
    assert traces(made_home.folder) == []


def test_a_temporary_conversation_leaves_the_others_alone(made_home: Home, run: Run) -> None:
    kept = talk(question("q"), title="Kept")

    async def play() -> None:
        await made_home.fill(kept)
        async with made_home.library() as library:
            session = library.new(temporary=True)
            session.send(f"{SECRET} question")
            await ended(session)
            ids = [kept.id, session.conversation.id]
            library.tag(ids, "both", True)
            library.archive(ids, True)
        async with made_home.library() as library:
            assert [(row.tags, row.archived) for row in library.rows] == [(("both",), True)]

    run(play())
    assert traces(made_home.folder) == []
