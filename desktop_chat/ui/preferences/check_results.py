"""The rows of an endpoint check, one for each step as it is done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from desktop_chat.core.endpoint_check import CheckStep
from desktop_chat.ui.messages import explain
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.preferences.form import tr

STEPS = ("key", "models", "stream")


class CheckResults(QFrame):
    """A card with a row per step: sign, what was found, and how long it took."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setAccessibleName(tr("Result of the check"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 10, 14, 10)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.steps: list[CheckStep] = []
        self._running: QLabel | None = None
        self.hide()

    @property
    def is_good(self) -> bool:
        """True if a token was streamed: that is what counts."""
        return any(step.ok for step in self.steps if step.title_code == "stream")

    @property
    def texts(self) -> list[str]:
        """What stands in the rows."""
        found = []
        for row in range(self._grid.rowCount()):
            items = [self._grid.itemAtPosition(row, column) for column in range(3)]
            labels = [item.widget() for item in items if item is not None]
            found.append(" ".join(label.text() for label in labels if isinstance(label, QLabel) and label.text()))
        return [text for text in found if text]

    def begin(self) -> None:
        """Clear the rows: a check begins."""
        self.clear()
        self.show()
        self._announce()

    def clear(self) -> None:
        """Show nothing."""
        self.steps = []
        self._running = None
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.hide()

    def add(self, step: CheckStep) -> None:
        """Show what a step found, and that the next one runs."""
        self.end()
        row = len(self.steps)
        self.steps.append(step)
        self._label(row, 0, "✓" if step.ok else "✗", "ok" if step.ok else "bad")
        words = _good_text(step) if step.ok else _bad_text(step)
        title = self._label(row, 1, words, "text")
        title.setWordWrap(True)
        title.setToolTip(step.detail)
        state = tr("passed") if step.ok else tr("failed")
        title.setAccessibleName(f"{state}: {words}")
        self._label(row, 2, tr("{ms} ms").format(ms=step.ms), "small")
        if len(self.steps) < len(STEPS) and (step.ok or step.title_code != "key"):
            self._announce()

    def end(self) -> None:
        """Nothing more comes."""
        if self._running is not None:
            self._grid.removeWidget(self._running)
            self._running.hide()
            self._running.deleteLater()
            self._running = None

    def _announce(self) -> None:
        self._running = self._label(len(self.steps), 1, tr("Checking …"), "secondary")

    def _label(self, row: int, column: int, text: str, look: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("look", look)
        # Signs and times stand beside the first line of their words, times as a column of figures.
        places = (
            Qt.AlignmentFlag.AlignTop,
            Qt.AlignmentFlag(0),
            Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight,
        )
        self._grid.addWidget(label, row, column, places[column])
        label.show()
        return label


def _good_text(step: CheckStep) -> str:
    match step.title_code:
        case "key":
            return tr("Key found") if step.detail == "kept" else tr("No key needed so far")
        case "models":
            count = int(step.detail) if step.detail.isdigit() else 0
            return tr("1 model listed") if count == 1 else tr("{count} models listed").format(count=count_text(count))
        case _:
            return tr("{model} streams").format(model=step.detail)


def _bad_text(step: CheckStep) -> str:
    what = {"key": tr("Key"), "models": tr("List of models"), "stream": tr("Streaming")}
    why = explain(step.error).text if step.error is not None else step.detail
    return f"{what.get(step.title_code, step.title_code)}: {why}"
