"""The Branches tab: a small map of the conversation, with a jump to every message of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.inspector.tiles import make_label, set_text
from desktop_chat.ui.inspector.units import tr
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.session import Session
    from desktop_chat.domain.message import Message
    from desktop_chat.ui.inspector.branch_rows import MapRow


class BranchesTab(QWidget):
    """Draws the tree and says which message the person wants to see."""

    fills_height = True

    message_chosen = Signal(str)
    """Message id."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session: Session | None = None
        self._unfolded: set[MessageId] = set()
        self._chosen: dict[MessageId | None, MessageId] = {}
        self._deleted: set[MessageId] = set()
        self._count = -1
        self._written: MessageId | None = None
        self._build()

    def show_session(self, session: Session | None) -> None:
        """Show another conversation, or none."""
        if session is not self._session:
            self._unfolded.clear()
            self._session = session
            self._count = -1
            self.refresh()
            self._show_end()
        else:
            self.refresh()

    def refresh(self) -> None:
        """Show what changed in the conversation since."""
        session = self._session
        if session is None:
            self._show([])
            return
        conversation = session.conversation
        is_same = (
            len(conversation.messages) == self._count
            and conversation.deleted == self._deleted
            and conversation.chosen == self._chosen
        )
        if not is_same:
            self._count = len(conversation.messages)
            self._deleted, self._chosen = set(conversation.deleted), dict(conversation.chosen)
            self._draw()
            self._follow()
        written, self._written = self._written, session.draft.message_id if session.draft is not None else None
        # Once more when it has ended: nobody was told of its last words.
        for message_id in (written, self._written):
            if message_id is not None:
                self.model.touch(message_id)

    def _build(self) -> None:
        # Loaded here: nobody looks at the map before the window is painted.
        from desktop_chat.ui.inspector.branch_list import MapDelegate, MapModel
        from desktop_chat.ui.inspector.branch_view import MapView

        self.setAccessibleName(tr("Branches"))
        self._head = make_label("", "small", self)
        self._head.setWordWrap(True)
        self._head.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._head.setContentsMargins(16, 12, 16, 8)
        self.model = MapModel(self._message_of, self)
        self.list = MapView(self)
        self.list.setAccessibleName(tr("Map of the branches"))
        self.list.setModel(self.model)
        self._delegate = MapDelegate(self._theme, self.list)
        self.list.setItemDelegate(self._delegate)
        self.list.chosen.connect(self._on_chosen)
        self.list.fold_asked.connect(self._on_fold_asked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self.list, 1)

    def _draw(self) -> None:
        from desktop_chat.ui.inspector.branch_rows import rows_of

        assert self._session is not None
        self._show(rows_of(self._session.conversation, self._unfolded))

    def _show(self, rows: list[MapRow]) -> None:
        self.model.show_rows(rows)
        self._delegate.lanes = self.model.most_lanes
        self.list.setVisible(bool(rows))
        ends = sum(row.is_last for row in rows)
        if not rows:
            set_text(self._head, tr("The branches of the conversation appear here once something is said."))
        elif ends == 1:
            set_text(self._head, tr("One branch. Edit a message or regenerate a reply to begin another."))
        else:
            set_text(self._head, tr("{n} branches. Enter or a click goes there.").format(n=count_text(ends)))

    def _show_end(self) -> None:
        last = self._session.conversation.last_id if self._session is not None else None
        index = self.model.index_of(last)
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _follow(self) -> None:
        # The mark says where the person is: on another branch it would lie, unless they walk the map.
        row = self.model.row_at(self.list.currentIndex())
        if row is not None and not row.is_shown and not self.list.hasFocus():
            self._show_end()

    def _message_of(self, message_id: MessageId) -> Message | None:
        if self._session is None:
            return None
        draft = self._session.draft
        if draft is not None and draft.message_id == message_id:
            return draft.message()
        return self._session.conversation.messages.get(message_id)

    def _on_chosen(self, index: QModelIndex) -> None:
        from desktop_chat.ui.inspector.branch_rows import Kind

        row = self.model.row_at(index)
        if row is not None and row.kind is Kind.MESSAGE and row.id is not None:
            self.message_chosen.emit(row.id)
        elif row is not None and row.kind is Kind.RUN:
            self._on_fold_asked(index, not row.is_open)

    def _on_fold_asked(self, index: QModelIndex, is_open: bool) -> None:
        first = self.model.run_at(index)
        if first is None or (first in self._unfolded) == is_open:
            return
        self._unfolded.symmetric_difference_update({first})
        self._draw()
        if not self.list.currentIndex().isValid():
            # It was folded away: its line stands for it.
            self.list.setCurrentIndex(self.model.run_of(first))
