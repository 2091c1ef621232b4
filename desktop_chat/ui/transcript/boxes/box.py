"""What all boxes share: their place in the column, the frames around them, and the protocol.

A box is one leaf or one line of the page. Coordinates of the protocol are those of the box:
(0, 0) is the left end of the column and the top of the gap above the content. `layout` is
cheap when nothing changed; `drop` forgets what was laid out and keeps the height.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from desktop_chat.markup.leaves import Frame, Item, Quote
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.boxes.markers import paint_marker
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import cut, units

LONGEST_NUMBER = 4
"""Characters; that of an item which has more begins far beside the column."""


class Shell(Enum):
    """What is drawn around a run of boxes that belong together."""

    NONE = auto()
    BUBBLE = auto()
    """The person's message: as wide as its text, at the right."""
    CARD = auto()
    """A line all around."""
    BAR = auto()
    """A bar at the left."""


_NONE = Shell.NONE  # Looking up a member of an enumeration takes as long as a call.


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands among its neighbours."""

    gap: float = 0
    """Empty height above it."""
    left: float = 0
    right: float = 0
    share: float = 0
    """Part of the column that is left free at the left, beside `left`."""
    top: float = 0
    """Padding inside the shell, above the content."""
    bottom: float = 0
    shell: Shell = Shell.NONE
    is_first: bool = True
    """It begins the shell."""
    is_last: bool = True
    joined: int = 0
    """How many quotes it shares with the box above, so that their bars cross the gap."""
    tone: str = ""
    """Colour of its text where it is not body text."""


@dataclass(frozen=True, slots=True)
class Link:
    """Open this address, if the person really wants to."""

    href: str


@dataclass(frozen=True, slots=True)
class CopyText:
    """Put a text on the clipboard."""

    text: str


class CodeDeed(StrEnum):
    """What a button of a code block does."""

    COPY = "copy"
    SAVE = "save"
    WRAP = "wrap"
    FOLD = "fold"


@dataclass(frozen=True, slots=True)
class OnCode:
    """Do something with a code block."""

    deed: CodeDeed
    view: object
    """The `CodeView` of its box, which stays the same while the block grows."""


class PictureDeed(StrEnum):
    """What can be done with a picture."""

    LOAD = "load"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class OnPicture:
    """Do something with a picture."""

    deed: PictureDeed
    href: str
    """As it stands in the text."""
    address: str = ""
    """Where it is loaded from, if that is another address."""


@dataclass(frozen=True, slots=True)
class Toggle:
    """Fold or unfold a part of the message."""

    part: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Have an action done."""

    action: ActionId
    payload: object


Act = Link | CopyText | OnCode | OnPicture | Toggle | Ask


@dataclass(frozen=True, slots=True)
class HotSpot:
    """Something to click, to reach with Tab and to name to a screen reader."""

    label: str
    act: Act
    rects: tuple[QRectF, ...]
    """In the box; several where a link wraps."""


@dataclass(slots=True)
class State:
    """What the page knows about a box at the moment of painting."""

    selected: tuple[int, int] | None = None
    hovered: Act | None = None
    focused: int | None = None
    """Index of the hot spot with the keyboard focus."""
    has_focus: bool = False
    cursor: bool = False
    """The reply is still written, and this is where."""
    marks: Sequence[tuple[int, int]] = ()
    """Found in it."""
    current_mark: tuple[int, int] | None = None
    """The hit that is looked at."""


