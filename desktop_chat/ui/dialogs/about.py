"""About: version, licence, and the licences of what the program stands on."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_chat import __version__
from desktop_chat.ui.dialogs.parts import column, label, tr
from desktop_chat.ui.dialogs.versions import library_lines, version_lines
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import app_icon
from desktop_chat.ui.widgets.buttons import button, button_row

QT_SOURCES = "https://download.qt.io/official_releases/QtForPython/"
LGPL = "https://www.gnu.org/licenses/lgpl-3.0.html"
ICON_PX = 56
WIDTH_PX = 520


class AboutDialog(QDialog):
    """What this program is. Show it with `open()`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._build()

    def _build(self) -> None:
        self.setWindowTitle(tr("About Desktop Chat"))
        self.setMinimumWidth(self._theme.px(WIDTH_PX))
        picture = QLabel(self)
        edge = self._theme.px(ICON_PX)
        picture.setPixmap(app_icon().pixmap(edge, edge))
        picture.setAccessibleName(tr("Icon of Desktop Chat"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Desktop Chat", "heading", self))
        words.addWidget(label(tr("Version {version}").format(version=__version__), "secondary", self))
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.libraries = TextPanel(self._theme, tr("Versions and licences"), most_lines=11, parent=self)
        self.libraries.show_text("\n".join([*version_lines(), "", *library_lines()]))
        sources_button = button(tr("&Sources of Qt"), "link")
        sources_button.setToolTip(QT_SOURCES)
        licence_button = button(tr("&LGPL version 3"), "link")
        licence_button.setToolTip(LGPL)
        close_button = button(tr("&Close"), "primary")
        sources_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(QT_SOURCES)))
        licence_button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(LGPL)))
        close_button.clicked.connect(self.accept)
        layout = column(self)
        layout.addLayout(head)
        layout.addWidget(
            label(tr("A native client for OpenAI-compatible endpoints. Free software, MIT licence."), "text", self)
        )
        layout.addWidget(self.libraries)
        layout.addWidget(label(qt_notice(), "small", self))
        layout.addStretch(1)
        layout.addLayout(button_row(sources_button, licence_button, None, close_button))
        close_button.setFocus()


def qt_notice() -> str:
    """What the licence of Qt asks to be said."""
    return tr(
        "Uses Qt and PySide6 under the GNU Lesser General Public License, version 3. They are separate libraries: "
        "you may replace them with versions of your own, and take them apart to find faults in your changes. "
        "Their sources are linked below; Qt is a trademark of The Qt Company Ltd."
    )
