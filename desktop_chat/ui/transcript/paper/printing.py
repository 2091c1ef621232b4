"""A conversation on paper and as PDF: the same boxes, in the light theme, broken into pages.

A page ends between two boxes, or between two lines of a long one. The work is done message
by message, so that the window lives on while a long conversation is written.
"""

import asyncio
import errno
import os
from collections.abc import Iterator, Sequence
from functools import partial
from math import inf
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.message import Message
from desktop_chat.markup.leaves import Style
from desktop_chat.markup.math import formula
from desktop_chat.runtime.atomic import write_atomic
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Box, State
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.code_lines import MakeHighlight
from desktop_chat.ui.transcript.boxes.formulas import Key, Shape, shape_of
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import Page, ShownSession
from desktop_chat.ui.transcript.paper.breaks import breaks, cards, leads, narrower_tables, repeated_head, shrunk_width
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from desktop_chat.ui.transcript.pictures.pictures import PaperPictures, PictureStore

DPI = 96
"""Of the device: then its units are those of the boxes."""
MARGIN_MM = 18.0
FOOT_PX = 28
"""Below the text, for the number of the page."""
SLICE_S = 0.008
REST_S = 0.004
KEPT_WITH_HEADING_PX = 70
"""A heading does not stand closer than this to the end of a page."""
SMALLEST = 2 / 3
"""Of the size of the text, about 7 pt: before a table is drawn smaller, its words are broken."""
WHOLE_CARD = 0.5
"""Of the height of a page: a card that takes less is not broken."""


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
    writer = pdf_writer(buffer, session.conversation.title)
    await draw_on(writer, session, app, make_highlight, pictures)
    await asyncio.to_thread(partial(write_atomic, path, bytes(buffer.data().data())))


def pdf_writer(buffer: QBuffer, title: str) -> QPdfWriter:
    """Writes a PDF on the paper that is usual where the person lives."""
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Desktop Chat")
    is_letter = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter if is_letter else QPageSize.PageSizeId.A4))
    return writer


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
        self._title = session.conversation.title or tr("New conversation")
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
            self._draw_title()
            for message in session.conversation.path():
                is_draft = draft is not None and draft.message_id == message.id
                await self._draw_message(draft.message() if is_draft and draft else message)
        finally:
            if self._painter.isActive():
                self._painter.end()
            self._theme.deleteLater()

    def _draw_title(self) -> None:
        rect = QRectF(0, 0, self._width, 1000)
        self._painter.setFont(self._theme.font("heading"))
        self._painter.setPen(self._look.color("text"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        self._y = self._painter.boundingRect(rect, flags, self._title).height()
        self._painter.drawText(rect, flags, self._title)

    async def _draw_message(self, message: Message) -> None:
        item = MessageItem(self._page, message)
        item.set_width(self._width)
        while item.is_dirty or item.has_more:
            item.sync()
            await self._rest()
        await self._set_formulas(item.boxes)
        if self._drawn is not None:
            await self._drawn.prepare()
        ends = cards(item.boxes)
        for index, box in enumerate(item.boxes):
            # A picture that is prepared, or a formula that is set, has another height than was thought.
            box.drop()
            item.lay_out(index)
            if isinstance(box, CodeBox):
                await self._color(box)
            most = self._width / SMALLEST
            for piece in narrower_tables(box, self._width, most):
                await self._draw_box(piece, self._below(item, index, ends.get(index, index)))
            box.drop()
            await self._rest()

    def _below(self, item: MessageItem, index: int, card_end: int) -> float:
        """Height below a box that has to be on the same page."""
        box = item.boxes[index]
        if not leads(box) or index + 1 == len(item.boxes):
            return 0.0
        below = 0.0
        for other in range(index + 1, max(card_end, index + 2)):
            item.lay_out(other)
            below += item.boxes[other].height
        # A card that takes much of a page is broken, but not below its title.
        is_whole = card_end > index + 1 and box.height + below <= WHOLE_CARD * self._height
        return below if is_whole else min(below, KEPT_WITH_HEADING_PX * self._look.theme.scale)

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
            from desktop_chat.ui.transcript.pictures.pictures import PaperPictures

            self._drawn = PaperPictures(self.pictures)
        return self._drawn

    async def _color(self, box: CodeBox) -> None:
        lines = box.text.count("\n") + 1
        for _ in range(0, lines, 100):
            box.color_some(100)
            await self._rest()

    async def _draw_box(self, box: Box, below: float) -> None:
        """Draw a box; a page ends above it if it does not fit with so much `below` it, or is hardly worth breaking."""
        zoom = self._shrink(box)
        while box.is_guessed:
            box.come_near(0, inf, thread_time() + SLICE_S)
            await self._rest()
        box.layout(box.width)
        cuts = [0.0, *breaks(box), box.height]
        height = self._height / zoom
        room = height - self._y / zoom
        is_small = len(cuts) == 2 or cuts[1] > room or box.height <= 0.25 * height
        if self._y and box.height + below > room and (is_small or below):
            self._begin_page()
        # What stands first on a page needs no distance to what was above.
        start = box.place.gap if not self._y else 0.0
        head = repeated_head(box)
        while True:
            room = height - self._y / zoom
            end = max((at for at in cuts if at - start <= room), default=0.0)
            if end <= start:
                # Higher than a page and in one piece: it is cut.
                end = min(box.height, start + room)
            self._paint(box, start, end, zoom)
            if end >= box.height:
                return
            start = end
            await self._rest()
            self._begin_page()
            if head is not None:
                self._paint(box, *head, zoom)

    def _shrink(self, box: Box) -> float:
        """Lay a box out so wide that all of it is seen; returns how small it has to be drawn then."""
        box.layout(self._width)
        wanted, most = shrunk_width(box, self._width), self._width / SMALLEST
        if wanted > most and isinstance(box, TableBox):
            box.breaks_words = True
            box.drop()
            box.layout(most)
            wanted = shrunk_width(box, most)
        box.layout(max(wanted, self._width))
        return self._width / wanted

    def _paint(self, box: Box, start: float, end: float, zoom: float) -> None:
        painter = self._painter
        painter.save()
        painter.translate(QPointF(0, self._y))
        painter.scale(zoom, zoom)
        clip = QRectF(-20, 0, self._width / zoom + 40, end - start)
        painter.setClipRect(clip)
        box.paint(painter, 0, -start, clip, State())
        painter.restore()
        self._y += (end - start) * zoom

    def _begin_page(self) -> None:
        if self._number:
            self._device.newPage()
        self._number += 1
        self._y = 0.0
        foot = QRectF(0, self._height + FOOT_PX / 3, self._width, FOOT_PX)
        font = self._theme.font("small")
        self._painter.setFont(font)
        self._painter.setPen(self._look.color("faint"))
        number = count_text(self._number)
        self._painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, number)
        if self._number > 1:
            shown = QFontMetricsF(font).elidedText(self._title, Qt.TextElideMode.ElideRight, 0.85 * self._width)
            self._painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)


def _formulas_in(box: Box, look: Look) -> Iterator[Key]:
    if isinstance(box, TextBox):
        for run in box.leaf.runs:
            if Style.MATH in run.style:
                yield *formula(run.text), look.math_px(box.leaf.level)
    elif isinstance(box, TableBox):
        for run in box.formulas:
            yield *formula(run.text), look.math_px(0)
