"""The Turn tab: how fast the reply came, when each request and tool ran, what it used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Ended
from desktop_chat.ui.inspector.charts import RateChart, Timeline
from desktop_chat.ui.inspector.figures import Series, Turn, deltas_of, spans_of, steps_of, turn_of
from desktop_chat.ui.inspector.tiles import Tile, UsageRows, make_label, set_text
from desktop_chat.ui.inspector.units import about, duration_text, rate_text, tr
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.session import Session

KEPT_SERIES = 20
NOTHING = "–"


class TurnTab(QWidget):
    """The running turn of a conversation, or the one that was asked for, or its last one."""

    fills_height = False

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session: Session | None = None
        self._message_id: MessageId | None = None
        self._watched: dict[MessageId, Series] = {}
        self._build()

    def show_session(self, session: Session | None) -> None:
        """Show another conversation, or none."""
        if session is not self._session:
            self._message_id = None
        self._session = session
        self.refresh()

    def show_message(self, message_id: MessageId) -> None:
        """Show the turn of an earlier reply, until the next one begins."""
        self._message_id = message_id
        self.refresh()

    def refresh(self) -> None:
        """Show what changed in the conversation since."""
        if self._session is not None and self._session.is_running:
            self._message_id = None
        turn = turn_of(self._session, self._message_id)
        self._contents.setVisible(turn is not None)
        self._empty.setVisible(turn is None)
        if turn is None:
            return
        set_text(self._state, self._state_text(turn))
        self._show_tiles(turn)
        self._show_chart(turn)
        spans = spans_of(turn)
        self.timeline.show_spans(spans, turn.elapsed_ms)
        self._timeline_part.setVisible(turn.is_running or bool(spans))
        self._show_usage(turn)

    def _build(self) -> None:
        self.setAccessibleName(tr("Turn"))
        self._empty = make_label(tr("The figures of a reply appear here while it is written."), "secondary", self)
        self._empty.setWordWrap(True)
        self._contents = QWidget(self)
        self._state = make_label("", "small", self._contents)
        self._state.setWordWrap(True)
        self.first_token = Tile(tr("first token"), self._contents)
        self.rate = Tile(tr("tokens per second"), self._contents)
        self.elapsed = Tile(tr("elapsed"), self._contents)
        self.tokens = Tile(tr("tokens"), self._contents)
        self.chart = RateChart(self._theme, self._contents)
        self.timeline = Timeline(self._theme, self._contents)
        self.usage = UsageRows(self._contents)
        self._usage_note = make_label("", "small", self._contents)
        self._usage_note.setWordWrap(True)
        tiles = QGridLayout()
        tiles.setSpacing(8)
        for at, tile in enumerate((self.first_token, self.rate, self.elapsed, self.tokens)):
            tiles.addWidget(tile, at // 2, at % 2)
        inner = QVBoxLayout(self._contents)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self._state)
        inner.addLayout(tiles)
        self._course = self._part(tr("Tokens per second"), self.chart, 10, 6)
        self._timeline_part = self._part(tr("Timeline"), self.timeline, 0, 14)
        inner.addWidget(self._course)
        inner.addWidget(self._timeline_part)
        inner.addWidget(make_label(tr("Usage"), "group", self._contents))
        inner.addWidget(self.usage)
        inner.addWidget(self._usage_note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.addWidget(self._empty)
        layout.addWidget(self._contents)
        layout.addStretch(1)

    def _part(self, title: str, inside: QWidget, above_px: int, below_px: int) -> QWidget:
        part = QWidget(self._contents)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, above_px, 0, below_px)
        column.setSpacing(8)
        column.addWidget(make_label(title, "group", part))
        column.addWidget(inside)
        return part

    def _show_tiles(self, turn: Turn) -> None:
        first_ms = turn.first_token_ms
        if first_ms is None and turn.is_running:
            self.first_token.show_figure(duration_text(turn.elapsed_ms), tr("no token yet"))
        else:
            self.first_token.show_figure(NOTHING if first_ms is None else duration_text(first_ms), tr("first token"))
        mark = about if turn.is_estimate else str
        per_second = turn.tokens_per_second
        self.rate.show_figure(NOTHING if per_second is None else mark(rate_text(per_second)))
        # Nobody measured a reply that was imported, and nothing of it was nought.
        is_known = turn.is_running or bool(turn.rounds)
        self.elapsed.show_figure(duration_text(turn.elapsed_ms) if is_known or turn.elapsed_ms else NOTHING)
        caption = tr("tokens so far") if turn.is_running else tr("tokens")
        self.tokens.show_figure(mark(count_text(turn.tokens)) if is_known else NOTHING, caption)

    def _show_chart(self, turn: Turn) -> None:
        series = self._watched.get(turn.message_id)
        if turn.is_running:
            if series is None:
                series = self._watched[turn.message_id] = Series()
                series.note(0, 0)
                while len(self._watched) > KEPT_SERIES:
                    del self._watched[next(iter(self._watched))]
            series.note(turn.elapsed_ms, deltas_of(turn.rounds))
        points = series.rates() if series is not None and len(series.samples) > 2 else steps_of(turn)
        self.chart.show_points(points, turn.elapsed_ms)
        # Of a turn that brought nothing there is no course to show.
        self._course.setVisible(turn.is_running or any(rate for _, rate in points))

    def _show_usage(self, turn: Turn) -> None:
        reported = [r for r in turn.rounds if r.usage is not None]
        is_missing = bool(turn.rounds) and not reported
        self.usage.setVisible(not is_missing)
        self.usage.show_usage(turn.usage)
        if is_missing:
            note = tr("Not reported yet.") if turn.is_running else tr("The server did not report usage.")
        elif len(reported) < len(turn.rounds):
            note = tr("Reported for {known} of {all} requests.").format(known=len(reported), all=len(turn.rounds))
        else:
            note = ""
        set_text(self._usage_note, note)
        self._usage_note.setVisible(bool(note))

    def _state_text(self, turn: Turn) -> str:
        session = self._session
        if turn.is_running and session is not None and session.waiting is not None:
            waiting = session.waiting
            state = tr("Retry {attempt} of {of} is waiting").format(attempt=waiting.attempt, of=waiting.of)
        elif turn.is_running:
            state = tr("Running")
        else:
            state = ended_text(turn.ended)
        left_out = sorted({name for round_ in turn.rounds for name in round_.left_out})
        without = tr("without {names}, which the server refuses").format(names=", ".join(left_out)) if left_out else ""
        return " · ".join(part for part in (state, turn.model, turn.endpoint_name, without) if part)


def ended_text(ended: Ended | None) -> str:
    """How a reply ended, as a sign and a word."""
    words = {
        Ended.COMPLETE: tr("✓ Complete"),
        Ended.LENGTH: tr("Limit of tokens reached"),
        Ended.FILTERED: tr("Cut off by the provider's filter"),
        Ended.WAITING: tr("Waits for you"),
        Ended.STOPPED: tr("Stopped"),
        Ended.INTERRUPTED: tr("Interrupted"),
        Ended.FAILED: tr("✗ Failed"),
    }
    return words[ended] if ended is not None else ""
