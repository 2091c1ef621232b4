"""The page as a reader meets it."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import ConversationEdited, PathChanged
from desktop_chat.domain.events import ReasoningDelta, TextDelta
from desktop_chat.domain.ids import new_message_id
from desktop_chat.ui.transcript.boxes.card import ButtonsBox, LineBox
from desktop_chat.ui.transcript.message.message import MessageItem
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import LONG, RICH, click, spots, words
from tests.ui.transcript.told import ToldSession


def shape(item: MessageItem) -> list[tuple[str, str, float]]:
    """Kind, text and height of every box, laid out."""
    for index in range(len(item.boxes)):
        item.lay_out(index)
    return [(type(b).__name__, b.spoken if isinstance(b, LineBox) else b.text, b.height) for b in item.boxes]


def test_an_empty_conversation_is_a_quiet_page(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)

    assert view.verticalScrollBar().maximum() == 0


def test_a_page_without_a_session_is_blank(make_view: MakeView) -> None:
    assert make_view(None).column is None


def test_streaming_shows_the_same_boxes_as_opening(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.asks("hi")
    session.begins()
    session.says(ReasoningDelta("Hm, "))
    session.says(ReasoningDelta("well."))
    for at in range(0, len(RICH), 3):
        session.says(TextDelta(RICH[at : at + 3]))
        view.flush()
    session.ends()
    view.flush()
    assert view.column is not None
    streamed = shape(view.column.item(1))

    view.show_session(session)

    assert view.column is not None
    assert shape(view.column.item(1)) == streamed


def test_settled_boxes_stay_the_same_objects_while_text_arrives(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.begins()
    session.says(TextDelta("First.\n\nSecond.\n\nThird"))
    view.flush()
    assert view.column is not None
    before = view.column.item(0).boxes[1:3]

    session.says(TextDelta(" goes on.\n\nFourth"))
    view.flush()

    after = view.column.item(0).boxes[1:3]
    assert all(a is b for a, b in zip(before, after, strict=True))


def test_only_what_is_near_the_window_is_built(make_view: MakeView, session: ToldSession) -> None:
    for n in range(500):
        session.asks(f"Question {n}")
        session.replies(Text(RICH))

    view = make_view(session)

    assert view.column is not None
    assert len(view.column.live_items) < 10


def test_another_version_takes_the_place_of_the_old_one(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("hi")
    old = session.replies(Text("old answer"))
    session.conversation.add(replace(old, id=new_message_id(), blocks=(Text("new answer"),)))
    view = make_view(session)
    assert "new answer" in words(view)

    session.chooses(old.id, question.id)

    assert "old answer" in words(view)
    assert "new answer" not in words(view)


def test_the_keyboard_stays_with_the_message_whose_version_changes(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("hi")
    old = session.replies(Text("old answer"))
    new = replace(old, id=new_message_id(), blocks=(Text("new answer"),))
    session.conversation.add(new)
    view = make_view(session)
    view.focus_message(-1)
    assert view.current_message_id == new.id

    for chosen in (old.id, new.id):
        session.chooses(chosen, question.id)

        assert view.current_message_id == chosen
        assert view.toolbar.message_id == chosen


def test_another_version_takes_the_keyboard_from_nobody(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    question = session.asks("hi")
    old = session.replies(Text("old answer"))
    session.conversation.add(replace(old, id=new_message_id(), blocks=(Text("new answer"),)))
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    view, field = make_view(session), QLineEdit()
    column.addWidget(view)
    column.addWidget(field)
    window.show()
    view.focus_message(-1)
    field.setFocus()

    session.chooses(old.id, question.id)

    keyboard = window.focusWidget()
    view.setParent(None)
    assert keyboard is field


def test_an_image_is_a_placeholder_with_its_host(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("![A cat](https://example.org/cat.png)"))

    assert "A cat · example.org" in words(make_view(session))


def test_editing_commits_the_new_text(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    question = session.asks("old text")
    view = make_view(session)
    committed: list[tuple[str, str]] = []
    view.edit_committed.connect(lambda message_id, text: committed.append((message_id, text)))

    view.edit(question.id)
    view.editor._field.setPlainText("new text")
    QTest.keyClick(view.editor._field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert committed == [(question.id, "new text")]
    assert view.editor.isVisible(), "it may be refused"
    newer = session.asks("new text")
    session.conversation.choose(newer.id)
    session.conversation.delete(question.id)
    session.changes.publish(PathChanged(None))
    assert not view.editor.isVisible()


def test_escape_leaves_the_message_as_it_was(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    question = session.asks("old text")
    view = make_view(session)
    committed: list[str] = []
    view.edit_committed.connect(lambda message_id, _: committed.append(message_id))

    view.edit(question.id)
    QTest.keyClick(view.editor._field, Qt.Key.Key_Escape)

    assert not committed
    assert not view.editor.isVisible()


def test_another_session_leaves_nothing_of_the_first(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("first conversation"))
    view = make_view(session)
    other = ToldSession()
    other.replies(Text("second conversation"))

    view.show_session(other)
    session.replies(Text("unheard"))

    assert "second conversation" in words(view)
    assert "unheard" not in words(view)


def test_a_running_reply_is_picked_up_where_it_stands(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.begins()
    session.says(TextDelta("Half a "))

    view = make_view(session)
    session.says(TextDelta("sentence."))
    view.flush()

    assert "Half a sentence." in words(view)


def test_changes_that_show_nothing_are_taken_quietly(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)

    session.changes.publish(ConversationEdited())

    assert view.column is not None


def test_a_huge_message_from_history_is_built_in_slices(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text(LONG * 20))
    view = make_view(session)
    column = view.column
    assert column is not None
    item = column.item(0)
    assert item.has_more

    qtbot.waitUntil(lambda: not item.has_more)

    assert len([box for box in item.boxes if not isinstance(box, LineBox | ButtonsBox)]) == 1581


def test_code_wraps_where_that_is_preferred(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("```\n" + "wide " * 60 + "\n```"))
    view = make_view(session)
    assert view.column is not None
    before = view.column.item(0).lay_out(1) + view.column.item(0).height

    view.set_code_wrap(True)

    assert view.column.item(0).height > before


def test_a_long_question_is_folded_and_says_how_long_it_is(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.asks("\n".join(f"line {n}" for n in range(1, 62)))
    view = make_view(session)
    assert "line 13" not in words(view)

    click(qtbot, view, "Show all 61 lines")

    assert "line 61" in words(view)
    assert "Show less" in words(view)


def test_code_that_is_folded_away_in_part_has_no_button_that_copies_the_rest(
    make_view: MakeView, session: ToldSession
) -> None:
    session.asks("```python\n" + "\n".join(f"x{n} = {n}" for n in range(50)) + "\n```")
    view = make_view(session)

    assert list(spots(view)) == ["Show all 52 lines"]
