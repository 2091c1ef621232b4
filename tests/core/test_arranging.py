"""How a person puts the library in order, over a real store."""

import pytest

from desktop_chat.core.library_history import LibraryAct
from desktop_chat.core.listing import MANY
from desktop_chat.domain.changes import (
    ConversationEdited,
    ConversationListed,
    FoldersChanged,
    LibraryLoaded,
    TrashChanged,
)
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.folder import NamedFolder
from desktop_chat.domain.ids import ConversationId, FolderId
from tests.core.conftest import says
from tests.core.homes import Home, Run, ended, titles
from tests.core.shelves import row, some


def test_what_a_person_arranges_lasts(made_home: Home, run: Run) -> None:
    first, second, third = some()

    async def play() -> None:
        await made_home.fill(first, second, third)
        async with made_home.library() as library:
            work = library.add_folder("Work")
            inner = library.add_folder("Inner", work)
            library.move([first.id, second.id], inner)
            library.tag([first.id, third.id], "later", True)
            library.tag([first.id], "Urgent", True)
            library.archive([second.id], True)
            library.pin([third.id], True)
            library.trash([third.id])
        async with made_home.library() as library:
            assert [(folder.name, folder.parent_id) for folder in library.folders] == [("Work", None), ("Inner", work)]
            assert row(library, first).folder_id == row(library, second).folder_id == inner
            assert (row(library, first).tags, row(library, second).archived) == (("later", "Urgent"), True)
            assert library.tags == ("later", "Urgent")
            assert [(one.id, one.pinned, one.tags) for one in await library.trashed()] == [(third.id, True, ("later",))]
            session = await library.open(first.id)
            assert (session.conversation.folder_id, session.conversation.tags) == (inner, ("later", "Urgent"))

    run(play())


def test_an_import_is_undone_into_the_trash(made_home: Home, run: Run) -> None:
    conversations = some(5)
    ids = [conversation.id for conversation in conversations]

    async def play() -> None:
        await made_home.fill(*conversations)
        async with made_home.library() as library:
            library.note_import(ids[1:])
            assert library.undo_title == LibraryAct.IMPORT
            library.undo()
            assert [row.id for row in library.rows] == ids[:1]
            assert {row.id for row in await library.trashed()} == set(ids[1:])
            library.redo()
            assert {row.id for row in library.rows} == set(ids)

    run(play())


def test_a_bulk_change_is_one_step(made_home: Home, run: Run) -> None:
    conversations = some(5)
    ids = [conversation.id for conversation in conversations]

    async def play() -> None:
        await made_home.fill(*conversations)
        async with made_home.library() as library:
            library.archive(ids, True)
            library.trash(ids)
            assert library.undo_title == LibraryAct.TRASH
            before = library.steps
            library.undo()
            assert library.steps != before
            assert [one.archived for one in library.rows] == [True] * 5
            assert (library.undo_title, library.redo_title) == (LibraryAct.ARCHIVE, LibraryAct.TRASH)
            library.undo()
            assert [one.archived for one in library.rows] == [False] * 5
            assert not library.can_undo
            library.redo()
            library.redo()
            assert library.rows == []
            assert not library.can_redo
        async with made_home.library() as library:
            assert {one.id for one in await library.trashed()} == set(ids)

    run(play())


def test_what_changes_nothing_is_no_step(made_home: Home, run: Run) -> None:
    (conversation,) = some(1)

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            ids = [conversation.id, ConversationId("nobody")]
            folder = library.add_folder("Folder")
            library.undo()
            library.pin(ids, False)
            library.archive(ids, False)
            library.tag(ids, "absent", False)
            library.tag(ids, " \x00 ", True)
            library.move(ids, None)
            library.move(ids, folder)
            library.restore(ids)
            library.trash([])
            library.rename(conversation.id, " ")
            library.rename(conversation.id, "0")
            library.rename_folder(folder, "Other")
            library.move_folder(folder, None, 1)
            library.remove_folder(folder)
            assert not library.can_undo
            assert library.redo_title == LibraryAct.ADD_FOLDER

    run(play())


def test_a_removed_folder_leaves_its_conversations_in_its_parent(made_home: Home, run: Run) -> None:
    first, second, third = some()

    async def play() -> None:
        await made_home.fill(first, second, third)
        async with made_home.library() as library:
            outer = library.add_folder("Outer")
            inner = library.add_folder("Inner", outer)
            library.move([first.id, third.id], inner)
            library.move([second.id], outer)
            library.trash([third.id])
            library.remove_folder(inner)
            assert row(library, first).folder_id == row(library, second).folder_id == outer
            library.remove_folder(outer)
            assert row(library, first).folder_id is None
            library.undo()
            library.undo()
            assert (row(library, first).folder_id, row(library, second).folder_id) == (inner, outer)
            library.restore([third.id])
            assert row(library, third).folder_id == inner
            library.trash([third.id])
            library.remove_folder(inner)
        async with made_home.library() as library:
            assert row(library, first).folder_id == outer
            library.restore([third.id])
            assert row(library, third).folder_id is None

    run(play())


