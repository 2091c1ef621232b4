"""The text editor of the composer: plain text, grows with it, knows which Enter sends."""

from PySide6.QtCore import QEvent, QMimeData, QRect, QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop_chat.ui.composer.folds import MARK, Folds, is_large, pieces
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.utf16 import units
from desktop_chat.ui.widgets.composing import ComposingEdit
from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

SHARE_OF_WINDOW = 0.4
"""How much of the window's height the text may take before it scrolls."""
MOST_LINES = 60
"""More lines than ever fit; beyond them nothing is measured."""


class Editor(ComposingEdit):
    """Takes what the person types. Sending is for others to do: it only says that it is wanted."""

    send_pressed = Signal()
    edit_last_pressed = Signal()
    """Up was pressed while nothing was written."""
    edited = Signal()
    """The text or the place of the cursor is another one."""
    focus_changed = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._build()
        self._folds = Folds(self.document(), theme)
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self.edited)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()
        # Setting it up is nothing that the person could take back.
        self.document().clearUndoRedoStacks()

    @property
    def text(self) -> str:
        """All of it, folded texts in full."""
        return self._folds.unfold()

    @property
    def is_blank(self) -> bool:
        """True if there is nothing that could be sent."""
        document = self.document()
        if document.characterCount() > MOST_LINES * 100:
            return False
        return not document.toPlainText().strip()

    @property
    def position(self) -> int:
        """Where the cursor is, counted in characters of `text`."""
        return len(self._folds.unfold(0, self.textCursor().position()))

    def set_text(self, text: str, cursor: int | None = None) -> None:
        """Show another text, without a way back to what was there.

        Args:
            text: Any length; the middle of a very long one is folded.
            cursor: In characters of `text`; the end, if not given.
        """
        document = self.document()
        if not text and document.isEmpty() and not document.isUndoAvailable() and not document.isRedoAvailable():
            return  # A screen reader would hear that something was deleted.
        self.setPlainText("")
        self._folds.forget()
        writer = QTextCursor(self.document())
        self.document().setUndoRedoEnabled(False)
        for piece in pieces(text.replace(MARK, "")):
            if piece.is_folded:
                self._folds.insert(writer, piece.text)
            else:
                writer.insertText(piece.text)
        self.document().setUndoRedoEnabled(True)
        self._place_cursor(len(text) if cursor is None else cursor)

    def insert_text(self, text: str) -> None:
        """Put a text in place of the selection, as one step of undo."""
        clean = text.replace("\r\n", "\n").replace("\r", "\n").replace(MARK, "")
        cursor = self.textCursor()
        if is_large(clean):
            cursor.beginEditBlock()
            cursor.removeSelectedText()
            self._folds.insert(cursor, clean)
            cursor.endEditBlock()
            self.setTextCursor(cursor)
        else:
            cursor.insertText(clean)
        self.ensureCursorVisible()

    def remove_beginning(self, length: int) -> None:
        """Take the first characters of `text` away and keep what was written behind them."""
        rest = self.text[length:]
        self.set_text(rest, max(0, self.position - length))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste and drop: whatever it is, its plain text."""
        if source.hasText():
            self.insert_text(source.text())

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        data = QMimeData()
        data.setText(self._folds.unfold(cursor.selectionStart(), cursor.selectionEnd()))
        return data

    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride and not self.is_composing
        if is_override and isinstance(event, QKeyEvent) and (_is_undo(event) or _is_redo(event)):
            # Where the text has nothing to take back, the keys mean what was done to the conversation or the list.
            document = self.document()
            event.setAccepted(document.isUndoAvailable() if _is_undo(event) else document.isRedoAvailable())
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS:
            self._on_enter(event)
        elif _is_undo(event):
            self.undo()
        elif _is_redo(event):
            self.redo()
        elif event.key() == Qt.Key.Key_Up and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if self.document().isEmpty() and not self.is_composing:
                self.edit_last_pressed.emit()
            else:
                super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        self.updateGeometry()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height_wanted())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, min(self._height_wanted(), self._line_px() + self._frame_px()))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.fillRect(event.rect(), self._theme.color("card"))
        super().paintEvent(event)
        if self.document().isEmpty() and not self.is_composing:
            self._paint_placeholder()

    def set_hint(self, text: str) -> None:
        """What stands in the empty editor, elided where it is too long."""
        self._hint = text
        self.viewport().update()

    def _build(self) -> None:
        self._hint = ""
        self.setProperty("look", "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Without this a blinking cursor has all that lies behind it painted, up to the window.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        option = self.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        self.document().setDefaultTextOption(option)

    def _on_enter(self, event: QKeyEvent) -> None:
        if self.is_composing:
            # The Enter belongs to the input method; it commits what it shows by an event of its own.
            event.ignore()
        elif self.is_sending(event):
            self.send_pressed.emit()
        else:
            self.begin_line()

    def _on_text_changed(self) -> None:
        self.updateGeometry()
        self.edited.emit()

    def _follow_theme(self) -> None:
        self.setFont(self._theme.font("text"))
        # Chips are measured anew.
        document = self.document()
        if not self._folds.is_empty:
            document.markContentsDirty(0, document.characterCount())
        self.updateGeometry()

    def _place_cursor(self, characters: int) -> None:
        place = QTextCursor(self.document())
        if self._folds.is_empty:
            before = self.document().toPlainText()[:characters]
            place.setPosition(min(units(before), self.document().characterCount() - 1))
        else:
            # Never inside a folded text: behind it.
            place.movePosition(QTextCursor.MoveOperation.End)
        self.setTextCursor(place)

    def _height_wanted(self) -> int:
        room = round(self.window().height() * SHARE_OF_WINDOW) - self._frame_px()
        limit = max(1, room // self._line_px()) * self._line_px() + self._frame_px()
        document = self.document()
        if document.blockCount() > MOST_LINES:
            wanted = limit + 1
        else:
            # The plain text layout counts its height in lines.
            wanted = round(document.size().height()) * self._line_px() + self._frame_px()
        over = wanted > limit
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if over else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        return max(self._line_px() + self._frame_px(), min(wanted, limit))

    def _fill_from_the_top(self) -> None:
        """Leave no empty line below the text while lines are hidden above it."""
        bar = self.verticalScrollBar()
        if self.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            bar.setValue(0)
        self.ensureCursorVisible()

    def _line_px(self) -> int:
        return max(1, self.fontMetrics().lineSpacing())

    def _frame_px(self) -> int:
        margins = self.contentsMargins()
        # 4: chips are a little taller than the letters of their line.
        return margins.top() + margins.bottom() + 4

    def _paint_placeholder(self) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setFont(self.font())
            painter.setPen(self._theme.color("faint"))
            rect = QRect(0, 0, self.viewport().width(), self._line_px())
            words = self.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt hands a QResizeEvent
        self.updateGeometry()
        self._fill_from_the_top()

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]  # Qt hands a QFocusEvent
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]  # Qt hands a QFocusEvent
        self.focus_changed.emit(False)


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo)


def _is_redo(event: QKeyEvent) -> bool:
    # The systems know one of these each; here both mean the same everywhere.
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    keys = {(Qt.Key.Key_Z, control | shift), (Qt.Key.Key_Y, control)}
    return event.matches(QKeySequence.StandardKey.Redo) or (event.key(), event.modifiers()) in keys
