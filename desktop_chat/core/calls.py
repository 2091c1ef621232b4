"""The tool calls of one conversation: where each stands, and the way from call to result.

A call arrives in fragments, is checked, waits for a person, runs, and has a result. It can
be cancelled at every step; the model is told so and the turn goes on.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from desktop_chat.core.approvals import Approvals
from desktop_chat.core.context import NEVER_RUN
from desktop_chat.core.toolbox import Toolbox, shortened
from desktop_chat.domain.blocks import ToolCall, ToolResult
from desktop_chat.domain.changes import CallChanged, CallState, Change, Decision
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.errors import ToolError
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Ended, Message

DENIED = "The person did not allow this call. Nothing was run."
CANCELLED = "The person cancelled this call."
STOPPED = "The turn ended before this call was done."
CUT_OFF = "The arguments were cut off before they began. Nothing was run."

WAITING_STATES = (CallState.ASKING, CallState.ANSWERING)


@dataclass(frozen=True, slots=True)
class CallStatus:
    """A tool call and where it stands."""

    call: ToolCall
    """Its arguments are whole once the state is beyond `ARRIVING`; until then the draft has them."""
    state: CallState
    summary: str = ""
    """One sentence of what will be done; empty for functions of the person and for broken calls."""
    is_own: bool = False
    """A function of the person's own: they type the result."""
    started_ms: int | None = None
    """When it began to run, in ms since the turn began."""
    duration_ms: int | None = None
    result: ToolResult | None = None