def test_a_folder_that_is_undone_leaves_what_was_begun_in_it(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            folder = library.add_folder("Folder")
            session = library.new(folder_id=folder)
            session.send("Hello")
            await ended(session)
            conversation = session.conversation
            assert row(library, conversation).folder_id == folder
            library.undo()
            assert row(library, conversation).folder_id is None
            assert conversation.folder_id is None
            library.redo()
            assert row(library, conversation).folder_id == folder
        async with made_home.library() as library:
            assert row(library, conversation).folder_id == folder

    run(play())


def test_a_folder_needs_a_name_that_can_be_read(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            with pytest.raises(SettingsError):
                library.add_folder(" \n\x1b ")
            library.add_folder("a\x02b\u202e\n c\ud83d" + "x" * 1000)
            assert library.folders[0].name.startswith("a b c\ufffdx")
            assert len(library.folders[0].name) == 200
        async with made_home.library() as library:
            assert library.folders[0].name.startswith("a b c\ufffdx")

    run(play())


def test_a_tag_is_the_same_in_upper_and_lower_case(made_home: Home, run: Run) -> None:
    first, second, _ = some()

    async def play() -> None:
        await made_home.fill(first, second)
        async with made_home.library() as library:
            library.tag([first.id], "Straße", True)
            library.tag([first.id, second.id], "STRASSE", True)
            assert (library.tags, row(library, second).tags) == (("Straße",), ("Straße",))
            library.tag([first.id, second.id], "strasse", False)
            assert library.tags == ()

    run(play())


def test_an_open_conversation_hears_where_it_stands(made_home: Home, run: Run) -> None:
    (conversation,) = some(1)

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            session = await library.open(conversation.id)
            heard: list[object] = []
            session.changes.subscribe(heard.append)
            library.rename(conversation.id, "Better")
            library.pin([conversation.id], True)
            assert (session.conversation.title, session.conversation.pinned) == ("Better", True)
            assert heard == [ConversationEdited()] * 2
            library.undo()
            library.undo()
            assert (session.conversation.title, session.conversation.titled_by_person) == ("0", False)

    run(play())


def test_a_title_that_is_typed_above_the_conversation_is_a_step_too(made_home: Home, run: Run) -> None:
    (conversation,) = some(1)

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            session = await library.open(conversation.id)
            session.rename("Mine\x00")
            session.edit_settings(model="other")
            assert titles(library) == ["Mine"]
            assert library.undo_title == LibraryAct.RENAME
            library.undo()
            assert titles(library) == ["0"]
        async with made_home.library() as library:
            assert titles(library) == ["0"]

    run(play())


def test_many_rows_at_once_are_told_as_a_list_that_was_read_anew(made_home: Home, run: Run) -> None:
    conversations = some(MANY + 1)

    async def play() -> None:
        await made_home.fill(*conversations)
        async with made_home.library() as library:
            made_home.heard.clear()
            library.tag([conversation.id for conversation in conversations], "all", True)
            assert made_home.heard == [LibraryLoaded()]
            made_home.heard.clear()
            library.trash([conversation.id for conversation in conversations])
            assert made_home.heard == [LibraryLoaded(), TrashChanged()]
            assert (library.rows, library.tags, library.position(conversations[0].id)) == ([], (), None)
            library.undo()
            assert [library.position(one.id) for one in library.rows] == list(range(MANY + 1))

    run(play())


def test_folders_are_told_before_the_rows_that_move_with_them(made_home: Home, run: Run) -> None:
    (conversation,) = some(1)

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            folder = library.add_folder("Folder")
            library.move([conversation.id], folder)
            made_home.heard.clear()
            library.remove_folder(folder)
            assert made_home.heard == [FoldersChanged(), ConversationListed(conversation.id)]

    run(play())


def test_moving_a_folder_below_itself_changes_nothing(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            outer = library.add_folder("Outer")
            inner = library.add_folder("Inner", outer)
            before = library.folders
            library.move_folder(outer, inner, 0)
            library.move_folder(outer, outer, 0)
            library.move_folder(FolderId("none"), None, 0)
            assert library.folders == before
            assert library.undo_title == LibraryAct.ADD_FOLDER

    run(play())


def test_unread_marks_outlive_the_program(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [says("Hi")]

    async def play() -> None:
        async with made_home.library() as library:
            session = library.new()
            session.send("Hello")
            library.release(session)
            await ended(session)
        async with made_home.library() as library:
            assert library.rows[0].is_unread
            await library.open(library.rows[0].id)
        async with made_home.library() as library:
            assert not library.rows[0].is_unread

    run(play())


def test_folders_that_come_with_conversations_are_made_where_they_are_missing(made_home: Home, run: Run) -> None:
    (here,) = some(1)
    new = ConversationId("new")
    path = [NamedFolder(FolderId("a"), "A"), NamedFolder(FolderId("b"), "B", FolderId("a"))]

    async def play() -> None:
        await made_home.fill(here)
        async with made_home.library() as library:
            own = library.add_folder("Own")
            library.remove_folder(own)
            await library.take_folders({here.id: path})
            assert library.folders == ()
            await library.take_folders({new: path})
            await library.take_folders({new: [NamedFolder(FolderId("a"), "Other name")]})
            assert [(one.name, one.parent_id) for one in library.folders] == [("A", None), ("B", "a")]
            library.undo()
            assert [one.name for one in library.folders] == ["Own", "A", "B"]
            library.undo()
            assert [one.name for one in library.folders] == ["A", "B"]
            library.redo()
            library.redo()
            assert [one.name for one in library.folders] == ["A", "B"]
        async with made_home.library() as library:
            assert [(one.name, one.parent_id) for one in library.folders] == [("A", None), ("B", "a")]

    run(play())
