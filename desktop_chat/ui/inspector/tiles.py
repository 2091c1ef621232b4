"""Tiles with one large figure each, and rows of names with their figures."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop_chat.domain.usage import Usage
from desktop_chat.ui.inspector.units import tr
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.widgets.quiet import make_quiet

INDENT_PX = 8


def set_text(label: QLabel, text: str) -> None:
    """Set a label only if it changes: setting it anew lays the whole tab out again."""
    if label.text() != text:
        label.setText(text)


def make_label(text: str, look: str, parent: QWidget | None = None) -> QLabel:
    """A label with a look of the style sheet."""
    label = QLabel(text, parent)
    label.setProperty("look", look)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


class Tile(QFrame):
    """A figure and what it is."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.figure = make_label("–", "figure", self)
        self.caption = make_label(caption, "small", self)
        self.caption.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 9, 10, 9)
        layout.setSpacing(4)
        layout.addWidget(self.figure)
        layout.addWidget(self.caption)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        # Whatever they show, these names stay, so that Qt tells nobody.
        self.figure.setAccessibleName(caption)
        self.caption.setAccessibleName(caption)
        make_quiet(self, Tile.words)
        self.show_figure("–")

    def words(self) -> str:
        """What a screen reader says when it is asked."""
        return f"{self.caption.text()}: {self.figure.text()}"

    def show_figure(self, figure: str, caption: str | None = None) -> None:
        """Show another figure, and another caption if there is one."""
        set_text(self.figure, figure)
        if caption is not None:
            set_text(self.caption, caption)


class UsageRows(QWidget):
    """Prompt, cached, completion, reasoning and total, exactly as they were reported."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._figures: list[QLabel] = []
        for row, (name, is_part) in enumerate(_rows()):
            label = make_label(name, "secondary", self)
            if is_part:
                label.setIndent(INDENT_PX)
            figure = make_label("", "text", self)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            figure.setAccessibleName(name)
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(figure, row, 1)
            self._figures.append(figure)

    def show_usage(self, usage: Usage, *, missing: str | None = None) -> None:
        """Show a report; a figure that is absent is said to be `missing`."""
        missing = tr("not reported") if missing is None else missing
        for label, value in zip(self._figures, _values(usage), strict=True):
            text = missing if value is None else count_text(value)
            look = "faint" if value is None else "text"
            set_text(label, text)
            label.setAccessibleDescription(text)
            if label.property("look") != look:
                label.setProperty("look", look)
                label.style().unpolish(label)
                label.style().polish(label)


def _rows() -> Sequence[tuple[str, bool]]:
    return (
        (tr("Prompt"), False),
        (tr("of which cached"), True),
        (tr("Completion"), False),
        (tr("of which reasoning"), True),
        (tr("Total"), False),
    )


def _values(usage: Usage) -> tuple[int | None, ...]:
    return (
        usage.prompt_tokens,
        usage.cached_tokens,
        usage.completion_tokens,
        usage.reasoning_tokens,
        usage.total_tokens,
    )
