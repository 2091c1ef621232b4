"""One answer on its way: the open response, how long it may be silent, and why it broke."""

from collections.abc import AsyncGenerator

import httpx2

from desktop_chat.adapters.openai.errors import from_exception, mask, reported
from desktop_chat.adapters.openai.events import ServerReported
from desktop_chat.adapters.openai.reply import Reply
from desktop_chat.adapters.openai.sockets import Socket
from desktop_chat.adapters.openai.watchdog import Watchdog
from desktop_chat.core.ports import Request
from desktop_chat.domain.errors import Interrupted, ProviderError, TimedOut, Unreachable

AFTER_FINISH_S = 3.0
"""For usage and `[DONE]` after a finish reason; some servers never close."""
AFTER_DONE_S = 0.1
"""For the end of the body after `[DONE]`, so that the connection can be used again."""

FAILURES = (ServerReported, ProviderError, httpx2.HTTPError, OSError)
"""What reading an answer raises."""


class Answer:
    """The response to one request."""

    def __init__(self, request: Request, response: httpx2.Response) -> None:
        self._endpoint = request.endpoint
        self._key = request.key
        self._response = response
        self._request_id = response.headers.get("x-request-id", "")
        network = response.extensions.get("network_stream")
        # A rehearsal has none.
        self._socket = network if isinstance(network, Socket) else None
        self._stage = 0
        self.reply = Reply(response.headers.get("content-type", ""), self._request_id)

    def pieces(self) -> AsyncGenerator[bytes, None]:
        """The bytes of the body, as they come."""
        # Not `aiter_bytes`, which adds two generators to every chunk, unless there is something to decompress.
        if "content-encoding" in self._response.headers:
            pieces = aiter(self._response.aiter_bytes())
        else:
            assert isinstance(self._response.stream, httpx2.AsyncByteStream)
            pieces = aiter(self._response.stream)
        assert isinstance(pieces, AsyncGenerator)
        return pieces

    def cut(self) -> None:
        """Close the connection now; the reader sees it break."""
        if self._socket is not None:
            self._socket.cut()

    def relax(self, dog: Watchdog) -> None:
        """Something came: start the wait anew, or another one if the answer entered its next stage."""
        reply = self.reply
        stage = 3 if reply.is_done else 2 if reply.is_finished else 1 if reply.has_output else 0
        if stage == self._stage:
            # Before the first token only a token counts; later any sign of life does, keep-alive comments too.
            if stage:
                dog.seen()
            return
        self._stage = stage
        # The first token and the end are waited for; in between nobody sees a sixtieth of a second.
        if self._socket is not None:
            self._socket.gather(stage == 1)
        dog.change((None, self._endpoint.between_tokens_s, AFTER_FINISH_S, AFTER_DONE_S)[stage])

    def missing(self, dog: Watchdog) -> ProviderError | None:
        """What is missing after an end that broke nothing."""
        gap = self.reply.gap()
        return self._too_slow() if gap is not None and dog.is_over else gap

    def explain(self, error: Exception, dog: Watchdog) -> ProviderError | None:
        """Why reading ended with this error; `None` if the answer was whole by then."""
        if isinstance(error, ServerReported):
            failure = reported(error.body, key=self._key, request_id=self._request_id)
        elif self.reply.is_finished:
            return None
        elif dog.is_over:
            failure = self._too_slow()
        elif isinstance(error, ProviderError):
            failure = error
            failure.detail = mask(error.detail, self._key)
            failure.args = tuple(mask(str(arg), self._key) for arg in error.args)
        else:
            kind = Interrupted if self.reply.has_output else Unreachable
            cause = from_exception(error, key=self._key)
            failure = kind(f"the connection broke: {cause.detail}", request_id=self._request_id)
        if failure is not error:
            failure.__cause__ = error
        return failure

    def _too_slow(self) -> TimedOut:
        if self.reply.has_output:
            return TimedOut(f"nothing came for {self._endpoint.between_tokens_s:g} s in the middle of the answer")
        return TimedOut(f"no first token within {self._endpoint.first_token_s or 0:g} s")
