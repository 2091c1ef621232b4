"""Sidebar, conversation and inspector share the window, also a small one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_chat import wiring
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui import aio
from desktop_chat.ui.composer.composer import Composer
from desktop_chat.ui.header import Header
from desktop_chat.ui.inspector.dock import InspectorDock
from desktop_chat.ui.main_window import TITLE_BAR_PX, MainWindow, Panes
from desktop_chat.ui.sidebar.sidebar import Sidebar
from desktop_chat.ui.state import WindowState
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.view import TranscriptView
from desktop_chat.ui.welcome import WelcomePage
from tests.ui.conftest import RunQt

WIDE, NARROW, TINY = 1300, 800, 460


@pytest.fixture
def parts(home: Path, run_qt: RunQt) -> Iterator[wiring.Parts]:
    made = wiring.build(paths_below(home), on_raise=lambda: None)
    yield made
    run_qt(made.close())


def open_window(parts: wiring.Parts, theme: Theme, qtbot: QtBot, state: WindowState) -> MainWindow:
    window = MainWindow(theme, state)
    window.put(
        Panes(
            sidebar=Sidebar(parts.library, theme, parts.endpoints, window.split),
            header=Header(theme, parts.endpoints, window.conversation),
            transcript=TranscriptView(theme, window.conversation),
            composer=Composer(theme, parts.settings, lambda: parts.toolbox.names, window.conversation),
            inspector=InspectorDock(theme, window.split),
            make_welcome=lambda: WelcomePage(parts.endpoints, theme, window.pages),
        )
    )
    window.allow_closing()
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_wide_window_shows_all_three(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=WIDE))
    window.resize(WIDE, 700)

    assert window.panes.sidebar.isVisible()
    assert window.panes.inspector.isVisible()


def test_a_screen_reader_meets_the_panes_from_left_to_right(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=WIDE))
    found = QAccessible.queryAccessibleInterface(window.split)

    met = [found.child(index).object() for index in range(found.childCount())]

    panes = (window.panes.sidebar, window.pages, window.panes.inspector)
    assert [widget for widget in met if widget in panes] == list(panes)


def test_a_narrow_window_gives_up_the_inspector_first(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=NARROW))

    assert window.panes.sidebar.isVisible()
    assert not window.panes.inspector.isVisible()


def test_what_made_room_comes_back_with_the_room(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=NARROW))

    window.resize(TINY, 500)
    small = window.panes.sidebar.isVisible()
    window.resize(NARROW, 500)

    assert (small, window.panes.sidebar.isVisible()) == (False, True)


def test_a_side_that_was_switched_off_stays_off(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=NARROW))

    window.show_sidebar(False)
    window.resize(NARROW - 50, 500)

    assert not window.panes.sidebar.isVisible()
    assert not window.state().shows_sidebar


@pytest.mark.parametrize("side", ["sidebar", "inspector"])
def test_a_side_that_is_asked_for_gets_the_room(side: str, parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=700))
    window.resize(NARROW, 500)
    sides = {"sidebar": window.panes.sidebar, "inspector": window.panes.inspector}
    other = next(pane for name, pane in sides.items() if name != side)

    getattr(window, f"show_{side}")(True)

    assert sides[side].isVisible()
    assert not other.isVisible() or side == "sidebar"
    assert window.state().shows_sidebar
    assert window.state().shows_inspector


def test_what_has_no_room_at_all_is_said(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=TINY))

    window.show_inspector(True)

    assert not window.inspector_is_shown
    assert "no room" in window.toast.text


def test_smaller_text_makes_room_for_a_side(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=NARROW))

    theme.set_text_px(22)
    large = window.sidebar_is_shown
    theme.set_text_px(14)

    assert (large, window.sidebar_is_shown) == (False, True)


def test_size_and_sides_are_remembered(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(width=NARROW, height=560, shows_inspector=False))

    state = window.state("c1")

    assert (state.width, state.height) == (window.width(), window.height())
    assert (state.shows_inspector, state.conversation_id) == (False, "c1")


def test_a_place_on_a_screen_that_is_gone_is_not_used(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(x=9000, y=9000, width=NARROW))

    assert window.screen().availableGeometry().intersects(window.frameGeometry())


def test_a_window_of_a_larger_screen_fits_with_its_title_bar(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState(x=0, y=0, width=WIDE, height=5000))

    assert window.height() <= window.screen().availableGeometry().height() - TITLE_BAR_PX


def test_the_welcome_page_is_made_when_it_is_needed(
    parts: wiring.Parts, theme: Theme, qtbot: QtBot, run_qt: RunQt
) -> None:
    window = open_window(parts, theme, qtbot, WindowState())
    before = window.pages.count()

    async def main() -> None:
        window.show_welcome(True)
        await aio.finish()  # It looks for servers while it is shown.

    run_qt(main())

    assert (before, window.pages.count()) == (1, 2)
    assert window.shows_welcome
    window.show_welcome(False)


def test_what_is_told_stays_in_sight_when_another_page_comes_and_the_message_grows(
    parts: wiring.Parts, theme: Theme, qtbot: QtBot, run_qt: RunQt
) -> None:
    window = open_window(parts, theme, qtbot, WindowState())
    composer, trouble = window.panes.composer, window.trouble

    async def main() -> None:
        window.show_welcome(True)
        trouble.say("The disk is full.")
        await aio.finish()

    run_qt(main())
    window.show_welcome(False)
    qtbot.waitUntil(lambda: window.pages.childAt(trouble.geometry().center()) in (trouble, *trouble.children()))
    for _ in range(8):
        composer.begin_with("words\n")

    qtbot.waitUntil(lambda: trouble.geometry().bottom() < window.pages.height() - composer.height())


def test_notices_lie_neither_on_each_other_nor_on_the_conversation(
    parts: wiring.Parts, theme: Theme, qtbot: QtBot
) -> None:
    window = open_window(parts, theme, qtbot, WindowState())
    window.show_welcome(False)
    transcript = window.panes.transcript
    QApplication.sendPostedEvents()
    high = transcript.height()

    window.toast.say("A reply is still being written. Wait for it, or stop it with Esc.", ms=4000)
    window.trouble.say("A newer version wrote these conversations. " * 6, button="Hide")

    qtbot.waitUntil(lambda: transcript.height() < high)
    assert not window.trouble.geometry().intersects(window.toast.geometry())
    assert transcript.geometry().bottom() < window.trouble.geometry().top()
    assert window.trouble.geometry().bottom() < window.panes.composer.geometry().top()

    window.trouble.press()

    qtbot.waitUntil(lambda: transcript.height() == high)
    assert window.toast.isVisible()


def test_closing_asks_whoever_ends_the_program(parts: wiring.Parts, theme: Theme, qtbot: QtBot) -> None:
    window = open_window(parts, theme, qtbot, WindowState())
    window._may_close = False

    with qtbot.waitSignal(window.close_asked):
        window.close()

    assert window.isVisible()
    window.allow_closing()
