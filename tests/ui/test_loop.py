"""The loop of the window keeps asyncio's promises."""

import asyncio
import contextvars
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_chat.ui import loop as subject
from desktop_chat.ui.loop import AppEventLoop
from tests.ui.conftest import RunQt


def test_a_cancelled_timer_is_gone_at_once(run_qt: RunQt) -> None:
    async def main() -> tuple[int, bool]:
        loop = asyncio.get_running_loop()
        idle = loop.live_timers()
        for _ in range(1000):
            async with asyncio.timeout(60):
                await asyncio.sleep(0)
        return loop.live_timers() - idle, len(loop._heap) < 200

    assert run_qt(main()) == (0, True)


def test_no_timer_of_qt_runs_while_nothing_waits(run_qt: RunQt, qapp: QApplication) -> None:
    async def main() -> bool:
        loop = asyncio.get_running_loop()
        handles = [loop.call_later(60 + n, print) for n in range(5)]
        # The time limit of the fixture waits as well, and is not ours to cancel.
        due = loop._due_at
        for handle in handles:
            handle.cancel()
        return due <= handles[0].when()

    assert run_qt(main())


def test_the_timer_of_qt_stops_when_the_last_timer_is_cancelled(qapp: QApplication) -> None:
    loop = AppEventLoop(qapp)

    handle = loop.call_later(60, print)
    armed = loop._waker.later.isActive()
    handle.cancel()

    assert (armed, loop._waker.later.isActive()) == (True, False)
    loop.close()


def test_a_sleep_never_ends_early(run_qt: RunQt) -> None:
    async def main() -> list[float]:
        early = []
        for seconds in (0.0004, 0.001, 0.0105, 0.02, 0.0333):
            began = time.monotonic()
            await asyncio.sleep(seconds)
            early.append(seconds - (time.monotonic() - began))
        return [e for e in early if e > 0]

    assert run_qt(main()) == []


def test_timers_run_in_the_order_of_their_times(run_qt: RunQt) -> None:
    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        seen: list[int] = []
        done = asyncio.Event()
        loop.call_later(0.02, done.set)
        loop.call_later(0.01, seen.append, 3)
        loop.call_later(0.005, seen.append, 1)
        loop.call_later(0.005, seen.append, 2)
        await done.wait()
        return seen

    assert run_qt(main()) == [1, 2, 3]


def test_a_timer_may_be_longer_than_qt_can_wait(run_qt: RunQt) -> None:
    async def main() -> bool:
        loop = asyncio.get_running_loop()
        handle = loop.call_later(40 * 86400, print)
        waits = not handle.cancelled() and loop.live_timers() > 0
        handle.cancel()
        return waits

    assert run_qt(main())


def test_a_timer_that_waits_at_the_end_is_dropped_with_the_loop(qapp: QApplication) -> None:
    loop = AppEventLoop(qapp)
    loop.call_later(60, print)
    waker = loop._waker

    loop.close()

    assert not waker.later.isActive()
    assert loop.live_timers() == 0
    with pytest.raises(RuntimeError):
        loop.call_soon(print)


def test_callbacks_run_in_order_and_not_when_cancelled(run_qt: RunQt) -> None:
    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        seen: list[int] = []
        handles = [loop.call_soon(seen.append, n) for n in range(5)]
        handles[2].cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return seen

    assert run_qt(main()) == [0, 1, 3, 4]


def test_what_callbacks_add_needs_no_timer_of_qt(run_qt: RunQt) -> None:
    async def main() -> list[bool]:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0)
        armed = [loop._waker.soon.isActive()]
        loop.call_soon(lambda: armed.append(loop._waker.soon.isActive()))
        armed.append(loop._waker.soon.isActive())
        await asyncio.sleep(0)
        return armed

    assert run_qt(main()) == [False, False, False]


def test_a_callback_that_ends_the_program_leaves_the_others_waiting(qapp: QApplication) -> None:
    loop = AppEventLoop(qapp)
    seen: list[int] = []

    def end() -> None:
        raise SystemExit

    loop.call_soon(end)
    loop.call_soon(seen.append, 1)
    with pytest.raises(SystemExit):
        loop._drain()
    armed = loop._waker.soon.isActive()
    loop._drain()

    assert (armed, seen, loop._waker.soon.isActive()) == (True, [1], False)
    loop.close()


def test_qt_gets_its_turn_while_a_coroutine_spins(run_qt: RunQt) -> None:
    async def main() -> tuple[int, int]:
        turns, of_qt = 0, 0

        def again() -> None:
            nonlocal of_qt
            of_qt += 1
            if of_qt < 5:
                QTimer.singleShot(0, again)

        QTimer.singleShot(0, again)
        while of_qt < 5:
            turns += 1
            await asyncio.sleep(0)
        return turns, of_qt

    turns, of_qt = run_qt(main())

    # Both go on: neither waits until the other has nothing left to do.
    assert turns > 1
    assert of_qt == 5


