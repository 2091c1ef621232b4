"""Errors nobody expected are logged and said once, without a word of any conversation."""

import asyncio
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog

from desktop_chat.domain.errors import ChatError, StoreFull
from desktop_chat.runtime.log import start_log, stop_log
from desktop_chat.ui.crashes import MOST_DIALOGS, Crashes
from desktop_chat.ui.loop import AppEventLoop
from desktop_chat.ui.theme.apply import Theme

SECRET_TEXT = "what the person wrote"


class Watched:
    """Crashes that are caught during one run of the loop."""

    def __init__(self, app: QApplication, theme: Theme, log: Path) -> None:
        self.log = log
        self.quits: list[bool] = []
        self.told: list[ChatError] = []
        self.crashes = Crashes(log, theme, lambda: self.quits.append(True))
        self.crashes.tell = self.told.append
        app.setQuitOnLastWindowClosed(False)
        self.loop = AppEventLoop(app)
        self.dialogs = 0

    def run(self, *causes: object) -> None:
        async def main() -> None:
            for cause in causes:
                cause()  # type: ignore[operator]
                for _ in range(5):
                    await asyncio.sleep(0.002)
                for dialog in [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]:
                    self.dialogs += 1
                    dialog.close()

        start_log(self.log)
        self.crashes.install(self.loop)
        try:
            self.loop.run_until_complete(main())
        finally:
            self.crashes.uninstall()
            self.loop.close()
            stop_log()

    def fails_soon(self, error: Exception) -> object:
        def fail() -> None:
            raise error

        return lambda: self.loop.call_soon(fail)


@pytest.fixture
def watched(qapp: QApplication, theme: Theme, tmp_path: Path) -> Watched:
    return Watched(qapp, theme, tmp_path / "log" / "desktop-chat.log")


def test_a_bug_is_logged_and_shown(watched: Watched) -> None:
    watched.run(watched.fails_soon(ZeroDivisionError("division")))

    assert watched.dialogs == 1
    assert "ZeroDivisionError" in watched.log.read_text()


def test_the_log_has_no_text_of_a_conversation(watched: Watched) -> None:
    watched.run(watched.fails_soon(ValueError(SECRET_TEXT)))

    assert SECRET_TEXT not in watched.log.read_text()


def test_an_expected_error_is_said_in_the_window(watched: Watched) -> None:
    watched.run(watched.fails_soon(StoreFull("no room")))

    assert watched.dialogs == 0
    assert [type(error) for error in watched.told] == [StoreFull]


def test_an_error_in_a_slot_is_caught(watched: Watched) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def cause() -> None:
        QTimer.singleShot(0, fail)

    watched.run(cause)

    assert watched.dialogs == 1


def test_an_error_that_came_through_overrides_is_told_in_its_own_words(watched: Watched) -> None:
    class Area(QAbstractScrollArea):
        def viewportEvent(self, event: QEvent) -> bool:
            return super().viewportEvent(event)

        def resizeEvent(self, event: QResizeEvent) -> None:
            raise StoreFull("no room")

    area = Area()

    def cause() -> None:
        QApplication.postEvent(area.viewport(), QResizeEvent(QSize(9, 9), QSize(1, 1)))

    watched.run(cause)

    assert [str(error) for error in watched.told] == ["no room"]


def test_an_error_in_a_thread_is_caught(watched: Watched) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def cause() -> None:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()

    watched.run(cause)

    assert watched.dialogs == 1


def test_the_window_is_not_buried_in_dialogs(watched: Watched) -> None:
    watched.run(*[watched.fails_soon(ZeroDivisionError()) for _ in range(MOST_DIALOGS + 3)])

    assert watched.dialogs == MOST_DIALOGS


def test_ctrl_c_in_a_slot_ends_the_program(watched: Watched) -> None:
    def cause() -> None:
        watched.crashes._take(KeyboardInterrupt())

    watched.run(cause)

    assert watched.quits == [True]
    assert watched.dialogs == 0
