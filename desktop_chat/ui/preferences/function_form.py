"""The fields of one function of the person's own: name, description, JSON schema."""

import json
from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.function import OwnFunction
from desktop_chat.settings.values import check_function
from desktop_chat.ui.preferences.form import Note, add_row, make_form, tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

SCHEMA_LINES = 10
NO_PARAMETERS = '{\n  "type": "object",\n  "properties": {}\n}'
SAMPLE = OwnFunction(
    "get_weather",
    "Get the weather at a place.",
    json.dumps(
        {
            "type": "object",
            "properties": {
                "location": {"type": "string", "description": "City and country, e.g. Berlin, Germany"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["location"],
        },
        indent=2,
    ),
)
"""The example of the OpenAI documentation, to try a model with."""


class FunctionForm(QWidget):
    """Edits one function; says at once what a model's API would not take."""

    edited = Signal()
    """Something in it is another now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stored = OwnFunction("", "", NO_PARAMETERS)
        self._taken: Collection[str] = ()
        self._build()
        self._connect()

    @property
    def function(self) -> OwnFunction:
        """The function as it is typed now."""
        return replace(
            self._stored,
            name=self.name.text().strip(),
            description=self.description.text().strip(),
            parameters_json=self.parameters.toPlainText(),
        )

    @property
    def is_dirty(self) -> bool:
        """True if something differs from what is kept."""
        return self.function != self._stored

    @property
    def problem(self) -> str:
        """Why this cannot be saved; empty if it can."""
        return self._name_problem() or self._schema_problem()

    def show_function(self, function: OwnFunction, *, taken: Collection[str], kept: OwnFunction | None) -> None:
        """Show a function.

        Args:
            function: What stands in the fields.
            taken: Names of other functions and tools.
            kept: What is kept of it; `None` for a new one.
        """
        self._stored = kept or OwnFunction("", "", "")
        self._taken = taken
        self.blockSignals(True)
        self.name.setText(function.name)
        self.description.setText(function.description)
        self.parameters.setPlainText(function.parameters_json)
        for line in (self.name, self.description):
            line.setCursorPosition(0)
        self.blockSignals(False)
        self.show_remarks()

    def show_remarks(self) -> None:
        """Say below the fields what cannot be used."""
        for note, problem in ((self.name_note, self._name_problem()), (self.schema_note, self._schema_problem())):
            is_begun = bool(self.name.text() or self.description.text())
            note.show_note(f"✗ {problem}" if problem and is_begun else "", "bad")
        if not self._schema_problem():
            self.schema_note.show_note(tr("✓ A JSON schema of type object"), "ok")

    def _build(self) -> None:
        self.name = QLineEdit(self)
        self.name.setFont(self._theme.font("code"))
        self.name.setPlaceholderText(tr("get_weather"))
        self.name_note = Note(self)
        self.description = QLineEdit(self)
        self.description.setPlaceholderText(tr("What it does, in the words the model reads"))
        self.parameters = QPlainTextEdit(self)
        self.parameters.setTabChangesFocus(True)
        self.parameters.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.schema_note = Note(self)
        self.tidy_button = button(tr("Tidy up"), "link", name=tr("Tidy up the JSON schema"))
        form = make_form()
        add_row(form, tr("&Name"), self.name, self.name_note)
        add_row(form, tr("&Description"), self.description)
        below = QWidget(self)
        below.setLayout(button_row(self.schema_note, None, self.tidy_button))
        below_layout = below.layout()
        if below_layout is not None:
            below_layout.setContentsMargins(0, 0, 0, 0)
        add_row(form, tr("&Parameters"), self.parameters, below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        self._fit()

    def _connect(self) -> None:
        for signal in (self.name.textChanged, self.description.textChanged, self.parameters.textChanged):
            signal.connect(self._on_field_edited)
        self.tidy_button.clicked.connect(self._on_tidy_clicked)
        self._theme.changed.connect(self._fit)

    def _fit(self) -> None:
        self.parameters.setFont(self._theme.font("code"))
        self.name.setFont(self._theme.font("code"))
        line_px = QFontMetricsF(self._theme.font("code")).lineSpacing()
        self.parameters.setMinimumHeight(round(line_px * SCHEMA_LINES) + self._theme.px(20))

    def _name_problem(self) -> str:
        name = self.name.text().strip()
        if not name:
            return tr("Give it a name.")
        try:
            check_function(OwnFunction(name, "", NO_PARAMETERS))
        except SettingsError:
            return tr("Up to 64 letters, digits, _ or -, without spaces.")
        if name in self._taken:
            return tr("Another tool has this name.")
        return ""

    def _schema_problem(self) -> str:
        text = self.parameters.toPlainText()
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            if not text.strip():
                return tr("A JSON schema is missing.")
            place = tr("Line {line}, column {column}: {what}")
            return place.format(line=error.lineno, column=error.colno, what=error.msg)
        except (ValueError, RecursionError):
            return tr("This is not JSON.")
        try:
            check_function(OwnFunction("name", "", text))
        except SettingsError as error:
            return str(error)[:1].upper() + str(error)[1:] + "."
        return ""

    def _on_field_edited(self) -> None:
        if not self.signalsBlocked():
            self.show_remarks()
            self.edited.emit()

    def _on_tidy_clicked(self) -> None:
        try:
            tidy = json.dumps(json.loads(self.parameters.toPlainText()), indent=2, ensure_ascii=False)
        except (ValueError, RecursionError):
            return
        cursor = QTextCursor(self.parameters.document())
        # Through a cursor, so that undo takes it back.
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(tidy)
