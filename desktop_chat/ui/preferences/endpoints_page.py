"""The Endpoints page: the list on the left, the chosen endpoint on the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QMessageBox, QVBoxLayout, QWidget

from desktop_chat.core.endpoint_check import CheckStep
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.keys import KeyState
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.ids import EndpointId, new_endpoint_id
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.messages import explain
from desktop_chat.ui.preferences.check_results import CheckResults
from desktop_chat.ui.preferences.endpoint_form import EndpointForm
from desktop_chat.ui.preferences.endpoint_list import EndpointRow
from desktop_chat.ui.preferences.endpoint_pane import EndpointPane
from desktop_chat.ui.preferences.endpoint_work import EndpointWork
from desktop_chat.ui.preferences.form import PAGE_MARGIN_PX, Note, scrolling, tr
from desktop_chat.ui.preferences.questions import ask_to_remove, ask_to_save
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row


class EndpointsPage(QWidget):
    """Add, edit, remove, put in order and check endpoints.

    Args:
        endpoints: Those of the person.
        theme: Colours and fonts.
    """

    def __init__(self, endpoints: Endpoints, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endpoints = endpoints
        self._theme = theme
        self.work = EndpointWork(endpoints, self)
        self._shown_id: EndpointId | None = None
        self._new: Endpoint | None = None
        self._works: dict[EndpointId, bool] = {}
        self._after_save: Callable[[], None] | None = None
        self._question: QMessageBox | None = None
        self._follows_check = False
        self._build()
        self._connect()
        self._show_rows()
        first = endpoints.default
        self._show(first.id if first is not None else None)

    @property
    def is_dirty(self) -> bool:
        """True if something was typed and not saved."""
        return self._shown_id is not None and (self.form.is_dirty or self._new is not None)

    def leave(self, then: Callable[[], None]) -> None:
        """Do something that drops what was typed; asks first if there is anything to lose."""
        if not self.is_dirty or (self._new is not None and not self.form.is_dirty):
            self._drop_new()
            then()
            return
        self._after_save = then
        self._question = ask_to_save(
            self.window(),
            self.form.name.text().strip() or tr("New endpoint"),
            may_save=not self.form.problem,
            on_save=self.save,
            on_discard=self._discard_and_go,
        )

    def choose(self, endpoint_id: EndpointId) -> None:
        """Show an endpoint, unless it is gone."""
        if endpoint_id != self._shown_id and self._endpoints.get(endpoint_id) is not None:
            self.leave(lambda: self._show(endpoint_id))

    def add(self) -> None:
        """Begin a new endpoint."""
        self.leave(self._begin_new)

    def save(self) -> None:
        """Keep what is typed; the page says where it cannot be used."""
        problem = self.form.problem
        if problem:
            self._note.show_note(f"✗ {problem}", "bad")
            self._after_save = None
            return
        self._note.show_note(tr("Saving …"))
        self._show_buttons(is_saving=True)
        self.work.save(self.form.endpoint, self.form.key.typed_key)

    def discard(self) -> None:
        """Go back to what is kept."""
        kept = self._shown_id
        self._drop_new()
        self._show(kept if kept is not None and self._endpoints.get(kept) is not None else self._first_id())

    def check(self) -> None:
        """Try the endpoint out as it is typed now."""
        if self._shown_id is not None:
            self._follows_check = True
            self.results.begin()
            self._show_buttons(is_checking=True)
            self.work.check(self.form.endpoint, self.form.key.typed_key)

    def stop(self) -> None:
        """The page is left: nothing more needs to be found out."""
        self.work.stop_check()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _build(self) -> None:
        line = QFrame(self)
        line.setProperty("look", "rule")
        line.setFixedWidth(1)
        self.pane = EndpointPane(self._theme, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.pane)
        row.addWidget(line)
        row.addLayout(self._build_editor(), 1)

    def _build_editor(self) -> QVBoxLayout:
        self.form = EndpointForm(self._theme, self)
        self.default_box = QCheckBox(tr("Use it for new conversations"), self)
        self.default_box.setToolTip(tr("Answers where a conversation names no endpoint of its own."))
        self.results = CheckResults(self)
        self._note = Note(self)
        self._empty = QLabel(tr("Add an endpoint to begin: any server that speaks the OpenAI protocol."), self)
        self._empty.setWordWrap(True)
        self._empty.setProperty("look", "secondary")
        contents = QWidget(self)
        inner = QVBoxLayout(contents)
        inner.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, 8)
        inner.setSpacing(12)
        for widget in (self._empty, self.form, self.default_box, self.results):
            inner.addWidget(widget)
        inner.addStretch(1)
        self.check_button = button(tr("&Check endpoint"))
        self.discard_button = button(tr("&Discard"))
        self.save_button = button(tr("&Save"), "primary")
        foot = button_row(None, self.discard_button, self.check_button, self.save_button)
        foot.setContentsMargins(PAGE_MARGIN_PX, 4, PAGE_MARGIN_PX, 16)
        note_row = QHBoxLayout()
        note_row.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        note_row.addWidget(self._note)
        right = QVBoxLayout()
        right.setSpacing(4)
        self._area = scrolling(contents, tr("Endpoint"))
        self._area.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        right.addWidget(self._area, 1)
        right.addLayout(note_row)
        right.addLayout(foot)
        return right

    def _connect(self) -> None:
        self.pane.chosen.connect(self._on_pane_chosen)
        self.pane.move_asked.connect(self._on_move_asked)
        self.pane.remove_asked.connect(self._on_remove_asked)
        self.pane.add_asked.connect(self.add)
        self.form.edited.connect(self._on_form_edited)
        self.default_box.clicked.connect(self._on_default_clicked)
        self.check_button.clicked.connect(self.check)
        self.discard_button.clicked.connect(self.discard)
        self.save_button.clicked.connect(self.save)
        work = self.work
        work.step_came.connect(self._on_step_came)
        work.check_ended.connect(self._on_check_ended)
        work.saved.connect(self._on_saved)
        work.save_failed.connect(self._on_save_failed)
        work.removed.connect(self._on_removed)
        work.remove_failed.connect(self._on_remove_failed)
        work.key_state_came.connect(self._on_key_state_came)
        work.models_came.connect(self._on_models_came)
        work.models_failed.connect(self._on_models_failed)
        Bridge(self._endpoints.changes, self).changed.connect(self._on_endpoints_changed)

    def _show(self, endpoint_id: EndpointId | None) -> None:
        self.work.stop_check()
        self._follows_check = False
        self.results.clear()
        self._note.show_note("")
        endpoint = self._find(endpoint_id)
        self._shown_id = endpoint.id if endpoint is not None else None
        for widget in (self.form, self.check_button):
            widget.setVisible(endpoint is not None)
        self._empty.setVisible(endpoint is None)
        if endpoint is not None:
            is_new = endpoint is self._new
            self.form.show_endpoint(endpoint, is_new=is_new)
            if not is_new:
                self.form.show_models(self._endpoints.known_models(endpoint.id))
            self._ask()
        self._select()
        self._show_default()
        self._show_buttons()

    def _ask(self) -> None:
        # Only for what is looked at: asking a keyring may prompt, asking a server goes out.
        if self._shown_id is not None and self.isVisible():
            self.work.ask_key_state(self._shown_id)
            if self._new is None:
                self.work.ask_models(self._shown_id)

    def _show_rows(self) -> None:
        default = self._endpoints.default
        rows = [
            EndpointRow(e, self._works.get(e.id), default is not None and e.id == default.id)
            for e in self._endpoints.all
        ]
        if self._new is not None:
            rows.append(EndpointRow(self._new, None, is_new=True))
        self.pane.show_rows(rows, self._shown_id)

    def _select(self) -> None:
        self.pane.mark(self._shown_id)

    def _show_buttons(self, *, is_saving: bool = False, is_checking: bool = False) -> None:
        has_one = self._shown_id is not None
        self.save_button.setVisible(has_one)
        self.save_button.setEnabled(self.is_dirty and not is_saving)
        self.discard_button.setVisible(self.is_dirty)
        self.check_button.setEnabled(has_one and not is_checking and not is_saving)
        self.pane.enable(may_move=has_one and self._new is None, may_remove=has_one)

    def _show_default(self) -> None:
        default = self._endpoints.default
        is_default = default is not None and default.id == self._shown_id
        self.default_box.setChecked(is_default)
        # One endpoint always is the default: it is changed by choosing another.
        self.default_box.setEnabled(not is_default)
        # Which one answers is a question only for those that are kept.
        self.default_box.setVisible(self._shown_id is not None and self._new is None)

    def _find(self, endpoint_id: EndpointId | None) -> Endpoint | None:
        if self._new is not None and endpoint_id == self._new.id:
            return self._new
        return self._endpoints.get(endpoint_id) if endpoint_id is not None else None

    def _first_id(self) -> EndpointId | None:
        first = self._endpoints.default
        return first.id if first is not None else None

    def _begin_new(self) -> None:
        self._new = Endpoint(new_endpoint_id(), "", "")
        self._show_rows()
        self._show(self._new.id)
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_new(self) -> None:
        if self._new is not None:
            if self._shown_id == self._new.id:
                self._shown_id = None
            self._new = None
            self._show_rows()

    def _discard_and_go(self) -> None:
        then, self._after_save = self._after_save, None
        self.discard()
        if then is not None:
            then()

    def _on_pane_chosen(self, chosen: EndpointId) -> None:
        if chosen == self._shown_id:
            return
        if self.is_dirty:
            # The list shows what the form shows, until it is settled what becomes of the changes.
            self._select_later()
        self.leave(lambda: self._show(chosen))

    def _select_later(self) -> None:
        QTimer.singleShot(0, self, self._select)

    def _on_form_edited(self) -> None:
        self._follows_check = False
        self._note.show_note("")
        self._show_buttons()

    def _on_default_clicked(self) -> None:
        if self._shown_id is not None:
            self._endpoints.set_default(self._shown_id)

    def _on_move_asked(self, step: int) -> None:
        at = next((at for at, e in enumerate(self._endpoints.all) if e.id == self._shown_id), -1)
        if self._shown_id is not None and at >= 0 and 0 <= at + step < len(self._endpoints.all):
            self._endpoints.move(self._shown_id, at + step)
            self._show_rows()
            self._show_buttons()

    def _on_remove_asked(self) -> None:
        shown_id = self._shown_id
        if shown_id is None:
            return
        if self._new is not None:
            self.discard()
            return
        endpoint = self._endpoints.get(shown_id)
        if endpoint is None:
            return
        consequence = [tr("Its key will be deleted.")] if self.form.key.has_key else []
        consequence.append(self._what_becomes_of(endpoint))
        self._question = ask_to_remove(
            self.window(),
            tr("Remove the endpoint “{name}”?").format(name=endpoint.name),
            " ".join(consequence),
            on_remove=lambda: self.work.remove(shown_id),
        )

    def _what_becomes_of(self, endpoint: Endpoint) -> str:
        default, others = self._endpoints.default, [one for one in self._endpoints.all if one.id != endpoint.id]
        if default is None or default.id != endpoint.id:
            return tr("Conversations that use it stay readable; to go on, choose another endpoint there.")
        if not others:
            return tr("Conversations stay readable; nothing can be sent until another endpoint is set up.")
        return tr("Conversations without an endpoint of their own go on with “{name}”.").format(name=others[0].name)

    def _on_step_came(self, step: CheckStep) -> None:
        self.results.add(step)

    def _on_range_changed(self, _low: int, high: int) -> None:
        # Rows of a check come below the form: keep them in sight while they come.
        if self._follows_check:
            self._area.verticalScrollBar().setValue(high)

    def _on_check_ended(self) -> None:
        self.results.end()
        if self._shown_id is not None:
            self._works[self._shown_id] = self.results.is_good
            self._show_rows()
        self._show_buttons()
        if any(step.ok for step in self.results.steps if step.title_code == "models") and not self.is_dirty:
            assert self._shown_id is not None
            self.work.ask_models(self._shown_id)

    def _on_saved(self, endpoint: Endpoint) -> None:
        self._new = None
        self._shown_id = endpoint.id
        results = self.results.steps
        self._show_rows()
        self._show(endpoint.id)
        if results and self._after_save is None:
            self.results.begin()
            for step in results:
                self.results.add(step)
            self.results.end()
        self._note.show_note(tr("✓ Saved"), "ok")
        then, self._after_save = self._after_save, None
        if then is not None:
            then()

    def _on_save_failed(self, error: ChatError) -> None:
        self._after_save = None
        words = explain(error)
        self._note.show_note(f"✗ {words.title}: {words.text}", "bad")
        self._show_buttons()

    def _on_removed(self) -> None:
        self._show(self._first_id())
        self._show_rows()

    def _on_remove_failed(self, error: ChatError) -> None:
        self._on_removed()
        words = explain(error)
        text = tr("✗ The endpoint is removed, but its key is still in the keyring. {why}")
        self._note.show_note(text.format(why=words.text), "bad")

    def _on_key_state_came(self, endpoint_id: EndpointId, state: KeyState) -> None:
        if endpoint_id == self._shown_id and self.form.key.typed_key is None:
            self.form.key.show_state(state)
            self.form.show_remarks()
            self._show_buttons()

    def _on_models_came(self, endpoint_id: EndpointId, models: tuple[str, ...]) -> None:
        self._works.setdefault(endpoint_id, True)
        if endpoint_id == self._shown_id:
            self.form.show_models(models)
        self._show_rows()

    def _on_models_failed(self, endpoint_id: EndpointId, error: ChatError) -> None:
        if endpoint_id == self._shown_id:
            words = explain(error)
            self.form.model_note.show_note(tr("No list of models: {why}").format(why=words.title))

    def _on_endpoints_changed(self) -> None:
        self._show_rows()
        self._show_default()
        if self._shown_id is None and self._endpoints.all:
            self._show(self._first_id())
