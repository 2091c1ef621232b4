"""One question and its answer without a window, as a stream of plain dicts.

`desktop-chat ask` prints them; beside an open window the same dicts come from the process of
the window, so both ways say the same. The conversation is an ordinary one of the library.

Items: `{"text": …}` a piece of the answer; `{"note": code, …}` something worth a line, with
`detail`; last `{"ended": …}` with a value of `Ended`, and with `error` (class name) and
`detail` if it ended badly.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.library import Library
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import (
    BlockGrew,
    BlockStarted,
    CallChanged,
    CallState,
    Change,
    Decision,
    RetryScheduled,
    TurnEnded,
)
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import ChatError, ProviderError, SettingsError
from desktop_chat.domain.message import Ended

Item = dict[str, Any]

WAITS = (CallState.ASKING, CallState.ANSWERING)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and of whom. Empty values mean the defaults of the preferences."""

    prompt: str
    endpoint: str = ""
    """Name or id of an endpoint of the list."""
    base_url: str = ""
    """Of an endpoint that need not be in the list."""
    model: str = ""
    system: str = ""

    def to_dict(self) -> Item:
        """Plain form, to hand it to another process."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Question":
        """Read the plain form; what is unknown or no text is passed over."""
        known = {field.name for field in fields(cls)}
        return cls(**{"prompt": "", **{k: v for k, v in data.items() if k in known and isinstance(v, str)}})


class Asking:
    """Asks questions in new conversations.

    Args:
        library: Gets the conversations.
        endpoints: Knows whom to ask.
        is_attended: A window is there in which tool calls are decided; otherwise the
            tools that are offered (only harmless ones) run without asking.
    """

    def __init__(self, library: Library, endpoints: Endpoints, *, is_attended: bool) -> None:
        self._library = library
        self._endpoints = endpoints
        self._is_attended = is_attended

    async def answer(self, question: Mapping[str, Any]) -> AsyncGenerator[Item, None]:
        """Answer the plain form of a `Question`; closing the generator stops the reply and keeps what came."""
        session = self._library.new()
        items: asyncio.Queue[Item] = asyncio.Queue()
        leave = session.changes.subscribe(lambda change: self._note(session, change, items))
        try:
            try:
                self._ask(session, Question.from_dict(question))
            except ChatError as error:
                yield _ended(Ended.FAILED, error)
                return
            while True:
                item = await items.get()
                yield item
                if "ended" in item:
                    return
        finally:
            leave()
            session.stop()
            await session.close()
            self._library.release(session)

    def _ask(self, session: Session, question: Question) -> None:
        endpoint = self._endpoint(question)
        is_lent = endpoint is not None and endpoint not in self._endpoints.all
        if endpoint is not None and not is_lent:
            session.edit_settings(endpoint_id=endpoint.id)
        if question.model and not is_lent:
            session.edit_settings(model=question.model)
        if question.system:
            session.edit_settings(system_prompt=question.system)
        # A lent endpoint is gone tomorrow: the conversation goes on with the default then.
        session.send(question.prompt, endpoint_id=endpoint.id if endpoint and is_lent else None)

    def _endpoint(self, question: Question) -> Endpoint | None:
        wanted = question.endpoint
        if wanted:
            for endpoint in self._endpoints.all:
                if wanted in (endpoint.id, endpoint.name) or wanted.casefold() == endpoint.name.casefold():
                    return endpoint
            names = ", ".join(endpoint.name for endpoint in self._endpoints.all) or "none"
            raise SettingsError(f"there is no endpoint called {wanted!r}; there are: {names}")
        if question.base_url:
            return self._endpoints.lend(question.base_url, question.model)
        if self._endpoints.default is None and self._endpoints.environment is not None:
            return self._endpoints.lend(self._endpoints.environment.base_url, question.model)
        return None

    def _note(self, session: Session, change: Change, items: asyncio.Queue[Item]) -> None:
        match change:
            case BlockGrew(_, index, delta) if session.draft and session.draft.is_said(index):
                items.put_nowait({"text": delta})
            case BlockStarted(_, index) if session.draft and session.draft.is_said(index):
                if any(session.draft.is_said(earlier) for earlier in range(index)):
                    items.put_nowait({"text": "\n\n"})
            case CallChanged(_, call_id, state) if state in WAITS:
                if self._is_attended:
                    items.put_nowait({"note": "waiting", "detail": session.calls[call_id].call.name})
                else:
                    session.decide(call_id, Decision.ALLOW_ONCE)
            case CallChanged(_, call_id, CallState.RUNNING):
                items.put_nowait({"note": "tool", "detail": session.calls[call_id].summary})
            case RetryScheduled() if change.needs_consent and not self._is_attended:
                # Nobody is here to agree to a long wait.
                session.stop()
                items.put_nowait(_ended(Ended.FAILED, change.error))
            case RetryScheduled():
                items.put_nowait({"note": "retry", "detail": _detail(change.error), **_times(change)})
            case TurnEnded(_, ended, error):
                items.put_nowait(_ended(ended, error))


def _times(change: RetryScheduled) -> Item:
    return {"attempt": change.attempt, "of": change.of, "wait_s": change.wait_s}


def _ended(ended: Ended, error: Exception | None) -> Item:
    if error is None:
        return {"ended": ended.value}
    wait_s = error.retry_after_s if isinstance(error, ProviderError) else None
    return {"ended": ended.value, "error": type(error).__name__, "detail": _detail(error), "wait_s": wait_s}


def _detail(error: Exception) -> str:
    return (error.detail if isinstance(error, ProviderError) else "") or str(error)
