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
from dataclasses import replace
from io import TextIOWrapper

# What knows nothing of Qt comes first: PySide6 takes over the import statement and makes it slower.
from desktop_chat import __version__, wiring
from desktop_chat.core.ports import FoundServer
from desktop_chat.domain.changes import LibraryChange, Saved, SaveFailed
from desktop_chat.domain.errors import ChatError, SettingsError, StoreError
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.runtime import garbage
from desktop_chat.runtime.children import forget_own_paths
from desktop_chat.runtime.handover import NoAnswer, take_or_raise
from desktop_chat.runtime.lock import HomeLock, LockTaken
from desktop_chat.runtime.log import start_log, stop_log, topic
from desktop_chat.runtime.paths import Paths, paths_from_environment
from desktop_chat.settings.schema import Preferences

# isort: split
from desktop_chat.ui import features  # noqa: F401 - before all that is imported after it

# isort: split
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QSessionManager
from PySide6.QtWidgets import QApplication

from desktop_chat.ui import aio
from desktop_chat.ui.actions.build import build_actions
from desktop_chat.ui.actions.handlers import Handlers
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.composer.composer import Composer
from desktop_chat.ui.crashes import Crashes
from desktop_chat.ui.dialogs.opener import DialogNeeds, Opener
from desktop_chat.ui.header import Header
from desktop_chat.ui.inspector.dock import InspectorDock
from desktop_chat.ui.loop import AppEventLoop
from desktop_chat.ui.main_window import APP_NAME, MainWindow, Panes
from desktop_chat.ui.messages import explain, tr
from desktop_chat.ui.shown import Shown
from desktop_chat.ui.sidebar.sidebar import Sidebar
from desktop_chat.ui.state import FILE_NAME, StateFile
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import app_icon
from desktop_chat.ui.transcript.view import TranscriptView
from desktop_chat.ui.welcome import WelcomePage

