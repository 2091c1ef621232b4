"""When the page catches up."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_chat.ui.transcript.flush import (
    FEW_CHANGES,
    FLOOD_FRAME_MS,
    FRAME_MS,
    MANY_IN_A_SECOND,
    SLOW_FRAME_MS,
    Flusher,
)


def nothing() -> None:
    pass


def test_the_first_change_is_shown_at_once_and_the_next_after_a_frame(qtbot: QtBot) -> None:
    owner = QObject()
    times: list[float] = []
    flusher = Flusher(lambda: times.append(flusher._began), nothing, owner)

    flusher.ask()
    assert flusher._timer.remainingTime() == 0
    qtbot.waitUntil(lambda: len(times) == 1)
    flusher.ask()

    assert flusher._earliest - flusher._began > SLOW_FRAME_MS / 1000 - 0.001
    qtbot.waitUntil(lambda: len(times) == 2)


def test_text_is_shown_most_often_where_it_can_be_read_as_it_comes(qtbot: QtBot) -> None:
    owner = QObject()
    flusher = Flusher(nothing, nothing, owner)
    waits = []

    for count in (FEW_CHANGES, FEW_CHANGES + 1, 10 * MANY_IN_A_SECOND, FEW_CHANGES + 1):
        for _ in range(count):
            flusher.ask()
        qtbot.waitUntil(lambda: not flusher.is_asked)
        flusher._cost = 0.0
        waits.append(flusher._earliest - flusher._began)

    assert waits == pytest.approx([ms / 1000 for ms in (SLOW_FRAME_MS, FRAME_MS, FLOOD_FRAME_MS, FRAME_MS)])


def test_many_changes_make_one_flush(qtbot: QtBot) -> None:
    owner = QObject()
    count: list[None] = []
    flusher = Flusher(lambda: count.append(None), nothing, owner)

    for _ in range(100):
        flusher.ask()
    qtbot.waitUntil(lambda: not flusher.is_asked)

    assert len(count) == 1


def test_a_dear_flush_makes_the_next_one_wait_four_times_as_long(qtbot: QtBot) -> None:
    owner = QObject()
    flusher = Flusher(nothing, nothing, owner)
    flusher.ask()
    qtbot.waitUntil(lambda: not flusher.is_asked)

    flusher.charge(1.0)
    flusher.ask()

    assert flusher._timer.remainingTime() > 4000


def test_an_idle_page_has_no_timer_running(qtbot: QtBot) -> None:
    owner = QObject()
    flusher = Flusher(nothing, nothing, owner)
    flusher.ask()
    flusher.tick_every(1000)
    qtbot.waitUntil(lambda: not flusher.is_asked)

    flusher.tick_every(0)

    assert not flusher._timer.isActive()
