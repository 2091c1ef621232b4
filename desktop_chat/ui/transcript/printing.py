"""A conversation on paper and as PDF: the same boxes, in the light theme, broken into pages.

A page ends between two boxes, or between two lines of a long one. The work is done message
by message, so that the window lives on while a long conversation is written.
"""

import asyncio
import errno
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.message import Message
from desktop_chat.markup.leaves import Style
from desktop_chat.markup.math import formula
from desktop_chat.runtime.atomic import write_atomic
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Box, State
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.code_lines import MakeHighlight
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.formulas import Key, Shape, shape_of
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.message import MessageItem
from desktop_chat.ui.transcript.parts import Page, ShownSession
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from desktop_chat.ui.transcript.pictures import PaperPictures, PictureStore

DPI = 96
"""Of the device: then its units are those of the boxes."""
MARGIN_MM = 18.0
FOOT_PX = 28
"""Below the text, for the number of the page."""
SLICE_S = 0.008
REST_S = 0.004
KEPT_WITH_HEADING_PX = 70
"""A heading does not stand closer than this to the end of a page."""


async def write_pdf(
    path: Path,
    session: ShownSession,
    app: QApplication,
    make_highlight: MakeHighlight,
    pictures: "PictureStore | None" = None,
) -> None:
    """Write the shown path of a conversation as PDF.

    Raises:
        OSError: The file cannot be written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(session.conversation.title)
    writer.setCreator("Desktop Chat")
    await draw_on(writer, session, app, make_highlight, pictures)
    await asyncio.to_thread(partial(write_atomic, path, bytes(buffer.data().data())))


async def draw_on(
    device: "QPdfWriter | QPrinter",
    session: ShownSession,
    app: QApplication,
    make_highlight: MakeHighlight,
    pictures: "PictureStore | None" = None,
) -> None:
    """Draw a conversation on a device that has pages, in slices.

    Args:
        device: Draws, and begins new pages.
        session: Whose conversation.
        app: Knows the fonts of the system.
        make_highlight: Where the colours of code come from.
        pictures: Those of the window, with what was loaded from the web; without it nothing of the web is drawn.

    Raises:
        OSError: Nothing can be drawn on it.
    """
    device.setResolution(DPI)
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    device.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    paper = Paper(device, QSizeF(device.width(), device.height()), session, app, make_highlight)
    paper.pictures = pictures
    await paper.draw()


async def _let_others_work() -> None:
    loop = asyncio.get_running_loop()
    rested = loop.create_future()
    timer = loop.call_later(REST_S, rested.set_result, None)
    try:
        await rested
    finally:
        timer.cancel()


class Paper:
    """Lays one conversation out on pages.

    Args:
        device: Draws, and begins new pages.
        size: Of a page within its margins.
        session: Whose conversation.
        app: Knows the fonts of the system.
        make_highlight: Where the colours of code come from.
    """

    def __init__(
        self,
        device: QPagedPaintDevice,
        size: QSizeF,
        session: ShownSession,
        app: QApplication,
        make_highlight: MakeHighlight,
    ) -> None:
        self._device = device
        self._theme = Theme(app, choice="light", is_paper=True)
        self._shapes: dict[Key, Shape | None] = {}
        self._look = Look(self._theme, code_wrap=True, shape=lambda *key: self._shapes.get(key))
        self._page = Page(self._look, session, make_highlight, self._start_pictures)
        self.pictures: PictureStore | None = None
        """Those of the window."""
        self._drawn: PaperPictures | None = None
        self._began = perf_counter()
        self._width, self._height = size.width(), size.height() - FOOT_PX
        self._painter = QPainter(device)
        self._y = 0.0
        self._number = 0

    async def draw(self) -> None:
        """Draw everything; others work now and then meanwhile."""
        session = self._page.session
        draft = session.draft
        try:
            if not self._painter.isActive():
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            self._begin_page()
            self._draw_title(session.conversation)
            for message in session.conversation.path():
                is_draft = draft is not None and draft.message_id == message.id
                await self._draw_message(draft.message() if is_draft and draft else message)
        finally:
            if self._painter.isActive():
                self._painter.end()
            self._theme.deleteLater()

    def _draw_title(self, conversation: Conversation) -> None:
        rect = QRectF(0, 0, self._width, 1000)
        title = conversation.title or tr("New conversation")
        self._painter.setFont(self._theme.font("heading"))
        self._painter.setPen(self._look.color("text"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        self._y = self._painter.boundingRect(rect, flags, title).height()
        self._painter.drawText(rect, flags, title)

    async def _draw_message(self, message: Message) -> None:
        item = MessageItem(self._page, message)
        item.set_width(self._width)
        while item.is_dirty or item.has_more:
            item.sync()
            await self._rest()
        await self._set_formulas(item.boxes)
        if self._drawn is not None:
            await self._drawn.prepare()
        for index, box in enumerate(item.boxes):
            # A picture that is prepared, or a formula that is set, has another height than was thought.
            box.drop()
            item.lay_out(index)
            if isinstance(box, CodeBox):
                await self._color(box)
            self._draw_box(box, _following(item.boxes, index))
            box.drop()
            await self._rest()

    async def _rest(self) -> None:
        if perf_counter() - self._began > SLICE_S:
            await _let_others_work()
            self._began = perf_counter()

    async def _set_formulas(self, boxes: Sequence[Box]) -> None:
        wanted = {key for box in boxes for key in _formulas_in(box, self._look)} - self._shapes.keys()
        for key in wanted:
            self._shapes[key] = await asyncio.to_thread(shape_of, *key)

    def _start_pictures(self) -> "PictureStore":
        if self._drawn is None:
            # Here, because few conversations have pictures.
            from desktop_chat.ui.transcript.pictures import PaperPictures

            self._drawn = PaperPictures(self.pictures)
        return self._drawn

    async def _color(self, box: CodeBox) -> None:
        lines = box.text.count("\n") + 1
        for _ in range(0, lines, 100):
            box.color_some(100)
            await self._rest()

    def _draw_box(self, box: Box, following: Box | None) -> None:
        room = self._height - self._y
        needed = box.height
        if isinstance(box, TextBox) and box.leaf.level and following is not None:
            needed += KEPT_WITH_HEADING_PX
        breaks = [0.0, *_breaks(box), box.height]
        if needed > room and (len(breaks) == 2 or breaks[1] > room or needed <= 0.25 * self._height):
            self._begin_page()
        start = 0.0
        while True:
            room = self._height - self._y
            end = max((at for at in breaks if at - start <= room), default=0.0)
            if end <= start:
                # Higher than a page and in one piece: it is cut.
                end = min(box.height, start + room)
            self._paint(box, start, end)
            if end >= box.height:
                return
            start = end
            self._begin_page()

    def _paint(self, box: Box, start: float, end: float) -> None:
        painter = self._painter
        painter.save()
        clip = QRectF(-20, self._y, self._width + 40, end - start)
        painter.translate(QPointF(0, self._y))
        clip.translate(0, -self._y)
        painter.setClipRect(clip)
        box.paint(painter, 0, -start, clip, State())
        painter.restore()
        self._y += end - start

    def _begin_page(self) -> None:
        if self._number:
            self._device.newPage()
        self._number += 1
        self._y = 0.0
        foot = QRectF(0, self._height + FOOT_PX / 3, self._width, FOOT_PX)
        self._painter.setFont(self._theme.font("small"))
        self._painter.setPen(self._look.color("faint"))
        self._painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, str(self._number))


def _formulas_in(box: Box, look: Look) -> Iterator[Key]:
    if isinstance(box, TextBox):
        for run in box.leaf.runs:
            if Style.MATH in run.style:
                yield *formula(run.text), look.math_px(box.leaf.level)
    elif isinstance(box, TableBox):
        for run in box.formulas:
            yield *formula(run.text), look.math_px(0)


def _following(boxes: Sequence[Box], index: int) -> Box | None:
    return boxes[index + 1] if index + 1 < len(boxes) else None


def _breaks(box: Box) -> list[float]:
    """Heights in a box at which a page may end."""
    match box:
        case TextBox():
            # Not before the second line, and not behind the last but one.
            lines = round((box.height - box.content_top - box.place.bottom) / box.line_height)
            return [box.content_top + n * box.line_height for n in range(2, lines - 1)]
        case CodeBox():
            first, pitch = box.content_top + box.head + box.pad, box.look.code_line_px
            lines = round((box.height - first - box.pad - box.place.bottom) / pitch)
            return [first + n * pitch for n in range(2, lines - 1)]
        case TableBox():
            return [box.content_top + top for top in box.row_tops[1:-1]]
        case _:
            return []
