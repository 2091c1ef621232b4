"""What would wake a window that rests."""

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer
from PySide6.QtWidgets import QWidget

A_MINUTE_MS = 60_000
"""Looking once a minute whether a new day has begun costs nothing."""


def ticking(window: QWidget) -> list[str]:
    """Every timer in a window that goes on for ever: QTimers, and those of Qt's own widgets."""
    dispatcher = QAbstractEventDispatcher.instance()
    assert dispatcher is not None
    found = []
    for thing in (window, *window.findChildren(QObject)):
        if isinstance(thing, QTimer) and thing.isSingleShot():
            continue
        for timer in dispatcher.registeredTimers(thing):
            if timer.interval < A_MINUTE_MS:
                parent = thing.parent()
                owner = type(parent).__name__ if parent is not None else "nobody"
                found.append(f"{thing.metaObject().className()} of {owner} every {timer.interval} ms")
    return found
