"""The field in which a message is edited, and that nothing typed there is lost."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.core.ports import Unsent
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import PathChanged
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession


def test_asking_to_edit_again_keeps_what_was_typed(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    other = session.asks("other text")
    view = make_view(session)

    view.edit(question.id)
    view.editor._field.setPlainText("half a sentence")
    view.edit(question.id)
    view.edit(other.id)

    assert (view.editor.message_id, view.editor.text) == (question.id, "half a sentence")


def test_the_field_leaves_the_page_with_its_message(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    view = make_view(session)
    view.edit(question.id)
    page = QRect(0, 0, 600, 400)

    view.editor.place(QRect(20, -500, 560, 60), page)

    assert not view.editor.geometry().intersects(page)


def test_the_field_is_whole_while_its_message_is_in_sight(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    view = make_view(session)
    view.edit(question.id)
    page = QRect(0, 0, 600, 400)

    view.editor.place(QRect(20, 380, 560, 60), page)

    assert page.contains(view.editor.geometry())


def test_a_message_without_words_cannot_be_saved(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    view.edit(session.asks("old text").id)
    seen = [view.editor._save.isEnabled()]

    for text in ("", " \n\t", "\n\nnew"):
        view.editor._field.setPlainText(text)
        seen.append(view.editor._save.isEnabled())

    assert seen == [True, False, False, True]


def test_the_field_covers_nothing_of_what_follows(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("short")
    session.replies(Text("The answer below it."))
    view = make_view(session)
    view.edit(question.id)
    view.grab()

    for text in ("short", "long\n" * 12, "short again"):
        view.editor._field.setPlainText(text)
        view.flusher.flush_now()
        assert view.column is not None
        assert view.editor.geometry().bottom() <= view.reading.places.message_rect(1).top()


def test_the_message_is_as_tall_as_before_when_the_field_is_closed(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("short")
    session.replies(Text("The answer below it."))
    view = make_view(session)
    assert view.column is not None
    before = view.column.total

    view.edit(question.id)
    assert view.column.total > before
    view.editor.cancel()

    assert view.column.total == before


def test_the_field_lies_on_its_message_after_a_glide(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    question = session.asks("short")
    session.replies(Text("word\n\n" * 200))
    view = make_view(session)
    view.edit(question.id)
    view.move_to(40)

    view.glide.to(0)
    qtbot.waitUntil(lambda: view.column is not None and view.column.scroll_y == 0)

    assert view.editor.geometry().top() == view.reading.places.message_rect(0).top()


@pytest.mark.parametrize("lines", [1, 4, 8])
def test_all_of_a_short_message_is_in_sight(
    make_view: MakeView, session: ToldSession, qtbot: QtBot, lines: int
) -> None:
    question = session.asks("\n".join(f"line {n}" for n in range(lines)))
    session.replies(Text("word\n\n" * 20))
    view = make_view(session)

    view.edit(question.id)
    bar = view.editor._field.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)

    assert bar.value() == 0


def test_what_was_typed_stays_with_its_conversation(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    session.replies(Text("The answer below it."))
    view = make_view(session)
    view.edit(question.id)
    view.editor._field.insertPlainText(" and 🌍 more")

    view.show_session(ToldSession())
    assert not view.editor.isVisible()
    view.show_session(session)

    assert session.edits == {question.id: Unsent("old text and 🌍 more", 19)}
    assert view.editor.isVisible()
    assert (view.editor.text, view.editor.position) == ("old text and 🌍 more", 19)
    assert not view.editor.has_keyboard
    assert view.editor.geometry().bottom() <= view.reading.places.message_rect(1).top()


def test_what_is_typed_is_handed_on_soon(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    question = session.asks("old text")
    view = make_view(session)
    view.edit(question.id)

    QTest.keyClicks(view.editor._field, "!")
    qtbot.waitUntil(lambda: bool(session.edits))
    assert session.edits == {question.id: Unsent("old text!", 9)}

    QTest.keyClick(view.editor._field, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: not session.edits)


def test_a_message_that_is_opened_and_left_as_it_is_is_not_begun(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old\r\ntext")
    other = session.asks("other")
    view = make_view(session)

    view.edit(question.id)
    view.edit(other.id)
    assert view.editor.message_id == other.id
    view.show_session(None)

    assert session.edits == {}


def test_another_reply_leaves_the_editor_open(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    first = session.replies(Text("First answer."))
    view = make_view(session)
    view.activateWindow()
    view.edit(question.id)
    QTest.keyClicks(view.editor._field, " and more")

    session.conversation.delete(first.id)
    session.changes.publish(PathChanged(question.id))
    session.begins()

    assert (view.editor.message_id, view.editor.text) == (question.id, "old text and more")
    assert view.editor.isVisible()
    assert view.editor.has_keyboard


def test_a_message_that_goes_takes_its_editor_along_and_brings_it_back(
    make_view: MakeView, session: ToldSession
) -> None:
    session.asks("before")
    question = session.asks("old text")
    view = make_view(session)
    view.edit(question.id)
    QTest.keyClicks(view.editor._field, " and more")

    session.conversation.delete(question.id)
    session.changes.publish(PathChanged(None))
    assert not view.editor.isVisible()
    session.conversation.restore(question.id)
    session.changes.publish(PathChanged(None))

    assert view.editor.isVisible()
    assert view.editor.text == "old text and more"


def test_escape_drops_it_and_undo_in_the_field_brings_it_back(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    view = make_view(session)
    dropped: list[tuple[str, str, int]] = []
    view.edit_dropped.connect(lambda *of: dropped.append(of))
    view.edit(question.id)
    QTest.keyClicks(view.editor._field, " and more")
    view.reading.editing.keep_now()

    QTest.keyClick(view.editor._field, Qt.Key.Key_Escape)

    assert not view.editor.isVisible()
    assert session.edits == {}
    assert dropped == [(question.id, "old text and more", 17)]
    view.edit(question.id)
    assert view.editor.text == "old text"
    view.editor._field.undo()
    assert view.editor.text == "old text and more"


def test_a_refused_version_stays_in_the_field(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    view = make_view(session)
    view.edit(question.id)
    QTest.keyClicks(view.editor._field, " and more")

    QTest.keyClick(view.editor._field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert view.editor.isVisible()
    assert session.edits == {question.id: Unsent("old text and more", 17)}


@pytest.mark.parametrize(
    ("send_key", "modifier", "is_sent"),
    [
        ("enter", Qt.KeyboardModifier.NoModifier, True),
        ("enter", Qt.KeyboardModifier.ShiftModifier, False),
        ("enter", Qt.KeyboardModifier.ControlModifier, True),
        ("ctrl_enter", Qt.KeyboardModifier.NoModifier, False),
        ("ctrl_enter", Qt.KeyboardModifier.ControlModifier, True),
    ],
)
def test_the_key_that_sends_a_message_saves_it_here(
    make_view: MakeView, session: ToldSession, send_key: str, modifier: Qt.KeyboardModifier, is_sent: bool
) -> None:
    question = session.asks("text")
    view = make_view(session)
    sent: list[str] = []
    view.edit_committed.connect(lambda _, text: sent.append(text))
    view.editor.take_send_key(send_key)
    view.edit(question.id)

    QTest.keyClick(view.editor._field, Qt.Key.Key_Return, modifier)

    assert sent == (["text"] if is_sent else [])
    assert view.editor.text == ("text" if is_sent else "text\n")
    assert view.editor._hint.text().startswith("Ctrl+Enter" if send_key == "ctrl_enter" else "Enter")


MUCH = "a line of a paste\n" * 60_000 + "the end"


def test_a_huge_message_comes_into_the_field_bit_by_bit(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    question = session.asks(MUCH)
    view = make_view(session)

    view.edit(question.id)
    field = view.editor._field

    assert len(field.toPlainText()) < len(MUCH)
    assert (view.editor.text, view.editor.is_changed) == (MUCH, False)
    qtbot.waitUntil(lambda: not field.filled_with)
    assert (view.editor.text, view.editor.is_changed) == (MUCH, False)
    assert not field.document().isUndoAvailable()


def test_what_is_typed_before_all_of_a_huge_message_is_there_goes_to_its_end(
    make_view: MakeView, session: ToldSession
) -> None:
    question = session.asks(MUCH)
    view = make_view(session)

    view.edit(question.id)
    QTest.keyClicks(view.editor._field, "!")

    assert view.editor.text == MUCH + "!"
    assert view.editor.is_changed


def test_the_field_has_the_keyboard_before_it_is_filled(make_view: MakeView, session: ToldSession) -> None:
    """A screen reader that hears of the cursor of a field first does not say which field it is."""
    question = session.asks("old text")
    view = make_view(session)
    had_keyboard: list[bool] = []
    view.editor._field.document().contentsChange.connect(lambda *_: had_keyboard.append(view.editor.has_keyboard))

    view.edit(question.id)

    assert had_keyboard
    assert all(had_keyboard)
