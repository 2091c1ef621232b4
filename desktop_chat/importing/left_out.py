"""What a conversation has and ours cannot hold yet: noted, and named in the text where it stood."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.reader import Item

_SCHEME = re.compile(r"^[a-z-]+://")
_MAX_NAME = 300
_DATA_URL = re.compile(r"data:([\w.+/-]{1,80})[;,]")


class Left:
    """Notes what is left out of one conversation. Mutable: `at` says where its reader is."""

    def __init__(self, notes: Notes, item: Item) -> None:
        self._notes = notes
        self._item = item
        self._where = item.where
        self._named: Mapping[str, str] = {}

    def at(self, message_id: object, names: Mapping[str, str] = MappingProxyType({})) -> None:
        """From now on things are left out of this message.

        Args:
            message_id: Its id or number.
            names: What its files are called, by their ids.
        """
        self._named = names
        self._where = f"{self._item.where}, message {message_id}"

    def image(self, name: str) -> str:
        """An image is not taken over; returns what stands for it in the text."""
        name = _short(name)
        self._notes.add(ProblemKind.IMAGE_LEFT_OUT, self._where, name)
        return f"[Image: {name}]" if name else "[Image]"

    def file(self, name: str) -> str:
        """A file is not taken over; returns what stands for it in the text."""
        name = _short(name)
        self._notes.add(ProblemKind.FILE_LEFT_OUT, self._where, name)
        return f"[File: {name}]" if name else "[File]"

    def unknown(self, kind: str) -> None:
        """A part of the message is of a kind that is not known."""
        self._notes.add(ProblemKind.UNKNOWN_CONTENT, self._where, kind)

    def message(self, why: str) -> None:
        """The whole message cannot be read."""
        self._notes.add(ProblemKind.MESSAGE_LEFT_OUT, self._where, why)

    def name_of(self, pointer: str) -> str:
        """The name of the file that a pointer such as `file-service://file-abc` means, else its id."""
        wanted = _SCHEME.sub("", pointer).split("#")[0]
        return self._named.get(wanted) or self._item.source.named.get(wanted, wanted)


def _short(name: str) -> str:
    if found := _DATA_URL.match(name):
        return found[1]
    return " ".join(name[:_MAX_NAME].split())
