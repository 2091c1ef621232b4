"""Our own icons, drawn from `resources/icons/` in the colours of the theme."""

from functools import cache
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRect, QSize
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImageReader, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QAbstractButton

from desktop_chat.runtime.resources import resource
from desktop_chat.ui.theme.apply import Theme

SIZE_PX = 18


_clones: list[QIconEngine] = []


class HasIcon(Protocol):
    """A button, an action, a label with an icon."""

    def setIcon(self, icon: QIcon, /) -> None: ...


@cache
def _drawing(name: str) -> str:
    return resource(f"icons/{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, color: QColor, size_px: int = SIZE_PX, ratio: float = 1.0) -> QPixmap:
    """Draw an icon in one colour.

    Args:
        name: Of a file in `resources/icons/`, without its ending.
        color: Takes the place of `currentColor`.
        size_px: Its edge in logical pixels.
        ratio: Device pixels for one of them.
    """
    edge = round(size_px * ratio)
    key = f"desktop-chat/{name}/{color.name()}/{edge}/{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    buffer = QBuffer()
    buffer.setData(QByteArray(_drawing(name).replace("currentColor", color.name()).encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(edge, edge))
    drawn = QPixmap.fromImage(reader.read())
    drawn.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, drawn)
    return drawn


class _Engine(QIconEngine):
    """Draws when it is asked to, in the colours of that moment."""

    def __init__(self, name: str, theme: Theme, color: str, on: str) -> None:
        super().__init__()
        self._how = (name, theme, color, on)

    def clone(self) -> QIconEngine:
        # Qt takes what is returned here and Python must not let go of it; nearly never called.
        engine = _Engine(*self._how)
        _clones.append(engine)
        return engine

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        ratio = device.devicePixelRatio() if device else 1.0
        edge = min(rect.width(), rect.height())
        drawn = self._drawn(edge, mode, state, ratio)
        painter.drawPixmap(rect.x() + (rect.width() - edge) // 2, rect.y() + (rect.height() - edge) // 2, drawn)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._drawn(min(size.width(), size.height()), mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # The size is in logical pixels.
        return self._drawn(min(size.width(), size.height()), mode, state, scale)

    def _drawn(self, edge: int, mode: QIcon.Mode, state: QIcon.State, ratio: float) -> QPixmap:
        name, theme, color, on = self._how
        token = on if state == QIcon.State.On else color
        return pixmap(name, theme.color("faint" if mode == QIcon.Mode.Disabled else token), edge, ratio)


def icon(name: str, theme: Theme, *, color: str = "secondary", on: str = "accent") -> QIcon:
    """An icon that is drawn in the colours of the moment in which it is painted.

    Args:
        name: Of a file in `resources/icons/`, without its ending.
        theme: Gives the colours.
        color: Token of its normal colour.
        on: Token of its colour while what it stands for is switched on.
    """
    return QIcon(_Engine(name, theme, color, on))


class _Sizer(QObject):
    """Lets the icon of a button grow with the text."""

    def __init__(self, target: QAbstractButton, theme: Theme, size_px: int) -> None:
        super().__init__(target)
        self._target, self._theme, self._size_px = target, theme, size_px
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        edge = self._theme.px(self._size_px)
        self._target.setIconSize(QSize(edge, edge))


def dress(
    target: HasIcon, name: str, theme: Theme, *, color: str = "secondary", on: str = "accent", size_px: int = SIZE_PX
) -> None:
    """Give a button or an action an icon; a second call exchanges it. On a button it grows with the text."""
    target.setIcon(icon(name, theme, color=color, on=on))
    if isinstance(target, QAbstractButton) and target.findChild(_Sizer) is None:
        _Sizer(target, theme, size_px)


def app_icon() -> QIcon:
    """The icon of the program."""
    return QIcon(str(resource("icons/desktop-chat.svg")))
