"""The Tools page: built-in tools on and off, and the functions of the person."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.function import OwnFunction
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.messages import explain
from desktop_chat.ui.preferences.form import PAGE_MARGIN_PX, Note, scrolling, tr
from desktop_chat.ui.preferences.function_form import NO_PARAMETERS, SAMPLE, FunctionForm
from desktop_chat.ui.preferences.questions import ask_to_remove, ask_to_save
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

LIST_PX = 170


class ToolsPage(QWidget):
    """What models may ask for.

    Args:
        settings: Which tools are off, and the person's functions.
        toolbox: Names and descriptions of the built-in tools.
        theme: Colours and fonts.
    """

    def __init__(self, settings: SettingsStore, toolbox: Toolbox, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._toolbox = toolbox
        self._theme = theme
        self._shown_name: str | None = None
        """Of the function in the form; empty for a new one, `None` if there is none."""
        self._question: QMessageBox | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self._build()
        self._connect()
        functions = settings.values.functions
        self._show_list()
        self._show(functions[0].name if functions else None)

    @property
    def is_dirty(self) -> bool:
        """True if something was typed and not saved."""
        return self._shown_name is not None and self.form.is_dirty

    def leave(self, then: Callable[[], None]) -> None:
        """Do something that drops what was typed; asks first if there is anything to lose."""
        if not self.is_dirty:
            then()
            return
        self._question = ask_to_save(
            self.window(),
            self.form.function.name or tr("New function"),
            may_save=not self.form.problem,
            on_save=lambda: then() if self.save() else None,
            on_discard=lambda: self._discard_and(then),
        )

    def save(self) -> bool:
        """Keep the function; the page says why if that cannot be."""
        function, problem = self.form.function, self.form.problem
        if problem:
            self._note.show_note(f"✗ {problem}", "bad")
            return False
        functions = list(self._settings.values.functions)
        at = next((at for at, f in enumerate(functions) if f.name == self._shown_name), None)
        if at is None:
            functions.append(function)
        else:
            functions[at] = function
        self._shown_name = function.name
        if self._take(tuple(functions)):
            self._show(function.name)
            self._note.show_note(tr("✓ Saved"), "ok")
            return True
        return False

    def discard(self) -> None:
        """Go back to what is kept."""
        names = self._names()
        kept = self._shown_name if self._shown_name in names else next(iter(names), None)
        self._show(kept)

    def begin_new(self, function: OwnFunction) -> None:
        """Put a new function into the form; it is kept once it is saved."""
        self._shown_name = ""
        self._show_list()
        self.form.show_function(function, taken=self._taken(""), kept=None)
        self._show_buttons()
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        contents = QWidget(self)
        inner = QVBoxLayout(contents)
        inner.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, 8)
        inner.setSpacing(6)
        inner.addWidget(self._group(tr("Built in")))
        for name in self._toolbox.names:
            box = QCheckBox(name, contents)
            box.setAccessibleDescription(self._toolbox.describe(name))
            box.clicked.connect(self._on_box_clicked)
            about = Note(contents)
            about.show_note(self._toolbox.describe(name))
            about.setContentsMargins(26, 0, 0, 6)
            inner.addWidget(box)
            inner.addWidget(about)
            self.boxes[name] = box
        inner.addSpacing(10)
        inner.addWidget(self._group(tr("Your functions")))
        intro = Note(contents)
        intro.show_note(tr("Offered to models like a tool. When a model calls one, you type or paste its result."))
        inner.addWidget(intro)
        inner.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self._build_list(contents))
        self.form = FunctionForm(self._theme, contents)
        row.addWidget(self.form, 1)
        # Keeps the buttons on the left while there is no form.
        row.addStretch(0)
        inner.addLayout(row, 1)
        self._note = Note(self)
        self.remove_button = button(tr("&Remove"), "danger", name=tr("Remove the function"))
        self.discard_button = button(tr("D&iscard"))
        self.save_button = button(tr("&Save"), "primary")
        foot = button_row(self.remove_button, self._note, None, self.discard_button, self.save_button)
        foot.setContentsMargins(PAGE_MARGIN_PX, 4, PAGE_MARGIN_PX, 16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(scrolling(contents, tr("Tools")), 1)
        layout.addLayout(foot)

    def _build_list(self, parent: QWidget) -> QVBoxLayout:
        self.list = QListWidget(parent)
        self.list.setProperty("look", "checks")
        self.list.setAccessibleName(tr("Your functions"))
        self.list.setFixedWidth(self._theme.px(LIST_PX))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(self._theme.px(90))
        self.add_button = button(tr("+ Add function"), "link", name=tr("Add function"))
        self.sample_button = button(tr("+ Sample: get_weather"), "link", name=tr("Add the sample get_weather"))
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.list, 1)
        column.addWidget(self.add_button)
        column.addWidget(self.sample_button)
        # Keeps them at the top while the list is empty and not shown.
        column.addStretch(0)
        return column

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(self._on_list_current_changed)
        self.list.itemChanged.connect(self._on_list_item_changed)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.sample_button.clicked.connect(self._on_sample_clicked)
        self.remove_button.clicked.connect(self._on_remove_clicked)
        self.discard_button.clicked.connect(self.discard)
        self.save_button.clicked.connect(self.save)
        self.form.edited.connect(self._on_form_edited)
        self._theme.changed.connect(self._on_theme_changed)
        Bridge(self._settings.changes, self).changed.connect(self._on_settings_changed)

    def _group(self, title: str) -> QLabel:
        label = QLabel(title, self)
        label.setProperty("look", "group")
        return label

    def _names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self._settings.values.functions)

    def _taken(self, name: str) -> frozenset[str]:
        return frozenset((*self._toolbox.names, *self._names())) - {name}

    def _show(self, name: str | None) -> None:
        self._shown_name = name
        self._show_list()
        function = next((f for f in self._settings.values.functions if f.name == name), None)
        if function is not None:
            self.form.show_function(function, taken=self._taken(function.name), kept=function)
        self._note.show_note("")
        self._show_buttons()

    def _show_list(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for function in self._settings.values.functions:
            item = QListWidgetItem(function.name, self.list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if function.is_on else Qt.CheckState.Unchecked)
            item.setToolTip(function.description)
            item.setSizeHint(QSize(0, self._theme.px(32)))
            if function.name == self._shown_name:
                self.list.setCurrentItem(item)
        if self._shown_name == "":
            item = QListWidgetItem(tr("New function"), self.list)
            item.setSizeHint(QSize(0, self._theme.px(32)))
            self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.list.setVisible(self.list.count() > 0)
        for name, box in self.boxes.items():
            box.setChecked(name not in self._settings.values.tools_off)

    def _show_buttons(self) -> None:
        has_one = self._shown_name is not None
        self.form.setVisible(has_one)
        self.remove_button.setVisible(has_one)
        self.save_button.setVisible(has_one)
        self.save_button.setEnabled(self.is_dirty)
        self.discard_button.setVisible(self.is_dirty)

    def _take(self, functions: tuple[OwnFunction, ...]) -> bool:
        try:
            self._settings.change(functions=functions)
        except SettingsError as error:
            self._note.show_note(f"✗ {explain(error).text}", "bad")
            return False
        return True

    def _discard_and(self, then: Callable[[], None]) -> None:
        self.discard()
        then()

    def _on_box_clicked(self) -> None:
        off = frozenset(name for name, box in self.boxes.items() if not box.isChecked())
        # Names this version does not know stay as they were.
        unknown = self._settings.values.tools_off - frozenset(self.boxes)
        self._settings.change(tools_off=off | unknown)

    def _on_list_current_changed(self) -> None:
        item = self.list.currentItem()
        if item is None or self.list.currentRow() >= len(self._names()):
            return
        name = item.text()
        if name == self._shown_name:
            return
        if self.is_dirty:
            self._show_list()
        self.leave(lambda: self._show(name))

    def _on_list_item_changed(self, item: QListWidgetItem) -> None:
        is_on = item.checkState() is Qt.CheckState.Checked
        functions = tuple(
            replace(f, is_on=is_on) if f.name == item.text() else f for f in self._settings.values.functions
        )
        typed = self.form.function if self.is_dirty else None
        if not self._take(functions):
            return
        kept = next((f for f in functions if f.name == self._shown_name), None)
        if kept is not None:
            self.form.show_function(
                replace(typed, is_on=kept.is_on) if typed else kept, taken=self._taken(kept.name), kept=kept
            )

    def _on_add_clicked(self) -> None:
        self.leave(lambda: self.begin_new(OwnFunction("", "", NO_PARAMETERS)))

    def _on_sample_clicked(self) -> None:
        self.leave(self._begin_sample)

    def _begin_sample(self) -> None:
        if SAMPLE.name in self._names():
            self._show(SAMPLE.name)
        else:
            self.begin_new(SAMPLE)

    def _on_remove_clicked(self) -> None:
        name = self._shown_name
        if not name:
            self.discard()
            return
        self._question = ask_to_remove(
            self.window(),
            tr("Remove the function “{name}”?").format(name=name),
            tr("Models are not told of it any more; conversations that used it stay as they are."),
            on_remove=lambda: self._remove(name),
        )

    def _remove(self, name: str) -> None:
        if self._take(tuple(f for f in self._settings.values.functions if f.name != name)):
            self._show(next(iter(self._names()), None))

    def _on_form_edited(self) -> None:
        self._note.show_note("")
        self._show_buttons()

    def _on_settings_changed(self) -> None:
        self._show_list()

    def _on_theme_changed(self) -> None:
        self.list.setFixedWidth(self._theme.px(LIST_PX))
        self._show_list()
