"""The bar below the list while several conversations are selected: how many, and what can be done with them.

Loaded when it is first needed.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop_chat.core.ports import Row
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui import numbers
from desktop_chat.ui.sidebar.menus import MenuNeeds, folder_menu
from desktop_chat.ui.sidebar.words import count_text, tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress

ICON_PX = 16


class SelectionBar(QFrame):
    """Acts on the selected conversations; each press is one step of undo."""

    given_up = Signal()
    """Select no more than one."""

    def __init__(self, needs: MenuNeeds, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._needs = needs
        self._theme = theme
        self._rows: Sequence[Row] = ()
        self._build()
        theme.changed.connect(self._follow_theme)
        self._follow_theme()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Act on these."""
        self._rows = rows
        is_trash = any(row.trashed_at is not None for row in rows)
        if is_trash and len(rows) == 1:
            self._count.setText(tr("1 selected"))
        else:
            self._count.setText(tr("{count} selected", count=numbers.count_text(len(rows))))
        self._count.setAccessibleName(tr("{words} selected", words=count_text(len(rows))))
        is_archived = bool(rows) and all(row.archived for row in rows)
        self._restore.setVisible(is_trash)
        for button in (self._tag, self._archive, self._trash):
            button.setVisible(not is_trash)
        for button in (self._pin, self._folder):
            button.setVisible(not is_trash and not is_archived)
        self._name(self._archive, tr("Unarchive") if is_archived else tr("Archive"))
        self._name(self._pin, tr("Unpin") if all(row.pinned for row in rows) else tr("Pin"))

    def _build(self) -> None:
        self.setProperty("look", "choice")
        # Rather cut off than making the sidebar wider whenever something is selected.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._count = QLabel(self)
        self._count.setProperty("look", "small")
        wishes = self._needs.wishes
        self._pin = self._button("pin", tr("Pin"), self._on_pin_clicked)
        self._folder = self._button("folder", tr("Move to folder"), self._on_folder_clicked)
        self._tag = self._button("tag", tr("Tags"), lambda: self._needs.tag(self._ids))
        self._archive = self._button("archive", tr("Archive"), self._on_archive_clicked)
        self._export = self._button("save", tr("Export"), lambda: wishes.export_asked.emit(self._ids))
        self._trash = self._button("trash", tr("Delete"), lambda: wishes.trash_asked.emit(self._ids))
        self._close = self._button("cross", tr("Select nothing"), self.given_up.emit)
        self._restore = QPushButton(tr("Restore"), self)
        self._restore.setAccessibleName(tr("Restore"))
        self._restore.setProperty("look", "pill")
        self._restore.clicked.connect(lambda: wishes.restore_asked.emit(self._ids))
        head = QHBoxLayout()
        head.addWidget(self._count, 1)
        head.addWidget(self._close)
        acts = QHBoxLayout()
        acts.addWidget(self._restore)
        for button in (self._pin, self._folder, self._tag, self._archive, self._export, self._trash):
            acts.addWidget(button)
        acts.addStretch(1)
        self._lines = (head, acts)
        self._column = QVBoxLayout(self)
        for line in self._lines:
            self._column.addLayout(line)

    def _button(self, icon: str, name: str, act: object) -> QToolButton:
        button = QToolButton(self)
        dress(button, icon, self._theme, size_px=ICON_PX)
        self._name(button, name)
        button.clicked.connect(act)
        return button

    def _name(self, button: QToolButton, name: str) -> None:
        button.setAccessibleName(name)
        button.setToolTip(name)

    @property
    def _ids(self) -> list[ConversationId]:
        return [row.id for row in self._rows]

    def _follow_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(10), px(4), px(4), px(4))
        self._column.setSpacing(0)
        for line in self._lines:
            line.setSpacing(px(1))

    def _on_pin_clicked(self) -> None:
        self._needs.wishes.pin_asked.emit(self._ids, not all(row.pinned for row in self._rows))

    def _on_archive_clicked(self) -> None:
        self._needs.wishes.archive_asked.emit(self._ids, not all(row.archived for row in self._rows))

    def _on_folder_clicked(self) -> None:
        menu = folder_menu(self._rows, self._needs, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._folder.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
