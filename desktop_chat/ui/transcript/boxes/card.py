"""One painted line of small parts, and a row of painted buttons: what cards are made of.

A card is not a box of boxes. Its header is a `LineBox`, its content are boxes like any other,
and the outline around them is their common shell, so a card with a megabyte inside scrolls
as cheaply as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from desktop_chat.ui.transcript.boxes.box import Act, Box, HotSpot, Place, Shell, State
from desktop_chat.ui.transcript.look import Look

OPEN_SIGN = "▾"
FOLD_SIGNS = ("▸", OPEN_SIGN)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line with one look."""

    text: str
    tone: str = "secondary"
    font: str = "small"
    """`small`, `text`, `bold`, `code` or `code_bold`."""
    act: Act | None = None
    """What a click on it does."""
    may_shorten: bool = False
    """It is cut with an ellipsis where the line is too short."""
    label: str | None = None
    """Read aloud instead of the text, where that is only a sign; empty: nothing is."""

    @property
    def spoken(self) -> str:
        """What is read aloud."""
        return self.text if self.label is None else self.label


class LineBox(Box):
    """One line: pieces from the left, and some at the right end.

    Args:
        pieces: From the left.
        look: Fonts, colours and measures.
        place: Where it stands.
        right: At the right end.
        act: What a click anywhere on the line does.
        height: Of the line; by default that of small text.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        look: Look,
        place: Place,
        *,
        right: Sequence[Piece] = (),
        act: Act | None = None,
        height: float = 0,
    ) -> None:
        super().__init__(look, place)
        self.pieces = tuple(piece for piece in pieces if _is_shown(piece, look))
        self.right = tuple(piece for piece in right if _is_shown(piece, look))
        self.act = act
        self._line = height or look.small_line_px
        self._spots: list[tuple[Piece | None, HotSpot]] = []
        self._set: list[tuple[Piece, QRectF, str]] = []

    @property
    def spoken(self) -> str:
        """The line as it is read aloud."""
        return " ".join(filter(None, (piece.spoken for piece in (*self.pieces, *self.right))))

    @property
    def is_open(self) -> bool:
        """Whether what is folded under it is shown."""
        return any(piece.text == OPEN_SIGN for piece in (*self.pieces, *self.right))

    def hot_spots(self) -> Sequence[HotSpot]:
        if not self.is_laid_out:
            self.layout(self.width)
        return [spot for _, spot in self._spots]

    def tip_at(self, x: float, y: float) -> str:
        return next((p.text for p, rect, shown in self._set if shown != p.text and rect.contains(x, y)), "")

    def _guess(self, width: float) -> float:
        return self._line

    def _lay_out(self, width: float) -> float:
        gap = 1.5 * self.look.step
        tail = [(piece, self._width(piece)) for piece in self.right]
        room = width - sum(wide + gap for _, wide in tail)
        natural = [(piece, self._width(piece)) for piece in self.pieces]
        missing = sum(wide + gap for _, wide in natural) - gap - room
        left, top = self.content_left, self.content_top
        self._set = []
        x = left
        for piece, wide in natural:
            text = piece.text
            if missing > 0 and piece.may_shorten:
                wide = max(0.0, wide - missing)
                metrics = QFontMetricsF(piece_font(piece, self.look))
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide)
            self._set.append((piece, QRectF(x, top, wide, self._line), text))
            x += wide + gap
        x = left + width
        for piece, wide in reversed(tail):
            x -= wide
            self._set.append((piece, QRectF(x, top, wide, self._line), piece.text))
            x -= gap
        self._find_spots(left, top, width)
        return self._line

    def _find_spots(self, left: float, top: float, width: float) -> None:
        self._spots = [
            (piece, HotSpot(piece.spoken, piece.act, (rect.adjusted(-4, 3, 4, -3),)))
            for piece, rect, _ in self._set
            if piece.act is not None
        ]
        if self.act is not None:
            pad = 2 * self.look.step if self.place.shell is Shell.CARD else 0
            whole = QRectF(left - pad, top, width + 2 * pad, self._line)
            self._spots.append((None, HotSpot(self.spoken, self.act, (whole,))))

    def _width(self, piece: Piece) -> float:
        return QFontMetricsF(piece_font(piece, self.look)).horizontalAdvance(piece.text) + 1

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        shift = QPointF(origin.x() - self.content_left, origin.y() - self.content_top)
        is_lit = self.act is not None and state.hovered == self.act
        for piece, rect, text in self._set:
            tone = piece.tone
            if is_lit and tone in ("secondary", "faint"):
                tone = "text"
            painter.setFont(piece_font(piece, self.look))
            painter.setPen(self.look.color(tone))
            painter.drawText(rect.translated(shift), _LEFT, text)
            if piece.act is not None and state.hovered == piece.act:
                base = rect.center().y() + shift.y() + 0.35 * QFontMetricsF(painter.font()).height()
                painter.drawLine(QPointF(rect.left() + shift.x(), base), QPointF(rect.right() + shift.x() - 1, base))
        if state.focused is not None and state.focused < len(self._spots):
            _paint_ring(painter, self._spots[state.focused][1].rects[0].translated(shift), self.look)

    def _first_line_height(self) -> float:
        return self._line


@dataclass(frozen=True, slots=True)
class Button:
    """A painted button."""

    text: str
    act: Act
    is_primary: bool = False


class ButtonsBox(Box):
    """A row of buttons; what does not fit goes to the next row.

    Args:
        buttons: From the left.
        look: Fonts, colours and measures.
        place: Where it stands.
    """

    def __init__(self, buttons: Sequence[Button], look: Look, place: Place) -> None:
        super().__init__(look, place)
        self.buttons = tuple(buttons)
        self._spots: list[HotSpot] = []

    def hot_spots(self) -> Sequence[HotSpot]:
        if not self.is_laid_out:
            self.layout(self.width)
        return self._spots

    def _guess(self, width: float) -> float:
        return self._lay_out(width)

    def _lay_out(self, width: float) -> float:
        metrics = QFontMetricsF(self.look.text_font)
        step = self.look.step
        tall = round(metrics.height() + 3 * step)
        x = y = 0.0
        self._spots = []
        for button in self.buttons:
            wide = metrics.horizontalAdvance(button.text) + 6 * step
            if x and x + wide > width:
                x, y = 0.0, y + tall + 2 * step
            rect = QRectF(self.content_left + x, self.content_top + y, wide, tall)
            self._spots.append(HotSpot(button.text, button.act, (rect,)))
            x += wide + 2 * step
        return y + tall

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        look = self.look
        shift = QPointF(origin.x() - self.content_left, origin.y() - self.content_top)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.text_font)
        for index, (button, spot) in enumerate(zip(self.buttons, self._spots, strict=True)):
            rect = spot.rects[0].translated(shift)
            is_lit = state.hovered == button.act
            ground = "accent" if button.is_primary else ("code" if is_lit else "card")
            border = "accent" if button.is_primary or is_lit else "line"
            painter.setPen(QPen(look.color(border), 1))
            painter.setBrush(look.color(ground))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), look.radius * 0.9, look.radius * 0.9)
            painter.setPen(look.color("on_accent" if button.is_primary else "text"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, button.text)
            if index == state.focused:
                _paint_ring(painter, rect.adjusted(-3, -3, 3, 3), look)
        painter.restore()


def _is_shown(piece: Piece, look: Look) -> bool:
    """On paper there is nothing to press."""
    return not look.theme.is_paper or (piece.act is None and piece.text not in FOLD_SIGNS)


def text_estimate(characters: int, lines: int, width: float, look: Look) -> float:
    """Guess the height of text of which only the length is known."""
    full = characters * look.text_advance / max(40.0, width)
    return float(int(full + 1 + 0.6 * lines) * look.line_px)


def piece_font(piece: Piece, look: Look) -> QFont:
    """The font a piece is drawn with."""
    match piece.font:
        case "text":
            return look.text_font
        case "bold":
            return look.bold_font
        case "code":
            return look.code_font
        case "code_bold":
            return look.code_bold_font
        case _:
            return look.small_font


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _paint_ring(painter: QPainter, rect: QRectF, look: Look) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("accent"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, look.radius * 0.8, look.radius * 0.8)
    painter.restore()
