"""The popover that lists what can be searched for besides words; a press puts it into the field."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from desktop_chat.ui.sidebar.operators import operators
from desktop_chat.ui.sidebar.words import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.enter_button import press_focused

KEYS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class OperatorHelp(QFrame):
    """Explains the operators, each with an example."""

    chosen = Signal(str)
    """What the operator begins with."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._buttons: list[QPushButton] = []
        self._build()

    def open_below(self, widget: QWidget) -> None:
        """Show it below a widget and give it the keyboard."""
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + self._theme.px(4)))
        room = self.screen().availableGeometry()
        self.move(max(room.left(), min(place.x(), room.right() - self.width())), place.y())
        self.show()
        self._buttons[0].setFocus(Qt.FocusReason.PopupFocusReason)

    def _build(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "popup")
        self.setAccessibleName(tr("What can be searched for"))
        px = self._theme.px
        grid = QGridLayout(self)
        grid.setContentsMargins(px(8), px(8), px(12), px(8))
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(0)
        for row, operator in enumerate(operators()):
            button = QPushButton(operator.example, self)
            button.setProperty("look", "operator")
            button.setFont(self._theme.font("code"))
            button.setAccessibleName(f"{operator.example}: {operator.meaning}")
            button.clicked.connect(lambda _=False, begin=operator.begin: self._on_clicked(begin))
            meaning = QLabel(operator.meaning, self)
            meaning.setProperty("look", "small")
            grid.addWidget(button, row, 0)
            grid.addWidget(meaning, row, 1)
            self._buttons.append(button)
        note = QLabel(tr("They can be combined. A minus sign before one excludes what has it."), self)
        note.setProperty("look", "small")
        note.setContentsMargins(px(6), px(6), 0, 0)
        grid.addWidget(note, len(self._buttons), 0, 1, 2)

    def _on_clicked(self, begin: str) -> None:
        self.close()
        self.chosen.emit(begin)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = KEYS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif step is not None:
            focused = self.focusWidget()
            at = next((at for at, button in enumerate(self._buttons) if button is focused), 0)
            self._buttons[(at + step) % len(self._buttons)].setFocus(Qt.FocusReason.TabFocusReason)
        elif not press_focused(self, event):
            super().keyPressEvent(event)
