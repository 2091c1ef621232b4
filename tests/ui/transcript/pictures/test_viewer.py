"""The viewer of a picture."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.ui import aio
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.pictures.pictures import PictureStore
from desktop_chat.ui.transcript.pictures.viewer import PictureViewer
from tests.ui.conftest import RunQt
from tests.ui.transcript.drawn import address, picture


@contextmanager
def opened(theme: Theme, qtbot: QtBot, width: int, height: int) -> Iterator[PictureViewer]:
    window = QWidget()
    window.resize(1000, 800)
    qtbot.addWidget(window)
    store = PictureStore(window)
    viewer = PictureViewer(theme, store, address(picture(width, height)), "A red one", window)
    viewer.open()
    yield viewer
    viewer.close()


async def loaded(viewer: PictureViewer) -> None:
    while aio.running():
        await asyncio.sleep(0)
    assert viewer.canvas.image is not None


def test_a_large_picture_is_fitted_and_a_small_one_keeps_its_size(theme: Theme, qtbot: QtBot, run_qt: RunQt) -> None:
    async def person() -> None:
        with opened(theme, qtbot, 3000, 1000) as viewer:
            await loaded(viewer)
            assert 0 < viewer.canvas.zoom < 0.35
        with opened(theme, qtbot, 30, 10) as viewer:
            await loaded(viewer)
            assert viewer.canvas.zoom == 1.0

    run_qt(person())


def test_keys_zoom_fit_and_close(theme: Theme, qtbot: QtBot, run_qt: RunQt) -> None:
    async def person() -> None:
        with opened(theme, qtbot, 3000, 1000) as viewer:
            await loaded(viewer)
            fitted = viewer.canvas.zoom
            QTest.keyClick(viewer.canvas, Qt.Key.Key_Plus)
            assert viewer.canvas.zoom > fitted
            QTest.keyClick(viewer.canvas, Qt.Key.Key_1)
            assert viewer.canvas.zoom == 1.0
            QTest.keyClick(viewer.canvas, Qt.Key.Key_Right)
            QTest.keyClick(viewer.canvas, Qt.Key.Key_0)
            assert viewer.canvas.zoom == fitted
            QTest.keyClick(viewer.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            assert QGuiApplication.clipboard().image().width() == 3000
            QTest.keyClick(viewer.canvas, Qt.Key.Key_Escape)
            assert not viewer.isVisible()

    run_qt(person())


def test_what_is_under_the_pointer_stays_there(theme: Theme, qtbot: QtBot, run_qt: RunQt) -> None:
    async def person() -> None:
        with opened(theme, qtbot, 3000, 2000) as viewer:
            await loaded(viewer)
            canvas = viewer.canvas
            canvas.zoom_to(1.0)
            point = QPointF(100, 80)
            before = (point - canvas._target().topLeft()) / canvas.zoom
            canvas.zoom_by(1.5, point)
            after = (point - canvas._target().topLeft()) / canvas.zoom
            assert (before - after).manhattanLength() < 1e-6

    run_qt(person())


def test_it_can_be_pulled_about_but_not_out_of_the_window(theme: Theme, qtbot: QtBot, run_qt: RunQt) -> None:
    async def person() -> None:
        with opened(theme, qtbot, 3000, 2000) as viewer:
            await loaded(viewer)
            canvas = viewer.canvas
            canvas.zoom_to(1.0)
            before = canvas._target().topLeft()
            QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
            QTest.mouseMove(canvas, QPoint(150, 180))
            assert canvas._target().topLeft() == before + QPointF(-50, -20)
            QTest.mouseMove(canvas, QPoint(200_000, 200_000))
            QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
            assert canvas._target().topLeft() == QPointF(0, 0)

    run_qt(person())


def test_every_button_has_a_name_and_a_key(theme: Theme, qtbot: QtBot, run_qt: RunQt) -> None:
    async def person() -> None:
        with opened(theme, qtbot, 30, 20) as viewer:
            await loaded(viewer)
            for button in viewer.findChildren(QToolButton):
                assert button.accessibleName() and button.isEnabled()
                assert button.toolTip().startswith(button.accessibleName() + " (")

    run_qt(person())


@pytest.mark.parametrize(("frames", "said"), [(1, False), (3, True)], ids=["one frame", "three frames"])
def test_of_an_animation_it_is_said_that_the_first_frame_is_shown(
    theme: Theme, qtbot: QtBot, run_qt: RunQt, frames: int, said: bool
) -> None:
    head = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\xff"
    frame = b"\x21\xf9\x04\x00\x0a\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"

    async def person() -> None:
        window = QWidget()
        qtbot.addWidget(window)
        viewer = PictureViewer(theme, PictureStore(window), address(head + frames * frame + b";"), "Dots", window)
        viewer.open()
        await loaded(viewer)
        assert ("the first of 3 frames" in viewer._facts.text()) == said
        assert ("animated" in viewer.canvas.accessibleDescription()) == said
        viewer.close()

    run_qt(person())
