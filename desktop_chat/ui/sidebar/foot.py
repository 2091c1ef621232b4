"""The foot of the sidebar: how many endpoints there are, and the way to the preferences."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import SIZE_PX, dress, pixmap

if TYPE_CHECKING:
    from desktop_chat.core.endpoints import Endpoints

HEIGHT_PX = 40


class Foot(QWidget):
    """One line below the conversations."""

    endpoints_asked = Signal()
    preferences_asked = Signal()

    def __init__(self, endpoints: "Endpoints", theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._endpoints = endpoints
        self._theme = theme
        self._build()
        self._count.clicked.connect(self.endpoints_asked)
        self._gear.clicked.connect(self.preferences_asked)
        Bridge(endpoints.changes, self).changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _build(self) -> None:
        line = QFrame(self)
        line.setProperty("look", "line")
        self._count = QPushButton(self)
        self._count.setObjectName("endpointCount")
        self._gear = QToolButton(self)
        self._gear.setAccessibleName(self.tr("Preferences"))
        self._gear.setToolTip(self.tr("Preferences"))
        dress(self._gear, "gear", self._theme)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self._gear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addLayout(row, 1)

    def _refresh(self) -> None:
        gear_px = self._theme.px(SIZE_PX)
        self._gear.setIconSize(QSize(gear_px, gear_px))
        self.setFixedHeight(self._theme.px(HEIGHT_PX))
        count = len(self._endpoints.all)
        if count == 0:
            words = self.tr("No endpoint yet")
        elif count == 1:
            words = self.tr("1 endpoint set up")
        else:
            words = self.tr("{count} endpoints set up").format(count=count)
        self._count.setText(words)
        self._count.setToolTip(self.tr("Manage endpoints"))
        self._count.setAccessibleName(words)
        color = self._theme.color("ok" if count else "faint")
        edge = self._theme.px(10)
        self._count.setIconSize(QSize(edge, edge))
        self._count.setIcon(pixmap("dot", color, edge, self.devicePixelRatioF()))
