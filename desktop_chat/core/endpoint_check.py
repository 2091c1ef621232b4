"""Tries an endpoint out, step by step: key, models, one streamed token."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from desktop_chat.core.ports import Provider, Request
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import ChatError, Interrupted, SettingsError
from desktop_chat.domain.events import FinishReported, ReasoningDelta, RefusalDelta, TextDelta, ToolCallDelta
from desktop_chat.domain.ids import new_message_id
from desktop_chat.domain.message import Message, Role

OUTPUT = (TextDelta, ReasoningDelta, RefusalDelta, ToolCallDelta, FinishReported)


@dataclass(frozen=True, slots=True)
class CheckStep:
    """What one step of a check found."""

    title_code: str
    """`key`, `models` or `stream`; the ui has the words."""
    ok: bool
    detail: str
    """Number of models, the model that answered, or what went wrong; for the curious."""
    ms: int
    error: ChatError | None = None


async def check_steps(
    provider: Provider, endpoint: Endpoint, find_key: Callable[[], Awaitable[tuple[Endpoint, str]]]
) -> AsyncIterator[CheckStep]:
    """Yield each step as it is done. A list of models that fails does not end the check: a model may be typed."""
    began = time.monotonic()
    try:
        live, key = await find_key()
    except ChatError as error:
        yield _failed("key", began, error)
        return
    yield CheckStep("key", True, "kept" if key else "none", _ms(began))

    began, models = time.monotonic(), list[str]()
    try:
        models = await provider.models(live, key)
        yield CheckStep("models", True, str(len(models)), _ms(began))
    except ChatError as error:
        yield _failed("models", began, error)

    began = time.monotonic()
    model = endpoint.model or (models[0] if models else "")
    try:
        if not model:
            raise SettingsError("no model is known: type one")
        await _first_token(provider, live, key, model)
        yield CheckStep("stream", True, model, _ms(began))
    except ChatError as error:
        yield _failed("stream", began, error)


async def _first_token(provider: Provider, endpoint: Endpoint, key: str, model: str) -> None:
    question = Message(new_message_id(), None, Role.USER, (Text("Say hi."),), time.time())
    stream = provider.stream(Request(endpoint, model, (question,), key=key))
    try:
        async for event in stream:
            if isinstance(event, OUTPUT):
                return
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()
    raise Interrupted("the stream ended before anything came")


def _failed(step: str, began: float, error: ChatError) -> CheckStep:
    return CheckStep(step, False, str(error), _ms(began), error)


def _ms(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
