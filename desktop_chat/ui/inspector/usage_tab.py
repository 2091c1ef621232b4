"""The Usage tab: tokens exactly as the server reported them, by request and in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.domain.usage import Usage, total
from desktop_chat.ui.inspector.figures import Turn, draft_of, turn_of
from desktop_chat.ui.inspector.tally import Tally
from desktop_chat.ui.inspector.tiles import UsageRows, make_label, set_text
from desktop_chat.ui.inspector.units import tr
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.session import Session


class Section(QWidget):
    """A head, the rows of a report, and a note where something is missing."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = make_label(title, "group", self)
        self.rows = UsageRows(self)
        self.note = make_label("", "small", self)
        self.note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.title)
        layout.addWidget(self.rows)
        layout.addWidget(self.note)

    def show_report(self, usage: Usage | None, note: str = "") -> None:
        """Show a report, or only the note if there is none."""
        self.rows.setVisible(usage is not None)
        if usage is not None:
            self.rows.show_usage(usage)
        set_text(self.note, note)
        self.note.setVisible(bool(note))


class UsageTab(QWidget):
    """Usage of each request of the turn, of the turn, and of the conversation."""

    fills_height = False

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session: Session | None = None
        self._was_running = False
        self.requests: list[Section] = []
        self.tally = Tally(self)
        """Of the whole conversation, without the reply that is being written."""
        self._build()
        self._connect()

    def show_session(self, session: Session | None) -> None:
        """Show another conversation, or none."""
        self._session, self._was_running = session, False
        self.tally.forget()
        self.refresh()

    def refresh(self) -> None:
        """Show what changed in the conversation since."""
        session = self._session
        if not self._was_running or session is None or not session.is_running:
            self._count_settled()
        turn = turn_of(session)
        self._contents.setVisible(turn is not None)
        self._empty.setVisible(turn is None)
        if turn is None:
            return
        self._show_turn(turn)
        self._show_conversation(turn)

    def _build(self) -> None:
        self.setAccessibleName(tr("Usage"))
        self._empty = make_label(tr("The usage of a reply appears here once a server reports it."), "secondary", self)
        self._empty.setWordWrap(True)
        self._contents = QWidget(self)
        self.turn = Section(tr("This turn"), self._contents)
        self.conversation = Section(tr("Whole conversation"), self._contents)
        self.conversation.title.setToolTip(tr("Every reply counts, other versions and deleted ones too."))
        self._requests = QVBoxLayout()
        self._requests.setSpacing(20)
        inner = QVBoxLayout(self._contents)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(20)
        inner.addWidget(self.conversation)
        inner.addWidget(self.turn)
        inner.addLayout(self._requests)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(self._empty)
        layout.addWidget(self._contents)
        layout.addStretch(1)

    def _connect(self) -> None:
        self.tally.ended.connect(self._on_tally_ended)

    def _count_settled(self) -> None:
        session = self._session
        self._was_running = session is not None and session.is_running
        if session is not None:
            draft = draft_of(session)
            messages = session.conversation.messages.values()
            self.tally.count(m for m in messages if draft is None or m.id != draft.message_id)

    def _show_turn(self, turn: Turn) -> None:
        reports = [round_.usage for round_ in turn.rounds if round_.usage is not None]
        self._show_sum(self.turn, reports, len(reports), len(turn.rounds), turn.is_running)
        # One request is the turn itself: nothing to tell apart.
        rounds = turn.rounds if len(turn.rounds) > 1 else ()
        while len(self.requests) > len(rounds):
            section = self.requests.pop()
            self._requests.removeWidget(section)
            section.deleteLater()
        while len(self.requests) < len(rounds):
            section = Section("", self._contents)
            self._requests.addWidget(section)
            self.requests.append(section)
        for number, (section, round_) in enumerate(zip(self.requests, rounds, strict=True), 1):
            title = tr("Request {number}").format(number=number)
            reason = round_.finish_reason
            set_text(section.title, f"{title} · {reason}" if reason else title)
            note = "" if round_.usage is not None else self._missing(turn.is_running and round_.ended_ms is None)
            section.show_report(round_.usage, note)

    def _show_conversation(self, turn: Turn) -> None:
        tally = self.tally
        if not tally.is_whole:
            self.conversation.show_report(None, tr("Being counted…"))
            return
        running = turn.rounds if turn.is_running else ()
        reports = [tally.usage, *(round_.usage for round_ in running)]
        known = tally.reported + sum(report is not None for report in reports[1:])
        self._show_sum(self.conversation, reports, known, tally.requests + len(running), turn.is_running)

    def _show_sum(
        self, section: Section, reports: Sequence[Usage | None], known: int, requests: int, is_running: bool
    ) -> None:
        if not known:
            section.show_report(None, self._missing(is_running))
            return
        note = tr("Reported for {known} of {all} requests.").format(known=known, all=requests)
        section.show_report(total(filter(None, reports)), note if known < requests else "")

    def _missing(self, is_running: bool) -> str:
        return tr("Not reported yet.") if is_running else tr("Not reported.")

    def _on_tally_ended(self) -> None:
        turn = turn_of(self._session)
        if turn is not None:
            self._show_conversation(turn)