class Calls:
    """All tool calls of a conversation.

    Args:
        toolbox: Checks and runs them.
        is_allowed: True for names of tools that run without asking.
        publish: Told of every change.
    """

    def __init__(self, toolbox: Toolbox, is_allowed: Callable[[str], bool], publish: Callable[[Change], None]) -> None:
        self.statuses: dict[CallId, CallStatus] = {}
        self._toolbox = toolbox
        self._is_allowed = is_allowed
        self._publish = publish
        self._approvals = Approvals()
        self._cancelled: set[CallId] = set()
        self._running: dict[CallId, asyncio.Task[None]] = {}

    def rebuild(self, *messages: Message) -> None:
        """Take in the calls of messages that were read from the store."""
        for message in messages:
            if not message.has_calls:
                continue
            results = message.results
            for block in message.blocks:
                if isinstance(block, ToolCall):
                    self._remember(block, _state_of(results.get(block.call_id)), results.get(block.call_id))
            if message.ended is Ended.WAITING:
                for call in message.unanswered_calls:
                    self._remember(call, CallState.ANSWERING if self._toolbox.is_own(call.name) else CallState.ASKING)

    def arriving(self, message_id: MessageId, call: ToolCall) -> None:
        """A call began to come, or its name is known now."""
        known = self.statuses.get(call.call_id)
        if known is None or (call.name and not known.call.name):
            self._remember(replace(call, arguments_json=""), CallState.ARRIVING)
            self._publish(CallChanged(message_id, call.call_id, CallState.ARRIVING))

    async def settle(self, draft: Draft, calls: Sequence[ToolCall], *, is_cut: bool = False) -> None:
        """See each call through to its result, all at the same time.

        Args:
            draft: Takes the results.
            calls: Whole calls without a result.
            is_cut: The reply reached its limit, so the last call may not be whole.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for call in calls:
                    is_last = is_cut and call is calls[-1]
                    self._running[call.call_id] = group.create_task(self._settle(draft, call, is_cut=is_last))
        finally:
            self._running.clear()

    def decide(self, call_id: CallId, decision: Decision) -> None:
        """Take the person's decision; one for the conversation goes for all calls of that tool."""
        self._approvals.say(call_id, decision)
        if decision is Decision.ALLOW_IN_CONVERSATION:
            name = self.statuses[call_id].call.name
            for other, status in list(self.statuses.items()):
                if status.state is CallState.ASKING and status.call.name == name and other != call_id:
                    self._approvals.say(other, decision)

    def answer(self, call_id: CallId, text: str) -> None:
        """Take the result that the person typed."""
        self._approvals.say(call_id, text)

    def cancel(self, call_id: CallId) -> None:
        """End a call, whatever it does; harmless once it has a result."""
        status = self.statuses.get(call_id)
        if status is None or status.result is not None:
            return
        self._cancelled.add(call_id)
        if (task := self._running.get(call_id)) is not None:
            task.cancel()

    def is_waiting(self) -> bool:
        """True if a call waits for a person."""
        return any(status.state in WAITING_STATES for status in self.statuses.values())

    def give_up(self, message: Message) -> Message:
        """A reply that waits for a person was passed over: what it asked for is never run."""
        results = []
        for call in message.unanswered_calls:
            results.append(ToolResult(call.call_id, NEVER_RUN, is_error=True))
            self._remember(call, CallState.DENIED, results[-1])
            self._publish(CallChanged(message.id, call.call_id, CallState.DENIED))
        return replace(message, blocks=(*message.blocks, *results), ended=Ended.STOPPED)

    def seal(self, draft: Draft, *, may_wait: bool) -> bool:
        """The turn ends: give every open call a result.

        Args:
            draft: Takes the results.
            may_wait: Leave calls that wait for a person as they are; they can be resumed.

        Returns:
            True if a call was left waiting.
        """
        is_waiting = False
        for call in draft.message().unanswered_calls:
            status = self.statuses.get(call.call_id)
            state = status.state if status else CallState.ARRIVING
            if may_wait and state in WAITING_STATES:
                is_waiting = True
            else:
                final = CallState.FAILED if state is CallState.RUNNING else CallState.DENIED
                self._finish(draft, call, STOPPED, final)
        return is_waiting

    async def _settle(self, draft: Draft, call: ToolCall, *, is_cut: bool) -> None:
        self._remember(call, CallState.ARRIVING)
        try:
            if call.call_id in self._cancelled:
                raise asyncio.CancelledError
            await self._carry_out(draft, call, is_cut=is_cut)
        except ToolError as error:
            self._finish(draft, call, str(error), CallState.FAILED)
        except asyncio.CancelledError:
            if call.call_id not in self._cancelled:
                raise
            self._finish(draft, call, CANCELLED, CallState.DENIED)

    async def _carry_out(self, draft: Draft, call: ToolCall, *, is_cut: bool) -> None:
        if is_cut and not call.arguments_json.strip():
            raise ToolError(CUT_OFF)
        arguments = self._toolbox.check(call)
        if self._toolbox.is_own(call.name):
            self._enter(draft, call, CallState.ANSWERING)
            text = await self._approvals.answer(call.call_id)
            if text is None:
                self._finish(draft, call, DENIED, CallState.DENIED)
            else:
                self._finish(draft, call, shortened(text), CallState.DONE)
            return
        if not self._is_allowed(call.name):
            self._enter(draft, call, CallState.ASKING)
            if await self._approvals.decision(call.call_id) is Decision.DENY:
                self._finish(draft, call, DENIED, CallState.DENIED)
                return
        self._enter(draft, call, CallState.RUNNING)
        self._finish(draft, call, await self._toolbox.run(call.name, arguments), CallState.DONE)

    def _enter(self, draft: Draft, call: ToolCall, state: CallState) -> None:
        self._remember(call, state, started_ms=draft.now_ms)
        self._publish(CallChanged(draft.message_id, call.call_id, state))

    def _finish(self, draft: Draft, call: ToolCall, text: str, state: CallState) -> None:
        status = self.statuses.get(call.call_id)
        started_ms = status.started_ms if status and status.started_ms is not None else draft.now_ms
        is_error = state is not CallState.DONE
        result = ToolResult(call.call_id, text, is_error, started_ms, draft.now_ms - started_ms)
        self._remember(call, state, result)
        # The status first: a view that draws the new block asks for it.
        for change in draft.add(result):
            self._publish(change)
        self._publish(CallChanged(draft.message_id, call.call_id, state))

    def _remember(
        self, call: ToolCall, state: CallState, result: ToolResult | None = None, *, started_ms: int | None = None
    ) -> None:
        self.statuses[call.call_id] = CallStatus(
            call=call,
            state=state,
            summary="" if state is CallState.ARRIVING else self._toolbox.summary(call),
            is_own=self._toolbox.is_own(call.name),
            started_ms=result.started_ms if result else started_ms,
            duration_ms=result.duration_ms if result else None,
            result=result,
        )


def _state_of(result: ToolResult | None) -> CallState:
    if result is None:
        return CallState.FAILED
    if not result.is_error:
        return CallState.DONE
    return CallState.DENIED if result.text in (DENIED, CANCELLED, STOPPED, NEVER_RUN) else CallState.FAILED