def test_a_callback_that_fails_reaches_the_exception_handler(qapp: QApplication) -> None:
    loop = AppEventLoop(qapp)
    problems: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: problems.append(context))

    def fail() -> None:
        raise ValueError("on purpose")

    async def main() -> None:
        loop.call_soon(fail)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    loop.run_until_complete(main())
    loop.close()

    assert [str(p["exception"]) for p in problems] == ["on purpose"]


def test_an_abandoned_generator_is_finalised(run_qt: RunQt) -> None:
    ended: list[str] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            ended.append("finalised")

    async def main() -> None:
        async for _ in numbers():
            break
        for _ in range(10):
            await asyncio.sleep(0.001)

    run_qt(main())

    assert ended == ["finalised"]


def test_another_thread_wakes_the_loop_with_its_context(run_qt: RunQt) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="none")

    async def main() -> tuple[str, bool]:
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[tuple[str, bool]] = loop.create_future()
        home = threading.get_ident()
        context = contextvars.copy_context()
        context.run(variable.set, "given")

        def tell() -> None:
            heard.set_result((variable.get(), threading.get_ident() == home))

        thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(tell, context=context))
        thread.start()
        try:
            return await heard
        finally:
            thread.join()

    assert run_qt(main()) == ("given", True)


def test_many_threads_lose_no_callback(run_qt: RunQt) -> None:
    async def main() -> int:
        loop = asyncio.get_running_loop()
        seen: list[int] = []
        done = asyncio.Event()

        def note(n: int) -> None:
            seen.append(n)
            if len(seen) == 2000:
                done.set()

        def work() -> None:
            for n in range(500):
                loop.call_soon_threadsafe(note, n)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        await done.wait()
        for thread in threads:
            thread.join()
        return len(seen)

    assert run_qt(main()) == 2000


def test_a_worker_thread_starts_only_when_there_is_work(run_qt: RunQt) -> None:
    def workers() -> int:
        return sum(t.name.startswith("worker") for t in threading.enumerate())

    async def main() -> tuple[int, int, int]:
        before = workers()
        answer = await asyncio.to_thread(lambda: 42)
        return before, answer, workers()

    assert run_qt(main()) == (0, 42, 1)


def test_a_process_can_be_talked_to_and_ended(run_qt: RunQt) -> None:
    echo = "import sys; [print(line.upper(), end='', flush=True) for line in sys.stdin]"

    async def main() -> tuple[bytes, int | None]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", echo, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b"hello\n")
        said = await process.stdout.readline()
        process.terminate()
        return said, await process.wait()

    said, code = run_qt(main())
    assert said == b"HELLO\n"
    assert code != 0


def test_a_socket_is_read_paused_and_read_again(run_qt: RunQt) -> None:
    async def main() -> list[bytes]:
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        got = []
        for word in (b"one", b"two", b"three"):
            theirs.sendall(word)
            got.append(await reader.readexactly(len(word)))
            writer.transport.pause_reading()
            writer.transport.resume_reading()
        writer.close()
        await writer.wait_closed()
        theirs.close()
        return got

    assert run_qt(main()) == [b"one", b"two", b"three"]


def test_a_megabyte_goes_through_a_loopback_server(run_qt: RunQt) -> None:
    async def main() -> int:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readexactly(1_000_000))
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"x" * 1_000_000)
        size = len(await reader.read(-1))
        writer.close()
        await writer.wait_closed()
        server.close()
        await server.wait_closed()
        return size

    assert run_qt(main()) == 1_000_000


def test_a_cancelled_read_leaves_the_socket_usable(run_qt: RunQt) -> None:
    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        reading = loop.create_task(loop.sock_recv(ours, 10))
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        theirs.sendall(b"later")
        got = await loop.sock_recv(ours, 10)
        ours.close()
        theirs.close()
        return got

    assert run_qt(main()) == b"later"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are POSIX's")
def test_a_signal_is_heard_while_nothing_happens(run_qt: RunQt) -> None:
    import signal

    async def main() -> bool:
        loop = asyncio.get_running_loop()
        heard = asyncio.Event()
        loop.add_signal_handler(signal.SIGUSR1, heard.set)
        loop.call_later(0.01, signal.raise_signal, signal.SIGUSR1)
        is_heard = await heard.wait()
        loop.remove_signal_handler(signal.SIGUSR1)
        return is_heard

    assert run_qt(main())


def test_slow_callbacks_are_named_in_debug_mode(qapp: QApplication, caplog: pytest.LogCaptureFixture) -> None:
    loop = AppEventLoop(qapp)
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0

    loop.run_until_complete(asyncio.sleep(0))
    loop.close()

    assert any(record.name == subject.__name__ for record in caplog.records)
