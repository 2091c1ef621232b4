"""The one place in the ui that starts a task.

A task belongs to a QObject and is cancelled with it, so that no coroutine ever wakes up in
a widget that is gone.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

from desktop_chat.domain.errors import ChatError

T = TypeVar("T")

_running: set[asyncio.Task[Any]] = set()


def spawn(
    coro: Coroutine[Any, Any, T],
    *,
    owner: QObject,
    on_error: Callable[[Exception], None] | None = None,
) -> asyncio.Task[T]:
    """Run a coroutine for as long as its owner lives.

    Args:
        coro: What to run.
        owner: The task is cancelled when this object is destroyed.
        on_error: Is told of an expected error (`ChatError`). Without it, and for every other
            error, the loop's exception handler decides: that is the crash path.

    Returns:
        The task; nobody has to keep it.
    """
    task = asyncio.get_running_loop().create_task(coro)
    _running.add(task)

    def cancel() -> None:
        task.cancel()

    owner.destroyed.connect(cancel)

    def settle(done: asyncio.Task[T]) -> None:
        _running.discard(done)
        alive = isValid(owner)
        if alive:
            owner.destroyed.disconnect(cancel)
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            return
        if on_error is not None and isinstance(error, ChatError):
            if alive:  # Else whoever asked is gone, and nobody waits for the answer.
                on_error(error)
            return
        done.get_loop().call_exception_handler(
            {"message": "a task of the window failed", "exception": error, "task": done}
        )

    task.add_done_callback(settle)
    return task


def running() -> frozenset[asyncio.Task[Any]]:
    """The tasks of the ui that have not ended."""
    return frozenset(_running)


async def finish() -> None:
    """Cancel every task of the ui and wait until all have ended."""
    me = asyncio.current_task()
    tasks = [task for task in _running if task is not me]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
