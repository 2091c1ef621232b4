"""Fragments of tool calls to one numbering, whatever the server makes of indexes and ids.

Seen in the wild: no index, no id, the same index for every call, a new id with each
fragment, the id repeated, whole calls in one delta, arguments as an object or null.
"""

import json
from collections.abc import Iterable
from typing import Any

from desktop_chat.adapters.openai.surrogates import Mender
from desktop_chat.domain.events import ToolCallDelta
from desktop_chat.domain.surrogates import whole


class Calls:
    """The calls of one reply."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        """Id of each call as the server first said it, by our index."""
        self._names: list[str] = []
        self._menders: list[Mender] = []
        self._by_server_index: dict[int, int] = {}
        """The newest call with this index of the server."""

    def read(self, fragments: object) -> list[ToolCallDelta]:
        """Translate the `tool_calls` of one delta, or of one whole message."""
        if isinstance(fragments, dict):
            fragments = [fragments]
        if not isinstance(fragments, list):
            return []
        return [self._read_one(f, several=len(fragments) > 1) for f in _objects(fragments)]

    def _read_one(self, fragment: dict[str, Any], *, several: bool) -> ToolCallDelta:
        function = fragment.get("function")
        if not isinstance(function, dict):
            function = fragment
        call_id, name = _text(fragment.get("id")), _text(function.get("name"))
        server_index = fragment.get("index")
        if isinstance(server_index, int) and not isinstance(server_index, bool):
            index = self._place(self._by_server_index.get(server_index), call_id, name)
            self._by_server_index[server_index] = index
        elif several and name:
            # Whole calls side by side: a name begins a call.
            index = self._place(None, call_id, name)
        else:
            index = self._place(len(self._ids) - 1 if self._ids else None, call_id, name)
        arguments = self._menders[index].feed(_arguments(function.get("arguments")))
        return ToolCallDelta(index, call_id, name, arguments)

    def _place(self, candidate: int | None, call_id: str, name: str) -> int:
        """The call this fragment belongs to: one with its id, the candidate, or a new one."""
        if call_id and call_id in self._ids:
            return self._ids.index(call_id)
        if candidate is not None and not self._begins_another(candidate, call_id, name):
            self._ids[candidate] = self._ids[candidate] or call_id
            self._names[candidate] = self._names[candidate] or name
            return candidate
        self._ids.append(call_id)
        self._names.append(name)
        self._menders.append(Mender())
        return len(self._ids) - 1

    def _begins_another(self, candidate: int, call_id: str, name: str) -> bool:
        # A fresh id alone is not enough: some servers make one up for every fragment.
        if not name or not self._names[candidate]:
            return False
        if call_id and self._ids[candidate]:
            return call_id != self._ids[candidate]
        return name != self._names[candidate] or not (call_id or self._ids[candidate])


def _objects(values: Iterable[object]) -> Iterable[dict[str, Any]]:
    return (value for value in values if isinstance(value, dict))


def _text(value: object) -> str:
    # Sent back with every further turn, so half a character in it would fail each of them.
    return whole(value) if isinstance(value, str) else ""


def _arguments(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else ""
