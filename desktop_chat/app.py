"""The window's front door: puts everything together, in order, once.

One process writes a home: a second start asks the first to show its window. The window is
shown before anything is read or any heavy library is loaded; then the list is read, the
last conversation opened, and a worker thread loads what the first turn will need.
"""

import asyncio
import faulthandler
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING

# What knows nothing of Qt comes first: PySide6 takes over the import statement and makes it slower.
from desktop_chat import __version__, wiring
from desktop_chat.domain.errors import ChatError, SettingsError, StoreError
from desktop_chat.domain.ids import ConversationId
from desktop_chat.runtime import enums, garbage, later
from desktop_chat.runtime.children import forget_own_paths
from desktop_chat.runtime.handover import NoAnswer, take_or_raise
from desktop_chat.runtime.lock import HomeLock, LockTaken
from desktop_chat.runtime.log import start_log, stop_log, topic
from desktop_chat.runtime.paths import Paths, paths_from_environment

# isort: split
from desktop_chat.ui import features  # noqa: F401 - before all that is imported after it

# isort: split
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from desktop_chat.ui import aio
from desktop_chat.ui.closing import Closing
from desktop_chat.ui.crashes import Crashes
from desktop_chat.ui.dialogs.opener import DialogNeeds
from desktop_chat.ui.frame import Frame
from desktop_chat.ui.loop import AppEventLoop
from desktop_chat.ui.main_window import APP_NAME, MainWindow
from desktop_chat.ui.messages import tr
from desktop_chat.ui.state import FILE_NAME, StateFile
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import app_icon

if TYPE_CHECKING:
    from desktop_chat.core.updates import Release

PAINT_S = 2.0
LOAD_AGAIN_S = 3.0
CLOSE_S = 20.0
"""Saving on a disk that hangs is given up after this; the journal has what came."""


def run(*, verbose: Iterable[str] = ()) -> int:
    """Open the window and come back when it is closed; returns the exit code."""
    paths = paths_from_environment()
    try:
        paths.make()
    except OSError as error:
        return _complain(f"Desktop Chat cannot write its folder: {error}")
    try:
        start_log(paths.log_file, verbose=verbose)
    except ValueError as error:
        return _complain(f"desktop-chat: {error}")
    lock = HomeLock(paths.lock)
    try:
        if not _is_ours(lock, paths):
            return 0
    except NoAnswer as error:
        return _complain(f"Desktop Chat runs already with this folder and does not answer: {error}")
    except OSError as error:
        return _complain(f"Desktop Chat cannot use its folder: {error}")
    fatal = _catch_fatal(paths)
    try:
        app = make_app()
        with asyncio.Runner(loop_factory=lambda: AppEventLoop(app)) as runner:
            runner.run(_main(app, paths, lock))
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return 0
    finally:
        lock.release()
        if fatal is not None:
            faulthandler.disable()
            fatal.close()
        stop_log()


