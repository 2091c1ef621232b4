"""Figures that change all the time: a screen reader gets them when it asks, and is not told of each change."""

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import ref

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

W = TypeVar("W", bound=QWidget)
Words = Callable[[Any], str]

_made: dict[int, "_Quiet"] = {}
_known: dict[int, tuple["ref[QWidget]", Words, Words]] = {}
_is_installed = False


def make_quiet(widget: W, name: Callable[[W], str], description: Callable[[W], str] = lambda _: "") -> None:
    """Have a widget that shows figures named by what is true when somebody asks.

    Args:
        widget: Cannot be operated; what stands in it is part of it.
        name: Says what it is called.
        description: Says what else there is to say.
    """
    global _is_installed
    if not _is_installed:
        QAccessible.installFactory(_interface_for)
        _is_installed = True
    key = id(widget)
    _known[key] = ref(widget), name, description

    def forget() -> None:
        _known.pop(key, None)
        _made.pop(key, None)

    widget.destroyed.connect(forget)


def _interface_for(_class_name: str, wanted: QObject | None) -> QAccessibleInterface | None:
    found = _known.get(id(wanted))
    if found is None or not isinstance(wanted, QWidget) or found[0]() is not wanted:
        return None
    if id(wanted) not in _made:
        _made[id(wanted)] = _Quiet(wanted, *found[1:])
    return _made[id(wanted)]


class _Quiet(QAccessibleObject):
    """Named when it is asked for its name."""

    def __init__(self, widget: QWidget, name: Words, description: Words) -> None:
        super().__init__(widget)
        self._widget = widget
        self._texts = {QAccessible.Text.Name: name, QAccessible.Text.Description: description}

    def isValid(self) -> bool:
        return isValid(self._widget)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def text(self, kind: QAccessible.Text) -> str:
        text = self._texts.get(kind)
        return text(self._widget) if text is not None else ""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.readOnly = True
        state.invisible = not self._widget.isVisible()
        return state

    def rect(self) -> QRect:
        return QRect(self._widget.mapToGlobal(QPoint(0, 0)), self._widget.size())

    def parent(self) -> Any:
        parent = self._widget.parentWidget()
        return QAccessible.queryAccessibleInterface(parent) if parent is not None else None

    def window(self) -> Any:
        return self._widget.window().windowHandle()

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> Any:
        return None

    def childAt(self, x: int, y: int) -> Any:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1
