"""The list of conversations and folders: selecting several, folding, dragging and dropping."""

from PySide6.QtCore import QItemSelectionModel, QItemSelectionRange, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.sidebar.arrangement import View
from desktop_chat.ui.sidebar.cargo import Carried, pack, unpack
from desktop_chat.ui.sidebar.delegate import INDENT_PX, RowDelegate
from desktop_chat.ui.sidebar.dragging import Drop, Kind, drop_at
from desktop_chat.ui.sidebar.listing import PLAIN, Listing
from desktop_chat.ui.sidebar.model import DEPTH_ROLE, FOLDER_ROLE, ROW_ROLE, ConversationModel
from desktop_chat.ui.sidebar.strokes import RADIUS_PX, look_rect
from desktop_chat.ui.sidebar.words import count_text, title_of
from desktop_chat.ui.theme.apply import Theme

HOVER_MS = 600
"""Over a collapsed folder before a drag opens it."""


class ConversationList(Listing):
    """Shows the model's conversations and folders."""

    tag_pressed = Signal(str)
    menu_asked = Signal(QModelIndex, QPoint)
    """A menu is wanted for a row (invalid: for the list), at a place of the screen."""
    left_back = Signal()
    """Esc with nothing to give up here."""
    selection_changed = Signal()
    keyboard_changed = Signal()
    """The keyboard came, went, or stands on another row."""
    carried = Signal(bool)
    """Something is being dragged, or not any more."""
    dropped = Signal(object, object)
    """A `Carried` and its `Drop`."""

    def __init__(self, model: ConversationModel, theme: Theme, parent: QWidget) -> None:
        self._rows = model
        self._theme = theme
        self._drop: Drop | None = None
        self._drop_rect = QRect()
        super().__init__(model, parent)
        self.rows_look = RowDelegate(theme, self)
        self.setItemDelegate(self.rows_look)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._hover = QTimer(self)
        self._hover.setSingleShot(True)
        self._hover.setInterval(HOVER_MS)
        self._hover.timeout.connect(self._on_hover_timeout)
        self._enable_dragging()
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.selectionModel().currentChanged.connect(self.keyboard_changed)
        # Qt does not tell of what is not selected any more because it is not there after a new layout.
        model.layoutChanged.connect(self._on_selection_changed)

    @property
    def selected_rows(self) -> list[Row]:
        """The conversations that are selected, in the order of the list."""
        ranges = sorted((part.top(), part.bottom()) for part in self._ranges())
        return [row for top, bottom in ranges for row in self._rows.rows_between(top, bottom)]

    @property
    def selected_ids(self) -> list[ConversationId]:
        """Their ids."""
        return [row.id for row in self.selected_rows]

    @property
    def current_folder(self) -> Folder | None:
        """The folder that the keyboard stands on."""
        folder = self.currentIndex().data(FOLDER_ROLE)
        return folder if isinstance(folder, Folder) else None

    def meant_ids(self, index: QModelIndex) -> list[ConversationId]:
        """What an action on a row is about: the selection if the row is in it, else the row."""
        row = index.data(ROW_ROLE)
        selected = self.selected_ids
        if isinstance(row, Row):
            return selected if row.id in selected else [row.id]
        return []

    def select_only(self, index: QModelIndex) -> None:
        """Stand on one row, and select it alone."""
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def select_nothing_more(self) -> None:
        """Give the selection of several up; the keyboard stays where it is."""
        index = self.currentIndex()
        if index.isValid():
            self.select_only(index)
        else:
            self.clearSelection()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        index = self.indexAt(where)
        if event.button() == Qt.MouseButton.LeftButton and event.modifiers() in PLAIN and index.isValid():
            tag = self.rows_look.tag_at(where, self.visualRect(index), index)
            if tag is not None:
                self.tag_pressed.emit(tag)
                return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.menu_asked.emit(self.indexAt(event.pos()), event.globalPos())
            return
        index = self.currentIndex()
        self.menu_asked.emit(index, self.viewport().mapToGlobal(self.visualRect(index).center()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, index = event.key(), self.currentIndex()
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if event.modifiers() in PLAIN and not is_editing:
            ahead, back = Qt.Key.Key_Right, Qt.Key.Key_Left
            if self.isRightToLeft():
                ahead, back = back, ahead
            if key == Qt.Key.Key_Escape:
                self._give_up()
                return
            if key in (ahead, back) and index.isValid():
                self._fold_or_go(index, expand=key == ahead)
                return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_shift_f10 = key == Qt.Key.Key_F10 and held == Qt.KeyboardModifier.ShiftModifier
        if not is_editing and (key == Qt.Key.Key_Menu or is_shift_f10):
            # Qt makes an event of its own of these keys on some systems only.
            self.menu_asked.emit(index, self.viewport().mapToGlobal(self.visualRect(index).center()))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.keyboard_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.keyboard_changed.emit()

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        rows, folder = self.selected_rows, self.current_folder
        data = pack(rows, [folder] if folder is not None else [])
        if not data.formats() or self._rows.view is View.TRASH:
            return
        # Loaded here: the window is on screen before anybody drags.
        from desktop_chat.ui.transcript.copying.drag_out import drag_labelled

        if len(rows) > 1:
            label = count_text(len(rows))
        else:
            label = title_of(rows[0]) if rows else folder.name if folder is not None else ""
        self.carried.emit(bool(rows))
        drag_labelled(self, data, label, self._theme, Qt.DropAction.MoveAction)
        self.carried.emit(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if unpack(event.mimeData()) is None:
            event.ignore()
            return
        self.setState(QAbstractItemView.State.DraggingState)
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # Scrolls at the edges.
        carried, where = unpack(event.mimeData()), event.position().toPoint()
        index = self.indexAt(where)
        drop = self._drop_at(carried, index, where) if carried is not None else None
        if drop is None:
            event.ignore()
        else:
            event.acceptProposedAction()
        self._mark_drop(drop, index)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._mark_drop(None, QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:
        carried, where = unpack(event.mimeData()), event.position().toPoint()
        drop = self._drop_at(carried, self.indexAt(where), where) if carried is not None else None
        self._mark_drop(None, QModelIndex())
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        if carried is None or drop is None:
            event.ignore()
            return
        # A copy for Qt: whoever moves rows is the library, not the view the drag came from.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(carried, drop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The bar of a selection takes room below: the row that was just clicked stays in sight.
        rect = self.visualRect(self.currentIndex())
        if 0 <= rect.top() < event.oldSize().height() and rect.bottom() > event.size().height():
            self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._drop is None:
            return
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("accent"), 2))
            rect = self._drop_rect.toRectF().adjusted(1, 1, -1, -1)
            if self._drop.kind in (Kind.BEFORE, Kind.AFTER):
                painter.setBrush(self._theme.color("side"))
                painter.drawLine(rect.topLeft(), rect.topRight())
                painter.drawEllipse(rect.topLeft(), 3, 3)
            else:
                painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)

    def _enable_dragging(self) -> None:
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(False)
        self.setDragDropOverwriteMode(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setAutoScrollMargin(32)

    def _is_own_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return self._selects_several() or self._rows.view is not View.LIBRARY
        return super()._is_own_key(event)

    def _selects_several(self) -> bool:
        return sum(part.height() for part in self._ranges()) > 1 and len(self.selected_ids) > 1

    def _ranges(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    def _give_up(self) -> None:
        if self._selects_several():
            self.select_nothing_more()
        else:
            self.left_back.emit()

    def _fold_or_go(self, index: QModelIndex, *, expand: bool) -> None:
        folder, row = index.data(FOLDER_ROLE), index.data(ROW_ROLE)
        if isinstance(folder, Folder):
            is_collapsed = folder.id in self._rows.collapsed
            if expand == is_collapsed:
                self._rows.fold(folder.id, not expand)
                return
            if expand:
                below = self._rows.index(index.row() + 1)
                if below.isValid() and int(below.data(DEPTH_ROLE) or 0) > int(index.data(DEPTH_ROLE)):
                    self.select_only(below)
                return
            above = folder.parent_id
        else:
            above = row.folder_id if isinstance(row, Row) and not expand else None
        if above is not None:
            home = self._rows.index_of_folder(above)
            if home.isValid():
                self.select_only(home)

    def _drop_at(self, carried: Carried, index: QModelIndex, where: QPoint) -> Drop | None:
        if self._rows.view is not View.LIBRARY:
            return None
        rect = self.visualRect(index)
        fraction = (where.y() - rect.top()) / max(1, rect.height()) if index.isValid() else 1.0
        return drop_at(self._rows, carried, index, fraction)

    def _mark_drop(self, drop: Drop | None, index: QModelIndex) -> None:
        self._drop = drop
        self._drop_rect = self._rect_of(drop, index) if drop is not None else QRect()
        folder = index.data(FOLDER_ROLE)
        opens = drop is not None and drop.kind is Kind.INTO and isinstance(folder, Folder)
        if opens and folder.id in self._rows.collapsed:
            if not self._hover.isActive():
                self._hover.start()
        else:
            self._hover.stop()
        self.viewport().update()

    def _rect_of(self, drop: Drop, index: QModelIndex) -> QRect:
        indent = self._theme.px(INDENT_PX)
        if drop.kind in (Kind.BEFORE, Kind.AFTER):
            rect = self.visualRect(index)
            y = rect.top() if drop.kind is Kind.BEFORE else rect.bottom()
            left = 4 + indent * int(index.data(DEPTH_ROLE))
            return QRect(left, y - 1, rect.width() - left - 4, 3)
        if drop.folder_id is not None:
            first = self._rows.index_of_folder(drop.folder_id)
            return look_rect(self.visualRect(first)) if first.isValid() else self.visualRect(index)
        return self._section_rect(index)

    def _section_rect(self, index: QModelIndex) -> QRect:
        # Out of all folders, or among the pinned ones: the part of the list that holds these.
        first, last = self._rows.section_around(index)
        top = self.visualRect(self._rows.index(first)).top() if first >= 0 else 0
        bottom = self.visualRect(self._rows.index(last)).bottom() if last >= 0 else self.viewport().height()
        return QRect(0, top, self.viewport().width(), bottom - top).intersected(self.viewport().rect())

    def _on_selection_changed(self) -> None:
        self.rows_look.is_choosing = self._selects_several()
        self.viewport().update()
        self.selection_changed.emit()

    def _on_hover_timeout(self) -> None:
        folder_id = self._drop.folder_id if self._drop is not None else None
        if folder_id is not None and folder_id in self._rows.collapsed:
            self._rows.fold(folder_id, False)
