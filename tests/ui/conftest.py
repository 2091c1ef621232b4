"""What tests of the window share: the loop they run on and the theme they look through."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop_chat.ui.loop import AppEventLoop
from desktop_chat.ui.theme.apply import Theme

SECONDS = 30.0
"""A coroutine that takes longer hangs."""

RunQt = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def run_qt(qapp: QApplication) -> RunQt:
    """Runs a coroutine on the loop of the window; fails on tasks, timers and errors it leaves behind."""

    def runner(coroutine: Coroutine[Any, Any, Any]) -> Any:
        problems: list[dict[str, Any]] = []
        qapp.setQuitOnLastWindowClosed(False)
        loop = AppEventLoop(qapp)
        loop.set_exception_handler(lambda _, context: problems.append(context))

        async def main() -> Any:
            async with asyncio.timeout(SECONDS):
                result = await coroutine
            left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            assert not left, f"tasks left running: {left}"
            assert loop.live_timers() == 0, "timers left running"
            return result

        try:
            asyncio.set_event_loop(loop)
            result = loop.run_until_complete(main())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            asyncio.set_event_loop(None)
            loop.close()
        assert not problems, f"errors nobody handled: {problems}"
        return result

    return runner


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme, at 100 %."""
    made = Theme(qapp, choice="light")
    yield made
    made.deleteLater()
