"""A paragraph with pictures: its text, if it has any, and below it each picture or what stands for it.

Nothing is fetched by painting. A picture on the web is a card that names its host, until the
person has it loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QPainter, QPen, QTransform

from desktop_chat.domain.errors import PictureFailed, PictureProblem
from desktop_chat.markup.leaves import Text
from desktop_chat.ui.transcript.boxes.box import HotSpot, Link, OnPicture, PictureDeed, Place, State
from desktop_chat.ui.transcript.boxes.code_head import paint_icon, paint_ring
from desktop_chat.ui.transcript.boxes.text import TextBox, can_open
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.pictures.kept import HIGHEST_PX
from desktop_chat.ui.transcript.pictures.pictures import Picture, PictureStore, Stage, fitting, host_of
from desktop_chat.ui.transcript.words import picture_words, tr
from desktop_chat.ui.utf16 import units

CARD_ICON_PX = 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(slots=True)
class _Shown:
    """One picture of the paragraph and where it is."""

    href: str
    alt: str
    start: int
    """Of its run in the text of the leaf."""
    rect: QRectF
    """In the content."""
    button: QRectF
    """Of a card; empty if there is none."""
    title: str = ""
    """Its name as far as there is room."""
    link: str = ""
    """Where a press on the line below it leads."""
    link_rect: QRectF = field(default_factory=QRectF)
    """Of that line; empty if there is none."""


class PictureBox(TextBox):
    """A paragraph with at least one picture.

    Args:
        leaf: What to show.
        look: Fonts, colours and measures.
        place: Where it stands.
        store: Has the pictures.
    """

    def __init__(self, leaf: Text, look: Look, place: Place, store: PictureStore) -> None:
        super().__init__(leaf, look, place)
        self._store = store
        self._has_words = any(not run.image and run.text.strip() for run in leaf.runs)
        self._words_height = 0.0
        self._shown: list[_Shown] = []
        at = 0
        for run, painted in zip(leaf.runs, self._runs, strict=True):
            if run.image:
                alt = run.text.strip()
                # Among words the link is on the words that stand for the picture.
                link = run.link if can_open(run.link) and not self._has_words else ""
                self._shown.append(_Shown(run.href, alt, at, QRectF(), QRectF(), link=link))
            at += units(painted.text)

    def hit(self, x: float, y: float) -> int:
        if self._has_words and y < self.content_top + self._words_height:
            return super().hit(x, y)
        for index, shown in enumerate(self._shown):
            rect = shown.rect.translated(self.content_left, self.content_top)
            if y < rect.bottom() or index == len(self._shown) - 1:
                # The left half of a picture is before it, the right half behind.
                return shown.start if x < rect.center().x() else self._end_of(index)
        return self.length

    def rects(self, start: int, end: int) -> list[QRectF]:
        found = super().rects(start, end) if self._has_words else []
        for index, shown in enumerate(self._shown):
            if start < self._end_of(index) and end > shown.start and start < end:
                found.append(shown.rect.translated(self.content_left, self.content_top))
        return found

    def hot_spots(self) -> Sequence[HotSpot]:
        found = list(super().hot_spots()) if self._has_words else []
        for shown in self._shown:
            picture = self._store.picture(shown.href)
            act = None if self.look.theme.is_paper else _act(picture)
            if act is not None:
                area = shown.rect if shown.button.isEmpty() else shown.button
                label = _label(picture, shown.alt)
                found.append(HotSpot(label, act, (area.translated(self.content_left, self.content_top),)))
            if shown.link:
                area = shown.link_rect.translated(self.content_left, self.content_top)
                found.append(HotSpot(_link_words(shown.link), Link(shown.link), (area,)))
        return found

    def tip_at(self, x: float, y: float) -> str:
        """What is said beside the pointer: what a picture shows."""
        for shown in self._shown:
            if shown.rect.contains(QPointF(x - self.content_left, y - self.content_top)):
                picture = self._store.picture(shown.href)
                return shown.alt if picture.is_here else "\n".join(filter(None, (shown.alt, _said(picture))))
        return ""

    def picture_at(self, x: float, y: float) -> tuple[str, str] | None:
        """Address and description of the picture at a point."""
        for shown in self._shown:
            if shown.rect.contains(QPointF(x - self.content_left, y - self.content_top)):
                return shown.href, shown.alt
        return None

    def link_at(self, x: float, y: float) -> str:
        """Where the picture at a point leads; empty if nowhere."""
        point = QPointF(x - self.content_left, y - self.content_top)
        return next((shown.link for shown in self._shown if shown.rect.contains(point)), "")

    @property
    def hrefs(self) -> list[str]:
        """Addresses of its pictures."""
        return [shown.href for shown in self._shown]

    @property
    def picture_tops(self) -> list[float]:
        """Where pictures begin below something else, in the box."""
        first = 0 if self._has_words else 1
        return [self.content_top + shown.rect.top() for shown in self._shown[first:]]

    def _guess(self, width: float) -> float:
        words = super()._guess(width) if self._has_words else 0.0
        return words + self._lay_out_pictures(width, words)

    def _lay_out(self, width: float) -> float:
        self._words_height = super()._lay_out(width) if self._has_words else 0.0
        return self._words_height + self._lay_out_pictures(width, self._words_height)

    def _lay_out_pictures(self, width: float, top: float) -> float:
        look, gap = self.look, 2 * self.look.step
        y = top + (gap if top else 0.0)
        for shown in self._shown:
            picture = self._store.picture(shown.href)
            if picture.stage is Stage.HERE:
                size = QSizeF(fitting(picture.size, width, HIGHEST_PX * look.theme.scale))
                # What the person showed stands at the right, as what they wrote.
                x = width - size.width() if self.place.share else 0.0
                shown.rect, shown.button = QRectF(QPointF(x, y), size), QRectF()
            else:
                shown.rect = QRectF(0, y, width, round(2 * look.small_line_px + 4 * look.step))
                self._lay_out_card(shown, picture)
            y = shown.rect.bottom() + gap
            if shown.link:
                wide = QFontMetricsF(look.small_font).horizontalAdvance(_link_words(shown.link))
                shown.link_rect = QRectF(0, shown.rect.bottom() + look.step, min(width, wide), look.small_line_px)
                y = shown.link_rect.bottom() + gap
        return y - gap - top

    def _lay_out_card(self, shown: _Shown, picture: Picture) -> None:
        look, rect = self.look, shown.rect
        words = _button_words(picture)
        metrics = QFontMetricsF(look.small_font)
        tall = round(metrics.height() + 2.5 * look.step)
        wide = metrics.horizontalAdvance(words) + 5 * look.step if words and not look.theme.is_paper else 0.0
        shown.button = QRectF()
        if wide:
            top = rect.center().y() - tall / 2
            shown.button = QRectF(rect.right() - 3 * look.step - wide, top, wide, tall)
        room = rect.width() - wide - 14 * look.step
        title = shown.alt or tr("Picture")
        shown.title = QFontMetricsF(look.bold_font).elidedText(title, Qt.TextElideMode.ElideRight, max(20.0, room))

    def _end_of(self, index: int) -> int:
        at = self._shown[index].start
        place = 0
        for run in self._runs:
            if place == at:
                return at + units(run.text)
            place += units(run.text)
        return self.length

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        if self._has_words:
            super()._paint_content(painter, origin, clip, state)
        shift = QPointF(origin.x() - self.content_left, origin.y() - self.content_top)
        spots = self.hot_spots() if state.focused is not None else ()
        focused = spots[state.focused] if state.focused is not None and state.focused < len(spots) else None
        for shown in self._shown:
            rect = shown.rect.translated(origin)
            if not rect.united(shown.link_rect.translated(origin)).intersects(clip):
                continue
            picture = self._store.picture(shown.href)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if picture.stage is Stage.HERE:
                self._paint_picture(painter, rect, picture)
            else:
                is_lit = state.hovered is not None and state.hovered == _act(picture)
                self._paint_card(painter, rect, shown, picture, is_lit=is_lit)
            if state.selected and self._is_selected(shown, state.selected):
                painter.fillRect(rect, self.look.selection)
            if shown.link:
                self._paint_link(painter, shown, origin)
            if focused is not None and focused.act in (_act(picture), Link(shown.link)):
                paint_ring(painter, focused.rects[0].translated(shift).adjusted(-3, -3, 3, 3), self.look)
            painter.restore()

    def _is_selected(self, shown: _Shown, selected: tuple[int, int]) -> bool:
        return selected[0] <= shown.start < selected[1] and not self._has_words

    def _paint_picture(self, painter: QPainter, rect: QRectF, picture: Picture) -> None:
        look = self.look
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        wanted = QSize(round(rect.width() * ratio), round(rect.height() * ratio))
        size = picture.size if wanted.width() >= picture.size.width() else wanted
        drawn = self._store.pixmap(picture.href, size)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(look.color("line"), 1))
        painter.setBrush(look.color("code"))
        if drawn is not None:
            # As a brush, because a clip would leave the corners jagged.
            brush = QBrush(drawn)
            fit = QTransform.fromTranslate(rect.left(), rect.top())
            brush.setTransform(fit.scale(rect.width() / drawn.width(), rect.height() / drawn.height()))
            painter.setBrush(brush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), look.radius, look.radius)

    def _paint_link(self, painter: QPainter, shown: _Shown, origin: QPointF) -> None:
        rect, words = shown.link_rect.translated(origin), _link_words(shown.link)
        font = QFont(self.look.small_font)
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(self.look.color("accent"))
        fitting_words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.drawText(rect, _LEFT, fitting_words)

    def _paint_card(self, painter: QPainter, rect: QRectF, shown: _Shown, picture: Picture, *, is_lit: bool) -> None:
        look = self.look
        painter.setPen(QPen(look.color("line"), 1))
        painter.setBrush(look.color("card"))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), look.radius, look.radius)
        has_failed = picture.stage is Stage.FAILED
        left = rect.left() + 3 * look.step
        icon, center = "warning" if has_failed else "image", QPointF(left + 2.5 * look.step, rect.center().y())
        paint_icon(painter, icon, center, look, "secondary", CARD_ICON_PX)
        left += 8 * look.step
        right = rect.right() - (shown.button.width() + 6 * look.step if not shown.button.isEmpty() else 3 * look.step)
        line = look.small_line_px
        upper = QRectF(left, rect.center().y() - line, right - left, line)
        painter.setFont(look.bold_font)
        painter.setPen(look.color("text"))
        painter.drawText(upper, _LEFT, shown.title)
        painter.setFont(look.small_font)
        painter.setPen(look.color("bad" if has_failed else "secondary"))
        said = _said(picture)
        lower = upper.translated(0, line)
        metrics = QFontMetricsF(look.small_font)
        painter.drawText(lower, _LEFT, metrics.elidedText(said, Qt.TextElideMode.ElideRight, lower.width()))
        if not shown.button.isEmpty():
            button = shown.button.translated(rect.topLeft() - shown.rect.topLeft())
            painter.setPen(QPen(look.color("accent" if is_lit else "line"), 1))
            painter.setBrush(look.color("code" if is_lit else "card"))
            painter.drawRoundedRect(button.adjusted(0.5, 0.5, -0.5, -0.5), look.radius * 0.9, look.radius * 0.9)
            painter.setPen(look.color("text"))
            painter.drawText(button, Qt.AlignmentFlag.AlignCenter, _button_words(picture))


def _elsewhere(failure: PictureFailed | None) -> str:
    is_elsewhere = failure is not None and failure.problem is PictureProblem.ELSEWHERE
    return failure.address if is_elsewhere and failure is not None else ""


def _act(picture: Picture) -> OnPicture | None:
    match picture.stage:
        case Stage.HERE:
            return OnPicture(PictureDeed.OPEN, picture.href)
        case Stage.AWAY:
            return OnPicture(PictureDeed.LOAD, picture.href)
        case Stage.FAILED if picture.host:
            return OnPicture(PictureDeed.LOAD, picture.href, _elsewhere(picture.failure))
        case Stage.FAILED | Stage.LOADING | Stage.STRANGE:
            return None
        case _:
            assert_never(picture.stage)


def _link_words(href: str) -> str:
    return tr("Link to {host}", host=host_of(href) or href.partition(":")[2])


def _label(picture: Picture, alt: str) -> str:
    name = alt or tr("Picture")
    if picture.stage is Stage.HERE:
        return tr("{name}, open picture", name=name)
    return tr("{name}, {button} from {host}", name=name, button=_button_words(picture), host=picture.host)


def _button_words(picture: Picture) -> str:
    if picture.stage is Stage.AWAY:
        return tr("Load once")
    if picture.stage is Stage.FAILED and picture.host:
        there = host_of(_elsewhere(picture.failure))
        return tr("Load from {host}", host=there) if there else tr("Try again")
    return ""


def _said(picture: Picture) -> str:
    match picture.stage:
        case Stage.AWAY:
            return tr("On {host}. Nothing was loaded.", host=picture.host)
        case Stage.LOADING:
            return tr("Loading from {host}…", host=picture.host)
        case Stage.FAILED if picture.failure is not None:
            return picture_words(picture.failure, picture.host)
        case _:
            return tr("Not part of the conversation.")
