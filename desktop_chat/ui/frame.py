"""Builds the window around the core and connects its panes with each other.

What a pane asks for goes to an action or a handler; what happened comes back as a change.
"""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desktop_chat.core.ports import FoundServer
from desktop_chat.domain.changes import LibraryChange, Saved, SaveFailed
from desktop_chat.domain.errors import StoreExchanged, StoreRecovered
from desktop_chat.domain.ids import MessageId
from desktop_chat.settings.schema import Preferences
from desktop_chat.ui import aio
from desktop_chat.ui.actions.build import build_actions
from desktop_chat.ui.actions.handlers import Handlers
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.actions.shelves import ShelfActions
from desktop_chat.ui.actions.submenus import Submenus
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.composer.composer import Composer
from desktop_chat.ui.dialogs.opener import DialogNeeds, Opener
from desktop_chat.ui.header import Header
from desktop_chat.ui.inspector.dock import InspectorDock
from desktop_chat.ui.main_window import MainWindow, Panes
from desktop_chat.ui.messages import explain, tr
from desktop_chat.ui.shown import Shown
from desktop_chat.ui.sidebar.sidebar import Sidebar
from desktop_chat.ui.state import WindowState
from desktop_chat.ui.transcript.view import TranscriptView
from desktop_chat.ui.welcome import WelcomePage

REMEMBER_MS = 1000
SIZING_MS = 150
OPENED_SCHEMES = ("http", "https", "mailto")


