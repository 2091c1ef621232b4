"""The two pictures of the inspector, painted with QPainter: a rate over time, bars on a time axis.

Both take values and repaint only when these differ. What they show is also told in words:
as the accessible description, and for a bar as its tooltip.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop_chat.domain.changes import CallState
from desktop_chat.ui.inspector.figures import Span
from desktop_chat.ui.inspector.units import duration_text, rate_text, tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.quiet import make_quiet

CHART_PX = 68
BAR_PX = 7
ROW_PX = 25
LEAST_BAR_PX = 5
FAINT_BAR = 0.38
"""Opacity of the part of a bar in which a request only waited."""


class RateChart(QWidget):
    """Tokens per second as a line; the axis reaches from the beginning to now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points: list[tuple[int, float]] = []
        self._end_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        make_quiet(self, lambda _: tr("Tokens per second over time"), RateChart.words)
        theme.changed.connect(self.updateGeometry)

    def show_points(self, points: Sequence[tuple[int, float]], end_ms: int) -> None:
        """Draw a line through (ms, rate); `end_ms` is the right edge."""
        points = list(points)
        if points == self._points and end_ms == self._end_ms:
            return
        self._points, self._end_ms = points, end_ms
        self.setToolTip(self.words())
        self.update()

    def words(self) -> str:
        """What is said of the line."""
        highest = max((rate for _, rate in self._points), default=0.0)
        return tr("Highest {rate}").format(rate=rate_text(highest)) if highest else tr("Nothing measured yet")

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.px(CHART_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            bottom = self.height() - 1.0
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.drawLine(QPointF(0, bottom - 0.5), QPointF(self.width(), bottom - 0.5))
            highest = max((rate for _, rate in self._points), default=0.0)
            if len(self._points) < 2 or highest <= 0 or self._end_ms <= 0:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            across = (self.width() - 3) / self._end_ms
            # Head room, so that the line is not cut at its highest point.
            up = (bottom - 6) / highest
            # In the middle of a pixel, so that a steady rate is a sharp line.
            line = QPolygonF(
                [QPointF(1.5 + ms * across, int(bottom - 2 - rate * up) + 0.5) for ms, rate in self._points]
            )
            area = QPolygonF(line)
            area.append(QPointF(line.last().x(), bottom - 1))
            area.append(QPointF(line.first().x(), bottom - 1))
            shade = self._theme.color("accent")
            shade.setAlphaF(0.09)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawPolygon(area)
            # Two hairlines: one wide line costs twenty times as much, four times a second.
            painter.setPen(QPen(self._theme.color("accent"), 1))
            painter.drawPolyline(line)
            painter.drawPolyline(line.translated(0, 1))


class Timeline(QWidget):
    """Requests and tool calls as bars on a common time axis, one row each."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spans: list[Span] = []
        self._end_ms = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        make_quiet(self, lambda _: tr("Timeline of requests and tool calls"), Timeline.words)
        theme.changed.connect(self.updateGeometry)

    def show_spans(self, spans: Sequence[Span], end_ms: int) -> None:
        """Draw these rows; `end_ms` is the right edge of the axis."""
        spans = list(spans)
        if spans == self._spans and end_ms == self._end_ms:
            return
        grew = len(spans) != len(self._spans)
        self._spans, self._end_ms = spans, end_ms
        if grew:
            self.updateGeometry()
        self.update()

    def words(self) -> str:
        """What is said of the bars."""
        return "\n".join(self._words(span) for span in self._spans)

    def sizeHint(self) -> QSize:
        return QSize(200, max(1, len(self._spans)) * self._row_px())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            row = event.pos().y() // self._row_px()
            if 0 <= row < len(self._spans):
                QToolTip.showText(event.globalPos(), self._words(self._spans[row]), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            small = QFontMetricsF(self._theme.font("small"))
            code = QFontMetricsF(self._theme.font("code"))
            times = [duration_text(span.ended_ms - span.started_ms) for span in self._spans]
            right = max((small.horizontalAdvance(text) for text in times), default=0.0)
            wanted = (((code if not s.number else small).horizontalAdvance(self._name(s))) for s in self._spans)
            left = min(max(wanted, default=0.0), self.width() * 0.38)
            gap = float(self._theme.px(12))
            axis = QRectF(left + gap, 0, max(20.0, self.width() - left - right - 2 * gap), self.height())
            for row, (span, time) in enumerate(zip(self._spans, times, strict=True)):
                self._paint_row(painter, row * self._row_px(), span, time, axis)

    def _paint_row(self, painter: QPainter, top: int, span: Span, time: str, axis: QRectF) -> None:
        theme, height = self._theme, self._row_px()
        metrics = QFontMetricsF(theme.font("small" if span.number else "code"))
        painter.setFont(theme.font("small" if span.number else "code"))
        painter.setPen(theme.color("text"))
        name = metrics.elidedText(self._name(span), Qt.TextElideMode.ElideRight, axis.left() - theme.px(8))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top, axis.left(), height), middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("secondary"))
        painter.drawText(QRectF(0, top, self.width(), height), middle | Qt.AlignmentFlag.AlignRight, time)

        across = axis.width() / max(1, self._end_ms)
        thick = theme.px(BAR_PX)
        left = axis.left() + min(span.started_ms * across, axis.width() - LEAST_BAR_PX)
        wide = max(LEAST_BAR_PX, min((span.ended_ms - span.started_ms) * across, axis.right() - left))
        bar = QRectF(left, top + (height - thick) / 2, wide, thick)
        color = theme.color(_color_of(span))
        painter.setPen(Qt.PenStyle.NoPen)
        waited = bar.width()
        if span.number and span.first_token_ms is not None:
            waited = min(bar.width(), max(0.0, (span.first_token_ms - span.started_ms) * across))
        if span.number and waited > 0.5:
            faint = theme.color(_color_of(span))
            faint.setAlphaF(FAINT_BAR)
            painter.setBrush(faint)
            painter.drawRoundedRect(bar, thick / 2, thick / 2)
            bar = bar.adjusted(waited, 0, 0, 0)
        if bar.width() > 0.5:
            painter.setBrush(color)
            painter.drawRoundedRect(bar, min(thick, bar.width()) / 2, thick / 2)

    def _row_px(self) -> int:
        return self._theme.px(ROW_PX)

    def _name(self, span: Span) -> str:
        if span.number:
            return tr("Request {number}").format(number=span.number)
        return f"✗ {span.name}" if span.state is CallState.FAILED else span.name

    def _words(self, span: Span) -> str:
        text = f"{self._name(span)}: {duration_text(span.ended_ms - span.started_ms)}"
        if span.is_running:
            text += ", " + tr("running")
        if span.first_token_ms is not None:
            wait = duration_text(max(0, span.first_token_ms - span.started_ms))
            text += ", " + tr("first token after {time}").format(time=wait)
        if span.tries > 1:
            text += ", " + tr("sent {count} times").format(count=span.tries)
        return text


def _color_of(span: Span) -> str:
    if span.number:
        return "accent"
    return "bad" if span.state is CallState.FAILED else "ok"
