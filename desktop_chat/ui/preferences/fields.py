"""One control per kind of preference, made from what the settings schema says of it."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from desktop_chat.settings.schema import Spec
from desktop_chat.ui.preferences.form import indent_text


class Field(QWidget):
    """A control for one preference; `chosen` says what the person made of it."""

    chosen = Signal(object)
    control: QWidget
    """What takes the focus."""

    def show_value(self, value: Any) -> None:
        """Show the value that holds now, without announcing it."""
        raise NotImplementedError

    def _place(self, control: QWidget, *, grows: bool = False) -> None:
        self.control = control
        self.setFocusProxy(control)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(control, 1 if grows else 0)
        if not grows:
            row.addStretch(1)


class ChoiceField(Field):
    """One of a few values."""

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QComboBox(self)
        for choice in spec.choices:
            self._box.addItem(choice.title, choice.value)
        self._place(self._box)
        self._box.activated.connect(self._on_box_activated)

    def show_value(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))

    def _on_box_activated(self, at: int) -> None:
        self.chosen.emit(self._box.itemData(at))


class NumberField(Field):
    """A whole number within limits."""

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QSpinBox(self)
        self._box.setRange(spec.low if spec.low is not None else -(2**31), spec.high or 2**31 - 1)
        if spec.unit:
            self._box.setSuffix(f" {spec.unit}")
        # A wide range is stepped through in a reasonable time.
        self._box.setSingleStep(10 if self._box.maximum() - self._box.minimum() > 100 else 1)
        indent_text(self._box)
        self._place(self._box)
        self._box.valueChanged.connect(self._on_box_changed)

    def show_value(self, value: Any) -> None:
        self._box.blockSignals(True)
        self._box.setValue(value)
        self._box.blockSignals(False)

    def _on_box_changed(self, value: int) -> None:
        self.chosen.emit(value)


class SwitchField(Field):
    """Yes or no."""

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QCheckBox(spec.title, self)
        self._place(self._box)
        self._box.clicked.connect(self._on_box_clicked)

    def show_value(self, value: Any) -> None:
        self._box.setChecked(value)

    def _on_box_clicked(self, is_on: bool) -> None:
        self.chosen.emit(is_on)


class TextField(Field):
    """A line of text, taken when it is done."""

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QLineEdit(self)
        self._line.setPlaceholderText(str(spec.default or ""))
        self._place(self._line, grows=True)
        self._line.editingFinished.connect(self._on_line_editing_finished)

    def show_value(self, value: Any) -> None:
        self._line.setText(value or "")

    def _on_line_editing_finished(self) -> None:
        self.chosen.emit(self._line.text())


def field_for(spec: Spec, parent: QWidget | None = None) -> Field:
    """The control that fits a preference."""
    if spec.choices:
        return ChoiceField(spec, parent)
    if isinstance(spec.default, bool):
        return SwitchField(spec, parent)
    if isinstance(spec.default, int):
        return NumberField(spec, parent)
    return TextField(spec, parent)
