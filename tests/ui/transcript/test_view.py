"""The page as a reader meets it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Notice, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import CallState, ConversationEdited, RetryScheduled
from desktop_chat.domain.errors import Unreachable
from desktop_chat.domain.events import ReasoningDelta, TextDelta, ToolCallDelta
from desktop_chat.domain.ids import CallId, new_message_id
from desktop_chat.domain.message import Ended
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import HotSpot
from desktop_chat.ui.transcript.boxes.card import ButtonsBox, LineBox
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.menu import open_menu
from desktop_chat.ui.transcript.message import MessageItem
from desktop_chat.ui.transcript.selection import Form, Position
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

LONG = "\n\n".join(f"Paragraph {n} with some words in it." for n in range(80))
RICH = """# Title

Some *text* with `code` and [a link](https://example.org).

- one
- two
  - three

> quoted

| a | b |
|---|--:|
| 1 | 2 |
| 3 | 4 |

```python
def f():
    return 1
```

---

The end."""


def words(view: TranscriptView) -> str:
    """All that can be read on the page."""
    column = view.column
    assert column is not None
    found = []
    for row in range(len(column.rows)):
        for box in column.item(row).boxes:
            found.append(box.spoken if isinstance(box, LineBox) else box.text)
    return "\n".join(found)


def spots(view: TranscriptView) -> dict[str, tuple[QPoint, HotSpot]]:
    """Everything in view that can be clicked, by its name, and where."""
    return {
        spot.hot.label: (view_point(view, spot.row, spot.box, spot.hot), spot.hot)
        for spot in view.reading.places.spots_in_view()
    }


def view_point(view: TranscriptView, row: int, box: int, hot: HotSpot) -> QPoint:
    assert view.column is not None
    y = view.column.place_of(row, box) - view.column.scroll_y
    center = hot.rects[0].center()
    return QPoint(round(center.x() + view.column_left), round(center.y() + y))


def click(qtbot: QtBot, view: TranscriptView, label: str) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spots(view)[label][0])


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


def test_the_end_stays_in_view_while_text_arrives(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.begins()

    for paragraph in LONG.split("\n\n"):
        session.says(TextDelta(paragraph + "\n\n"))
        view.flush()

    assert view.column is not None
    assert view.column.scroll_y == view.column.furthest > 0


def test_nothing_moves_for_a_reader_who_scrolled_up(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.replies(Text(LONG))
    session.begins()
    view.move_to(view.column.scroll_y - 700 if view.column else 0)
    column = view.column
    assert column is not None
    before = [(s.box, s.y) for s in column.seen(0, 600)]

    for paragraph in LONG.split("\n\n"):
        session.says(TextDelta(paragraph + "\n\n"))
        view.flush()

    assert [(s.box, s.y) for s in column.seen(0, 600)] == before
    assert view.pill.isVisible()


def test_a_reply_that_was_asked_for_is_followed(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.replies(Text(LONG))
    session.begins()
    view.move_to(0)
    session.says(TextDelta("New."))
    view.flush()
    assert view.pill.isVisible()
    session.ends()

    session.begins()
    session.says(TextDelta(LONG))
    view.flush()

    assert view.column is not None
    assert view.column.scroll_y == view.column.furthest > 0
    assert not view.pill.isVisible()


def test_the_pill_leads_to_the_end(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    view = make_view(session)
    session.replies(Text(LONG))
    session.begins()
    view.move_to(0)
    session.says(TextDelta("New."))
    view.flush()

    view.pill.click()

    column = view.column
    assert column is not None
    qtbot.waitUntil(lambda: column.scroll_y == column.furthest)
    assert not view.pill.isVisible()


def test_scrolling_up_through_what_was_never_laid_out_moves_by_what_was_asked(
    make_view: MakeView, session: ToldSession
) -> None:
    for n in range(40):
        session.asks(f"Question {n}")
        session.replies(Text(RICH))
    view = make_view(session)
    column = view.column
    assert column is not None

    for _ in range(60):
        first = next(iter(column.seen(0, 600)))
        y = first.y
        view.move_to(column.scroll_y - 50)
        again = column.place_of(first.row, first.index) - column.scroll_y
        assert again == pytest.approx(y + 50, abs=1)


def test_only_what_is_near_the_window_is_built(make_view: MakeView, session: ToldSession) -> None:
    for n in range(500):
        session.asks(f"Question {n}")
        session.replies(Text(RICH))

    view = make_view(session)

    assert view.column is not None
    assert len(view.column.live_items) < 10


def test_a_resize_keeps_what_is_read_in_place(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    view.move_to(900)
    column = view.column
    assert column is not None
    first = column.anchor()

    view.resize(500, 600)

    again = column.anchor()
    assert first is not None and again is not None
    assert (again.row, again.box) == (first.row, first.box)


def test_a_theme_change_keeps_what_is_read_in_place(make_view: MakeView, session: ToldSession, theme: Theme) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    view.move_to(900)
    column = view.column
    assert column is not None
    before = column.anchor()

    theme.set("dark")

    assert column.anchor() == before


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


def test_going_through_messages_begins_at_the_end_if_that_is_in_view(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    session.asks("hi")
    last = session.replies(Text("Hello."))
    view = make_view(session)

    view.focus_message(-1)

    assert view.current_message_id == last.id


def test_reasoning_is_folded_and_unfolds_on_a_click(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.asks("hi")
    session.replies(Reasoning("Deep thoughts.", 2100), Text("Answer."))
    view = make_view(session)
    assert "Thought for 2.1 s" in words(view)
    assert "Deep thoughts." not in words(view)

    click(qtbot, view, "Unfold Thought for 2.1 s")

    assert "Deep thoughts." in words(view)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (CallState.ARRIVING, "arriving…"),
        (CallState.ASKING, "asks for permission"),
        (CallState.RUNNING, "running…"),
        (CallState.ANSWERING, "waits for your result"),
        (CallState.DONE, "done"),
        (CallState.FAILED, "failed"),
        (CallState.DENIED, "not run"),
    ],
    ids=str,
)
def test_every_state_of_a_call_is_said_in_words(
    make_view: MakeView, session: ToldSession, state: CallState, word: str
) -> None:
    view = make_view(session)
    session.begins()
    session.says(ToolCallDelta(0, "a", "get_weather", '{"location": "Berlin"}'))
    call = ToolCall(CallId("a"), "get_weather", '{"location": "Berlin"}')

    session.calls_stand(call, state, summary="Looks up the weather.", duration_ms=412)
    view.flush()

    assert word in words(view)
    assert "get_weather" in words(view)


def test_a_call_that_asks_shows_summary_arguments_and_three_buttons(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    call = ToolCall(CallId("a"), "get_weather", '{"location": "Berlin"}')
    session.calls_stand(call, CallState.ASKING, summary="Looks up the weather in Berlin.")
    session.begins(call)
    view = make_view(session)
    asked: list[tuple[ActionId, object]] = []
    view.action_asked.connect(lambda action, target: asked.append((action, target)))

    for label in ("Allow once", "Always allow in this conversation", "Deny"):
        click(qtbot, view, label)

    assert "Looks up the weather in Berlin." in words(view)
    assert '"location": "Berlin"' in words(view)
    assert asked == [
        (ActionId.TOOL_ALLOW_ONCE, "a"),
        (ActionId.TOOL_ALLOW_IN_CONVERSATION, "a"),
        (ActionId.TOOL_DENY, "a"),
    ]


def test_the_buttons_of_a_card_work_with_the_keyboard_alone(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    call = ToolCall(CallId("a"), "get_weather", "{}")
    session.calls_stand(call, CallState.ASKING)
    session.begins(call)
    view = make_view(session)
    asked: list[ActionId] = []
    view.action_asked.connect(lambda action, _: asked.append(action))
    view.setFocus()

    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Return)

    assert asked == [ActionId.TOOL_ALLOW_IN_CONVERSATION]


def test_arguments_with_a_key_twice_are_shown_as_they_came(make_view: MakeView, session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "pay", '{"to": "me", "to": "you"}')
    session.calls_stand(call, CallState.ASKING)
    session.begins(call)

    assert '{"to": "me", "to": "you"}' in words(make_view(session))


def test_an_error_has_words_actions_and_details_on_demand(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.asks("hi")
    reply = session.replies(Notice("Unreachable", "errno 111"), ended=Ended.FAILED)
    view = make_view(session)
    asked: list[tuple[ActionId, object]] = []
    view.action_asked.connect(lambda action, target: asked.append((action, target)))
    assert "No connection" in words(view)
    assert "errno 111" not in words(view)

    click(qtbot, view, "Details")
    click(qtbot, view, "Regenerate")

    assert "errno 111" in words(view)
    assert asked == [(ActionId.MESSAGE_REGENERATE, reply.id)]


def test_a_retry_is_counted_down_and_can_be_cut_short(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    message = session.begins()

    session.waiting = RetryScheduled(message.id, 2, 3, 4.0, Unreachable("refused"))
    session.changes.publish(session.waiting)
    view.flush()

    assert "retry 2 of 3 in 4 s" in words(view)
    assert {"Retry now", "Stop"} <= set(spots(view))


@pytest.mark.parametrize(
    ("ended", "word"),
    [(Ended.STOPPED, "Stopped"), (Ended.INTERRUPTED, "Interrupted"), (Ended.LENGTH, "limit"), (Ended.WAITING, "Waits")],
    ids=str,
)
def test_a_reply_that_did_not_complete_says_so(
    make_view: MakeView, session: ToldSession, ended: Ended, word: str
) -> None:
    view = make_view(session)
    session.begins()
    session.says(TextDelta("Once upon"))

    session.ends(ended)
    view.flush()

    assert word in words(view)


@pytest.mark.parametrize(
    ("ended", "word"), [(Ended.COMPLETE, "The model answered nothing."), (Ended.STOPPED, "Stopped")], ids=str
)
def test_a_reply_of_which_nothing_came_says_so_and_offers_only_to_try_again(
    make_view: MakeView, session: ToldSession, ended: Ended, word: str
) -> None:
    view = make_view(session)
    session.begins()
    session.says(ReasoningDelta("Hm."))

    session.ends(ended)
    view.flush()

    assert word in words(view)
    assert "Regenerate" in spots(view)
    assert "Continue" not in spots(view)


@pytest.mark.parametrize(
    ("model", "word"), [("gpt-4o", "Waiting for the key"), ("", "Waiting for the list of models")], ids=str
)
def test_before_the_first_request_it_is_said_what_is_waited_for(
    make_view: MakeView, session: ToldSession, model: str, word: str
) -> None:
    view = make_view(session)
    session.elapsed_ms = 3_000

    session.begins(model=model, is_asked=False)
    view.flush()

    assert f"{word}… 3 s" in words(view)


def test_a_result_shows_in_the_card_of_its_call(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    call = ToolCall(CallId("a"), "get_weather", "{}")
    session.asks("hi")
    session.replies(call, ToolResult(call.call_id, "14 degrees", duration_ms=412), Text("Mild."))
    view = make_view(session)

    label = next(name for name in spots(view) if "get_weather" in name)
    click(qtbot, view, label)

    assert "412 ms" in words(view)
    assert "14 degrees" in words(view)


def test_a_link_is_opened_by_a_click_and_shows_its_target(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text("See [here](https://example.org/a) or [there](javascript:alert(1)) or [file](file:///etc)."))
    view = make_view(session)
    links: list[str] = []
    hovered: list[str] = []
    view.link_asked.connect(lambda href: links.append(href))
    view.link_hovered.connect(lambda href: hovered.append(href))

    QTest.mouseMove(view.viewport(), spots(view)["here"][0])
    click(qtbot, view, "here")

    assert links == ["https://example.org/a"]
    assert hovered[0] == "https://example.org/a"
    assert set(spots(view)) == {"here"}


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


def test_the_toolbar_comes_to_the_message_under_the_pointer(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    question = session.asks("hi")
    session.replies(Text("hello"))
    view = make_view(session)

    QTest.mouseMove(view.viewport(), view.reading.places.message_rect(0).center())

    assert view.toolbar.isVisible()
    assert view.toolbar.message_id == question.id


def test_messages_are_reached_by_keyboard_with_their_toolbar(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.asks("hi")
    reply = session.replies(Text("hello"))
    view = make_view(session)

    view.scroll_to(session.conversation.path()[0].id)
    view.focus_message(1)

    assert view.current_message_id == reply.id
    assert view.toolbar.message_id == reply.id


def test_the_code_button_copies_the_code(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.replies(Text("```python\nx = 1\ny = 2\n```"))
    view = make_view(session)

    click(qtbot, view, "Copy code")

    assert QGuiApplication.clipboard().text() == "x = 1\ny = 2"


def test_a_selection_is_copied_as_markdown_plain_and_html(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text("Some **bold** text.\n\n- one\n- two"))
    view = make_view(session)
    view.reading._caret.select_all()

    assert view.reading.copy_selection()

    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("text/markdown").data()).decode() == "hi\n\nSome **bold** text.\n\n- one\n- two"
    assert data.text() == "hi\n\nSome bold text.\n• one\n• two"
    assert "<strong>bold</strong>" in data.html()


def test_dragging_selects_across_messages(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.asks("a question")
    session.replies(Text("an answer"))
    view = make_view(session)
    first, last = (view.reading.places.message_rect(row) for row in (0, 1))

    QTest.mousePress(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first.topLeft() + QPoint(0, 8)
    )
    QTest.mouseMove(view.viewport(), last.bottomRight() - QPoint(0, 4))
    QTest.mouseRelease(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last.bottomRight() - QPoint(0, 4)
    )

    assert view.reading.copy_selection()
    assert QGuiApplication.clipboard().text() == "a question\n\nan answer"


def test_a_double_click_selects_a_word(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.replies(Text("wonderful words"))
    view = make_view(session)
    rect = view.reading.places.message_rect(0)

    QTest.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.bottomLeft() + QPoint(10, -8)
    )

    assert view.reading.copy_selection()
    assert QGuiApplication.clipboard().text() == "wonderful"


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


def test_what_the_network_cannot_encode_can_be_copied(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("lone \ud800 surrogate"))
    view = make_view(session)
    view.reading.select_all()

    assert view.reading.copy_selection()


def test_a_wide_table_scrolls_sideways_with_the_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("```\n" + "wide " * 60 + "\n```"))
    view = make_view(session)
    view.setFocus()
    assert view.column is not None
    box = view.column.item(0).boxes[1]
    assert isinstance(box, SidewaysBox)

    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Right)

    assert box.scroll_x > 0


def test_code_wraps_where_that_is_preferred(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("```\n" + "wide " * 60 + "\n```"))
    view = make_view(session)
    assert view.column is not None
    before = view.column.item(0).lay_out(1) + view.column.item(0).height

    view.set_code_wrap(True)

    assert view.column.item(0).height > before


def test_tab_goes_on_from_the_page_to_its_toolbar(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    view = make_view(session)
    view.focus_message(1)

    QTest.keyClick(view, Qt.Key.Key_Tab)

    focused = view.focusWidget()
    assert focused is not None
    assert view.toolbar.isAncestorOf(focused)


def test_the_context_menu_is_about_what_is_under_the_pointer(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("[here](https://example.org)"))
    view = make_view(session)

    menu = open_menu(view, spots(view)["here"][0])

    assert menu is not None
    titles = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    assert titles[:2] == ["Open link", "Copy link address"]
    assert {"Copy message", "Edit", "Regenerate", "Delete", "Select all"} <= set(titles)


def test_a_very_long_conversation_gets_its_heights_bit_by_bit_and_nothing_moves(
    make_view: MakeView, session: ToldSession
) -> None:
    for n in range(700):
        session.asks("word " * (n % 90))
    view = make_view(session)
    column = view.column
    assert column is not None
    view.move_to(column.furthest // 2)
    before, total = view.grab().toImage().copy(0, 0, 700, 600), column.total

    while column.is_rough:
        view.flush()

    assert column.total != total
    assert view.grab().toImage().copy(0, 0, 700, 600) == before


def test_a_message_is_copied_in_one_form_by_name(make_view: MakeView, session: ToldSession) -> None:
    reply = session.replies(Text("Some **bold** words."))
    view = make_view(session)
    clipboard = QGuiApplication.clipboard()
    found = []

    for form in (Form.MARKDOWN, Form.PLAIN, Form.HTML):
        view.reading.copy_as(form, reply.id)
        found.append(clipboard.text().strip())

    assert found == ["Some **bold** words.", "Some bold words.", "<p>Some <strong>bold</strong> words.</p>"]


def test_the_toolbar_asks_for_a_reply_by_another_model(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.asks("hi")
    reply = session.replies(Text("hello"))
    view = make_view(session)
    view.reading.focus_row(1)
    button = next(b for b in view.toolbar.findChildren(QToolButton) if b.accessibleName() == "Reply again with…")

    with qtbot.waitSignal(view.action_asked) as asked:
        button.click()

    assert asked.args == [ActionId.MESSAGE_REPLY_WITH, reply.id]


def test_a_long_question_is_folded_and_says_how_long_it_is(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.asks("\n".join(f"line {n}" for n in range(1, 62)))
    view = make_view(session)
    assert "line 13" not in words(view)

    click(qtbot, view, "▸ Show all 61 lines")

    assert "line 61" in words(view)
    assert "▾ Show less" in words(view)


def test_a_folded_question_is_copied_whole(make_view: MakeView, session: ToldSession) -> None:
    text = "\n".join(f"line {n}" for n in range(1, 62))
    session.asks(text)
    view = make_view(session)

    view.reading.select_all()
    view.reading.copy_selection()

    assert QGuiApplication.clipboard().text() == text


def test_code_that_is_folded_away_in_part_has_no_button_that_copies_the_rest(
    make_view: MakeView, session: ToldSession
) -> None:
    session.asks("```python\n" + "\n".join(f"x{n} = {n}" for n in range(50)) + "\n```")
    view = make_view(session)

    assert list(spots(view)) == ["▸ Show all 52 lines"]


def test_letters_lead_about_only_for_who_goes_by_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.asks("again")
    view = make_view(session)
    letter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "j")

    before = view.reading.press_key(letter)
    view.focus_message(1)
    view.focus_message(-1)

    assert not before
    assert view.reading.press_key(letter)


def test_items_that_are_selected_keep_their_numbers(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("1. one *more*\n2. two\n   - inner\n3. three words"))
    view = make_view(session)
    view.reading.selection.anchor, view.reading.selection.head = Position(0, 1, 0), Position(0, 4, 5)
    view.reading.copy_selection()

    data = QGuiApplication.clipboard().mimeData()

    assert data.text() == "1. one more\n2. two\n  • inner\n3. three"
    assert bytes(data.data("text/markdown").data()).decode().endswith("3. three")
