"""Order in the library, as a person keeps it with the real window."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.ui.actions.ids import ActionId
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, Visit

key = Qt.Key


async def talk(me: Person, *questions: str) -> list[ConversationId]:
    """A conversation for each question."""
    made = []
    for question in questions:
        me.do(ActionId.CONVERSATION_NEW)
        await me.asks(question)
        made.append(me.session.conversation.id)
    return made


def test_a_new_folder_takes_the_selection_and_is_named_at_once(visit: Visit) -> None:
    async def person(me: Person) -> None:
        ids = await talk(me, "one", "two", "three")
        library, sidebar = me.program.parts.library, me.panes.sidebar
        sidebar.wishes.folder_asked.emit(None, ids[:2])
        editor = sidebar._pane.list.viewport().findChild(QLineEdit)
        assert editor is not None
        editor.setText("Numbers")
        QTest.keyClick(editor, key.Key_Return)
        await me.until(lambda: library.folders[0].name != "New folder")
        assert [folder.name for folder in library.folders] == ["Numbers"]
        assert {row.id for row in library.rows if row.folder_id} == set(ids[:2])
        sidebar._pane.list.setFocus()
        for _ in range(3):
            me.do(ActionId.EDIT_UNDO)
        assert library.folders == ()
        assert not any(row.folder_id for row in library.rows)

    visit(person)


def test_what_is_archived_or_moved_can_be_taken_back_in_the_toast(visit: Visit) -> None:
    async def person(me: Person) -> None:
        ids = await talk(me, "one", "two")
        library, wishes, toast = me.program.parts.library, me.panes.sidebar.wishes, me.window.toast
        wishes.archive_asked.emit(ids, True)
        assert toast.text == "2 conversations archived"
        toast._button.click()
        assert not any(row.archived for row in library.rows)
        folder = library.add_folder("Work")
        wishes.move_asked.emit(ids[:1], folder)
        assert toast.text == "Moved to “Work”"
        toast._button.click()
        assert not any(row.folder_id for row in library.rows)

    visit(person)


def test_nothing_is_offered_to_be_taken_back_where_nothing_was_done(visit: Visit) -> None:
    async def person(me: Person) -> None:
        ids = await talk(me, "one", "two")
        library, wishes, toast = me.program.parts.library, me.panes.sidebar.wishes, me.window.toast
        folder = library.add_folder("Work")
        wishes.move_asked.emit(ids, None)
        wishes.archive_asked.emit(ids, False)
        assert toast.isHidden()
        wishes.move_asked.emit(ids[:1], folder)
        wishes.move_asked.emit(ids, folder)
        assert toast.text == "Moved to “Work”"
        # The move is taken back elsewhere; the toast of it must not take back the one before.
        library.undo()
        toast._button.click()
        assert [row.id for row in library.rows if row.folder_id] == ids[:1]

    visit(person)


def test_the_trash_gives_back_and_opens_what_was_deleted(visit: Visit) -> None:
    async def person(me: Person) -> None:
        first, second = await talk(me, "one", "two")
        library, wishes = me.program.parts.library, me.panes.sidebar.wishes
        wishes.trash_asked.emit([second])
        await me.until(lambda: me.session.conversation.id == first)
        assert [row.id for row in await library.trashed()] == [second]
        wishes.restore_asked.emit([second])
        assert library.row(second) is not None
        me.window.toast._button.click()
        await me.until(lambda: me.session.conversation.id == second)

    visit(person)


def test_a_conversation_can_be_begun_in_a_folder(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await talk(me, "one")
        folder = me.program.parts.library.add_folder("Work")
        me.panes.sidebar.wishes.new_in_folder_asked.emit(folder)
        await me.asks("inside")
        row = me.program.parts.library.row(me.session.conversation.id)
        assert row is not None
        assert row.folder_id == folder

    visit(person)


def test_what_a_search_found_is_shown_on_its_branch_and_marked(visit: Visit, provider: FakeProvider) -> None:
    async def person(me: Person) -> None:
        provider.says("About walruses.")
        (first,) = await talk(me, "zebra question")
        me.program.handlers.turns.edit(me.path[0].id, "another question")
        await me.is_answered()
        await talk(me, "two")
        sidebar = me.panes.sidebar
        me.do(ActionId.CONVERSATION_SEARCH)
        found = asyncio.Event()
        sidebar._results._model.modelReset.connect(found.set)
        QTest.keyClicks(sidebar._field, "zebra question")
        await found.wait()
        QTest.keyClick(sidebar._field, key.Key_F3)
        await me.until(lambda: me.session.conversation.id == first)
        assert me.path[0].blocks[0].text == "zebra question"  # type: ignore[union-attr]
        assert me.panes.transcript.finding.is_open
        keyboard = me.window.focusWidget()
        assert keyboard is sidebar._field
        QTest.keyClick(sidebar._field, key.Key_Escape)
        await me.until(lambda: me.session.conversation.id != first)
        assert not me.panes.transcript.finding.is_open

    visit(person)


def test_escape_goes_back_to_the_branch_and_the_place_from_what_was_only_looked_at(
    visit: Visit, provider: FakeProvider
) -> None:
    async def person(me: Person) -> None:
        provider.says("\n\n".join(f"Paragraph {n}." for n in range(200)))
        await talk(me, "zebra question")
        me.program.handlers.turns.edit(me.path[0].id, "another question")
        await me.is_answered()
        me.do(ActionId.CONVERSATION_SEARCH)
        sidebar, transcript = me.panes.sidebar, me.panes.transcript
        transcript.flusher.flush_now()
        transcript.move_to(900)
        assert transcript.column is not None
        path, place = me.path, transcript.column.anchor()
        found = asyncio.Event()
        sidebar._results._model.modelReset.connect(found.set)
        QTest.keyClicks(sidebar._field, "zebra question")
        await found.wait()
        QTest.keyClick(sidebar._field, key.Key_F3)
        assert me.path[0].blocks[0].text == "zebra question"  # type: ignore[union-attr]
        QTest.keyClick(sidebar._field, key.Key_Escape)
        assert me.path == path
        assert transcript.column.anchor() == place

    visit(person)


def test_next_and_previous_follow_the_list_of_the_sidebar(visit: Visit) -> None:
    async def person(me: Person) -> None:
        one, two, three, four = await talk(me, "one", "two", "three", "four")
        library, seen = me.program.parts.library, []
        work, hidden = library.add_folder("Work"), library.add_folder("Hidden")
        library.move([three], work)
        library.move([four], hidden)
        library.pin([one], True)
        me.panes.sidebar.arrange(sort="changed", collapsed=[hidden])
        assert me.session.conversation.id == four
        steps = [ActionId.CONVERSATION_PREVIOUS] * 2 + [ActionId.CONVERSATION_NEXT] * 2
        for action in steps:
            before = me.session.conversation.id
            me.do(action)
            await me.until(lambda before=before: me.session.conversation.id != before)  # type: ignore[misc]
            seen.append(me.session.conversation.id)
        assert seen == [three, one, three, two]

    visit(person)


def test_folders_and_sorting_are_as_they_were_after_a_restart(visit: Visit) -> None:
    async def leaves(me: Person) -> FolderId:
        await talk(me, "one")
        folder = me.program.parts.library.add_folder("Work")
        me.panes.sidebar.arrange(sort="title", collapsed=[folder])
        return folder

    async def returns(me: Person) -> tuple[str, list[str]]:
        return me.panes.sidebar.sort, me.panes.sidebar.collapsed

    folder = visit(leaves)

    assert visit(returns) == ("title", [folder])


def test_whoever_deletes_in_the_list_goes_on_in_the_list(visit: Visit) -> None:
    async def person(me: Person) -> None:
        first, second, third = await talk(me, "one", "two", "three")
        listed, library = me.panes.sidebar._pane.list, me.program.parts.library
        listed.setFocus()
        me.panes.sidebar.show_current(third)
        QTest.keyClick(listed, key.Key_Delete)
        await me.until(lambda: me.session.conversation.id == second)
        assert me.window.focusWidget() is listed
        QTest.keyClick(listed, key.Key_Delete)
        await me.until(lambda: me.session.conversation.id == first)
        me.do(ActionId.EDIT_UNDO)
        await me.until(lambda: me.session.conversation.id == second)
        assert me.window.focusWidget() is listed
        me.do(ActionId.EDIT_REDO)
        assert library.row(second) is None

    visit(person)


def test_a_new_conversation_is_in_sight_in_a_list_that_was_scrolled(visit: Visit) -> None:
    async def person(me: Person) -> None:
        me.window.resize(1000, 400)
        await talk(me, *"abcdefghij")
        listed = me.panes.sidebar._pane.list
        listed.verticalScrollBar().setValue(listed.verticalScrollBar().maximum())
        assert listed.verticalScrollBar().maximum() > 0

        me.do(ActionId.CONVERSATION_NEW)
        await me.asks("new")

        index = me.panes.sidebar._pane.model.index_of(me.session.conversation.id)
        assert listed.viewport().rect().contains(listed.visualRect(index))
        assert listed.selected_ids == [me.session.conversation.id]

    visit(person)
