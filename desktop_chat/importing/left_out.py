"""Pictures of a conversation, taken over; what ours cannot hold is noted, and named in the text where it stood."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from desktop_chat.domain.blocks import Image, Text
from desktop_chat.importing.pictures import NoPicture
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

    def picture(self, where: str, name: str = "") -> Image | Text:
        """A picture, if the source has it; else what stands for it.

        Args:
            where: A `data:` address, an id such as `file-service://file-abc`, or a path.
            name: Of its file, or what it shows; by default where it is.
        """
        pictures = self._item.source.pictures
        return self._found(pictures.of_url if where.startswith("data:") else pictures.of_file, where, name, where)

    def embedded(self, content: str, media_type: str, name: str = "") -> Image | Text:
        """A picture that stands in the source; else what stands for it.

        Args:
            content: In base64.
            media_type: As the source has it; its bytes decide what it is.
            name: Of its file, or what it shows.
        """
        return self._found(self._item.source.pictures.of_base64, content, name, media_type)

    def _found(self, find: Callable[[str, str], Image], where: str, name: str, unnamed: str) -> Image | Text:
        name = " ".join(name[:_MAX_NAME].split())
        try:
            return find(where, name)
        except NoPicture as reason:
            return Text(self._missing(name or unnamed, str(reason)))

    def image(self, name: str) -> str:
        """An image is not taken over; returns what stands for it in the text."""
        return self._missing(name, "")

    def _missing(self, name: str, why: str) -> str:
        name = _short(name)
        self._notes.add(ProblemKind.IMAGE_LEFT_OUT, self._where, ": ".join(filter(None, (name, why))))
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
