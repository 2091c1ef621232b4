"""The ways to the archive and the trash below the list, and the way back above it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui import numbers
from desktop_chat.ui.sidebar.arrangement import View
from desktop_chat.ui.sidebar.cargo import unpack
from desktop_chat.ui.sidebar.words import KEPT_DAYS, count_text, tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress, icon

ICON_PX = 15
ICONS = {View.ARCHIVE: "archive", View.TRASH: "trash"}


class Place(QPushButton):
    """A quiet entry that switches the list; conversations can be dropped on it."""

    dropped = Signal(list)
    """Conversation ids."""

    def __init__(self, view: View, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self.setProperty("look", "place")
        self.setCheckable(True)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        dress(self, ICONS[view], theme, size_px=ICON_PX)

    def show_count(self, count: int) -> None:
        """Say how many conversations are there."""
        name = tr("Archive") if self._view is View.ARCHIVE else tr("Trash")
        self.setText(tr("{name} ({count})", name=name, count=numbers.count_text(count)))
        self.setAccessibleName(f"{name}, {count_text(count)}")

    def show_icon(self, shown: bool) -> None:
        """With or without its icon, where there is little room."""
        edge = self._theme.px(ICON_PX) if shown else 0
        if self.iconSize().width() != edge:
            self.setIconSize(QSize(edge, edge))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        carried = unpack(event.mimeData())
        if carried is None or not carried.conversations:
            event.ignore()
            return
        event.acceptProposedAction()
        self._mark(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        carried = unpack(event.mimeData())
        if carried is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit([ConversationId(one) for one in carried.conversations])

    def _mark(self, is_target: bool) -> None:
        self.setProperty("target", is_target)
        self._theme.repolish(self)


class Places(QWidget):
    """Archive and trash, side by side; nothing at all while both are empty."""

    asked = Signal(object)
    """A `View`."""
    archive_asked = Signal(list)
    trash_asked = Signal(list)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts = {View.ARCHIVE: 0, View.TRASH: 0}
        self._view = View.LIBRARY
        self._takes = False
        self._places = {view: Place(view, theme, self) for view in self._counts}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for view, place in self._places.items():
            row.addWidget(place)
            place.clicked.connect(lambda _=False, view=view: self._on_place_clicked(view))
        row.addStretch(1)
        self._places[View.ARCHIVE].dropped.connect(self.archive_asked)
        self._places[View.TRASH].dropped.connect(self.trash_asked)
        self._refresh()

    def show_counts(self, *, archived: int, trashed: int) -> None:
        """How many conversations are in each."""
        counts = {View.ARCHIVE: archived, View.TRASH: trashed}
        if counts != self._counts:
            self._counts = counts
            self._refresh()

    def show_view(self, view: View) -> None:
        """Mark what the list shows."""
        self._view = view
        self._refresh()

    def take(self, takes: bool) -> None:
        """Be there, empty or not, while conversations are dragged that can be dropped here."""
        self._takes = takes
        self._refresh()

    def _refresh(self) -> None:
        for view, place in self._places.items():
            place.show_count(self._counts[view])
            place.setVisible(self._counts[view] > 0 or self._view is view or self._takes)
            place.setChecked(self._view is view)
        self.setVisible(any(self._counts.values()) or self._view is not View.LIBRARY or self._takes)
        self._fit()

    def _fit(self) -> None:
        for place in self._places.values():
            place.show_icon(True)
        shown = [place for place in self._places.values() if not place.isHidden()]
        fits = sum(place.sizeHint().width() for place in shown) + 2 <= self.width()
        for place in shown:
            place.show_icon(fits)

    def _on_place_clicked(self, view: View) -> None:
        self.asked.emit(View.LIBRARY if self._view is view else view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class ViewHead(QWidget):
    """Stands above the list of the archive or the trash: what it is, and the way back."""

    back_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._back = QPushButton(self)
        self._back.setProperty("look", "back")
        self._back.setAccessibleName(tr("Back to the conversations"))
        self._note = QLabel(self)
        self._note.setProperty("look", "small")
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._back)
        column.addWidget(self._note)
        self._back.clicked.connect(self.back_asked)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()

    def show_view(self, view: View) -> None:
        """Name a view; that of the library has no head."""
        self.setVisible(view is not View.LIBRARY)
        if view is View.ARCHIVE:
            self._say(tr("Archive"), "")
        elif view is View.TRASH:
            self._say(tr("Trash"), tr("Kept for {days} days, then deleted for good.", days=KEPT_DAYS))

    def _say(self, name: str, note: str) -> None:
        self._back.setText(name)
        self._back.setAccessibleName(tr("{name}: back to the conversations", name=name))
        self._back.setToolTip(tr("Back to the conversations (Esc)"))
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _follow_theme(self) -> None:
        arrow = "chevron-right" if self.isRightToLeft() else "chevron-left"
        self._back.setIcon(icon(arrow, self._theme))
        edge = self._theme.px(16)
        self._back.setIconSize(QSize(edge, edge))
        px = self._theme.px
        self._note.setContentsMargins(px(10), 0, px(4), px(4))
