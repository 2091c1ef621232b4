"""One open conversation: what a person can do with it, and the turn that runs in it.

Every method returns at once; what happened comes back as changes. A running turn belongs
to the conversation, not to a view: any number of sessions run at once, shown or not. The
reply that is being written is in the tree from the start, without blocks; its blocks are in
`draft` until the turn ends.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop_chat.core.calls import Calls, CallStatus
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.editing import Editing
from desktop_chat.core.endings import duration_ms, ended_by, last_common, notice_of, pass_over_waiting, waiting_reply
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.history import shown
from desktop_chat.core.ports import Clock, Provider
from desktop_chat.core.saver import Saver
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.core.turn import Running, Turn
from desktop_chat.core.writing import (
    begun_reply,
    edited_question,
    edited_reply,
    empty_reply,
    question,
    request_for,
    stopwatch_ms,
)
from desktop_chat.domain.blocks import Text, ToolCall
from desktop_chat.domain.changes import (
    Change,
    Decision,
    MessageAdded,
    PathChanged,
    RetryScheduled,
    TurnEnded,
    TurnStarted,
)
from desktop_chat.domain.conversation import Conversation, title_from
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import ChatError, Interrupted, SettingsError
from desktop_chat.domain.ids import CallId, EndpointId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.domain.surrogates import whole


class Session(Editing):
    """One open conversation, and the turn that runs in it."""

    def __init__(
        self,
        conversation: Conversation,
        *,
        provider: Provider,
        toolbox: Toolbox,
        endpoints: Endpoints,
        saver: Saver,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(conversation, saver)
        self._provider = provider
        self._endpoints = endpoints
        self._clock = clock or SystemClock()
        self._calls = Calls(toolbox, lambda name: name in conversation.settings.allowed_tools, self._publish)
        self._toolbox = toolbox
        self._running: Running | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_ms = max(map(duration_ms, conversation.path()[-1:]), default=0)
        self._came(conversation.calling())

    @property
    def is_running(self) -> bool:
        """True from `TurnStarted` until `TurnEnded`."""
        return self._running is not None

    @property
    def is_waiting(self) -> bool:
        """True while a tool call waits for the person."""
        return self._calls.is_waiting()

    @property
    def draft(self) -> Draft | None:
        """The reply that is being written; `draft.message()` is its snapshot."""
        return self._running.turn.draft if self._running else None

    @property
    def calls(self) -> dict[CallId, CallStatus]:
        """Every tool call of the conversation and where it stands."""
        return self._calls.statuses

    @property
    def waiting(self) -> RetryScheduled | None:
        """The retry that is counted down or waits for consent."""
        return self._running.turn.waiting if self._running else None

    @property
    def elapsed_ms(self) -> int:
        """Of the running turn, else of the last one."""
        return self._running.turn.draft.now_ms if self._running else self._last_ms

    @property
    def endpoint(self) -> Endpoint | None:
        """What the next turn will ask; `None` if nothing is set up or the chosen one is gone."""
        chosen = self.conversation.settings.endpoint_id
        return self._endpoints.get(chosen) if chosen else self._endpoints.default

    @property
    def model(self) -> str:
        """What the next turn will ask for; empty if nothing says so."""
        endpoint = self.endpoint
        return self.conversation.settings.model or (self._endpoints.model_of(endpoint) if endpoint else "")

    def send(self, text: str, *, endpoint_id: EndpointId | None = None) -> None:
        """Add the person's message and have it answered, this once by another endpoint if one is named.

        Raises:
            SettingsError: There is nothing to send, nobody to ask, or a reply is being written.
        """
        endpoint, text = self._ready(endpoint_id), whole(text)
        if not text.strip():
            raise SettingsError("there is nothing to send")
        conversation = self.conversation
        conversation.title = conversation.title or title_from(text)
        message = question(conversation.last_id, text, self._clock.now())
        conversation.add(message)
        self.history.forget_undone()
        self.unsent = None
        self._saver.keep_unsent(conversation.id, "", 0)
        self._saver.keep(conversation, message)
        self._publish(MessageAdded(message.id))
        model = self._endpoints.model_of(endpoint) if endpoint_id else self.model
        self._begin(empty_reply(message.id, endpoint, model, self._clock.now()), endpoint)

    def stop(self) -> None:
        """End the running turn and keep what came; harmless if none runs."""
        self._end(Ended.STOPPED)

    def regenerate(self, message_id: MessageId, *, endpoint_id: EndpointId | None = None, model: str = "") -> None:
        """Have a question answered once more, next to the answers it has.

        Args:
            message_id: A reply, or the person's message to answer.
            endpoint_id: Who answers this once; otherwise whoever answers next.
            model: Which model answers this once.
        """
        endpoint = self._ready(endpoint_id)
        message = self.conversation.messages[message_id]
        parent_id = message_id if message.role is Role.USER else message.parent_id
        model = model or (self._endpoints.model_of(endpoint) if endpoint_id else self.model)
        self._begin(empty_reply(parent_id, endpoint, model, self._clock.now()), endpoint, is_version=True)

    def continue_reply(self, message_id: MessageId) -> None:
        """Have a reply that was cut off go on, in a version that begins with what came."""
        endpoint = self._ready()
        cut = self.conversation.messages[message_id]
        reply = begun_reply(cut, empty_reply(cut.parent_id, endpoint, self.model, self._clock.now()))
        continues = bool(reply.blocks) and isinstance(reply.blocks[-1], Text)
        self._begin(reply, endpoint, is_version=True, continues=continues)

    def edit(self, message_id: MessageId, *, text: str) -> None:
        """Write another version of a message; the person's own is answered anew.

        Raises:
            SettingsError: As `send`.
        """
        old, text = self.conversation.messages[message_id], whole(text)
        if not text.strip():
            raise SettingsError("there is nothing to send")
        if old.role is Role.USER:
            endpoint = self._ready()
            message = edited_question(old, text, self._clock.now())
            self._drop_edit(message_id)
            self._do(lambda: self.conversation.add(message), message)
            self._begin(empty_reply(message.id, endpoint, self.model, self._clock.now()), endpoint)
            return
        self._refuse_while_running()
        message = edited_reply(old, text, self._clock.now())
        self._drop_edit(message_id)
        self._do(lambda: self.conversation.add(message), message)

    def delete(self, message_id: MessageId) -> None:
        """Take a message off the path; it can be restored.

        Raises:
            SettingsError: It is being written.
        """
        if self.draft and self.draft.message_id == message_id:
            raise SettingsError("this reply is being written")
        super().delete(message_id)

    def decide(self, call_id: CallId, decision: Decision) -> None:
        """Say whether a tool call may run; a reply that waits since a restart goes on."""
        if decision is Decision.ALLOW_IN_CONVERSATION:
            allowed = self.conversation.settings.allowed_tools | {self.calls[call_id].call.name}
            self.edit_settings(allowed_tools=allowed)
        self._calls.decide(call_id, decision)
        self._resume_for(call_id)

    def answer(self, call_id: CallId, text: str) -> None:
        """Give the result of a function of one's own."""
        self._calls.answer(call_id, text)
        self._resume_for(call_id)

    def cancel_call(self, call_id: CallId) -> None:
        """End a tool call in whatever state it is; the model is told."""
        self._calls.cancel(call_id)
        self._resume_for(call_id)

    def resume(self) -> None:
        """Go on with the last reply, which waits for a person.

        Raises:
            SettingsError: It does not wait, or there is nobody to ask.
        """
        reply = waiting_reply(self.conversation)
        if reply is None:
            raise SettingsError("no reply waits for a decision")
        known = reply.endpoint_id if reply.endpoint_id and self._endpoints.get(reply.endpoint_id) else None
        self._begin(replace(reply, ended=None), self._ready(known), waiting_calls=reply.unanswered_calls)

    def retry_now(self) -> None:
        """Do not wait for the retry any longer, or consent to it."""
        if self._running:
            self._running.turn.retry_now()

    async def close(self) -> None:
        """End the turn so that it can be taken up again, and come back once all is saved."""
        self._end(Ended.INTERRUPTED)
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _ready(self, endpoint_id: EndpointId | None = None) -> Endpoint:
        self._refuse_while_running()
        endpoint = self._endpoints.get(endpoint_id) if endpoint_id else self.endpoint
        if endpoint is None:
            raise SettingsError("no endpoint is set up for this conversation")
        return endpoint

    def _refuse_while_running(self) -> None:
        if self._running:
            raise SettingsError("a reply is being written")

    def _end(self, ended: Ended) -> None:
        if running := self._running:
            running.ending = running.ending or ended
            if running.is_entered and running.task:
                running.task.cancel()

    def _came(self, messages: Iterable[Message]) -> None:
        self._calls.rebuild(*messages)

    def _publish(self, change: Change) -> None:
        # Saved before it is shown: a view that breaks must not lose text.
        if self._running:
            self._saver.draft_changed(self.conversation.id, change, self._running.turn.draft)
        self.changes.publish(change)

    def _resume_for(self, call_id: CallId) -> None:
        reply = None if self._running else waiting_reply(self.conversation)
        if reply and any(call.call_id == call_id for call in reply.unanswered_calls):
            self.resume()

    def _begin(
        self,
        reply: Message,
        endpoint: Endpoint,
        *,
        is_version: bool = False,
        waiting_calls: Sequence[ToolCall] = (),
        continues: bool = False,
    ) -> None:
        conversation = self.conversation
        draft = Draft(reply, stopwatch_ms(self._clock, reply), taken=self._calls.statuses, continues=continues)
        turn = Turn(draft, provider=self._provider, calls=self._calls, clock=self._clock, publish=self._publish)
        passed = pass_over_waiting(conversation, reply.id, self._calls.give_up)
        path, before = conversation.path(), shown(conversation)
        (conversation.put if reply.id in conversation.messages else conversation.add)(reply)
        conversation.updated_at = self._clock.now()
        self._running = running = Running(turn, endpoint)
        self._saver.keep(conversation, *passed, reply)
        self._saver.draft_began(conversation.id, reply)
        if is_version:
            self.history.record(before, conversation)
        if is_version or passed:
            self._publish(PathChanged(None if passed else last_common(path, conversation.path())))
        self._publish(TurnStarted(reply.id))
        running.task = asyncio.create_task(self._run(running, reply, waiting_calls, continues))
        self._tasks.add(running.task)
        running.task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            task.get_loop().call_exception_handler({"message": "a turn failed", "exception": bug, "task": task})

    async def _run(self, running: Running, reply: Message, calls: Sequence[ToolCall], continues: bool) -> None:
        error: Exception | None = None
        try:
            running.is_entered = True
            if running.ending:
                raise asyncio.CancelledError
            connection = await running.turn.patiently(lambda: self._endpoints.connect(running.endpoint, reply.model))
            base = request_for(reply, self.conversation, connection, self._toolbox.specs())
            ended = await running.turn.run(base, waiting_calls=calls, continues=continues)
        except asyncio.CancelledError:
            # Cancelled by somebody else means that the program ends.
            ended = running.ending or Ended.INTERRUPTED
        except Exception as raised:  # noqa: BLE001 a reply never ends unsealed; bugs are passed on below
            error = raised
            ended = ended_by(raised, has_begun=not running.turn.draft.is_empty)
        try:
            self._seal(running, ended, error)
        finally:
            await asyncio.shield(self._saver.finish(self.conversation, self.conversation.messages[reply.id]))
        if error is not None and not isinstance(error, ChatError):
            raise error

    def _seal(self, running: Running, ended: Ended, error: Exception | None) -> None:
        draft, conversation = running.turn.draft, self.conversation
        was_closed = ended is Ended.INTERRUPTED and error is None
        try:
            for change in draft.end_round():
                self._publish(change)
            if self._calls.seal(draft, may_wait=was_closed):
                ended = Ended.WAITING
            elif was_closed:
                error = Interrupted("the program was closed while the reply was being written")
            for change in draft.add(notice_of(error)) if error else ():
                self._publish(change)
        finally:  # Also when a view breaks on one of these changes.
            conversation.put(draft.message(ended))
            conversation.updated_at = self._clock.now()
            self._last_ms = draft.now_ms
            self._running = None
        if "stream_options" in running.turn.dropped_options:
            self._endpoints.drop_stream_options(running.endpoint.id)
        self._publish(TurnEnded(draft.message_id, ended, error))
