"""What is done with a message, a running turn and its tool calls."""

from collections.abc import Callable

from desktop_chat.core.session import Session
from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.changes import CallState, Decision
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.ids import CallId, EndpointId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.actions.dialogs import Dialogs
from desktop_chat.ui.actions.enable import current_message, open_call
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.main_window import TOAST_MS, MainWindow
from desktop_chat.ui.messages import explain, tr
from desktop_chat.ui.shown import Shown


class TurnActions:
    """Carries out the actions about a message, a turn or a tool call of the shown conversation."""

    def __init__(self, shown: Shown, window: MainWindow, dialogs: Dialogs, say: Callable[[Exception], None]) -> None:
        self._shown = shown
        self._window = window
        self._dialogs = dialogs
        self._say = say
        window.panes.composer.held_back.connect(self._on_held_back)

    def table(self) -> dict[ActionId, Callable[[str | None], None]]:
        """What each action does."""
        return self._about_turns() | self._about_messages() | self._about_calls()

    def send(self, text: str) -> None:
        """Send what the composer hands over."""
        # It would cover the end of the reply.
        self._window.toast.hide()
        try:
            self._session.send(text)
        except ChatError as error:
            self._say(error)

    def edit(self, message_id: str, text: str) -> None:
        """Keep an edited message as a new version."""
        if self._session.is_running:
            words = tr("A reply is still being written. What you typed is kept; save it when the reply has ended.")
            self._window.toast.say(words, ms=TOAST_MS)
            return
        try:
            self._session.edit(MessageId(message_id), text=text)
        except ChatError as error:
            self._say(error)

    def drop_edit(self, message_id: str, text: str, cursor: int) -> None:
        """Tell that what was typed into the editor of a message is gone, and offer it back."""
        session, edited = self._session, MessageId(message_id)

        def bring_back() -> None:
            session.keep_edit(edited, text, cursor)
            if session is self._shown.session:
                self._window.panes.transcript.edit(edited)

        self._window.toast.say(tr("Changes to the message dropped"), button=tr("Undo"), act=bring_back, ms=TOAST_MS)

    def _about_turns(self) -> dict[ActionId, Callable[[str | None], None]]:
        return {
            ActionId.TURN_SEND: lambda _: self._window.panes.composer.submit(),
            ActionId.TURN_STOP: lambda _: self._session.stop(),
            ActionId.TURN_RETRY_NOW: lambda _: self._session.retry_now(),
            ActionId.TURN_RESUME: lambda _: self._session.resume(),
        }

    def _about_messages(self) -> dict[ActionId, Callable[[str | None], None]]:
        transcript = self._window.panes.transcript
        return {
            ActionId.MESSAGE_REGENERATE: lambda at: self._session.regenerate(self._message(at).id),
            ActionId.MESSAGE_REPLY_WITH: lambda at: self._reply_with(self._message(at).id),
            ActionId.MESSAGE_INSPECT: lambda at: self._inspect(self._message(at).id),
            ActionId.MESSAGE_NEXT_CODE: lambda _: transcript.reading.jumping.to_code(1),
            ActionId.MESSAGE_PREVIOUS_CODE: lambda _: transcript.reading.jumping.to_code(-1),
            ActionId.MESSAGE_NEXT_HEADING: lambda _: transcript.reading.jumping.to_heading(1),
            ActionId.MESSAGE_PREVIOUS_HEADING: lambda _: transcript.reading.jumping.to_heading(-1),
            ActionId.MESSAGE_BRANCH: lambda at: self._shown.branch(self._message(at).id),
            ActionId.MESSAGE_CONTINUE: lambda at: self._session.continue_reply(self._message(at).id),
            ActionId.MESSAGE_EDIT: lambda at: transcript.edit(self._message(at).id),
            ActionId.MESSAGE_EDIT_LAST: lambda _: self._edit_last(),
            ActionId.MESSAGE_COPY: lambda at: transcript.reading.copy_message(self._message(at).id),
            ActionId.MESSAGE_DELETE: self._delete,
            ActionId.MESSAGE_PREVIOUS_VERSION: lambda at: self._choose(at, -1),
            ActionId.MESSAGE_NEXT_VERSION: lambda at: self._choose(at, 1),
            ActionId.MESSAGE_PREVIOUS: lambda _: transcript.focus_message(-1),
            ActionId.MESSAGE_NEXT: lambda _: transcript.focus_message(1),
            ActionId.MESSAGE_ERROR_DETAILS: self._show_error,
        }

    def _about_calls(self) -> dict[ActionId, Callable[[str | None], None]]:
        return {
            ActionId.TOOL_ALLOW_ONCE: lambda at: self._decide(at, Decision.ALLOW_ONCE),
            ActionId.TOOL_ALLOW_IN_CONVERSATION: lambda at: self._decide(at, Decision.ALLOW_IN_CONVERSATION),
            ActionId.TOOL_DENY: lambda at: self._decide(at, Decision.DENY),
            ActionId.TOOL_ANSWER: self._answer,
            ActionId.TOOL_CANCEL: lambda at: self._session.cancel_call(self._call(at)),
        }

    @property
    def _session(self) -> Session:
        return self._shown.current

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
        failed = _notice(session.conversation.messages[message_id])
        # One that cannot be used would fail again with the next question.
        is_kept = failed is not None and explain(failed).actions[:1] == (ActionId.MESSAGE_REPLY_WITH,)

        def take(endpoint_id: EndpointId, model: str) -> None:
            if is_kept:
                session.edit_settings(endpoint_id=endpoint_id, model=model)
            try:
                session.regenerate(message_id, endpoint_id=endpoint_id, model=model)
            except ChatError as error:
                self._say(error)

        transcript.scroll_to(message_id)
        self._dialogs.pick_model(session, transcript.toolbar, take)

    def _inspect(self, message_id: MessageId) -> None:
        self._window.show_inspector(True)
        self._window.panes.inspector.show_message(message_id)

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

    def _delete(self, message_id: str | None) -> None:
        session = self._session
        gone = self._message(message_id).id
        session.delete(gone)

        def bring_back() -> None:
            session.restore(gone)

        self._window.toast.say(tr("Message deleted"), button=tr("Undo"), act=bring_back, ms=TOAST_MS)

    def _show_error(self, message_id: str | None) -> None:
        notice = _notice(self._message(message_id))
        if notice is not None:
            self._dialogs.error_details(explain(notice))

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

    def _on_held_back(self) -> None:
        self._window.toast.say(tr("A reply is still being written. Wait for it, or stop it with Esc."), ms=4000)


def _notice(message: Message) -> Notice | None:
    return next((block for block in reversed(message.blocks) if isinstance(block, Notice)), None)