class Box:
    """Shared by all kinds. A kind overrides what its content needs.

    Args:
        look: Fonts, colours and measures.
        place: Where it stands.
        frames: Quotes and list items around it.
    """

    is_rtl = False
    """Its lines begin at the right."""

    def __init__(self, look: Look, place: Place, frames: Sequence[Frame] = ()) -> None:
        self.look = look
        self.stand(place)
        self.frames = tuple(frames)
        self.width = 0.0
        """Column width it was laid out or estimated for."""
        self.height: float = 0
        """With the gap; an estimate until it was laid out."""
        self.is_laid_out = False
        self._indent = 0.0
        if frames:
            self._indent = sum(look.quote_indent if isinstance(f, Quote) else look.indent for f in frames)
            if any(isinstance(f, Item) and len(f.marker) > LONGEST_NUMBER for f in frames):
                look.has_long_numbers = True

    def stand(self, place: Place) -> None:
        """Have another place from now on; to be laid out anew."""
        self.place = place
        self.content_top = place.gap + place.top
        """Where the content begins, below gap and padding."""
        self._around = self.content_top + place.bottom

    @property
    def text(self) -> str:
        """What can be selected in it, as plain text."""
        return ""

    @property
    def length(self) -> int:
        """Of `text`, in the units of offsets: UTF-16, as Qt counts."""
        return units(self.text)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of `text` with all of what it touches that cannot be seen in part, such as a drawn formula."""
        return start, end

    def part(self, start: int, end: int) -> str:
        """A stretch of `text` by offsets."""
        return cut(self.text, start, end)

    def plain(self, start: int, end: int) -> str:
        """That stretch without what is only a sign of ours, such as a way back; a mark before it is not cut."""
        return self.part(start, end)

    @property
    def content_left(self) -> float:
        """Where the content begins."""
        return self.place.left + self.place.share * self.width + self._indent

    def content_width(self, width: float) -> float:
        """Room for the content in a column of this width."""
        return max(1.0, width * (1 - self.place.share) - self.place.left - self.place.right - self._indent)

    def estimate(self, width: float) -> float:
        """Guess the height without laying anything out; remembered as `height`."""
        if not (self.is_laid_out and self.width == width):
            self.width = width
            self.is_laid_out = False
            self.height = ceil(self._around + self._guess(self.content_width(width)))
        return self.height

    def layout(self, width: float) -> float:
        """Lay out for a column of this width; returns the height."""
        if not (self.is_laid_out and self.width == width):
            self.width = width
            self.height = ceil(self._around + self._lay_out(self.content_width(width)))
            self.is_laid_out = True
        return self.height

    def drop(self) -> None:
        """Forget the layout, keep the height."""
        self.is_laid_out = False

    @property
    def is_guessed(self) -> bool:
        """Some of it is only as tall as was guessed, until `come_near`."""
        return False

    def come_near(self, y: float, room: float, until: float) -> bool:
        """Know how tall all is that is within `room` below a height, or above it if that is negative.

        Nothing above what is looked at moves, or nothing below it. Past `until`, CPU time of this thread, the rest
        waits for the next call. Returns whether anything moved; then it has to be laid out again.
        """
        return False

    def place_at(self, y: float) -> tuple[int, float]:
        """What in it stands at a height, and how far below its top that is; it is found again by `y_of`."""
        return 0, y

    def y_of(self, inner: int) -> float:
        """Where something in it stands; needs the layout."""
        return 0.0

    def paint(self, painter: QPainter, x: float, y: float, clip: QRectF, state: State) -> None:
        """Draw the box with its top left corner at (x, y)."""
        if self.place.shell is not _NONE:
            self._paint_shell(painter, x, y)
        if self.frames:
            self._paint_frames(painter, x, y)
        self._paint_content(painter, QPointF(x + self.content_left, y + self.content_top), clip, state)
        if state.marks:
            self._paint_marks(painter, QPointF(x, y), state)

    def hit(self, x: float, y: float) -> int:
        """Offset in `text` nearest to a point."""
        return 0

    def rects(self, start: int, end: int) -> list[QRectF]:
        """Rectangles of a stretch of `text`, for selections and marks."""
        return []

    def tip_at(self, x: float, y: float) -> str:
        """What is said beside the pointer at a point."""
        return ""

    def hot_spots(self) -> Sequence[HotSpot]:
        """What can be clicked in it, in reading order."""
        return ()

    def _guess(self, width: float) -> float:
        raise NotImplementedError

    def _lay_out(self, width: float) -> float:
        raise NotImplementedError

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        raise NotImplementedError

    @property
    def marked_area(self) -> QRectF | None:
        """Where marks can be seen, in the box; `None` where nothing hides them."""
        return None

    def _paint_marks(self, painter: QPainter, corner: QPointF, state: State) -> None:
        painter.save()
        if (area := self.marked_area) is not None:
            painter.setClipRect(area.translated(corner), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in state.marks:
            is_current = mark == state.current_mark
            painter.setPen(QPen(self.look.color("warn"), 1.5) if is_current else Qt.PenStyle.NoPen)
            painter.setBrush(self.look.current_mark if is_current else self.look.mark)
            for rect in self.rects(*mark):
                painter.drawRoundedRect(rect.translated(corner).adjusted(-1, 1, 1, -1), 3, 3)
        painter.restore()

    def _shell_rect(self, x: float, y: float) -> QRectF:
        left = self.place.share * self.width
        return QRectF(x + left, y + self.place.gap, self.width - left, self.height - self.place.gap)

    def _paint_shell(self, painter: QPainter, x: float, y: float) -> None:
        match self.place.shell:
            case Shell.NONE:
                return
            case Shell.BAR:
                top = y if not self.place.is_first else y + self.place.gap
                bar = QRectF(x, top, round(2 * self.look.theme.scale), y + self.height - top)
                painter.fillRect(bar, self.look.color("line"))
            case Shell.CARD | Shell.BUBBLE:
                self._paint_slice(painter, self._shell_rect(x, y))

    def _paint_slice(self, painter: QPainter, rect: QRectF) -> None:
        """Draw this box's part of an outline that goes around several boxes."""
        place = self.place
        above = 0 if place.is_first else place.gap
        part = rect.adjusted(0, -above, 0, 0)
        whole = part.adjusted(0, 0 if place.is_first else -99, 0, 0 if place.is_last else 99)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not (place.is_first and place.is_last):
            painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
        if place.shell is Shell.BUBBLE:
            painter.fillPath(_bubble(whole, self.look.big_radius, self.look.step), self.look.color("user"))
        else:
            painter.setPen(QPen(self.look.color("line"), 1))
            painter.setBrush(self.look.color("card"))
            inset = whole.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(inset, self.look.radius, self.look.radius)
        painter.restore()

    def _paint_frames(self, painter: QPainter, x: float, y: float) -> None:
        """Draw bars and markers, on the side where lines begin."""
        side = -1 if self.is_rtl else 1
        edge = x + (self.width - self.place.right if self.is_rtl else self.place.left + self.place.share * self.width)
        quotes = depth = 0
        for frame in self.frames:
            if isinstance(frame, Quote):
                quotes += 1
                top = y if quotes <= self.place.joined else y + self.place.gap
                bar = QRectF(edge, top, side * round(3 * self.look.theme.scale), y + self.height - top)
                painter.fillRect(bar.normalized(), self.look.color("line"))
                edge += side * self.look.quote_indent
            else:
                depth += 1
                if frame.marker or frame.checked is not None:
                    room = QRectF(edge, y + self.content_top, side * self.look.indent, self._first_line_height())
                    paint_marker(painter, frame, depth, room.normalized(), self.look, is_rtl=self.is_rtl)
                edge += side * self.look.indent

    def _first_line_height(self) -> float:
        return self.look.line_px


def _bubble(rect: QRectF, radius: float, corner: float) -> QPainterPath:
    """A rounded rectangle whose lower right corner points at the one who speaks."""
    radius = min(radius, rect.height() / 2)
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    tail = QPainterPath()
    tail.addRoundedRect(QRectF(rect.center(), rect.bottomRight()), corner, corner)
    return path.united(tail)
