"""A page that draws itself from the settings schema; a change holds at once."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.domain.errors import SettingsError
from desktop_chat.settings.schema import SPECS, Page, Preferences
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.messages import explain
from desktop_chat.ui.preferences.fields import Field, SwitchField, field_for
from desktop_chat.ui.preferences.form import PAGE_MARGIN_PX, Note, add_row, make_form


class SchemaPage(QWidget):
    """All preferences of one page, in the order of the schema.

    Args:
        page: Which of them.
        settings: Where they are kept.
    """

    def __init__(self, page: Page, settings: SettingsStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.fields: dict[str, Field] = {}
        self.notes: dict[str, Note] = {}
        self._build(page)
        self._show(settings.values)
        Bridge(settings.changes, self).changed.connect(self._show)

    def _build(self, page: Page) -> None:
        form = make_form()
        for name, spec in SPECS.items():
            if spec.page is not page or not spec.is_drawn:
                continue
            field = field_for(spec, self)
            field.control.setAccessibleName(spec.title)
            field.control.setAccessibleDescription(spec.help)
            field.setToolTip(spec.help)
            note = Note(self)
            note.show_note(spec.help)
            title = "" if isinstance(field, SwitchField) else spec.title
            add_row(form, title, field, note, buddy=field.control)
            field.chosen.connect(self._taker(name))
            self.fields[name] = field
            self.notes[name] = note
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        layout.addLayout(form)
        layout.addStretch(1)

    def _taker(self, name: str) -> Any:
        def take(value: object) -> None:
            self._on_field_chosen(name, value)

        return take

    def _on_field_chosen(self, name: str, value: object) -> None:
        try:
            self._settings.change(**{name: value})
        except SettingsError as error:
            self.notes[name].show_note(f"✗ {explain(error).text}", "bad")
        else:
            self.notes[name].show_note(SPECS[name].help)

    def _show(self, values: Preferences) -> None:
        for name, field in self.fields.items():
            field.show_value(getattr(values, name))
