"""One turn: ask, fold what comes into the draft, run tools, ask again.

The turn speaks only in changes. It knows neither windows nor disks; `core/session.py`
starts it, ends it, and keeps what it wrote. Errors leave it as exceptions, what came before
them stays in the draft.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from desktop_chat.core.calls import Calls
from desktop_chat.core.context import messages_for
from desktop_chat.core.ports import Clock, Provider, Request
from desktop_chat.core.retries import RETRIES, Pause, plan
from desktop_chat.domain.blocks import ToolCall
from desktop_chat.domain.changes import BlockGrew, Change, RequestSent, RetryScheduled
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import Interrupted, ProviderError, TooManyRounds
from desktop_chat.domain.events import Event, OptionDropped, ToolCallDelta
from desktop_chat.domain.message import Ended

MAX_ROUNDS = 25
"""Requests of one turn; a model that calls tools for ever is stopped here."""

T = TypeVar("T")


class Turn:
    """A reply that is being asked for.

    Attributes:
        draft: What came until now.
        waiting: The retry that is counted down or waits for consent.
        dropped_options: Parameters that the endpoint rejected.
    """

    def __init__(
        self, draft: Draft, *, provider: Provider, calls: Calls, clock: Clock, publish: Callable[[Change], None]
    ) -> None:
        self.draft = draft
        self.waiting: RetryScheduled | None = None
        self.dropped_options: set[str] = set()
        self._provider = provider
        self._calls = calls
        self._clock = clock
        self._publish = publish
        self._pause = Pause(clock)

    async def run(self, base: Request, *, waiting_calls: Sequence[ToolCall] = (), continues: bool = False) -> Ended:
        """Ask until the model has nothing more to call.

        Args:
            base: The request; its messages are those above the reply.
            waiting_calls: Calls of the reply that are to be settled before anything is asked.
            continues: The reply was cut off, and the model is asked to go on.

        Raises:
            ProviderError: The last request failed for good.
            TooManyRounds: The model did not come to an end.
        """
        draft = self.draft
        if waiting_calls:
            await self._calls.settle(draft, waiting_calls)
        for _ in range(MAX_ROUNDS):
            number = draft.begin_round()
            messages = messages_for(base.messages, draft.message(), continues=continues)
            await self._ask(replace(base, messages=messages), number)
            continues = False
            reason = draft.current_round.finish_reason
            if reason == "content_filter":
                return Ended.FILTERED
            calls = draft.calls()
            if not calls:
                return Ended.LENGTH if reason == "length" else Ended.COMPLETE
            await self._calls.settle(draft, calls, is_cut=reason == "length")
        raise TooManyRounds(f"{MAX_ROUNDS} requests")

    def retry_now(self) -> None:
        """Do not wait any longer, or agree to a long wait's retry."""
        self._pause.end()

    async def patiently(self, action: Callable[[], Awaitable[T]]) -> T:
        """Do something that the server may refuse for a while, with retries that the person sees.

        Raises:
            ProviderError: It failed for good.
        """
        attempt = 1
        while True:
            try:
                return await action()
            except ProviderError as error:
                next_try = None if self.draft.has_output else plan(error, attempt)
                if next_try is None:
                    raise
                self.waiting = RetryScheduled(
                    self.draft.message_id, attempt, RETRIES, next_try.wait_s, error, next_try.needs_consent
                )
            self._publish(self.waiting)
            try:
                await self._pause.wait(None if self.waiting.needs_consent else self.waiting.wait_s)
            finally:
                self.waiting = None
            self.draft.note_retry()
            attempt += 1

    async def _ask(self, request: Request, number: int) -> None:
        async def once() -> None:
            self._publish(RequestSent(self.draft.message_id, number))
            await self._stream(self._without_dropped(request))

        await self.patiently(once)

    async def _stream(self, request: Request) -> None:
        stream = self._provider.stream(request)
        try:
            async for event in stream:
                self._take(event)
        finally:
            # A view that raises must not leave the socket open.
            if isinstance(stream, AsyncGenerator):
                await stream.aclose()
        if self.draft.current_round.finish_reason is None:
            raise Interrupted("the stream ended without a finish reason")
        for change in self.draft.end_round():
            self._publish(change)

    def _take(self, event: Event) -> None:
        for change in self.draft.apply(event):
            self._publish(change)
            if isinstance(event, ToolCallDelta) and event.name and isinstance(change, BlockGrew):
                self._calls.arriving(change.message_id, self.draft.call_at(change.index))
        if isinstance(event, OptionDropped):
            self.dropped_options.add(event.name)

    def _without_dropped(self, request: Request) -> Request:
        if "stream_options" not in self.dropped_options:
            return request
        return replace(request, endpoint=replace(request.endpoint, sends_stream_options=False))


@dataclass(slots=True)
class Running:
    """A turn that was started, and the task it runs in. Mutable: its session owns it."""

    turn: Turn
    endpoint: Endpoint
    is_entered: bool = False
    """The task runs our code. A task that is cancelled before would end without a trace."""
    ending: Ended | None = None
    """How it is to end, once somebody asked for its end."""
    task: asyncio.Task[None] | None = None
