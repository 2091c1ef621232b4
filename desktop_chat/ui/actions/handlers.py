"""What each action does: one call into the core, or into a pane of the window.

An action is about its target if it has one (a message's button, a card's), otherwise about
the current message, the open tool call or the shown conversation. What is done with a
conversation and with a message is in `conversations.py` and `turns.py`.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop_chat.core.library import Library
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.ids import EndpointId, MessageId
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.actions.build import set_enabled
from desktop_chat.ui.actions.conversations import ConversationActions
from desktop_chat.ui.actions.dialogs import Dialogs
from desktop_chat.ui.actions.enable import Around, enable, state_of
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.actions.naming import titles_about
from desktop_chat.ui.actions.turns import TurnActions
from desktop_chat.ui.actions.undoing import UndoActions
from desktop_chat.ui.main_window import MainWindow
from desktop_chat.ui.messages import explain
from desktop_chat.ui.shown import Shown
from desktop_chat.ui.theme.tokens import TEXT_PX

ABOUT_THE_PAGE = ("message", "tool")
"""Areas of actions that wait while the page is ahead of the session, or they would be done elsewhere."""
SMALLEST_TEXT_PX, LARGEST_TEXT_PX = 11, 24


class Handlers:
    """Carries actions out.

    Attributes:
        conversations: Those about conversations.
        turns: Those about messages, turns and tool calls.
        undoing: Undo and Redo.
    """

    def __init__(
        self, library: Library, settings: SettingsStore, shown: Shown, window: MainWindow, dialogs: Dialogs
    ) -> None:
        self._library = library
        self._settings = settings
        self._shown = shown
        self._window = window
        self._dialogs = dialogs
        self._actions: Mapping[ActionId, QAction] = {}
        self.conversations = ConversationActions(library, shown, window, dialogs, self.refresh)
        self.turns = TurnActions(shown, window, dialogs, self.say)
        self.undoing = UndoActions(library, shown, window)
        self._handlers = self.conversations.table() | self.turns.table() | self.undoing.table() | self._table()
        window.sides_changed.connect(self.refresh)

    def take_actions(self, actions: Mapping[ActionId, QAction]) -> None:
        """The actions whose state is to be kept."""
        self._actions = actions
        self.refresh()

    def run(self, action_id: ActionId, target: object = None) -> None:
        """Do it. What cannot be done is said in one line.

        Args:
            action_id: What.
            target: The id of the message or tool call it is about, if it came from there.
        """
        if self._shown.is_ahead and action_id.partition(".")[0] in ABOUT_THE_PAGE:
            return
        try:
            self._handlers[action_id](str(target) if target else None)
        except ChatError as error:
            self.say(error)
        self.refresh()

    def say(self, error: Exception) -> None:
        """Tell of an error in one line, with the first thing that helps."""
        explanation = explain(error)
        helps = next(
            (a for a in explanation.actions if a in (ActionId.APP_ENDPOINTS, ActionId.CONVERSATION_SETTINGS)), None
        )
        self._window.say_problem(explanation, self._actions.get(helps) if helps else None)

    def refresh(self) -> None:
        """Switch the actions on and off, and check those that are on."""
        if not self._actions:
            return
        session, library, panes = self._shown.session, self._library, self._window.panes
        around = Around(
            library.can_undo,
            library.can_redo,
            has_any=bool(library.rows),
            has_text=panes.composer.has_text,
            meant=panes.sidebar.meant_rows,
            stands_on_folder=panes.sidebar.meant_folder is not None,
        )
        set_enabled(self._actions, enable(state_of(session, panes.transcript.current_message_id, around)))
        about = titles_about(self.conversations.meant if session is not None else [])
        for action_id, title in (self.undoing.titles() | about).items():
            if self._actions[action_id].text() != title:
                self._actions[action_id].setText(title)
        self._actions[ActionId.VIEW_SIDEBAR].setChecked(self._window.sidebar_is_shown)
        self._actions[ActionId.VIEW_INSPECTOR].setChecked(self._window.inspector_is_shown)

    def _table(self) -> dict[ActionId, Callable[[str | None], None]]:
        window, dialogs, transcript = self._window, self._dialogs, self._window.panes.transcript
        return {
            ActionId.EDIT_FIND: lambda _: transcript.finding.open(),
            ActionId.EDIT_FIND_NEXT: lambda _: transcript.finding.step(1),
            ActionId.EDIT_FIND_PREVIOUS: lambda _: transcript.finding.step(-1),
            ActionId.VIEW_SIDEBAR: lambda _: window.show_sidebar(not window.sidebar_is_shown),
            ActionId.VIEW_INSPECTOR: lambda _: window.show_inspector(not window.inspector_is_shown),
            ActionId.VIEW_MENU: lambda _: window.open_menu(),
            ActionId.VIEW_SORT: lambda _: self._open_submenu(ActionId.VIEW_SORT),
            ActionId.FOLDER_MENU: lambda _: self._open_submenu(ActionId.FOLDER_MENU),
            ActionId.CONVERSATION_MOVE: lambda _: self._open_submenu(ActionId.CONVERSATION_MOVE),
            ActionId.VIEW_COMPOSER: lambda _: self._shown.focus(),
            ActionId.VIEW_TEXT_LARGER: lambda _: self._size_text(self._settings.values.text_px + 1),
            ActionId.VIEW_TEXT_SMALLER: lambda _: self._size_text(self._settings.values.text_px - 1),
            ActionId.VIEW_TEXT_RESET: lambda _: self._size_text(TEXT_PX),
            ActionId.APP_PREFERENCES: lambda _: dialogs.preferences(),
            ActionId.APP_ENDPOINTS: lambda at: dialogs.endpoints(self._endpoint_of(at)),
            ActionId.APP_ABOUT: lambda _: dialogs.about(),
            ActionId.APP_QUIT: lambda _: window.quit_asked.emit(),
        }

    def _open_submenu(self, action_id: ActionId) -> None:
        # Asked for by name instead of in its menu.
        menu = self._actions[action_id].menu()
        if isinstance(menu, QMenu):
            menu.popup(self._window.pages.mapToGlobal(QPoint(0, 0)))

    def _endpoint_of(self, message_id: str | None) -> EndpointId | None:
        # A card's button means the endpoint that failed there.
        session = self._shown.session
        if session is None:
            return None
        message = session.conversation.messages.get(MessageId(message_id or ""))
        if message is not None and message.endpoint_id is not None:
            return message.endpoint_id
        return session.endpoint.id if session.endpoint is not None else None

    def _size_text(self, text_px: int) -> None:
        self._settings.change(text_px=max(SMALLEST_TEXT_PX, min(LARGEST_TEXT_PX, text_px)))
