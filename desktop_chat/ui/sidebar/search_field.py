"""The search field: asks as the person types, completes operators, explains them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyledItemDelegate, QWidget

from desktop_chat.ui.sidebar.words import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress
from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

if TYPE_CHECKING:
    from desktop_chat.ui.sidebar.operators import Offers, Values

PAUSE_MS = 90
"""Without a key before a search begins."""
POPUP_KEYS = (*ENTER_KEYS, Qt.Key.Key_Tab, Qt.Key.Key_Escape)


class SearchField(QLineEdit):
    """Where the person types what to look for.

    Args:
        theme: For icons.
        values: What operators are completed with.
        parent: Owns it.
    """

    asked = Signal(str)
    """What to look for; empty: nothing any more."""
    down_pressed = Signal()
    stepped = Signal(int)
    """Show the next (1) or the previous (-1) hit."""
    given_up = Signal()
    """Esc: go back to where the person was."""

    def __init__(self, theme: Theme, values: "Values", parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values = values
        self._offers: Offers | None = None
        self._completer: QCompleter | None = None
        self._popup: QListView | None = None
        self.setObjectName("search")
        self.show_scope(tr("Search conversations"))
        self._clear = QAction(tr("Clear the search"), self)
        dress(self._clear, "cross", theme, color="faint", size_px=14)
        self._help = QAction(tr("What can be searched for (F1)"), self)
        dress(self._help, "question", theme, color="faint", size_px=14)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._clear.triggered.connect(self.given_up)
        self._help.triggered.connect(self.open_help)
        self.textChanged.connect(self._on_text_changed)
        self.textEdited.connect(self._offer)

    def show_scope(self, words: str) -> None:
        """Say what is searched."""
        self.setPlaceholderText(words)
        self.setAccessibleName(words)

    def search_for(self, text: str) -> None:
        """Look for something now, as if it had been typed."""
        self.setText(text)
        self._pause.stop()
        self._ask()

    def open_help(self) -> None:
        """Explain the operators."""
        # Loaded here: few people look it up more than once.
        from desktop_chat.ui.sidebar.operator_help import OperatorHelp

        popover = OperatorHelp(self._theme, self)
        popover.chosen.connect(self._on_operator_chosen)
        popover.open_below(self)

    def _on_text_changed(self, text: str) -> None:
        if not text.strip():
            self._pause.stop()
            self._show_action(None)
            self._ask()
            return
        self._show_action(self._clear)
        self._pause.start()

    def _show_action(self, action: QAction | None) -> None:
        if action is None and self.hasFocus():
            action = self._help
        for known in (self._clear, self._help):
            if known is not action:
                self.removeAction(known)
            elif known not in self.actions():
                self.addAction(known, QLineEdit.ActionPosition.TrailingPosition)

    def _ask(self) -> None:
        self.asked.emit(self.text().strip())

    def _offer(self) -> None:
        # Loaded here, as all that only a search needs: the window is on screen before anybody types.
        from desktop_chat.ui.sidebar.operators import offers

        self._offers = offers(self.text(), self.cursorPosition(), self._values)
        if self._offers is None:
            if self._popup is not None:
                self._popup.hide()
            return
        completer = self._completer or self._make_completer()
        model = completer.model()
        assert isinstance(model, QStringListModel)
        model.setStringList(list(self._offers.words))
        completer.complete()

    def _make_completer(self) -> QCompleter:
        self._completer = completer = QCompleter(QStringListModel(self), self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(10)
        completer.setWidget(self)
        self._popup = QListView(self)
        self._popup.setProperty("look", "completions")
        self._popup.setAccessibleName(tr("Completions"))
        completer.setPopup(self._popup)
        # The completer's own delegate knows nothing of the style sheet.
        self._popup.setItemDelegate(QStyledItemDelegate(self._popup))
        self._popup.ensurePolished()
        completer.activated[QModelIndex].connect(self._on_offer_chosen)  # type: ignore[index]  # an overload
        return completer

    def _on_offer_chosen(self, index: QModelIndex) -> None:
        if self._offers is None:
            return
        text, word = self.text(), str(index.data())
        rest = text[self._offers.end :].lstrip()
        before = f"{text[: self._offers.begin]}{word} "
        self.setText(before + rest)
        self.setCursorPosition(len(before))

    def _on_operator_chosen(self, begin: str) -> None:
        text = self.text()
        self.setText(f"{text} {begin}" if text and not text.endswith(" ") else text + begin)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._offer()

    @property
    def _offers_are_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def event(self, event: QEvent) -> bool:
        # These belong to the field while there is something to clear or to step through.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._is_own_key(event):
            event.accept()
            return True
        return super().event(event)

    def _is_own_key(self, event: QKeyEvent) -> bool:
        wants_more = bool(self.text()) and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F3)
        return wants_more or event.key() == Qt.Key.Key_F1

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]  # Qt hands a QFocusEvent
        if not self.text():
            self._show_action(self._help)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]  # Qt hands a QFocusEvent
        if not self.text():
            self._show_action(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._offers_are_open and key in POPUP_KEYS:
            event.ignore()  # The completions take them.
        elif key == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif key == Qt.Key.Key_F1:
            self.open_help()
        elif key == Qt.Key.Key_F3 and self.text():
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif key in ENTER_KEYS and self._pause.isActive():
            self._pause.stop()
            self._ask()
            self.returnPressed.emit()
        else:
            super().keyPressEvent(event)
