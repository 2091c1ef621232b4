"""Find in conversation, in what is not read yet."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.find import find as finding
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.found import find, marked
from tests.ui.transcript.told import ToldSession

HUGE = "\n\n".join(
    f"## Part {n}\n\nSome **needle{n} words** here.\n\n```js\nlet needle = {n};\n```" for n in range(700)
)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_hits_in_what_is_not_read_yet_are_gone_to_and_stay(
    make_view: MakeView, session: ToldSession, share: float
) -> None:
    session.asks("Go.")
    session.replies(Text(HUGE))
    view = make_view(session)
    assert view.column is not None
    view.move_to(round(view.column.furthest * share))
    find(view, "let needle")
    assert any(item.has_more for item in view.column.live_items)
    assert view.finding.bar.count_text.endswith("of 700")
    places = []

    for step in (1, 1, -1, 300, 1):
        for _ in range(abs(step)):
            view.finding.step(1 if step > 0 else -1)
        places.append(view.finding.bar.count_text)
        marks, current = marked(view)
        assert current == ["let needle"]
        assert len(marks) > 1
        number = int(places[-1].split()[0].replace(",", ""))
        assert f"let needle = {number - 1};" in words_in_view(view)

    before, y = places[-1], view.column.scroll_y
    while view.flusher.is_asked:
        view.flusher.flush_now()
        assert marked(view)[1] == ["let needle"]
    assert view.finding.bar.count_text == before
    assert f"let needle = {int(before.split()[0].replace(',', '')) - 1};" in words_in_view(view)
    assert y > 0


def words_in_view(view: TranscriptView) -> str:
    assert view.column is not None
    return "\n".join(seen.box.text for seen in view.column.seen(0, view.viewport().height()))


def test_a_word_found_in_code_folded_in_what_is_not_read_yet_opens_it(
    make_view: MakeView, session: ToldSession
) -> None:
    code = "\n".join(f"line{n}();" for n in range(60))
    text = "\n\n".join(f"Paragraph {n} of some words." for n in range(2_000))
    session.asks("Go.")
    session.replies(Text(f"{text}\n\n```js\n{code}\n```\n\n{text}"))
    view = make_view(session)

    find(view, "line55")

    assert view.column is not None
    assert any(item.has_more for item in view.column.live_items)
    assert marked(view)[1] == ["line55"]
    view.grab()
    while view.flusher.is_asked:
        view.flusher.flush_now()
    assert marked(view)[1] == ["line55"]


@pytest.mark.parametrize(("keys", "place"), [("+", 81), ("++", 82), ("-", 80), ("+-", 81), ("--+", 80)])
def test_enter_before_all_is_searched_counts_from_where_the_reader_is(
    make_view: MakeView, session: ToldSession, monkeypatch: pytest.MonkeyPatch, keys: str, place: int
) -> None:
    for n in range(100):
        session.asks(f"needle {n}")
    view = make_view(session)
    assert view.column is not None
    for _ in range(3):
        view.move_to(round(view.column.place_of(80, 0)))
    clock = itertools.count(0, 0.001)
    monkeypatch.setattr(finding, "perf_counter", lambda: next(clock))
    view.finding.open()
    view.finding.bar.field.setText("needle")
    QTest.qWait(1)
    assert view.finding.bar.count_text == ""

    for key in keys:
        back = Qt.KeyboardModifier.ShiftModifier if key == "-" else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(view.finding.bar.field, Qt.Key.Key_Return, back)
    view.finding.finish()

    assert view.finding.bar.count_text == f"{place} of 100"
    assert marked(view)[1] == ["needle"]
