"""Pictures of the page: what is known of each, and their pixels in the sizes that are shown.

A picture that is in the conversation is a `data:` address; its size is read from its first
bytes, so that the page knows its height before anything is decoded. A picture on the web is
loaded only when the person asks for it, and kept for this run. Decoding happens in a worker;
one that would need more memory than a screen ever shows is refused.
"""

import asyncio
import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import unquote_to_bytes, urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader, QPixmap, QPixmapCache

from desktop_chat.core.ports import Pictures
from desktop_chat.domain.errors import PictureFailed, PictureProblem, StoreError
from desktop_chat.markup.embedded import put_back, short_name, taken_out
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.transcript.pictures.kept import KeptOf, facts_of

MOST_PIXELS = 50_000_000
"""A picture with more is not decoded; 200 MB as it is shown."""
MOST_BYTES = 32 * 1024 * 1024
"""Of a picture within a conversation."""
HEAD_CHARACTERS = 96_000
"""Of a `data:` address; the size of a picture stands there."""
CACHE_KB = 96 * 1024
PAPER_PX = 2_000
"""Finer than that no printer draws in a column."""
FORMATS = frozenset({b"png", b"jpeg", b"jpg", b"gif", b"webp", b"bmp"})
ENDINGS = {b"jpeg": "jpg"}
MOVING = frozenset({"gif", "webp"})
"""Endings of files that may hold several pictures, to be shown one after the other."""


class Stage(Enum):
    """How far a picture is."""

    AWAY = auto()
    """On the web; nothing was asked for."""
    LOADING = auto()
    HERE = auto()
    """Its size is known and it can be drawn."""
    FAILED = auto()
    """`failure` says why; trying again may help."""
    STRANGE = auto()
    """At an address that means nothing here."""


@dataclass(slots=True)
class Picture:
    """What is known of a picture."""

    href: str
    """As it stands in what is shown; short for one that stands in the text."""
    address: str
    """All of it."""
    stage: Stage
    size: QSize
    """As it is to be seen; empty unless it is here."""
    failure: PictureFailed | None = None
    data: bytes = b""
    """As it came; empty for one that stands in the text."""
    ending: str = ""
    """Of the name of a file."""

    @property
    def is_here(self) -> bool:
        """It can be drawn."""
        return self.stage is Stage.HERE

    @property
    def host(self) -> str:
        """Where it would be loaded from."""
        return host_of(self.address)


