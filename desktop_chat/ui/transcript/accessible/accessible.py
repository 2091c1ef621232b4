"""Tells screen readers of the page, and tells them aloud what happens in it.

Qt asks for the objects of `accessible.page` when an assistive technology looks; without one
nothing of them is even loaded.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QWidget

from desktop_chat.core.calls import CallStatus
from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.message import Ended, Message
from desktop_chat.ui.messages import explain
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.words import call_word, ended_words, tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.accessible.page import PageInterface
    from desktop_chat.ui.transcript.accessible.sentences import Sentences
    from desktop_chat.ui.transcript.view import TranscriptView

_pages: dict[int, "PageInterface"] = {}
_is_installed = False


def make_accessible(view: "TranscriptView") -> None:
    """Have Qt ask here when somebody looks at this page."""
    global _is_installed
    if not _is_installed:
        QAccessible.installFactory(_interface_for)
        _is_installed = True
    key = id(view)
    _views[key] = view

    def forget() -> None:
        _views.pop(key, None)
        _pages.pop(key, None)

    view.destroyed.connect(forget)


def announce(view: QWidget, text: str) -> None:
    """Have text read aloud, if somebody listens."""
    if QAccessible.isActive() and text.strip():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))


class Announcer:
    """Has a running reply read aloud: its sentences, what it waits for, and how it ends.

    Args:
        view: The page it is shown on.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self._sentences: Sentences | None = None

    def hear(self, delta: str) -> None:
        """More text came."""
        if not QAccessible.isActive():
            return
        if self._sentences is None:
            # Here, because most people have no screen reader.
            from desktop_chat.ui.transcript.accessible.sentences import Sentences

            self._sentences = Sentences()
        announce(self._view, self._sentences.feed(delta))

    def hear_call(self, status: CallStatus | None) -> None:
        """A tool call has another state; the person is told what waits for them."""
        if status is not None and status.state in (CallState.ASKING, CallState.ANSWERING):
            words = f"{status.call.name} {call_word(status.state)}."
            announce(self._view, f"{self._rest()} {words} {status.summary}".strip())

    def finish(self, message: Message | None) -> None:
        """The reply is over."""
        rest = self._rest()
        if message is None:
            return
        last = message.blocks[-1] if message.blocks else None
        if isinstance(last, Notice):
            problem = explain(last)
            end = f"{problem.title}. {problem.text}"
        else:
            end = tr("Reply complete.") if message.ended is Ended.COMPLETE else ended_words(message.ended)[1]
        announce(self._view, f"{rest} {end}".strip())

    def _rest(self) -> str:
        return self._sentences.finish() if self._sentences is not None else ""


def tell_focus(view: "TranscriptView", row: int, box: Box | None = None) -> None:
    """Another message has the keyboard.

    Args:
        view: The page.
        row: Of the message.
        box: What was gone to in it; that is said, and not all of the message.
    """
    page, column = _pages.get(id(view)), view.column
    if not QAccessible.isActive() or page is None or column is None or row >= len(column.rows):
        return
    boxes = column.item(row).boxes if box is not None else []
    if box in boxes:
        part = page.message(column.rows[row]).part(boxes.index(box))
        event = QAccessibleEvent(part, QAccessible.Event.Focus)
    else:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(row)
    QAccessible.updateAccessibility(event)


def tell_return(view: "TranscriptView", row: int | None) -> None:
    """The keyboard came back to a message."""
    if QAccessible.isActive() and row is not None:
        # Qt says that the page has it, and only after everybody else has heard of it.
        QTimer.singleShot(0, view, lambda: tell_focus(view, row) if view.hasFocus() else None)


def tell_spot(view: "TranscriptView", row: int, box: int, index: int) -> None:
    """A link or button has the keyboard.

    Args:
        view: The page.
        row: Of its message.
        box: Which of the boxes of the message.
        index: Which of the links and buttons of the box.
    """
    page, column = _pages.get(id(view)), view.column
    if QAccessible.isActive() and page is not None and column is not None:
        part = page.message(column.rows[row]).part(box)
        QAccessible.updateAccessibility(QAccessibleEvent(part.at(index), QAccessible.Event.Focus))


_views: dict[int, "TranscriptView"] = {}


def _interface_for(_class_name: str, wanted: QObject | None) -> QAccessibleInterface | None:
    for key, view in _views.items():
        if view is wanted:
            if key not in _pages:
                # Here, because most people have no screen reader.
                from desktop_chat.ui.transcript.accessible.page import PageInterface

                _pages[key] = PageInterface(view)
            return _pages[key]
    return None
