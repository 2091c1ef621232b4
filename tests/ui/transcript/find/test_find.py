"""Find in conversation, as a reader meets it."""

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, Qt
from PySide6.QtTest import QTest

from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.transcript.find.hits import marks_in
from desktop_chat.ui.transcript.find.searching import Wanted
from desktop_chat.ui.transcript.page.selection import Position, copied_selection
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.found import arrive, find, marked
from tests.ui.transcript.told import ToldSession

FILLER = "\n\n".join(f"Paragraph {n} of many." for n in range(60))


def test_all_hits_are_marked_and_counted(make_view: MakeView, session: ToldSession) -> None:
    session.asks("A needle?")
    session.replies(Text("Needles: **needle**.\n\n```\nneedle()\n```\n\n| needle |\n|---|\n| x |"))
    view = make_view(session)

    find(view, "needle")

    assert view.finding.bar.count_text == "1 of 5"
    marks, current = marked(view)
    assert [mark.lower() for mark in marks] == ["needle"] * 5
    assert current == ["needle"]


def test_enter_goes_down_and_around_and_shift_enter_back(make_view: MakeView, session: ToldSession) -> None:
    session.asks("needle one")
    session.replies(Text("needle two\n\n" + FILLER + "\n\nneedle three"))
    view = make_view(session)
    view.move_to(0)
    find(view, "needle")
    field, texts = view.finding.bar.field, []

    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Return)
        texts.append(view.finding.bar.count_text)
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)

    assert texts == ["2 of 3", "3 of 3", "1 of 3"]
    assert view.finding.bar.count_text == "3 of 3"
    assert marked(view)[1] == ["needle"]


def test_a_hit_in_folded_reasoning_opens_it(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Reasoning("I think of a needle.", 100), Text("Done."))
    view = make_view(session)

    find(view, "needle")

    assert view.finding.bar.count_text == "1 of 1"
    assert marked(view) == (["needle"], ["needle"])


def test_a_hit_deep_in_a_long_answer_comes_into_view(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text(FILLER * 20 + "\n\nHere the needle lies.\n\n" + FILLER * 20))
    view = make_view(session)
    view.move_to(0)

    find(view, "needle")
    arrive(view)

    assert marked(view)[1] == ["needle"]


