"""Bytes of one answer to domain events, whatever the server says it is sending.

The first bytes decide, not the content type, which servers get wrong: a stream of events,
one JSON value (a reply that is no stream, or an error under status 200), or something that
is not the protocol at all, such as the sign-in page of a proxy.
"""

import json
import re
from typing import Any

from desktop_chat.adapters.openai.events import ChunkReader, ServerReported
from desktop_chat.adapters.openai.sse import Lines
from desktop_chat.domain.errors import BadReply, Interrupted
from desktop_chat.domain.events import Event, ReplyStarted

STREAM_BEGINS = (b"data:", b"event:", b"id:", b"retry:", b":")
SHOWN_BYTES = 300
MAX_BODY_BYTES = 64 * 1024 * 1024


class Reply:
    """One answer while it comes. Knows nothing of sockets.

    Args:
        content_type: As the server said it; only for error texts.
        request_id: The server's name for the request.
    """

    def __init__(self, content_type: str = "", request_id: str = "") -> None:
        self.is_done = False
        """`[DONE]` came: whatever follows is not looked at."""
        self._content_type = content_type
        self._request_id = request_id
        self._reader = ChunkReader()
        self._lines: Lines | None = None
        self._body = bytearray()
        self._has_begun = False

    @property
    def has_output(self) -> bool:
        """Something for the person came."""
        return self._reader.has_output

    @property
    def is_finished(self) -> bool:
        """A finish reason came, so the answer is whole."""
        return self._reader.is_finished

    def feed(self, data: bytes) -> list[Event]:
        """Take in what a read gave.

        Raises:
            ServerReported: The server reports an error.
            BadReply: This is not the protocol.
            Interrupted: It was, until here.
        """
        if self._lines is None:
            self._body += data
            if len(self._body) > MAX_BODY_BYTES:
                raise BadReply("the server's answer is not a stream and has no end", detail=self._shown())
            if not _is_stream(self._body):
                return []
            self._lines, data = Lines(), bytes(self._body.lstrip(b"\xef\xbb\xbf \r\n"))
        events: list[Event] = []
        for name, payload in self._lines.feed(data):
            if self.is_done:
                break
            events += self._read(name, payload)
        return events

    def end(self) -> list[Event]:
        """The server closed the stream cleanly.

        Raises:
            ServerReported, BadReply, Interrupted: As for `feed`.
        """
        events: list[Event] = []
        if self._lines is not None:
            for name, payload in self._lines.rest() if not self.is_done else ():
                events += self._read(name, payload)
        elif self._body.strip():
            events += self._whole()
        return events + self._reader.rest()

    def gap(self) -> Interrupted | None:
        """What is missing after a clean end: the finish reason, or nothing."""
        if self.is_finished:
            return None
        return Interrupted("the stream ended without a finish reason", request_id=self._request_id)

    def held(self) -> list[Event]:
        """Text that was held back, for a stream that broke."""
        return self._reader.rest()

    def _read(self, name: str, payload: bytes) -> list[Event]:
        if payload.startswith(b"[DONE]"):
            self.is_done = True
            return []
        try:
            chunk = json.loads(payload)
        except ValueError as error:
            # Includes UnicodeDecodeError.
            if name == "error":
                raise ServerReported(payload.decode("utf-8", "replace")) from error
            raise self._unreadable(f"a chunk that is not JSON ({error})", payload) from error
        if name == "error":
            raise ServerReported(chunk.get("error", chunk) if isinstance(chunk, dict) else chunk)
        return self._translate(chunk)

    def _translate(self, chunk: Any) -> list[Event]:
        events = self._reader.read(chunk)
        if not self._has_begun:
            self._has_begun = True
            return [ReplyStarted(self._reader.model, self._request_id), *events]
        return events

    def _whole(self) -> list[Event]:
        try:
            value = json.loads(self._body)
        except ValueError as error:
            raise self._unreadable(_what_came(self._content_type, self._body), self._body) from error
        if isinstance(value, dict) and isinstance(value.get("choices"), list):
            return self._translate(value)
        if isinstance(value, dict) and (value.get("error") or "detail" in value or "message" in value):
            raise ServerReported(value.get("error") or value)
        raise self._unreadable("JSON that is no chat completion", self._body)

    def _unreadable(self, what: str, data: bytes | bytearray) -> BadReply | Interrupted:
        kind = Interrupted if self.has_output else BadReply
        shown = bytes(data[:SHOWN_BYTES]).decode("utf-8", "replace")
        return kind(f"the server sent {what}", detail=f"the server sent {what}: {shown}", request_id=self._request_id)

    def _shown(self) -> str:
        return bytes(self._body[:SHOWN_BYTES]).decode("utf-8", "replace")


def _is_stream(head: bytes | bytearray) -> bool:
    # Longer than the longest field name, so that a cut in the middle of it decides nothing.
    begun = bytes(head[:64]).lstrip(b"\xef\xbb\xbf \r\n")
    return begun.startswith(STREAM_BEGINS)


def _what_came(content_type: str, body: bytes | bytearray) -> str:
    kind = content_type.partition(";")[0].strip() or "something without a content type"
    title = re.search(rb"<title[^>]*>([^<]{1,100})", body[:4096], re.IGNORECASE)
    name = f" titled “{title[1].decode('utf-8', 'replace').strip()}”" if title else ""
    return f"{kind}{name} instead of an answer"
