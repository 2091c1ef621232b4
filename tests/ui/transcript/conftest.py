"""A page and a session to show on it."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.told import ToldSession

MakeView = Callable[..., TranscriptView]


@pytest.fixture
def session() -> ToldSession:
    return ToldSession()


@pytest.fixture
def make_view(qtbot: QtBot, theme: Theme) -> MakeView:
    """Opens a page of 780 by 600 on a session."""

    def make(session: ToldSession | None = None, *, height: int = 600) -> TranscriptView:
        view = TranscriptView(theme)
        qtbot.addWidget(view)
        view.resize(780, height)
        view.show_session(session)
        view.show()
        QApplication.sendPostedEvents()
        view.grab()
        return view

    return make
