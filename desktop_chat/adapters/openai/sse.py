"""Bytes of a server-sent event stream to its events; knows lines, not their meaning.

Lines may end in LF, CR or CRLF and may be cut anywhere by the network. Comment lines are
skipped. An event that the end of the stream cuts off is delivered by `rest()`.
"""

import re
from collections.abc import Iterator

_BREAK = re.compile(rb"\r\n|\n|\r")


class Lines:
    """Puts events together. Feed it what a read gave, in order."""

    def __init__(self) -> None:
        self._tail = b""
        self._data: list[bytes] = []
        self._event = ""

    def feed(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield each event that is whole: its name, mostly empty, and its data."""
        if self._tail:
            data = self._tail + data
        if b"\r" in data:
            # A CR at the very end may be half of a CRLF: it waits for the next read.
            held = b"\r" if data.endswith(b"\r") else b""
            data = _BREAK.sub(b"\n", data[: len(data) - len(held)]) + held
        lines = data.split(b"\n")
        self._tail = lines.pop()
        for line in lines:
            if line.startswith(b"data:"):
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif not line:
                if self._data:
                    yield self._take()
            elif line.startswith(b"event:"):
                self._event = line[6:].strip().decode("utf-8", "replace")

    def rest(self) -> Iterator[tuple[str, bytes]]:
        """The stream is over: yield an event that has no empty line behind it."""
        yield from self.feed(b"\n\n")

    def _take(self) -> tuple[str, bytes]:
        event, data = self._event, self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._event = ""
        self._data.clear()
        return event, data
