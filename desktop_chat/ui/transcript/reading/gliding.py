"""Smooth moves of the page: a short way is glided, a long one jumped, and at the end the page stays."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QVariantAnimation

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

FARTHEST = 3
"""Heights of the window; a longer way is jumped."""


class Glide(QVariantAnimation):
    """Moves the page smoothly when the program moves it; at once under reduced motion.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        super().__init__(view)
        self._view = view
        self._then: Callable[[], None] | None = None
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(self._on_value_changed)
        self.finished.connect(self._on_finished)

    @property
    def goal(self) -> int:
        """Where the page is once it is still: what moves it on goes on from there."""
        end = self.endValue() if self.state() is QVariantAnimation.State.Running else None
        column = self._view.column
        return end if isinstance(end, int) else column.scroll_y if column is not None else 0

    @property
    def leads_to_end(self) -> bool:
        """Whether it is on its way to stay at the end."""
        return self._then is not None and self.state() is QVariantAnimation.State.Running

    def to(self, y: float) -> None:
        """Move there smoothly if it is near, at once if it is far."""
        column = self._view.column
        if column is None:
            return
        target = round(min(max(0, y), column.furthest))
        if self._is_far(target - column.scroll_y):
            self.stop()
            self._view.move_to(target)
        else:
            self._go(column.scroll_y, target, None)

    def to_end(self) -> None:
        """Go to the end and stay there."""
        column = self._view.column
        if column is None:
            return
        self.stop()
        start = column.scroll_y
        self._stay_at_end()
        end = column.scroll_y
        if not self._is_far(end - start):
            column.scroll_y = start
            column.sticks = False
            # When it arrives, text that came in on the way has moved the end.
            self._go(start, end, self._stay_at_end)

    def _is_far(self, distance: int) -> bool:
        return abs(distance) > FARTHEST * self._view.viewport().height()

    def _go(self, start: int, end: int, then: Callable[[], None] | None) -> None:
        self.stop()
        self._then = then
        duration = self._view.theme.motion_ms
        if not duration or start == end:
            self._view.move_to(end)
            self._on_finished()
            return
        self.setDuration(duration)
        self.setStartValue(start)
        self.setEndValue(end)
        self.start()

    def _stay_at_end(self) -> None:
        column = self._view.column
        if column is not None:
            column.sticks = True
            self._view.settle()
            self._view.pill.hide()
            self._view.viewport().update()

    def _on_value_changed(self, value: object) -> None:
        if isinstance(value, int):
            self._view.move_to(value)

    def _on_finished(self) -> None:
        if self._then is not None:
            self._then()
