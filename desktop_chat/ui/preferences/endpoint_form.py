"""The fields of one endpoint, checked while they are typed."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDoubleSpinBox,
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, ENVIRONMENT_ENDPOINT_ID, Endpoint
from desktop_chat.domain.errors import SettingsError
from desktop_chat.settings.values import check_endpoint
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.preferences.addresses import Hint, hint_for, request_url
from desktop_chat.ui.preferences.form import Note, add_row, indent_text, make_form, tr
from desktop_chat.ui.preferences.key_field import KeyField
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button

LONGEST_S = 86_400


class SecondsBox(QDoubleSpinBox):
    """A span in seconds, written without needless zeros; 0 may stand for "unlimited"."""

    def __init__(self, name: str, *, may_be_unlimited: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(1)
        self.setRange(0 if may_be_unlimited else 0.1, LONGEST_S)
        self.setSingleStep(5)
        self.setSuffix(" " + tr("s"))
        self.setAccessibleName(name)
        indent_text(self)
        if may_be_unlimited:
            self.setSpecialValueText(tr("unlimited"))
            self.ensurePolished()
            self.setMinimumWidth(self.fontMetrics().horizontalAdvance(tr("unlimited")) + 52)

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"

    def valueFromText(self, text: str) -> float:
        number = text.removesuffix(self.suffix()).strip().replace(",", ".")
        try:
            return float(number)
        except ValueError:
            return super().valueFromText(text)


class EndpointForm(QWidget):
    """Name, address, key, model and limits of one endpoint."""

    edited = Signal()
    """Something in it is another now."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stored: Endpoint | None = None
        self._is_new = False
        self._better = ""
        self._build()
        self._connect()

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint as it is typed now."""
        assert self._stored is not None
        is_demo = self._stored.id == DEMO_ENDPOINT_ID
        base_url = self._stored.base_url if is_demo else self.base_url.text().strip().rstrip("/")
        # An address that changed is another server: what the old one rejected says nothing of it.
        same = base_url == self._stored.base_url
        return replace(
            self._stored,
            name=self.name.text().strip(),
            base_url=base_url,
            model=self.model.currentText().strip(),
            connect_s=self.connect_s.value(),
            first_token_s=self.first_token_s.value() or None,
            between_tokens_s=self.between_tokens_s.value(),
            sends_stream_options=self._stored.sends_stream_options if same else True,
        )

    @property
    def is_dirty(self) -> bool:
        """True if something differs from what is kept."""
        if self._stored is None:
            return False
        return self.endpoint != self._stored or self.key.typed_key is not None

    @property
    def problem(self) -> str:
        """Why this cannot be saved; empty if it can."""
        if self._stored is None:
            return ""
        if not self.name.text().strip():
            return tr("Give it a name.")
        try:
            check_endpoint(self.endpoint)
        except SettingsError as error:
            return str(error)[:1].upper() + str(error)[1:] + "."
        return ""

    def show_endpoint(self, endpoint: Endpoint, *, is_new: bool) -> None:
        """Show an endpoint; whatever was typed is dropped."""
        self._stored, self._is_new = endpoint, is_new
        is_demo = endpoint.id == DEMO_ENDPOINT_ID
        self.blockSignals(True)
        self.name.setText(endpoint.name)
        self.base_url.setText(tr("built in, offline") if is_demo else endpoint.base_url)
        self.base_url.setReadOnly(endpoint.id in (DEMO_ENDPOINT_ID, ENVIRONMENT_ENDPOINT_ID))
        self.show_models(())
        self.model.setCurrentText(endpoint.model)
        self.connect_s.setValue(endpoint.connect_s)
        self.first_token_s.setValue(endpoint.first_token_s or 0)
        self.between_tokens_s.setValue(endpoint.between_tokens_s)
        self.key.show_unknown()
        self.form.setRowVisible(self._key_holder, not is_demo)
        for line in (self.name, self.base_url):
            line.setCursorPosition(0)
        self.blockSignals(False)
        self.show_remarks()

    def show_models(self, models: tuple[str, ...]) -> None:
        """Offer these models; what is typed stays."""
        typed = self.model.currentText()
        self.model.blockSignals(True)
        self.model.clear()
        self.model.addItems(list(models))
        self.model.setCurrentText(typed)
        self.model.blockSignals(False)
        count = len(models)
        listed = tr("1 model listed") if count == 1 else tr("{count} models listed").format(count=count_text(count))
        self.model_note.show_note(f"{listed}; {tr('any other name may be typed.')}" if models else "")

    def show_remarks(self) -> None:
        """Say below the fields what can be said of them now."""
        if self._stored is None:
            return
        if self._stored.id == DEMO_ENDPOINT_ID:
            self.address_note.show_note(tr("Answers are scripted and come from this computer."))
            self.follow_button.hide()
            return
        text = self.base_url.text().strip()
        hint = hint_for(text, has_key=self.key.has_key)
        url = request_url(text)
        lines = [tr("Questions go to {url}").format(url=url)] if url else []
        if hint is not None:
            lines.append(hint.text)
        is_wrong = bool(text) and not url
        if is_wrong and hint is None:
            lines.append(tr("Begin with http:// or https:// and name a server."))
        if self._key_is_left_behind():
            lines.append(tr("The key belongs to the old address and is not sent to this one: type it anew."))
        self.address_note.show_note("\n".join(lines), "bad" if is_wrong else "small")
        self._show_follow(hint)

    def _build(self) -> None:
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(tr("As you call it"))
        self.base_url = QLineEdit(self)
        self.base_url.setFont(self._theme.font("code"))
        self.base_url.setPlaceholderText(tr("https://api.example.org/v1"))
        self.base_url.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.address_note = Note(self)
        self.follow_button = button("", "link")
        self.follow_button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.follow_button.hide()
        self.key = KeyField(self)
        self.model = QComboBox(self)
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.model.setMinimumContentsLength(12)
        self.model.setMaxVisibleItems(14)
        self.model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        completer = self.model.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        line = self.model.lineEdit()
        if line is not None:
            line.setPlaceholderText(tr("Chosen in the conversation"))
            line.setAccessibleName(tr("Default model"))
        self.model_note = Note(self)
        self.form = make_form()
        add_row(self.form, tr("&Name"), self.name)
        add_row(self.form, tr("Base &URL"), self.base_url, self.address_note, self.follow_button)
        self._key_label = add_row(self.form, tr("API &key"), self.key, buddy=self.key.line)
        self._key_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._key_label.setContentsMargins(0, 7, 0, 0)
        self._key_holder = self.key
        add_row(self.form, tr("Default &model"), self.model, self.model_note)
        add_row(self.form, tr("Timeouts"), self._build_timeouts(), buddy=self.connect_s)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self.form)

    def _build_timeouts(self) -> QWidget:
        holder = QWidget(self)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        self.connect_s = SecondsBox(tr("Time limit for connecting"), may_be_unlimited=False, parent=holder)
        self.first_token_s = SecondsBox(tr("Time limit for the first token"), may_be_unlimited=True, parent=holder)
        self.between_tokens_s = SecondsBox(tr("Time limit between tokens"), may_be_unlimited=False, parent=holder)
        boxes = (
            (tr("Connect"), self.connect_s),
            (tr("First token"), self.first_token_s),
            (tr("Between tokens"), self.between_tokens_s),
        )
        for column, (title, box) in enumerate(boxes):
            label = Note(holder)
            label.show_note(title)
            label.setBuddy(box)
            # As wide as there is room, so that three of them fit into a narrow dialog.
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(box, 0, column)
            grid.addWidget(label, 1, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        return holder

    def _connect(self) -> None:
        fields: tuple[Any, ...] = (self.name.textChanged, self.base_url.textChanged, self.model.editTextChanged)
        for signal in (*fields, self.key.edited):
            signal.connect(self._on_field_edited)
        for box in (self.connect_s, self.first_token_s, self.between_tokens_s):
            box.valueChanged.connect(self._on_field_edited)
        self.follow_button.clicked.connect(self._on_follow_clicked)
        self._theme.changed.connect(self._on_theme_changed)

    def _key_is_left_behind(self) -> bool:
        stored = self._stored
        if stored is None or self._is_new or self.key.typed_key is not None or not self.key.has_key:
            return False
        return stored.origin_or_empty != self.endpoint.origin_or_empty

    def _show_follow(self, hint: Hint | None) -> None:
        self._better = hint.better if hint is not None and not self.base_url.isReadOnly() else ""
        self.follow_button.setVisible(bool(self._better))
        self.follow_button.setText(tr("Use {url}").format(url=self._better))

    def _on_field_edited(self) -> None:
        if not self.signalsBlocked():
            self.show_remarks()
            self.edited.emit()

    def _on_follow_clicked(self) -> None:
        self.base_url.setText(self._better)
        self.base_url.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_theme_changed(self) -> None:
        self.base_url.setFont(self._theme.font("code"))
