"""Our own icons, drawn from `resources/icons/` in the colours of the theme."""

from functools import cache
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize
from PySide6.QtGui import QColor, QIcon, QImageReader, QPixmap

from desktop_chat.runtime.resources import resource
from desktop_chat.ui.theme.apply import Theme

SIZE_PX = 18
PIXEL_RATIOS = (1.0, 2.0)


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
    buffer = QBuffer()
    buffer.setData(QByteArray(_drawing(name).replace("currentColor", color.name()).encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    edge = round(size_px * ratio)
    reader.setScaledSize(QSize(edge, edge))
    drawn = QPixmap.fromImage(reader.read())
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, theme: Theme, *, color: str = "secondary", on: str = "accent", size_px: int = SIZE_PX) -> QIcon:
    """An icon in the colours of now; ask again when the theme changes, or use `dress`.

    Args:
        name: Of a file in `resources/icons/`, without its ending.
        theme: Gives the colours and the scale.
        color: Token of its normal colour.
        on: Token of its colour while what it stands for is switched on.
        size_px: Its edge at 100 %.
    """
    made = QIcon()
    states = (
        (theme.color(color), QIcon.Mode.Normal, QIcon.State.Off),
        (theme.color(on), QIcon.Mode.Normal, QIcon.State.On),
        (theme.color("faint"), QIcon.Mode.Disabled, QIcon.State.Off),
    )
    for drawn_in, mode, state in states:
        for ratio in PIXEL_RATIOS:
            made.addPixmap(pixmap(name, drawn_in, theme.px(size_px), ratio), mode, state)
    return made


class _Dress(QObject):
    """Keeps the icon of one object in the colours of the theme, as long as the object lives."""

    def __init__(self, target: QObject, name: str, theme: Theme, color: str, on: str, size_px: int) -> None:
        super().__init__(target)
        self._how = (name, color, on, size_px)
        self._theme = theme
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        name, color, on, size_px = self._how
        target: HasIcon = self.parent()  # type: ignore[assignment]  # `dress` has seen that it can
        target.setIcon(icon(name, self._theme, color=color, on=on, size_px=size_px))


def dress(
    target: QObject, name: str, theme: Theme, *, color: str = "secondary", on: str = "accent", size_px: int = SIZE_PX
) -> None:
    """Give a button or an action an icon that follows the theme; a second call exchanges it."""
    for old in target.findChildren(_Dress):
        if old.parent() is target:
            theme.changed.disconnect(old._on_theme_changed)
            old.deleteLater()
    _Dress(target, name, theme, color, on, size_px)


def app_icon() -> QIcon:
    """The icon of the program."""
    return QIcon(str(resource("icons/desktop-chat.svg")))