REMEMBER_MS = 1000
PAINT_S = 2.0
LOAD_AGAIN_S = 3.0
CLOSE_S = 20.0
"""Saving on a disk that hangs is given up after this; the journal has what came."""
OPENED_SCHEMES = ("http", "https", "mailto")


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
    """The running program: builds the window around the core and ends both in order.

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
        self.parts = wiring.build(paths, on_raise=self._raise)
        values = self.parts.settings.values
        self.theme = Theme(app, choice=values.theme, text_px=values.text_px)
        self._crashes = Crashes(paths.log_file, self.theme, self.ended.set)
        self._crashes.install(asyncio.get_running_loop())
        self._state_file = StateFile(paths.config / FILE_NAME)
        self._state = self._state_file.load()
        self._problem: Exception | None = None
        self._build(paths)
        self._connect()

    async def start(self) -> None:
        """Show the window, then read and load what is behind it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Windows has no such handlers; there the console ends the process.
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, self.ended.set)
        self.window.installEventFilter(_FirstPaint(self.window, self.painted))
        self._app.commitDataRequest.connect(self._on_session_ends)
        self.shown.new()
        self.window.show()
        with suppress(TimeoutError):
            # Started minimised or on a hidden desktop, a window is not painted.
            await asyncio.wait_for(self.painted.wait(), PAINT_S)
        await self._load()
        aio.spawn(self._warm(), owner=self)
        self.ready.set()

    async def stop(self) -> None:
        """Stop what runs, save everything, close the window."""
        self._remember.stop()
        self.window.panes.composer.keep_now()
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
        self.deleteLater()

    async def _warm(self) -> None:
        try:
            await self.parts.warm()
            self.window.panes.transcript.colors.warm()
        finally:
            garbage.go_on()

    async def _use(self, kind: str, payload: object) -> None:
        endpoints = self.parts.endpoints
        if isinstance(payload, FoundServer):
            await endpoints.use_found(payload)
        elif kind == "environment":
            await endpoints.use_environment()
        else:
            await endpoints.use_demo()
        self.shown.new()

    async def _load(self, *, patiently: bool = False) -> None:
        try:
            await self.parts.library.load()
        except StoreError as error:
            if not patiently:
                self.handlers.say(error)
            # Another program may have locked the file for a while, or the disk comes back.
            await asyncio.sleep(LOAD_AGAIN_S if patiently else 0)
            aio.spawn(self._load(patiently=True), owner=self)
            return
        if self.parts.settings.problems:
            self.window.toast.say(
                tr("Some preferences could not be read and have their defaults."),
                button=tr("Show"),
                act=lambda: self.dialogs.preferences("storage"),
            )
        last = ConversationId(self._state.conversation_id)
        if self.parts.library.row(last) is not None:
            self.shown.open_last(last)

    def _build(self, paths: Paths) -> None:
        parts, theme = self.parts, self.theme
        self.window = window = MainWindow(theme, self._state)
        panes = Panes(
            sidebar=Sidebar(parts.library, theme, parts.endpoints, window.split),
            header=Header(theme, parts.endpoints, window.conversation),
            transcript=TranscriptView(theme, window.conversation),
            composer=Composer(theme, parts.settings, self._tool_names, window.conversation),
            inspector=InspectorDock(theme, window.split),
            make_welcome=self._make_welcome,
        )
        window.put(panes)
        panes.transcript.positions.take(self._state.positions)
        needs = DialogNeeds(parts.settings, parts.endpoints, parts.toolbox, paths, theme)
        self.dialogs = Opener(needs, self.window)
        self.shown = Shown(parts.library, parts.endpoints, self.window)
        self.handlers = Handlers(parts.library, parts.settings, self.shown, self.window, self.dialogs)
        self.actions = build_actions(self.window, theme, self.handlers.run)
        self.handlers.take_actions(self.actions)
        self.window.take_actions(self.actions)
        panes.header.use_inspector_action(self.actions[ActionId.VIEW_INSPECTOR])
        panes.header.use_menu_action(self.actions[ActionId.VIEW_MENU])
        self._crashes.window = self.window
        self._crashes.tell = self.handlers.say
        self._remember = QTimer(self)
        self._remember.setSingleShot(True)
        self._remember.setInterval(REMEMBER_MS)

    def _connect(self) -> None:
        window, shown, handlers, panes = self.window, self.shown, self.handlers, self.window.panes
        sidebar, header, composer, transcript = panes.sidebar, panes.header, panes.composer, panes.transcript
        trigger = {action_id: action.trigger for action_id, action in self.actions.items()}
        window.close_asked.connect(self._on_close_asked)
        window.arranged.connect(self._remember.start)
        self._remember.timeout.connect(self._keep_state)
        shown.changed.connect(handlers.refresh)
        sidebar.new_asked.connect(trigger[ActionId.CONVERSATION_NEW])
        sidebar.conversation_chosen.connect(self._on_conversation_chosen)
        sidebar.hit_chosen.connect(self._on_conversation_chosen)
        sidebar.rename_committed.connect(handlers.rename)
        sidebar.pin_asked.connect(handlers.pin)
        sidebar.trash_asked.connect(handlers.trash)
        sidebar.preferences_asked.connect(trigger[ActionId.APP_PREFERENCES])
        sidebar.endpoints_asked.connect(trigger[ActionId.APP_ENDPOINTS])
        header.title_committed.connect(self._on_title_committed)
        header.settings_asked.connect(trigger[ActionId.CONVERSATION_SETTINGS])
        header.endpoints_asked.connect(trigger[ActionId.APP_ENDPOINTS])
        composer.submitted.connect(handlers.send)
        composer.stop_asked.connect(trigger[ActionId.TURN_STOP])
        composer.edit_last_asked.connect(trigger[ActionId.MESSAGE_EDIT_LAST])
        composer.settings_asked.connect(trigger[ActionId.CONVERSATION_SETTINGS])
        transcript.action_asked.connect(handlers.run)
        transcript.current_changed.connect(handlers.refresh)
        transcript.edit_committed.connect(handlers.edit)
        transcript.link_asked.connect(self._on_link_asked)
        Bridge(self.parts.settings.changes, self).changed.connect(self._on_settings_changed)
        Bridge(self.parts.settings.troubles, self).changed.connect(self._on_library_changed)
        self._on_settings_changed(self.parts.settings.values)
        Bridge(self.parts.library.changes, self).changed.connect(self._on_library_changed)

    def _tool_names(self) -> list[str]:
        """Everything the model may be offered, the person's own functions too."""
        return [spec.name for spec in self.parts.toolbox.specs()]

    def _make_welcome(self) -> WelcomePage:
        page = WelcomePage(self.parts.endpoints, self.theme, self.window.pages)
        page.picked.connect(self._on_welcome_picked)
        return page

    def _raise(self) -> None:
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def _keep_state(self) -> None:
        state, transcript = self.window.state(self.shown.conversation_id or ""), self.window.panes.transcript
        transcript.keep_position()
        self._state_file.save(replace(state, positions=transcript.positions.data()))

    def _on_close_asked(self) -> None:
        if self._problem is None or not (self.parts.saver.waiting or isinstance(self._problem, SettingsError)):
            self.ended.set()
            return
        # Loaded here: closing while the disk is full is rare.
        from desktop_chat.ui.dialogs.unsaved import UnsavedDialog

        dialog = UnsavedDialog(explain(self._problem), self.window)
        dialog.accepted.connect(self.ended.set)
        dialog.open()

    def _on_session_ends(self, _manager: QSessionManager) -> None:
        # The desktop ends: a window that refuses to close would keep the person from logging out.
        self.window.allow_closing()
        self.ended.set()

    def _on_conversation_chosen(self, conversation_id: str, message_id: str = "") -> None:
        self.shown.open(ConversationId(conversation_id), MessageId(message_id) if message_id else None)

    def _on_title_committed(self, title: str) -> None:
        if self.shown.session is not None:
            self.shown.session.rename(title)

    def _on_link_asked(self, address: str) -> None:
        url = QUrl(address)
        if url.scheme().lower() in OPENED_SCHEMES:
            QDesktopServices.openUrl(url)
        else:
            self.window.toast.say(tr("Only web and mail addresses are opened."), ms=4000)

    def _on_welcome_picked(self, kind: str, payload: object) -> None:
        if kind == "add":
            self.dialogs.add_endpoint()
            return
        aio.spawn(self._use(kind, payload), owner=self, on_error=self.handlers.say)

    def _on_settings_changed(self, values: Preferences) -> None:
        self.window.panes.transcript.set_column_px(values.column_px)
        self.window.panes.transcript.set_code_wrap(values.code_wrap)
        self.theme.set(values.theme)
        self.theme.set_text_px(values.text_px)

    def _on_library_changed(self, change: LibraryChange) -> None:
        match change:
            case SaveFailed(error):
                self._problem = error
                self.window.trouble.say(explain(error).text)
            case Saved():
                self._problem = None
                self.window.trouble.hide()
            case _:
                self.handlers.refresh()


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