class PictureStore(QObject):
    """The pictures of one window, by the address that stands in the text.

    Args:
        parent: Owns it.
    """

    changed = Signal()
    """A picture has another size or another stage."""
    drawn = Signal()
    """Pixels are there that were asked for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.loader: Pictures | None = None
        """Gets pictures from the web; without one nothing is ever loaded."""
        self.kept: KeptOf | None = None
        """Gets pictures of the conversation from its store."""
        self._pictures: dict[str, Picture] = {}
        self._long: list[str] = []
        """Addresses that were taken out of texts, by the numbers of the short ones."""
        self._decoding: set[str] = set()

    def picture(self, href: str) -> Picture:
        """What is known of a picture; asks nobody."""
        found = self._pictures.get(href)
        if found is None:
            found = self._pictures[href] = _first_look(href, put_back(href, self._address))
        return found

    def take_out(self, text: str) -> str:
        """A text with short addresses instead of the pictures in it."""
        return taken_out(text, self._name)

    def put_back(self, text: str) -> str:
        """A text as it was before its pictures were taken out."""
        return put_back(text, self._address)

    def forget_texts(self) -> None:
        """Another conversation is shown: pictures that stand in a text go with it, those from the web are kept."""
        self._pictures = {href: picture for href, picture in self._pictures.items() if picture.data}
        # The numbers go on, so that a copy made late finds nothing rather than another picture.
        self._long = [""] * len(self._long)

    def load(self, href: str, address: str = "") -> None:
        """Get a picture from the web, because the person asked for it.

        Args:
            href: As it stands in the text.
            address: Where to load it from, if the person agreed to another host.
        """
        picture = self.picture(href)
        if self.loader is None or picture.stage not in (Stage.AWAY, Stage.FAILED):
            return
        picture.stage, picture.failure = Stage.LOADING, None
        self.changed.emit()
        spawn(self._load(picture, self.loader, address or href), owner=self)

    def pixmap(self, href: str, size: QSize) -> QPixmap | None:
        """The picture in a size in device pixels; `None` until it is decoded."""
        found = QPixmap()
        if QPixmapCache.find(_key(self.picture(href).address, size), found):
            return found
        self._ask_for(href, size)
        return None

    async def image(self, href: str, size: QSize | None = None) -> QImage | None:
        """The picture decoded in a worker, by default as large as it is; `None` if it cannot be."""
        picture = self.picture(href)
        if picture.stage is not Stage.HERE:
            return None
        try:
            data = await self._kept_data(picture)
            return await asyncio.to_thread(lambda: decoded(data_of(picture) if data is None else data, size))
        except PictureFailed as error:
            self._fail(picture, error)
            return None

    async def data(self, href: str) -> bytes:
        """The picture as a file. Raises `PictureFailed`."""
        picture = self.picture(href)
        data = await self._kept_data(picture)
        return await asyncio.to_thread(data_of, picture) if data is None else data

    async def frames(self, href: str) -> int:
        """How many pictures it shows one after the other; we show the first."""
        picture = self.picture(href)
        if picture.ending not in MOVING:
            return 1
        data = await self.data(href)
        return await asyncio.to_thread(frames_of, data)

    async def _kept_data(self, picture: Picture) -> bytes | None:
        """The bytes of one that the store has; `None` for another."""
        facts = facts_of(picture.address)
        if facts is None:
            return None
        try:
            data = await self.kept(facts[0]) if self.kept is not None else None
        except StoreError as error:
            raise PictureFailed(PictureProblem.GONE, detail=str(error)) from error
        if data is None:
            raise PictureFailed(PictureProblem.GONE)
        return data

    def _name(self, address: str) -> str:
        if address not in self._long:
            self._long.append(address)
        return short_name(self._long.index(address))

    def _address(self, number: int) -> str | None:
        return self._long[number] if number < len(self._long) else None

    def _ask_for(self, href: str, size: QSize) -> None:
        key = _key(self.picture(href).address, size)
        if key not in self._decoding and self.picture(href).stage is Stage.HERE and _has_loop():
            self._decoding.add(key)
            spawn(self._decode(href, size), owner=self)

    async def _decode(self, href: str, size: QSize) -> None:
        key = _key(self.picture(href).address, size)
        try:
            image = await self.image(href, size)
        finally:
            self._decoding.discard(key)
        if image is not None:
            QPixmapCache.setCacheLimit(max(CACHE_KB, QPixmapCache.cacheLimit()))
            if QPixmapCache.insert(key, QPixmap.fromImage(image)):
                self.drawn.emit()

    async def _load(self, picture: Picture, loader: Pictures, address: str) -> None:
        try:
            data = await loader.load(address)
            size, ending = await asyncio.to_thread(measured, data)
        except PictureFailed as error:
            self._fail(picture, error)
            return
        picture.data, picture.size, picture.ending, picture.stage = data, size, ending, Stage.HERE
        self.changed.emit()

    def _fail(self, picture: Picture, error: PictureFailed) -> None:
        picture.stage, picture.failure, picture.size = Stage.FAILED, error, QSize()
        self.changed.emit()


class PaperPictures(PictureStore):
    """Pictures for a page that is printed: all are decoded before any is drawn.

    Args:
        screen: Those of the window; what was loaded there is drawn here.
    """

    def __init__(self, screen: PictureStore | None) -> None:
        super().__init__()
        self._screen = screen
        self.kept = screen.kept if screen is not None else None
        self._asked: dict[str, None] = {}
        self._pixmaps: dict[str, QPixmap] = {}

    def picture(self, href: str) -> Picture:
        self._asked[href] = None
        found = super().picture(href)
        there = self._screen.picture(href) if self._screen is not None and found.host else None
        return there if there is not None and there.is_here else found

    def pixmap(self, href: str, size: QSize) -> QPixmap | None:
        return self._pixmaps.get(href)

    async def prepare(self) -> None:
        """Decode what was asked about since the last time, and forget what was before."""
        asked, self._asked = self._asked, {}
        self._pixmaps.clear()
        for href in asked:
            picture = self.picture(href)
            image = await self.image(href, fitting(picture.size, PAPER_PX, PAPER_PX)) if picture.is_here else None
            if image is not None:
                self._pixmaps[href] = QPixmap.fromImage(image)


def host_of(href: str) -> str:
    """The host of an address, as it is looked up; empty if there is none."""
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""


def data_of(picture: Picture) -> bytes:
    """A picture as a file, for a worker."""
    return picture.data or _bytes_in(picture.address)


def measured(data: bytes) -> tuple[QSize, str]:
    """Size and ending of a picture; little of it is read.

    Raises:
        PictureFailed: It is not a picture, or too large.
    """
    reader, _kept = _reader(data)
    return _size_of(reader), ENDINGS.get(format_ := bytes(reader.format().data()), format_.decode())


def decoded(data: bytes, size: QSize | None = None) -> QImage:
    """A picture's pixels, for a worker.

    Args:
        data: As a file.
        size: In which it is wanted; it is never made larger than it is.

    Raises:
        PictureFailed: It is not a picture, damaged, or too large.
    """
    reader, _kept = _reader(data)
    whole = _size_of(reader)
    if size is not None and size.width() < whole.width():
        turned = size.transposed() if _is_turned(reader) else size
        reader.setScaledSize(turned)
    image = reader.read()
    if image.isNull():
        raise PictureFailed(PictureProblem.NO_PICTURE, detail=reader.errorString())
    return image


def frames_of(data: bytes) -> int:
    """How many pictures a file shows one after the other, for a worker; 1 if it does not move."""
    reader, _kept = _reader(data)
    return max(1, reader.imageCount()) if reader.supportsAnimation() else 1


def fitting(size: QSize, width: float, height: float) -> QSize:
    """The size in which a picture fits into a room; never larger than it is."""
    if size.width() <= width and size.height() <= height:
        return size
    return size.scaled(max(1, int(width)), max(1, int(height)), Qt.AspectRatioMode.KeepAspectRatio)


def _reader(data: bytes) -> tuple[QImageReader, QBuffer]:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    return reader, buffer


def _size_of(reader: QImageReader) -> QSize:
    if bytes(reader.format().data()) not in FORMATS:
        raise PictureFailed(PictureProblem.NO_PICTURE)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise PictureFailed(PictureProblem.NO_PICTURE, detail=reader.errorString())
    if size.width() * size.height() > MOST_PIXELS:
        raise PictureFailed(PictureProblem.TOO_LARGE, detail=f"{size.width()} × {size.height()}")
    return size.transposed() if _is_turned(reader) else size


def _is_turned(reader: QImageReader) -> bool:
    return bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)


def _first_look(href: str, address: str) -> Picture:
    if address[:5].lower() == "data:":
        return _within(href, address)
    if (facts := facts_of(address)) is not None:
        _, width, height, ending = facts
        return Picture(href, address, Stage.HERE, QSize(width, height), ending=ending)
    is_web = address.partition("://")[0].lower() in ("http", "https") and bool(host_of(address))
    return Picture(href, address, Stage.AWAY if is_web else Stage.STRANGE, QSize())


def _within(href: str, address: str) -> Picture:
    """A picture that stands in the text."""
    picture = Picture(href, address, Stage.HERE, QSize())
    try:
        if len(address) > MOST_BYTES * 4 // 3:
            raise PictureFailed(PictureProblem.TOO_LARGE)
        picture.size, picture.ending = _tolerant(lambda: measured(_bytes_in(address[:HEAD_CHARACTERS])), address)
    except PictureFailed as error:
        picture.stage, picture.failure = Stage.FAILED, error
    return picture


def _tolerant(look: Callable[[], tuple[QSize, str]], address: str) -> tuple[QSize, str]:
    """What the first bytes tell, or else all of them: some cameras put a preview in front of everything."""
    try:
        return look()
    except PictureFailed as error:
        if error.problem is PictureProblem.TOO_LARGE or len(address) <= HEAD_CHARACTERS:
            raise
        return measured(_bytes_in(address))


def _bytes_in(address: str) -> bytes:
    kind, comma, content = address.partition(",")
    if not comma:
        raise PictureFailed(PictureProblem.NO_PICTURE)
    if not kind.lower().endswith(";base64"):
        return unquote_to_bytes(content)
    # The end may be cut off, or missing its filling.
    content = content[:-1] if len(content) % 4 == 1 else content
    try:
        return base64.b64decode(content + "=" * (-len(content) % 4))
    except (binascii.Error, ValueError) as error:
        raise PictureFailed(PictureProblem.NO_PICTURE, detail=str(error)) from error


def _key(address: str, size: QSize) -> str:
    name = address if len(address) < 200 else f"{hash(address):x}-{len(address)}"
    return f"desktop-chat/picture/{name}/{size.width()}x{size.height()}"


def _has_loop() -> bool:
    return asyncio._get_running_loop() is not None