def make_app() -> QApplication:
    """The application object, named."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("desktop-chat")
    app.setApplicationDisplayName(APP_NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("desktop-chat")
    app.setWindowIcon(app_icon())
    # Closing the window begins an orderly end; the loop outlives it.
    app.setQuitOnLastWindowClosed(False)
    app.libraryPaths()  # Qt reads its own variables here; nothing else needs them.
    forget_own_paths()
    return app


async def _main(app: QApplication, paths: Paths, lock: HomeLock) -> None:
    program = Program(app, paths)
    await program.start()
    await program.ended.wait()
    await program.stop()
    # Nothing writes any more; a worker that still looks up a name need not keep others out.
    lock.release()


class Program(QObject):
    """The running program: has the window built around the core and ends both in order.

    Args:
        app: Is styled.
        paths: Where everything is kept.
    """

    def __init__(self, app: QApplication, paths: Paths) -> None:
        super().__init__()
        self._app = app
        self.ended = asyncio.Event()
        """The person, or the system, wants it to end."""
        self.painted = asyncio.Event()
        """The window has been on screen once."""
        self.ready = asyncio.Event()
        """The list is read and the last conversation is on its way."""
        self.warm = asyncio.Event()
        """What is loaded ahead of its use is loaded."""
        self.parts = parts = wiring.build(paths, on_raise=self._raise)
        values = parts.settings.values
        self.theme = Theme(app, choice=values.theme, text_px=values.text_px)
        self._crashes = Crashes(paths.log_file, self.theme, self.ended.set)
        self._crashes.install(asyncio.get_running_loop())
        self._state_file = StateFile(paths.config / FILE_NAME)
        self._state = self._state_file.load()
        needs = DialogNeeds(
            library=parts.library,
            settings=parts.settings,
            endpoints=parts.endpoints,
            toolbox=parts.toolbox,
            paths=paths,
            theme=self.theme,
            intake=parts.intake,
            backups=parts.backups,
            make_updates=parts.make_updates,
        )
        self.frame = frame = Frame(needs, self._state)
        self.window, self.dialogs, self.shown = frame.window, frame.dialogs, frame.shown
        self.window.panes.transcript.gallery.take_loader(parts.pictures, parts.library.picture)
        self.handlers, self.actions = frame.handlers, frame.actions
        self._crashes.window = self.window
        self._crashes.tell = self.handlers.say
        frame.worth_keeping.connect(self._keep_state)
        self.closing = Closing(self.window, parts.library, self._unsaved, self.ended.set)

    async def start(self) -> None:
        """Show the window, then read and load what is behind it."""
        self.window.installEventFilter(_FirstPaint(self.window, self.painted))
        self._app.commitDataRequest.connect(self._on_session_ends)
        self.shown.new()
        self.window.show()
        with suppress(TimeoutError):
            # Started minimised or on a hidden desktop, a window is not painted.
            await asyncio.wait_for(self.painted.wait(), PAINT_S)
        enums.make_as_ever()
        for _ in later.fetch():
            await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers; there the console ends the process.
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, self.ended.set)
        await self._load()
        aio.spawn(self._warm(), owner=self)
        aio.spawn(self._watch_updates(), owner=self)
        self.ready.set()

    async def stop(self) -> None:
        """Stop what runs, save everything, close the window."""
        self.frame.leave()
        self._keep_state()
        self.window.hide()
        await aio.finish()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self.parts.close()
        except (ChatError, TimeoutError) as error:
            topic("store").error("not everything could be saved: %s: %s", type(error).__name__, error)
        await self._state_file.close()
        self._crashes.uninstall()
        self.window.end()
        self.window.deleteLater()
        self.frame.deleteLater()
        self.deleteLater()

    async def _warm(self) -> None:
        try:
            await self.parts.warm()
            self.window.panes.transcript.colors.warm()
        finally:
            garbage.go_on()
            self.warm.set()
        await self.parts.backups.watch()

    async def _watch_updates(self) -> None:
        """Tell of a newer version, if the person wants that looked for."""
        updates = self.parts.make_updates()
        updates.found.subscribe(self._on_update_found)
        await updates.watch()

    def _on_update_found(self, release: "Release") -> None:
        self.window.toast.say(
            tr("Version {version} is there.", version=release.version),
            button=tr("Show"),
            act=lambda: self.dialogs.update(release),
        )

    async def _load(self, *, patiently: bool = False) -> None:
        try:
            await self.parts.library.load()
        except StoreError:
            # The window says so for as long as it lasts: another program may have locked the file for a while.
            await asyncio.sleep(LOAD_AGAIN_S if patiently else 0)
            aio.spawn(self._load(patiently=True), owner=self)
            return
        if self.parts.settings.problems:
            self.frame.say_preferences_are_odd()
        last = ConversationId(self._state.conversation_id)
        if self.parts.library.row(last) is not None:
            self.shown.open_last(last)

    def _raise(self) -> None:
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _keep_state(self) -> None:
        self._state_file.save(self.frame.state())

    def _unsaved(self) -> Exception | None:
        """What would be lost if the program ended now."""
        problem = self.frame.problem
        return problem if self.parts.saver.waiting or isinstance(problem, SettingsError) else None

    def _on_session_ends(self, _manager: QSessionManager) -> None:
        # The desktop ends: a window that refuses to close would keep the person from logging out.
        self.window.allow_closing()
        self.ended.set()


class _FirstPaint(QObject):
    """Notes that the window has been painted once."""

    def __init__(self, window: MainWindow, painted: asyncio.Event) -> None:
        super().__init__(window)
        self._painted = painted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # The event is still on its way; whoever waits goes on after it.
            self._painted.set()
            self.deleteLater()
        return False


def _is_ours(lock: HomeLock, paths: Paths) -> bool:
    """Take the lock; False if another process has it, which shows its window now."""
    try:
        lock.take()
    except LockTaken:
        waits = "Desktop Chat opens as soon as the question of the terminal is answered."
        return asyncio.run(take_or_raise(lock, paths.handover, lambda: _complain(waits)))
    return True


def _catch_fatal(paths: Paths) -> TextIOWrapper | None:
    try:
        file = (paths.log / "fatal.log").open("a", encoding="utf-8")
    except OSError:
        return None
    faulthandler.enable(file)
    return file


def _complain(text: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
    return 1