def test_a_hit_in_a_long_code_block_comes_into_view(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    lines = [f"line({n})" for n in range(600)]
    lines[400] = "needle()"
    session.replies(Text("```\n" + "\n".join(lines) + "\n```"))
    view = make_view(session)
    view.move_to(0)

    find(view, "needle")
    arrive(view)
    view.grab()

    assert marked(view)[1] == ["needle"]
    assert view.column is not None
    top = view.column.scroll_y
    assert 400 * view.look.code_line_px - 600 < top < 400 * view.look.code_line_px + 100


def test_opening_and_closing_the_bar_moves_no_text(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text(FILLER))
    view = make_view(session)
    view.move_to(300)
    assert view.column is not None

    def place() -> int:
        assert view.column is not None
        return view.viewport().y() - view.column.scroll_y

    before = place()
    view.finding.open()
    opened = place()
    view.finding.close()

    assert (opened, place()) == (before, before)


def test_text_that_comes_while_the_bar_is_open_is_found_and_moves_nothing(
    make_view: MakeView, session: ToldSession
) -> None:
    session.asks("needle " + FILLER)
    view = make_view(session)
    view.move_to(0)
    find(view, "needle")
    assert view.column is not None

    session.begins()
    session.says(TextDelta("Another needle."))
    view.flush()
    view.move_to(200)
    session.ends()
    view.flush()
    view.finding.finish()

    assert view.finding.bar.count_text == "1 of 2"
    assert view.column.scroll_y == 200


def test_text_of_a_running_reply_is_counted_while_it_comes(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    view = make_view(session)
    session.begins()
    find(view, "needle")
    before = view.finding.bar.count_text

    session.says(TextDelta("A **needle**, "))
    view.flush()
    view.finding.finish()
    one = view.finding.bar.count_text
    session.says(TextDelta("another needle, and a [needle](https://needle.example).\n\n"))
    view.flush()
    view.finding.finish()

    assert (before, one, view.finding.bar.count_text) == ("No hits", "1 of 1", "1 of 3")
    assert len(marked(view)[0]) == 3


def test_the_bar_goes_over_the_whole_width_and_the_scroll_bar_below_it(
    make_view: MakeView, session: ToldSession
) -> None:
    session.asks(FILLER)
    view = make_view(session)

    view.finding.open()
    view.resize(view.width() + 40, view.height())
    picture = view.grab().toImage()

    bar, scroll = view.finding.bar, view.verticalScrollBar()
    heights, right = range(bar.height()), picture.width() - 1
    assert [picture.pixel(right, y) for y in heights] == [picture.pixel(2, y) for y in heights]
    assert scroll.mapTo(view, scroll.rect().topLeft()).y() == bar.height()

    view.finding.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert scroll.mapTo(view, scroll.rect().topLeft()).y() == 0


def test_escape_closes_the_bar_and_gives_the_page_the_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.asks("needle")
    view = make_view(session)
    find(view, "needle")

    QTest.keyClick(view.finding.bar.field, Qt.Key.Key_Escape)

    assert not view.finding.is_open
    assert marked(view) == ([], [])


def test_what_is_selected_is_looked_for(make_view: MakeView, session: ToldSession) -> None:
    session.asks("needle")
    view = make_view(session)
    view.reading.select_all()

    view.finding.open()

    assert view.finding.bar.field.text() == "needle"


def test_no_hits_are_said(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hay")
    view = make_view(session)

    find(view, "needle")

    assert view.finding.bar.count_text == "No hits"
    assert not view.finding.bar.next.isEnabled()


def test_marks_count_like_qt() -> None:
    pattern = Wanted("b").shown
    assert pattern is not None

    assert marks_in("🚀b🚀🚀b", pattern) == [(2, 3), (7, 8)]


def test_closing_the_bar_leaves_the_keyboard_at_its_control(make_view: MakeView, session: ToldSession) -> None:
    session.asks("Code?")
    session.replies(Text("```\nneedle()\n```\n\n```\nanother()\n```"))
    view = make_view(session)
    view.activateWindow()
    assert QTest.qWaitForWindowActive(view)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    before = view.reading._focused_spot
    assert before is not None

    find(view, "needle")
    QTest.keyClick(view.finding.bar.field, Qt.Key.Key_Escape)

    assert view.hasFocus()
    assert view.reading._focused_spot == before


def test_a_bar_that_a_search_opened_goes_with_its_conversation(make_view: MakeView, session: ToldSession) -> None:
    asked = session.asks("needle").id
    view = make_view(session)
    view.finding.mark("needle", asked)
    assert view.finding.is_open
    view.finding.finish()
    assert view.finding.bar.count_text == "1 of 1"

    view.show_session(ToldSession())

    assert not view.finding.is_open


def test_a_bar_that_the_person_opened_stays_in_another_conversation(make_view: MakeView, session: ToldSession) -> None:
    asked = session.asks("needle").id
    view = make_view(session)
    find(view, "needle")
    view.finding.mark("needle", asked)
    view.finding.unmark()
    assert view.finding.is_open

    view.show_session(ToldSession())

    assert view.finding.is_open


def test_escape_in_the_page_closes_the_bar(make_view: MakeView, session: ToldSession) -> None:
    asked = session.asks("needle").id
    view = make_view(session)
    view.finding.mark("needle", asked)
    view.window().activateWindow()
    view.setFocus()

    QTest.keyClick(view, Qt.Key.Key_Escape)

    assert not view.finding.is_open


def test_the_first_hit_is_one_at_or_below_what_is_in_view(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("\n\n".join(f"A needle, number {n}." for n in range(100))))
    view = make_view(session)
    while view.flusher.is_asked:
        view.flusher.flush_now()
    view.move_to(1_000)
    assert view.column is not None
    here = [seen.index for seen in view.column.seen(0, view.viewport().height())]

    find(view, "needle")

    assert view.finding._place is not None
    assert view.finding._place[1] + 1 in here[:2]


def test_escape_selects_what_was_found(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text("One needle, **another needle**."))
    view = make_view(session)
    find(view, "another needle")

    QTest.keyClick(view.finding.bar.field, Qt.Key.Key_Escape)

    assert view.column is not None
    copied = copied_selection(view.column, view.reading.selection)
    assert copied is not None
    assert copied.plain() == "another needle"


def test_a_hit_in_a_folded_call_opens_it(make_view: MakeView, session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "look", '{"what": "hay"}')
    session.asks("hi")
    session.replies(call, ToolResult(call.call_id, "here is a needle"), Text("Done."))
    view = make_view(session)

    find(view, "needle")

    assert view.finding.bar.count_text == "1 of 1"
    assert marked(view) == (["needle"], ["needle"])


def test_many_hits_are_said_in_thousands(make_view: MakeView, session: ToldSession) -> None:
    QLocale.setDefault(QLocale("en_US"))
    session.asks("needle " * 1_500)
    view = make_view(session)

    find(view, "needle")

    assert view.finding.bar.count_text == "1 of 1,500"


def test_hits_are_told_when_the_person_looks_and_not_when_a_reply_has_one_more(
    make_view: MakeView, session: ToldSession
) -> None:
    view = make_view(session)
    session.begins()
    session.says(TextDelta("word word "))
    view.flusher.flush_now()
    find(view, "word")
    asked = view.finding.bar._telling.isActive()
    view.finding.bar._telling.stop()

    session.says(TextDelta("word "))
    view.flusher.flush_now()
    view.finding._begin()
    view.finding.finish()

    assert view.finding.bar.count_text == "1 of 3"
    assert asked
    assert not view.finding.bar._telling.isActive()


def test_a_word_that_is_typed_on_is_found_from_where_the_page_is(make_view: MakeView, session: ToldSession) -> None:
    rows = "\n".join(f"| {n} | a nut and a needle of the nest |" for n in range(60))
    session.replies(Text(f"| n | what |\n|---|---|\n{rows}"))
    view = make_view(session)
    view.move_to(0)
    find(view, "n")
    for _ in range(100):
        view.finding.step(1)
    before = view.finding.bar.count_text

    for typed in ("ne", "nee"):
        view.finding.bar.field.setText(typed)
        view.finding.finish()

    assert before == "101 of 241"
    assert view.finding.bar.count_text == "26 of 60"
    view.finding.bar.case.click()
    view.finding.finish()
    assert view.finding.bar.count_text == "26 of 60"


def test_what_is_selected_while_the_bar_is_open_is_the_first_hit(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("One hay, one needle.\n\nAnother needle.\n\nMore hay."))
    view = make_view(session)
    find(view, "hay")
    view.finding.step(1)
    selection = view.reading.selection
    selection.anchor, selection.head = Position(0, 2, 8), Position(0, 2, 14)

    view.finding.open()
    view.finding.finish()

    assert view.finding.bar.field.text() == "needle"
    assert view.finding.bar.count_text == "2 of 2"


def test_hits_are_not_told_of_once_the_bar_is_closed(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("One needle."))
    view = make_view(session)
    find(view, "needle")
    assert view.finding.bar._telling.isActive()

    QTest.keyClick(view.finding.bar.field, Qt.Key.Key_Escape)

    assert not view.finding.bar._telling.isActive()
