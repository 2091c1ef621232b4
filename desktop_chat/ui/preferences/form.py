"""What the pages of the preferences are built from: rows, notes, scrolling, switches of look."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

PAGE_MARGIN_PX = 20
ROW_GAP_PX = 12
LONGEST_NOTE_PX = 10_000


def tr(text: str) -> str:
    """Translate in the context of the preferences."""
    return QCoreApplication.translate("Preferences", text)


def set_look(widget: QWidget, look: str) -> None:
    """Change the look of a widget that is already on screen."""
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Note(QLabel):
    """A small remark below a field; takes no room while it is empty.

    It is as high as its lines need at the width it has. Left to Qt, a form would ask for its
    height at a width that is some pixels off, and cut its last line or squeeze the field above.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", "small")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_note(self, text: str, look: str = "small") -> None:
        """Show a remark; an empty one hides the note."""
        set_look(self, look)
        self.setText(text)
        self.setVisible(bool(text))
        self._fit()

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        room, margins = self.contentsRect(), self.contentsMargins()
        room.setHeight(LONGEST_NOTE_PX)
        text = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
        needed = text.height() + margins.top() + margins.bottom()
        if needed != self.minimumHeight():
            self.setMinimumHeight(needed)


def make_form() -> QFormLayout:
    """A form with its titles on the right of their column, beside the fields."""
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    # Large text in a narrow dialog: then the titles stand above their fields.
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(ROW_GAP_PX)
    return form


def add_row(form: QFormLayout, title: str, field: QWidget, *below: QWidget, buddy: QWidget | None = None) -> QLabel:
    """Add a titled field, with notes below it.

    Args:
        form: Takes the row.
        title: Names the field for everybody, a screen reader included; `&` marks its shortcut.
        field: What is filled in.
        below: Stands under the field.
        buddy: Gets the focus when the title is chosen, if that is not `field` itself.
    """
    label = QLabel(title)
    label.setProperty("look", "secondary")
    target = buddy or field
    label.setBuddy(target)
    if not target.accessibleName():
        target.setAccessibleName(title.replace("&", ""))
    holder = field
    if below:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(field)
        for widget in below:
            column.addWidget(widget)
        # Beside a field with notes the title belongs to the field's line.
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        label.setContentsMargins(0, 7, 0, 0)
    form.addRow(label, holder)
    return label


def indent_text(box: QAbstractSpinBox) -> None:
    """Let the number begin where the text of other fields begins; a style sheet cannot say that."""
    line = box.lineEdit()
    if line is not None:
        line.setTextMargins(6, 0, 0, 0)


class _PageArea(QScrollArea):
    """Keeps the layout of its page as large as the page.

    Where labels wrap, a page is first measured beside a scroll bar that it then does not need;
    Qt makes the page smaller again while its layout is still at work, which then ends with the
    old size: buttons would be out of sight.
    """

    def __init__(self) -> None:
        super().__init__()
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(0)
        self._check.timeout.connect(self._fit_layout)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and watched is self.widget():
            self._check.start()
        return super().eventFilter(watched, event)

    def _fit_layout(self) -> None:
        page = self.widget()
        if page is None or (layout := page.layout()) is None:
            return
        if layout.geometry() != page.rect():
            layout.setGeometry(page.rect())


def scrolling(page: QWidget, name: str) -> QScrollArea:
    """Let a page scroll when the dialog is too small for it."""
    area = _PageArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area
