"""Tasks of the window end with their owner, and their errors reach somebody."""

import asyncio
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from desktop_chat.domain.errors import ChatError, StoreFull
from desktop_chat.ui import aio
from desktop_chat.ui.loop import AppEventLoop
from tests.ui.conftest import RunQt


def test_a_task_ends_with_its_owner(run_qt: RunQt) -> None:
    async def main() -> bool:
        owner = QObject()
        task = aio.spawn(asyncio.Event().wait(), owner=owner)
        await asyncio.sleep(0)
        delete(owner)
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert run_qt(main())


def test_an_expected_error_is_told_to_whoever_asked(run_qt: RunQt) -> None:
    async def fail() -> None:
        raise StoreFull("no room")

    async def main() -> list[Exception]:
        owner = QObject()
        told: list[Exception] = []
        task = aio.spawn(fail(), owner=owner, on_error=told.append)
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)
        return told

    assert [type(error) for error in run_qt(main())] == [StoreFull]


def test_an_expected_error_after_its_owner_has_gone_concerns_nobody(run_qt: RunQt) -> None:
    async def fail() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise StoreFull("no room") from None

    async def main() -> list[Exception]:
        owner = QObject()
        told: list[Exception] = []
        task = aio.spawn(fail(), owner=owner, on_error=told.append)
        await asyncio.sleep(0)
        delete(owner)
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)
        return told

    assert run_qt(main()) == []


def test_a_bug_reaches_the_loop(qapp: QApplication) -> None:
    loop = AppEventLoop(qapp)
    heard: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: heard.append(context))

    async def fail() -> None:
        raise ZeroDivisionError

    async def main() -> None:
        owner = QObject()
        task = aio.spawn(fail(), owner=owner, on_error=lambda error: None)
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)

    loop.run_until_complete(main())
    loop.close()

    assert [type(context["exception"]) for context in heard] == [ZeroDivisionError]


def test_an_expected_error_without_a_listener_is_not_lost(qapp: QApplication) -> None:
    loop = AppEventLoop(qapp)
    heard: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: heard.append(context))

    async def fail() -> None:
        raise ChatError("outside")

    async def main() -> None:
        owner = QObject()
        task = aio.spawn(fail(), owner=owner)
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0)

    loop.run_until_complete(main())
    loop.close()

    assert [type(context["exception"]) for context in heard] == [ChatError]


def test_a_finished_task_leaves_nothing_with_its_owner(run_qt: RunQt) -> None:
    async def main() -> int:
        owner = QObject()
        for _ in range(20):
            await aio.spawn(asyncio.sleep(0), owner=owner)
        await asyncio.sleep(0)
        return len(aio.running())

    assert run_qt(main()) == 0


def test_all_tasks_can_be_ended_together(run_qt: RunQt) -> None:
    async def main() -> list[bool]:
        owner = QObject()
        tasks = [aio.spawn(asyncio.Event().wait(), owner=owner) for _ in range(3)]
        await asyncio.sleep(0)
        await aio.finish()
        return [task.cancelled() for task in tasks]

    assert run_qt(main()) == [True, True, True]