class Frame(QObject):
    """The window and all that it is made of.

    Args:
        needs: What panes and dialogs are made of.
        state: How the window was left.

    Attributes:
        problem: What could not be saved, as long as it is not.
    """

    worth_keeping = Signal()
    """The window has been another one for a second: its state can be written."""

    def __init__(self, needs: DialogNeeds, state: WindowState) -> None:
        super().__init__()
        self.problem: Exception | None = None
        self._needs = needs
        self._build(state)
        self._connect()

    def say_preferences_are_odd(self) -> None:
        """Tell that some preferences have their defaults, and offer to show which."""
        self.window.toast.say(
            tr("Some preferences could not be read and have their defaults."),
            button=tr("Show"),
            act=lambda: self.dialogs.preferences("storage"),
        )

    def state(self) -> WindowState:
        """What is worth remembering of the window; of temporary conversations nothing is."""
        session, transcript = self.shown.session, self.window.panes.transcript
        transcript.keep_position()
        temporary = {row.id for row in self._needs.library.rows if row.is_temporary}
        positions = {one: at for one, at in transcript.positions.data().items() if one not in temporary}
        shown_id = "" if session is None or session.is_temporary else session.conversation.id
        return replace(self.window.state(shown_id), positions=positions)

    def leave(self) -> None:
        """The program ends: keep what is typed."""
        self._remember.stop()
        self._sizing.stop()
        self.window.panes.composer.keep_now()
        self.window.panes.transcript.reading.editing.keep_now()

    def _build(self, state: WindowState) -> None:
        needs, library, theme = self._needs, self._needs.library, self._needs.theme
        self.window = window = MainWindow(theme, state)
        panes = Panes(
            sidebar=Sidebar(library, theme, needs.endpoints, window.split),
            header=Header(theme, needs.endpoints, window.conversation),
            transcript=TranscriptView(theme, window.conversation),
            composer=Composer(theme, needs.settings, self._tool_names, window.conversation),
            inspector=InspectorDock(theme, window.split),
            make_welcome=self._make_welcome,
        )
        window.put(panes)
        panes.transcript.positions.take(state.positions)
        self.dialogs = Opener(needs, window)
        self.shown = Shown(library, needs.endpoints, window)
        self.handlers = Handlers(library, needs.settings, self.shown, window, self.dialogs)
        self.actions = build_actions(window, theme, self.handlers.run)
        self.handlers.take_actions(self.actions)
        Submenus(self.actions, self.handlers.conversations, window)
        window.take_actions(self.actions)
        for menu in window.menus:
            menu.aboutToShow.connect(self.handlers.refresh)
        panes.header.use_inspector_action(self.actions[ActionId.VIEW_INSPECTOR])
        panes.header.use_menu_action(self.actions[ActionId.VIEW_MENU])
        self._sizing = QTimer(self)
        self._sizing.setSingleShot(True)
        self._sizing.setInterval(SIZING_MS)
        self._sizing.timeout.connect(self._on_sizing_timeout)
        self._remember = QTimer(self)
        self._remember.setSingleShot(True)
        self._remember.setInterval(REMEMBER_MS)

    def _connect(self) -> None:
        window, handlers = self.window, self.handlers
        self._connect_sides()
        self._connect_conversation()
        window.arranged.connect(self._remember.start)
        window.files_dropped.connect(self._on_files_dropped)
        self._remember.timeout.connect(self.worth_keeping)
        self.shown.changed.connect(handlers.refresh)
        self.dialogs.restored.connect(self.shown.renew)
        self.dialogs.import_asked.connect(self.actions[ActionId.CONVERSATION_IMPORT].trigger)
        self.dialogs.export_asked.connect(self.actions[ActionId.CONVERSATION_EXPORT].trigger)
        settings = self._needs.settings
        Bridge(settings.changes, self).changed.connect(self._on_settings_changed)
        Bridge(settings.troubles, self).changed.connect(self._on_library_changed)
        self._on_settings_changed(settings.values)
        Bridge(self._needs.library.changes, self).changed.connect(self._on_library_changed)

    def _connect_sides(self) -> None:
        sidebar = self.window.panes.sidebar
        trigger = {action_id: action.trigger for action_id, action in self.actions.items()}
        self._shelves = ShelfActions(self._needs.library, self.handlers.conversations, self.shown, self.window)
        sidebar.wishes.new_asked.connect(trigger[ActionId.CONVERSATION_NEW])
        sidebar.wishes.new_temporary_asked.connect(trigger[ActionId.CONVERSATION_NEW_TEMPORARY])
        sidebar.arranged.connect(self.window.arranged)
        sidebar.meant_changed.connect(self.handlers.refresh)
        sidebar.preferences_asked.connect(trigger[ActionId.APP_PREFERENCES])
        sidebar.endpoints_asked.connect(trigger[ActionId.APP_ENDPOINTS])

    def _connect_conversation(self) -> None:
        panes, turns = self.window.panes, self.handlers.turns
        header, composer, transcript = panes.header, panes.composer, panes.transcript
        trigger = {action_id: action.trigger for action_id, action in self.actions.items()}
        header.title_committed.connect(self._on_title_committed)
        header.settings_asked.connect(trigger[ActionId.CONVERSATION_SETTINGS])
        header.endpoints_asked.connect(trigger[ActionId.APP_ENDPOINTS])
        composer.submitted.connect(turns.send)
        composer.stop_asked.connect(trigger[ActionId.TURN_STOP])
        composer.edit_last_asked.connect(trigger[ActionId.MESSAGE_EDIT_LAST])
        composer.settings_asked.connect(trigger[ActionId.CONVERSATION_SETTINGS])
        transcript.action_asked.connect(self.handlers.run)
        transcript.current_changed.connect(self.handlers.refresh)
        transcript.edit_committed.connect(turns.edit)
        transcript.edit_dropped.connect(turns.drop_edit)
        panes.inspector.message_chosen.connect(self._on_message_chosen)
        transcript.link_asked.connect(self._on_link_asked)

    def _tool_names(self) -> list[str]:
        """Everything the model may be offered, the person's own functions too."""
        return [spec.name for spec in self._needs.toolbox.specs()]

    def _make_welcome(self) -> WelcomePage:
        page = WelcomePage(self._needs.endpoints, self._needs.theme, self.window.pages)
        page.picked.connect(self._on_welcome_picked)
        return page

    async def _use(self, kind: str, payload: object) -> None:
        endpoints = self._needs.endpoints
        if isinstance(payload, FoundServer):
            await endpoints.use_found(payload)
        elif kind == "environment":
            await endpoints.use_environment()
        else:
            await endpoints.use_demo()
        self.shown.new()

    def _on_message_chosen(self, message_id: str) -> None:
        self.shown.go_to(MessageId(message_id))

    def _on_title_committed(self, title: str) -> None:
        if self.shown.session is not None:
            self.shown.session.rename(title)

    def _on_link_asked(self, address: str) -> None:
        url = QUrl(address)
        if url.scheme().lower() in OPENED_SCHEMES:
            QDesktopServices.openUrl(url)
        else:
            self.window.toast.say(tr("Only web and mail addresses are opened."), ms=4000)

    def _on_files_dropped(self, paths: list[Path]) -> None:
        self.dialogs.import_from(*paths)

    def _on_welcome_picked(self, kind: str, payload: object) -> None:
        if kind == "add":
            self.dialogs.add_endpoint()
            return
        aio.spawn(self._use(kind, payload), owner=self, on_error=self.handlers.say)

    def _on_settings_changed(self, values: Preferences) -> None:
        transcript, theme = self.window.panes.transcript, self._needs.theme
        transcript.set_column_px(values.column_px)
        transcript.set_code_wrap(values.code_wrap)
        transcript.set_code_numbers(values.code_line_numbers)
        transcript.editor.take_send_key(values.send_key)
        theme.set(values.theme)
        theme.set_motion(is_reduced=values.reduce_motion)
        # Each step lays the whole window out anew: of many at once, the first and the last are shown.
        if theme.text_px != values.text_px and not self._sizing.isActive():
            theme.set_text_px(values.text_px)
            self._sizing.start()

    def _on_sizing_timeout(self) -> None:
        theme, wanted = self._needs.theme, self._needs.settings.values.text_px
        if theme.text_px != wanted:
            theme.set_text_px(wanted)
            self._sizing.start()

    def _on_library_changed(self, change: LibraryChange) -> None:
        match change:
            case SaveFailed(StoreRecovered() as error):
                # Nothing waits to be written: this is news, not a state.
                self.dialogs.recovered(error)
            case SaveFailed(StoreExchanged() as error):
                self.window.say_problem(explain(error))
            case SaveFailed(error):
                # It stays for as long as it is so, unless the person has read it and hides it.
                is_known, self.problem = type(self.problem) is type(error), error
                if not is_known:
                    self.window.trouble.say(explain(error).text, button=tr("Hide"))
            case Saved():
                self.problem = None
                self.window.trouble.hide()
            case _:
                self.handlers.undoing.note_list()
                self.handlers.refresh()
