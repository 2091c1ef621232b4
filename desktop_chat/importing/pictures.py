"""Pictures of what is imported: found by their ids or in `data:` addresses, checked, hashed, kept at hand.

At hand are those of the conversation that was read last, each as a way to its bytes: a
file of the source is read again when it is wanted, and what stood in the text waits in a
temporary file. So an archive of gigabytes costs no more memory than its largest picture.
"""

import base64
import binascii
import hashlib
import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from desktop_chat.domain.blocks import Image
from desktop_chat.domain.ids import PictureId
from desktop_chat.importing.picture_facts import HEAD_BYTES, facts_of
from desktop_chat.importing.problems import size_text

if TYPE_CHECKING:
    from desktop_chat.importing.source import Entry

MAX_BYTES = 25 * 2**20
"""Of one picture."""
_DATA_URL = re.compile(r"data:[\w.+/-]{0,80}(?:;[\w.=+-]{1,60})*;base64,")
"""Whatever it is called: its bytes decide."""
_IDS = re.compile(
    r"file-[A-Za-z0-9]+|file_[A-Za-z0-9]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)
Read = Callable[["Entry", int], bytes]
"""The first bytes of a file of the source, at most so many. Raises `NoPicture`."""


class NoPicture(ValueError):
    """It is not taken over, and this says why; or it is not there."""


class Pictures:
    """The pictures of one source. Mutable.

    Args:
        read: Reads files of the source.
        held: Closes what is opened here together with the source.

    Attributes:
        only_looks: Nothing is hashed or kept; for a preview.
        entries: Every file of the source.
    """

    def __init__(self, read: Read, held: ExitStack) -> None:
        self.only_looks = False
        self.entries: tuple[Entry, ...] = ()
        self._read = read
        self._held = held
        self._spilled: BinaryIO | None = None
        self._at_hand: dict[PictureId, Entry | tuple[int, int]] = {}

    def forget(self) -> None:
        """Another conversation is read."""
        self._at_hand.clear()
        if self._spilled is not None:
            self._spilled.seek(0)
            self._spilled.truncate()

    def data(self, picture: PictureId) -> bytes | None:
        """The bytes of a picture at hand; `None` if they cannot be read any more."""
        where = self._at_hand.get(picture)
        if where is None:
            return None
        if isinstance(where, tuple):
            assert self._spilled is not None
            self._spilled.seek(where[0])
            return self._spilled.read(where[1])
        try:
            content = self._read(where, MAX_BYTES + 1)
        except NoPicture:
            return None
        return content if hashlib.sha256(content).hexdigest() == picture else None

    def of_file(self, pointer: str, name: str) -> Image:
        """The picture in the file that an id or a path means.

        Raises:
            NoPicture: As its text says.
        """
        entry = self._file(pointer)
        if entry is None:
            raise NoPicture
        if entry.size_bytes > MAX_BYTES:
            raise NoPicture(f"too large: {size_text(entry.size_bytes)}")
        image = self._image(self._read(entry, HEAD_BYTES if self.only_looks else MAX_BYTES + 1), name)
        self._at_hand[image.picture] = entry
        return image

    def of_url(self, url: str, name: str) -> Image:
        """The picture in a `data:` address.

        Raises:
            NoPicture: As its text says.
        """
        head = _DATA_URL.match(url)
        if head is None:
            raise NoPicture
        return self.of_base64(url, name, start=head.end())

    def of_base64(self, text: str, name: str, *, start: int = 0) -> Image:
        """The picture in a text.

        Raises:
            NoPicture: As its text says.
        """
        if (size_bytes := (len(text) - start) * 3 // 4) > MAX_BYTES:
            raise NoPicture(f"too large: {size_text(size_bytes)}")
        end = start + HEAD_BYTES // 3 * 4 if self.only_looks else len(text)
        try:
            content = base64.b64decode(_filled(text[start:end]))
        except (binascii.Error, ValueError) as error:
            raise NoPicture("its bytes cannot be read") from error
        image = self._image(content, name)
        if not self.only_looks and image.picture not in self._at_hand:
            self._at_hand[image.picture] = self._spill(content)
        return image

    def _image(self, content: bytes, name: str) -> Image:
        if len(content) > MAX_BYTES:
            raise NoPicture(f"too large: more than {size_text(MAX_BYTES)}")
        facts = facts_of(content[:HEAD_BYTES])
        if facts is None:
            raise NoPicture("not a picture that can be shown")
        return Image(PictureId(hashlib.sha256(content).hexdigest()), facts.media_type, facts.width, facts.height, name)

    def _spill(self, content: bytes) -> tuple[int, int]:
        if self._spilled is None:
            self._spilled = self._held.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the source
        at = self._spilled.seek(0, 2)
        self._spilled.write(content)
        return at, len(content)

    def _file(self, pointer: str) -> "Entry | None":
        if not pointer or pointer.startswith(("http:", "https:")):
            return None
        if found := self._by_path.get(pointer.rsplit("/", 1)[-1].casefold()):
            return found
        return next((self._by_id[id_] for id_ in map(str.casefold, _IDS.findall(pointer)) if id_ in self._by_id), None)

    @cached_property
    def _by_path(self) -> "dict[str, Entry]":
        """Files by the last part of their names; where two have the same name, nobody knows which is meant."""
        found: dict[str, Entry | None] = {}
        for entry in self.entries:
            name = entry.base.casefold()
            found[name] = None if name in found or entry.is_data else entry
        return {name: entry for name, entry in found.items() if entry is not None}

    @cached_property
    def _by_id(self) -> "dict[str, Entry]":
        """Files by the ids in their names: `file-ABC-cat.png`, `dalle-generations/file-ABC-….webp`, `file_ab.dat`."""
        found: dict[str, Entry] = {}
        for entry in self.entries:
            if not entry.is_data:
                for id_ in _IDS.findall(entry.base):
                    found.setdefault(id_.casefold(), entry)
        return found


def _filled(content: str) -> str:
    # The end may be cut off, or missing its filling.
    content = content[:-1] if len(content.rstrip("=")) % 4 == 1 else content
    return content + "=" * (-len(content) % 4)
