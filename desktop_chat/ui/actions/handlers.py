"""What each action does: one call into the core, or into a pane of the window.

An action is about its target if it has one (a message's button, a card's), otherwise about
the current message, the open tool call or the shown conversation.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from desktop_chat.core.library import Library
from desktop_chat.core.session import Session
from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.changes import CallState, Change, Decision, PathChanged
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.ids import CallId, ConversationId, EndpointId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.actions.enable import current_message, enable, open_call, state_of
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.main_window import TOAST_MS, MainWindow
from desktop_chat.ui.messages import Explanation, explain, tr
from desktop_chat.ui.shown import Shown
from desktop_chat.ui.theme.tokens import TEXT_PX

SMALLEST_TEXT_PX, LARGEST_TEXT_PX = 11, 24


class Dialogs(Protocol):
    """Opens windows beside the main one; none of them holds the loop."""

    def preferences(self, page: str = "") -> None:
        """Preferences, at a page."""

    def conversation_settings(self, session: Session) -> None:
        """Settings of one conversation."""

    def about(self) -> None:
        """What this program is."""

    def error_details(self, explanation: Explanation) -> None:
        """All that is known of an error."""

    def answer(self, session: Session, call_id: CallId) -> None:
        """Have the person type the result of a function of their own."""

    def print_out(self, session: Session) -> None:
        """Have the person choose a printer for a conversation."""

    def save_pdf(self, session: Session) -> None:
        """Have the person choose where a conversation is written as PDF."""

    def pick_model(self, session: Session, below: QWidget, take: Callable[[EndpointId, str], None]) -> None:
        """Have the person choose an endpoint and a model for something."""


class Handlers:
    """Carries actions out."""

    def __init__(
        self, library: Library, settings: SettingsStore, shown: Shown, window: MainWindow, dialogs: Dialogs
    ) -> None:
        self._library = library
        self._settings = settings
        self._shown = shown
        self._window = window
        self._dialogs = dialogs
        self._actions: Mapping[ActionId, QAction] = {}
        self._trashed: list[ConversationId] = []
        self._handlers = self._table()
        shown.heard.connect(self._on_change_heard)
        window.sides_changed.connect(self.refresh)
        window.panes.composer.held_back.connect(self._on_held_back)

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
        session = self._shown.session
        current = self._window.panes.transcript.current_message_id
        enabled = enable(state_of(session, current, can_restore=bool(self._trashed)))
        for action_id, action in self._actions.items():
            action.setEnabled(action_id in enabled)
        self._actions[ActionId.VIEW_SIDEBAR].setChecked(self._window.sidebar_is_shown)
        self._actions[ActionId.VIEW_INSPECTOR].setChecked(self._window.inspector_is_shown)
        self._actions[ActionId.CONVERSATION_PIN].setChecked(bool(session and session.conversation.pinned))

    def send(self, text: str) -> None:
        """Send what the composer hands over."""
        # It would cover the end of the reply.
        self._window.toast.hide()
        try:
            self._session.send(text)
        except ChatError as error:
            self.say(error)

    def edit(self, message_id: str, text: str) -> None:
        """Keep an edited message as a new version."""
        try:
            self._session.edit(MessageId(message_id), text=text)
        except ChatError as error:
            self.say(error)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation a title."""
        self._library.rename(ConversationId(conversation_id), title)

    def pin(self, conversation_id: str, pinned: bool) -> None:
        """Put a conversation above the others, or back."""
        self._library.pin(ConversationId(conversation_id), pinned)
        self.refresh()

    def trash(self, conversation_id: str) -> None:
        """Take a conversation off the list, and offer to bring it back."""
        gone = ConversationId(conversation_id)
        self._library.trash(gone)
        self._trashed.append(gone)
        if gone == self._shown.conversation_id:
            rows = self._library.rows
            if rows:
                self._shown.open(rows[0].id)
            else:
                self._shown.new()

        def bring_back() -> None:
            self._restore(gone)

        self._window.toast.say(tr("Conversation deleted"), button=tr("Undo"), act=bring_back, ms=TOAST_MS)
        self.refresh()

    @property
    def _session(self) -> Session:
        if self._shown.session is None:
            self._shown.new()
        assert self._shown.session is not None
        return self._shown.session

    def _table(self) -> dict[ActionId, Callable[[str | None], None]]:
        window, shown, dialogs = self._window, self._shown, self._dialogs
        panes = window.panes
        return {
            ActionId.CONVERSATION_NEW: lambda _: shown.new(),
            ActionId.CONVERSATION_SEARCH: lambda _: self._search(),
            ActionId.CONVERSATION_RENAME: lambda _: self._rename(),
            ActionId.CONVERSATION_PIN: lambda _: self._pin(),
            ActionId.CONVERSATION_TRASH: lambda _: self.trash(self._meant_id),
            ActionId.CONVERSATION_SETTINGS: lambda _: dialogs.conversation_settings(self._session),
            ActionId.CONVERSATION_PRINT: lambda _: dialogs.print_out(self._session),
            ActionId.CONVERSATION_PDF: lambda _: dialogs.save_pdf(self._session),
            ActionId.CONVERSATION_NEXT: lambda _: self._step(1),
            ActionId.CONVERSATION_PREVIOUS: lambda _: self._step(-1),
            ActionId.TURN_SEND: lambda _: panes.composer.submit(),
            ActionId.TURN_STOP: lambda _: self._session.stop(),
            ActionId.TURN_RETRY_NOW: lambda _: self._session.retry_now(),
            ActionId.TURN_RESUME: lambda _: self._session.resume(),
            ActionId.MESSAGE_REGENERATE: lambda at: self._session.regenerate(self._message(at).id),
            ActionId.MESSAGE_REPLY_WITH: lambda at: self._reply_with(self._message(at).id),
            ActionId.MESSAGE_INSPECT: lambda at: self._inspect(self._message(at).id),
            ActionId.MESSAGE_NEXT_CODE: lambda _: panes.transcript.reading.jumping.to_code(1),
            ActionId.MESSAGE_PREVIOUS_CODE: lambda _: panes.transcript.reading.jumping.to_code(-1),
            ActionId.MESSAGE_NEXT_HEADING: lambda _: panes.transcript.reading.jumping.to_heading(1),
            ActionId.MESSAGE_PREVIOUS_HEADING: lambda _: panes.transcript.reading.jumping.to_heading(-1),
            ActionId.MESSAGE_CONTINUE: lambda at: self._session.continue_reply(self._message(at).id),
            ActionId.MESSAGE_EDIT: lambda at: panes.transcript.edit(self._message(at).id),
            ActionId.MESSAGE_EDIT_LAST: lambda _: self._edit_last(),
            ActionId.MESSAGE_COPY: lambda at: panes.transcript.reading.copy_message(self._message(at).id),
            ActionId.MESSAGE_DELETE: self._delete_message,
            ActionId.MESSAGE_PREVIOUS_VERSION: lambda at: self._choose(at, -1),
            ActionId.MESSAGE_NEXT_VERSION: lambda at: self._choose(at, 1),
            ActionId.MESSAGE_PREVIOUS: lambda _: panes.transcript.focus_message(-1),
            ActionId.MESSAGE_NEXT: lambda _: panes.transcript.focus_message(1),
            ActionId.MESSAGE_ERROR_DETAILS: self._show_error,
            ActionId.TOOL_ALLOW_ONCE: lambda at: self._decide(at, Decision.ALLOW_ONCE),
            ActionId.TOOL_ALLOW_IN_CONVERSATION: lambda at: self._decide(at, Decision.ALLOW_IN_CONVERSATION),
            ActionId.TOOL_DENY: lambda at: self._decide(at, Decision.DENY),
            ActionId.TOOL_ANSWER: lambda at: self._answer(at),
            ActionId.TOOL_CANCEL: lambda at: self._session.cancel_call(self._call(at)),
            ActionId.EDIT_UNDO: lambda _: self._undo(),
            ActionId.EDIT_REDO: lambda _: self._session.redo(),
            ActionId.EDIT_FIND: lambda _: panes.transcript.finding.open(),
            ActionId.EDIT_FIND_NEXT: lambda _: panes.transcript.finding.step(1),
            ActionId.EDIT_FIND_PREVIOUS: lambda _: panes.transcript.finding.step(-1),
            ActionId.VIEW_SIDEBAR: lambda _: window.show_sidebar(not window.sidebar_is_shown),
            ActionId.VIEW_INSPECTOR: lambda _: window.show_inspector(not window.inspector_is_shown),
            ActionId.VIEW_MENU: lambda _: window.open_menu(),
            ActionId.VIEW_COMPOSER: lambda _: shown.focus(),
            ActionId.VIEW_TEXT_LARGER: lambda _: self._size_text(self._settings.values.text_px + 1),
            ActionId.VIEW_TEXT_SMALLER: lambda _: self._size_text(self._settings.values.text_px - 1),
            ActionId.VIEW_TEXT_RESET: lambda _: self._size_text(TEXT_PX),
            ActionId.APP_PREFERENCES: lambda _: dialogs.preferences(),
            ActionId.APP_ENDPOINTS: lambda _: dialogs.preferences("endpoints"),
            ActionId.APP_ABOUT: lambda _: dialogs.about(),
            ActionId.APP_QUIT: lambda _: self._quit(),
        }

    def _message(self, message_id: str | None) -> Message:
        session = self._session
        chosen = MessageId(message_id) if message_id else self._window.panes.transcript.current_message_id
        if chosen is not None and chosen in session.conversation.messages:
            return session.conversation.messages[chosen]
        message = current_message(session, None)
        assert message is not None, "enabled without a message"
        return message

    def _reply_with(self, message_id: MessageId) -> None:
        session, transcript = self._session, self._window.panes.transcript

        def take(endpoint_id: EndpointId, model: str) -> None:
            try:
                session.regenerate(message_id, endpoint_id=endpoint_id, model=model)
            except ChatError as error:
                self.say(error)

        transcript.scroll_to(message_id)
        self._dialogs.pick_model(session, transcript.toolbar, take)

    def _inspect(self, message_id: MessageId) -> None:
        self._window.show_inspector(True)
        self._window.panes.inspector.show_message(message_id)

    def _call(self, call_id: str | None, *states: CallState) -> CallId:
        if call_id is not None:
            return CallId(call_id)
        status = open_call(self._session, *states)
        assert status is not None, "enabled without an open call"
        return status.call.call_id

    def _decide(self, call_id: str | None, decision: Decision) -> None:
        self._session.decide(self._call(call_id, CallState.ASKING, CallState.ANSWERING), decision)

    def _answer(self, call_id: str | None) -> None:
        self._dialogs.answer(self._session, self._call(call_id, CallState.ANSWERING))

    def _choose(self, message_id: str | None, step: int) -> None:
        message = self._message(message_id)
        versions = self._session.conversation.versions(message.id)
        place = versions.index(message.id) + step
        if 0 <= place < len(versions):
            self._session.choose(versions[place])

    def _edit_last(self) -> None:
        mine = [m for m in self._session.conversation.path() if m.role is Role.USER]
        if mine:
            self._window.panes.transcript.edit(mine[-1].id)

    def _delete_message(self, message_id: str | None) -> None:
        session = self._session
        gone = self._message(message_id).id
        session.delete(gone)

        def bring_back() -> None:
            session.restore(gone)

        self._window.toast.say(tr("Message deleted"), button=tr("Undo"), act=bring_back, ms=TOAST_MS)

    def _show_error(self, message_id: str | None) -> None:
        notices = [block for block in self._message(message_id).blocks if isinstance(block, Notice)]
        if notices:
            self._dialogs.error_details(explain(notices[-1]))

    def _search(self) -> None:
        self._window.show_sidebar(True)
        self._window.panes.sidebar.focus_search()

    @property
    def _meant_id(self) -> ConversationId:
        # Whoever stands in the list means the row they stand on.
        return self._window.panes.sidebar.selected_id or self._session.conversation.id

    def _rename(self) -> None:
        panes = self._window.panes
        if panes.sidebar.selected_id is None:
            panes.header.rename()
        else:
            panes.sidebar.rename(panes.sidebar.selected_id)

    def _pin(self) -> None:
        row = self._library.row(self._meant_id)
        if row is not None:
            self.pin(row.id, not row.pinned)

    def _step(self, by: int) -> None:
        rows = [row.id for row in self._library.rows]
        shown = self._shown.conversation_id
        if not rows:
            return
        place = rows.index(shown) + by if shown in rows else 0
        self._shown.open(rows[max(0, min(place, len(rows) - 1))])

    def _undo(self) -> None:
        # What it offered to undo is undone.
        self._window.toast.hide()
        if self._trashed:
            self._restore(self._trashed[-1])
        else:
            self._session.undo()

    def _restore(self, conversation_id: ConversationId) -> None:
        if conversation_id in self._trashed:
            self._trashed.remove(conversation_id)
        self._window.toast.hide()
        self._library.restore(conversation_id)
        self._shown.open(conversation_id)
        self.refresh()

    def _size_text(self, text_px: int) -> None:
        self._settings.change(text_px=max(SMALLEST_TEXT_PX, min(LARGEST_TEXT_PX, text_px)))

    def _quit(self) -> None:
        self._window.close_asked.emit()

    def _on_held_back(self) -> None:
        self._window.toast.say(tr("A reply is still being written. Wait for it, or stop it with Esc."), ms=4000)

    def _on_change_heard(self, change: Change) -> None:
        # What was done last is undone first: an edit after a deletion comes before it.
        if isinstance(change, PathChanged):
            self._trashed.clear()
