"""Feeds of the core as Qt signals that end with the object that listens."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.changes import BlockEnded, BlockGrew, BlockStarted
from desktop_chat.domain.feed import Feed

T = TypeVar("T")

DELTAS = (BlockGrew, BlockStarted, BlockEnded)
"""What comes with every token."""


class Bridge(QObject):
    """Repeats what one feed publishes, until its owner dies.

    Args:
        feed: What to listen to.
        owner: Parent of the bridge; when it is destroyed, the feed forgets us.
        without: Kinds that are not repeated. A signal costs as much as a delta of text, so
            whoever does not draw deltas leaves them out here (`DELTAS`).
        grew: Called with each growth of a block, which is then not repeated.
    """

    changed = Signal(object)
    """One published item."""

    def __init__(
        self,
        feed: Feed[T],
        owner: QObject,
        *,
        without: tuple[type, ...] = (),
        grew: Callable[[BlockGrew], None] | None = None,
    ) -> None:
        super().__init__(owner)
        emit = self.changed.emit

        def repeat(item: T) -> None:
            if grew is not None and isinstance(item, BlockGrew):
                grew(item)
            elif not isinstance(item, without):
                emit(item)

        self._unsubscribe = feed.subscribe(repeat if without or grew else emit)
        # A plain function: at that moment nothing of this object may be touched any more.
        self.destroyed.connect(self._unsubscribe)

    def close(self) -> None:
        """End listening now, before the owner dies; harmless when repeated."""
        self._unsubscribe()
        self.deleteLater()
