"""The left side of the Endpoints page: the list, and buttons that add, move and remove."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from desktop_chat.domain.ids import EndpointId
from desktop_chat.ui.preferences.endpoint_list import EndpointList, EndpointRow
from desktop_chat.ui.preferences.form import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress
from desktop_chat.ui.widgets.buttons import button, button_row
from desktop_chat.ui.widgets.enter_button import EnterToolButton

LIST_PX = 190


class EndpointPane(QWidget):
    """Shows the endpoints and says what the person wants with them; changes nothing itself."""

    chosen = Signal(object)
    """Id of the endpoint the person went to."""
    add_asked = Signal()
    move_asked = Signal(int)
    """-1: up, 1: down."""
    remove_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._build()
        self._connect()

    def show_rows(self, rows: Sequence[EndpointRow], chosen: EndpointId | None) -> None:
        """Exchange the rows, and mark the one the form shows."""
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        self.list.rows.show_rows(rows)
        selection.blockSignals(False)
        self.mark(chosen)

    def mark(self, chosen: EndpointId | None) -> None:
        """Mark the endpoint the form shows, without saying that it was chosen."""
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        self.list.setCurrentIndex(self.list.rows.index_of(chosen))
        selection.blockSignals(False)
        self.list.viewport().update()

    def enable(self, *, may_move: bool, may_remove: bool) -> None:
        """Say which buttons have a use now."""
        at = self.list.currentIndex().row()
        for step in (self.up_button, self.down_button):
            step.setVisible(self.list.rows.rowCount() > 1)
        self.up_button.setEnabled(may_move and at > 0)
        self.down_button.setEnabled(may_move and 0 <= at < self.list.rows.rowCount() - 1)
        self.remove_button.setEnabled(may_remove)

    def _build(self) -> None:
        self.list = EndpointList(self._theme, self)
        self.add_button = button(tr("+ Add endpoint"), "link", name=tr("Add endpoint"))
        self.up_button = self._icon_button("chevron-up", tr("Move up (Alt+Up)"))
        self.down_button = self._icon_button("chevron-down", tr("Move down (Alt+Down)"))
        self.remove_button = self._icon_button("trash", tr("Remove the endpoint"))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.list, 1)
        column.addWidget(self.add_button)
        column.addLayout(button_row(self.up_button, self.down_button, None, self.remove_button))
        self._fit()

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._on_list_current_changed)
        self.list.move_asked.connect(self.move_asked)
        self.list.remove_asked.connect(self.remove_asked)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.up_button.clicked.connect(self._on_up_clicked)
        self.down_button.clicked.connect(self._on_down_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self._theme.changed.connect(self._fit)

    def _icon_button(self, icon: str, name: str) -> QToolButton:
        made = EnterToolButton(self)
        made.setProperty("look", "icon")
        made.setAccessibleName(name)
        made.setToolTip(name)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        dress(made, icon, self._theme)
        return made

    def _fit(self) -> None:
        self.setFixedWidth(self._theme.px(LIST_PX))

    def _on_list_current_changed(self) -> None:
        row = self.list.rows.row_at(self.list.currentIndex())
        if row is not None:
            self.chosen.emit(row.endpoint.id)

    def _on_add_clicked(self) -> None:
        self.add_asked.emit()

    def _on_up_clicked(self) -> None:
        self.move_asked.emit(-1)

    def _on_down_clicked(self) -> None:
        self.move_asked.emit(1)

    def _on_remove_clicked(self) -> None:
        self.remove_asked.emit()
