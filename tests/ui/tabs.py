"""Where the Tab key stops."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_stops(window: QWidget, first: str) -> list[str]:
    """Names of what Tab goes to in a window, once around, beginning with the control of that name."""
    found: list[str] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        if takes_tab and widget.isVisibleTo(window) and widget.isEnabled():
            found.append(widget.accessibleName() or str(widget.property("text") or type(widget).__name__))
        widget = widget.nextInFocusChain()
    at = found.index(first)
    return found[at:] + found[:at]
