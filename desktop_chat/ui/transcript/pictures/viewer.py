"""The viewer of a picture: fit, zoom, move about, copy, save."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_chat.ui.aio import spawn
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress
from desktop_chat.ui.transcript.copying.saving import save_picture
from desktop_chat.ui.transcript.pictures.pictures import PictureStore
from desktop_chat.ui.transcript.words import picture_words, tr
from desktop_chat.ui.widgets.enter_button import EnterToolButton

ZOOM_STEP = 1.25
LEAST_ZOOM, MOST_ZOOM = 0.02, 16.0
STEP_PX = 60
SHARE = 0.86
"""Of the window it is opened over."""
LEAST = QSize(420, 320)


class PictureViewer(QDialog):
    """Shows one picture. `+` and `-` zoom, `0` fits it, `1` is its own size, Esc closes.

    Args:
        theme: Colours and sizes.
        store: Has the picture.
        href: Which one.
        alt: What it shows, in words.
        parent: The window it belongs to.
    """

    def __init__(self, theme: Theme, store: PictureStore, href: str, alt: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._store = store
        self._href = href
        self._alt = alt
        self._moves = ""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(alt or tr("Picture"))
        self._build()
        self.canvas.zoomed.connect(self._say)
        self.resize((QSizeF(parent.size()) * SHARE).toSize().expandedTo(LEAST))
        spawn(self._load(), owner=self)

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        if self.canvas.image is not None:
            QGuiApplication.clipboard().setImage(self.canvas.image)

    def save(self) -> None:
        """Ask where to, and save the picture as it came."""
        picture = self._store.picture(self._href)
        save_picture(self, self._alt, picture.ending or "png", lambda: self._store.data(self._href))

    async def _load(self) -> None:
        self.canvas.show_image(await self._store.image(self._href))
        self._say()
        if self.canvas.image is not None and (frames := await self._store.frames(self._href)) > 1:
            self._moves = tr("animated: the first of {n} frames", n=count_text(frames))
            self.canvas.setAccessibleDescription(self._moves)
            self._say()

    def _say(self) -> None:
        image = self.canvas.image
        if image is None:
            failure = self._store.picture(self._href).failure
            self._facts.setText(picture_words(failure, "") if failure is not None else tr("Loading…"))
            return
        percent = round(100 * self.canvas.zoom)
        words = tr("{width} × {height} · {percent} %", width=image.width(), height=image.height(), percent=percent)
        self._facts.setText(" · ".join(filter(None, (words, self._moves))))
        for button in (self._out, self._in, self._fit, self._copy, self._save):
            button.setEnabled(True)

    def _build(self) -> None:
        self.canvas = PictureCanvas(self._theme, self)
        self.canvas.setAccessibleName(self._alt or tr("Picture"))
        self._facts = QLabel(tr("Loading…"), self)
        self._facts.setProperty("look", "small")
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 8, 6)
        row.addWidget(self._facts, 1)
        self._out = self._button("zoom-out", tr("Zoom out"), "-", row)
        self._in = self._button("zoom-in", tr("Zoom in"), "+", row)
        self._fit = self._button("fit", tr("Fit or own size"), "0", row)
        self._copy = self._button("copy", tr("Copy picture"), "Ctrl+C", row)
        self._save = self._button("save", tr("Save picture…"), "Ctrl+S", row)
        close = self._button("cross", tr("Close"), "Esc", row)
        close.setEnabled(True)
        self._out.clicked.connect(lambda: self.canvas.zoom_by(1 / ZOOM_STEP))
        self._in.clicked.connect(lambda: self.canvas.zoom_by(ZOOM_STEP))
        self._fit.clicked.connect(self.canvas.turn_fit)
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.canvas, 1)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, icon: str, label: str, keys: str, row: QHBoxLayout) -> QToolButton:
        button = EnterToolButton(self)
        dress(button, icon, self._theme)
        button.setToolTip(f"{label} ({QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)})")
        button.setAccessibleName(label)
        button.setAutoRaise(True)
        button.setEnabled(False)
        row.addWidget(button)
        return button

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Save):
            if self.canvas.image is not None:
                self.save()
        elif not self.canvas.press_key(event):
            super().keyPressEvent(event)


class PictureCanvas(QWidget):
    """Draws a picture at a zoom, and lets it be moved.

    Args:
        theme: For the ground.
        parent: The viewer.
    """

    zoomed = Signal()
    """It is seen at another size."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.zoom = 1.0
        """Logical pixels for one of the picture's."""
        self.is_fitted = True
        self._theme = theme
        self._middle = QPointF()
        """Of the window, in the picture."""
        self._grip: QPointF | None = None
        self._small: tuple[QSize, QImage] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)

    def show_image(self, image: QImage | None) -> None:
        """Show a picture, fitted into the window."""
        self.image = image
        self.fit()

    def fit(self) -> None:
        """Have all of it in the window; never larger than it is."""
        self.is_fitted = True
        if self.image is not None:
            room = self.size()
            zoom = min(1.0, room.width() / self.image.width(), room.height() / self.image.height())
            self.zoom = max(LEAST_ZOOM / 4, zoom)
            self._middle = QRectF(self.image.rect()).center()
        self._tell()

    def turn_fit(self) -> None:
        """Fit it, or show it in its own size."""
        if self.is_fitted and self.zoom < 1.0:
            self.zoom_to(1.0)
        else:
            self.fit()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom around a point of the window, by default its middle."""
        self.zoom_to(self.zoom * factor, at)

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Show it at a zoom; the point of the window stays on what it is on."""
        if self.image is None:
            return
        zoom = min(MOST_ZOOM, max(min(LEAST_ZOOM, self.zoom), zoom))
        away = (at if at is not None else QRectF(self.rect()).center()) - QRectF(self.rect()).center()
        self._middle += away / self.zoom - away / zoom
        self.zoom = zoom
        self.is_fitted = False
        self._tell()

    def press_key(self, event: QKeyEvent) -> bool:
        """A key; True if it meant something."""
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_by(ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom_by(1 / ZOOM_STEP)
            case Qt.Key.Key_0:
                self.fit()
            case Qt.Key.Key_1:
                self.zoom_to(1.0)
            case Qt.Key.Key_Left:
                self._move(STEP_PX, 0)
            case Qt.Key.Key_Right:
                self._move(-STEP_PX, 0)
            case Qt.Key.Key_Up:
                self._move(0, STEP_PX)
            case Qt.Key.Key_Down:
                self._move(0, -STEP_PX)
            case _:
                return False
        return True

    def _move(self, dx: float, dy: float) -> None:
        self._middle -= QPointF(dx, dy) / self.zoom
        self._tell()

    def _tell(self) -> None:
        self._hold()
        can_move = self.image is not None and not QRectF(self.rect()).contains(self._target())
        shape = Qt.CursorShape.ArrowCursor
        if can_move:
            shape = Qt.CursorShape.ClosedHandCursor if self._grip is not None else Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)
        self.update()
        self.zoomed.emit()

    def _hold(self) -> None:
        """The picture does not leave the window; one that is smaller stays in its middle."""
        if self.image is None:
            return
        room, whole = QSizeF(self.size()) / self.zoom, QSizeF(self.image.size())
        x = whole.width() / 2
        if whole.width() > room.width():
            x = min(max(self._middle.x(), room.width() / 2), whole.width() - room.width() / 2)
        y = whole.height() / 2
        if whole.height() > room.height():
            y = min(max(self._middle.y(), room.height() / 2), whole.height() - room.height() / 2)
        self._middle = QPointF(x, y)

    def _target(self) -> QRectF:
        assert self.image is not None
        corner = QRectF(self.rect()).center() - self._middle * self.zoom
        return QRectF(corner, QSizeF(self.image.size()) * self.zoom)

    def _scaled(self, size: QSize) -> QImage:
        """The picture in a smaller size; made once, because drawing it smaller loses lines."""
        assert self.image is not None
        if self._small is None or self._small[0] != size:
            mode = Qt.TransformationMode.SmoothTransformation
            self._small = size, self.image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        return self._small[1]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.color("side"))
            if self.image is None:
                return
            target = self._target()
            ratio = self.devicePixelRatioF()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom * ratio < 3)
            if self.is_fitted and self.zoom * ratio < 1:
                painter.drawImage(target, self._scaled((target.size() * ratio).toSize()))
            else:
                painter.drawImage(target, self.image)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.is_fitted:
            self.fit()
        else:
            self._tell()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if delta := event.angleDelta().y():
            self.zoom_by(ZOOM_STEP ** (delta / 120), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position()
            self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            moved = event.position() - self._grip
            self._grip = event.position()
            self._move(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self._tell()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.turn_fit()
