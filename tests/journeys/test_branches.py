"""Versions, branches and undo, in the real window."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from desktop_chat.domain.blocks import Notice
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.messages import explain
from desktop_chat.ui.picker import Picker
from desktop_chat.ui.transcript.message.cards import action_word
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, Visit


def test_an_edited_question_gets_an_answer_of_its_own_and_the_old_one_stays(
    visit: Visit, provider: FakeProvider
) -> None:
    provider.says("To the first")
    provider.says("To the second")

    async def person(me: Person) -> None:
        await me.asks("first")
        me.panes.transcript.edit_committed.emit(me.path[0].id, "second")
        await me.is_answered()
        assert [m.text for m in me.path] == ["second", "To the second"]
        question = me.path[0].id
        assert len(me.session.conversation.versions(question)) == 2
        me.do(ActionId.MESSAGE_PREVIOUS_VERSION, question)
        assert [m.text for m in me.path] == ["first", "To the first"]
        me.do(ActionId.EDIT_UNDO)
        assert [m.text for m in me.path] == ["second", "To the second"]

    visit(person)


def test_a_deleted_conversation_comes_back_with_undo(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await me.asks("Remember this")
        conversation_id = me.session.conversation.id
        me.do(ActionId.CONVERSATION_TRASH)
        assert me.program.parts.library.row(conversation_id) is None
        assert me.window.toast.isVisible()
        me.do(ActionId.EDIT_UNDO)
        assert me.program.parts.library.row(conversation_id) is not None
        await me.until(lambda: me.session.conversation.id == conversation_id)

    visit(person)


def test_an_offer_to_undo_goes_once_it_is_taken_or_the_person_goes_on(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await me.asks("Hello")
        before = [message.id for message in me.path]
        me.do(ActionId.MESSAGE_DELETE)
        assert me.window.toast.text
        me.do(ActionId.EDIT_UNDO)
        assert not me.window.toast.text
        assert [message.id for message in me.path] == before
        me.do(ActionId.MESSAGE_DELETE)
        me.say("Next")
        assert not me.window.toast.text
        await me.is_answered()

    visit(person)


def test_the_map_goes_to_a_branch_that_is_not_shown(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await me.asks("Hello")
        first = me.path[-1].id
        me.do(ActionId.MESSAGE_REGENERATE, first)
        await me.until(lambda: not me.session.is_running and me.path[-1].id != first)
        me.panes.inspector.message_chosen.emit(first)
        assert me.path[-1].id == first
        assert me.panes.transcript.current_message_id == first
        assert me.program.actions[ActionId.EDIT_UNDO].text() == "Undo new version"

    visit(person)


def test_branching_a_conversation_opens_the_new_one_and_undo_goes_back(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await me.asks("Hello")
        old, question = me.session.conversation.id, me.path[0].id
        me.do(ActionId.MESSAGE_BRANCH, question)
        await me.until(lambda: me.session.conversation.id != old)
        assert [message.text for message in me.path] == ["Hello"]
        assert me.program.actions[ActionId.EDIT_UNDO].text() == "Undo branch"
        me.do(ActionId.EDIT_UNDO)
        await me.until(lambda: me.session.conversation.id == old)
        assert me.program.actions[ActionId.EDIT_REDO].text() == "Redo branch"

    visit(person)


def test_another_model_is_chosen_where_the_model_was_not_found(visit: Visit, provider: FakeProvider) -> None:
    provider.fails(404)
    provider.says("Found")

    async def person(me: Person) -> None:
        await me.asks("Hello?")
        failed = me.path[-1]
        (notice,) = [block for block in failed.blocks if isinstance(block, Notice)]
        first = explain(notice).actions[0]
        assert action_word(first) == "Choose a model"
        me.do(first, failed.id)
        (picker,) = me.window.findChildren(Picker)
        picker.field.setText("other-model")
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
        await me.sees("Found")
        await me.is_answered()
        assert me.path[-1].model == "other-model"
        assert me.session.model == "other-model"

    visit(person)


def test_a_question_can_be_edited_while_its_answer_is_written(visit: Visit, provider: FakeProvider) -> None:
    provider.says("Slow", " reply", waits=True)

    async def person(me: Person) -> None:
        me.say("first")
        await me.sees("Slow")
        editor, bar = me.panes.transcript.editor, me.panes.transcript.toolbar
        me.panes.transcript.reading.focus_row(0)
        offered = [one.accessibleName() for one in bar.findChildren(QToolButton) if one.isVisible()]
        assert offered == ["Copy", "Edit"]
        me.do(ActionId.MESSAGE_EDIT_LAST)
        assert editor.isVisible()
        editor.save()
        assert "still being written" in me.window.toast.text
        provider.go_on()
        await me.is_answered()
        assert editor.isVisible()

    visit(person)
