"""The bar above the page in which the person types what to find."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress
from desktop_chat.ui.transcript.accessible.accessible import announce
from desktop_chat.ui.transcript.find.searching import Wanted
from desktop_chat.ui.transcript.words import tr
from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

FIELD_PX = 300
TELL_AFTER_MS = 300
"""A screen reader is told of the hits when the person has paused."""


class FindBar(QFrame):
    """A field, the count, case, previous, next and close.

    Enter goes to the next hit and Shift+Enter to the one before; Esc closes.

    Args:
        theme: For icons and measures.
        parent: The page it belongs to.
    """

    edited = Signal()
    """Something else is wanted."""
    stepped = Signal(int)
    """Go to the next (1) or the previous (-1) hit."""
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_asked, self._place = False, 0
        self._corner: QWidget | None = None
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(TELL_AFTER_MS)
        self._telling.timeout.connect(self._on_telling_timeout)
        self.setProperty("look", "find")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Find in conversation"))
        self._build()
        self.hide()

    @property
    def wanted(self) -> Wanted:
        """What the person looks for."""
        return Wanted(self.field.text(), self.case.isChecked())

    @property
    def count_text(self) -> str:
        """What is said about the hits."""
        return self._count.text()

    def open(self, text: str) -> None:
        """Be ready to type; `text` is taken over if there is any."""
        self.show()
        # Before anything changes in it: a screen reader that hears of its cursor first does not say where it is.
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if text:
            self.field.setText(text)
        self.field.selectAll()

    def show_wanted(self, text: str) -> None:
        """Look for something that was typed elsewhere; the keyboard stays where it is."""
        self.field.blockSignals(True)
        self.field.setText(text)
        self.field.blockSignals(False)
        self.show()

    def place(self, page: QAbstractScrollArea, height: int | None = None) -> None:
        """Lie over the whole width of a page, with its scroll bar below; without a height, that it has."""
        if self.isHidden():
            if self._corner is not None:
                self._corner.hide()
            return
        height = self.height() if height is None else height
        if self._corner is None:
            # The scroll bar comes to the front with each layout, so what is above it goes on with the bar.
            self._corner = _ground(height)
            page.addScrollBarWidget(self._corner, Qt.AlignmentFlag.AlignTop)
        self._corner.setFixedHeight(height)
        self._corner.show()
        self.setGeometry(0, 0, page.width(), height)

    def say(self, place: int, total: int) -> None:
        """Show which of how many hits is looked at; 0 if none is."""
        wants = bool(self.field.text().strip())
        if not wants:
            words = ""
        elif not total:
            words = tr("No hits")
        else:
            words = tr("{n} of {of}", n=count_text(place), of=count_text(total))
        if words != self._count.text():
            self._count.setText(words)
            self._count.setAccessibleName(words or tr("Hits"))
        if self._is_asked or place != self._place:
            # Not for each letter, and not when a reply that comes has one more.
            self._is_asked, self._place = False, place
            self._telling.start()
        tone = "bad" if wants and not total else "small"
        if self._count.property("look") != tone:
            self._count.setProperty("look", tone)
            self._theme.repolish(self._count)
        for button in (self.previous, self.next):
            button.setEnabled(total > 0)

    def _on_edited(self) -> None:
        self._is_asked = True
        self.edited.emit()

    def _on_telling_timeout(self) -> None:
        announce(self, self.count_text)

    def _build(self) -> None:
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Find in conversation"))
        self.field.setAccessibleName(tr("Find in conversation"))
        self.field.setFixedWidth(self._theme.px(FIELD_PX))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_edited)
        self._count = QLabel(self)
        self._count.setProperty("look", "small")
        self.case = self._button("", tr("Match case"))
        self.case.setText(tr("Aa"))
        self.case.setCheckable(True)
        self.case.toggled.connect(self._on_edited)
        self.previous = self._button("chevron-up", tr("Previous hit"))
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next = self._button("chevron-down", tr("Next hit"))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.close_button = self._button("cross", tr("Close"))
        self.close_button.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        px = self._theme.px
        row.setContentsMargins(px(12), px(6), px(8), px(6))
        row.setSpacing(px(4))
        row.addStretch(1)
        for widget in (self.field, self.case, self.previous, self.next, self._count):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.close_button)
        self._count.setMinimumWidth(px(84))

    def _button(self, icon: str, label: str) -> QToolButton:
        button = QToolButton(self)
        if icon:
            dress(button, icon, self._theme)
        button.setToolTip(label)
        button.setAccessibleName(label)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def event(self, event: QEvent) -> bool:
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            # Here Esc closes the bar; it does not stop the reply.
            event.accept()
            return True
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._telling.stop()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.KeyPress and event.key() in ENTER_KEYS:
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(-1 if back else 1)
            return True
        return False


def _ground(height: int) -> QFrame:
    """What the bar lies on, without anything on it."""
    frame = QFrame()
    frame.setFixedHeight(height)
    frame.setProperty("look", "find")
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return frame
