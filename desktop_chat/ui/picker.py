"""The popup that chooses endpoint and model: what is known at once, what is fresh as it comes."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QPushButton, QWidget

from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.ids import EndpointId
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.messages import explain
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.enter_button import press_focused
from desktop_chat.ui.widgets.field_popup import FieldPopup

if TYPE_CHECKING:
    from desktop_chat.core.endpoints import Endpoints
    from desktop_chat.core.session import Session

WIDTH_PX, MOST_ROWS = 380, 12
CHOICE_ROLE = Qt.ItemDataRole.UserRole + 1
TYPED_ROLE = Qt.ItemDataRole.UserRole + 2
"""True for a name that no endpoint lists."""


class Choice(NamedTuple):
    """An endpoint and one of its models."""

    endpoint_id: EndpointId
    model: str


class Picker(FieldPopup):
    """Lists endpoints with their models; what is typed filters, or is taken as a model's name.

    Args:
        session: Its endpoint and model are those in use, and are exchanged for the chosen ones.
        endpoints: What there is to choose from.
        theme: For fonts and measures.
        parent: Owns it.
        take: Is given the choice instead of the session.
    """

    endpoints_asked = Signal()
    closed = Signal()

    def __init__(
        self,
        session: "Session",
        endpoints: "Endpoints",
        theme: Theme,
        parent: QWidget,
        *,
        take: Callable[[EndpointId, str], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._take = take
        self._endpoints = endpoints
        self._theme = theme
        self._asking: set[EndpointId] = set()
        self._failed: dict[EndpointId, str] = {}
        self._model = QStandardItemModel(self)
        self._build()
        self._connect()
        self._fill()

    def open_below(self, widget: QWidget) -> None:
        """Show it below a widget and ask every endpoint for its models."""
        self.open_at(widget.mapToGlobal(QPoint(0, widget.height() + self._theme.px(4))))
        for endpoint in self._endpoints.all:
            self._asking.add(endpoint.id)
            spawn(self._ask(endpoint), owner=self)
        self._fill()

    async def _ask(self, endpoint: Endpoint) -> None:
        try:
            await self._endpoints.models(endpoint.id, fresh=True)
            self._failed.pop(endpoint.id, None)
        except ChatError as error:
            self._failed[endpoint.id] = explain(error).title
        self._asking.discard(endpoint.id)
        self._fill()

    def _build(self) -> None:
        self.setAccessibleName(self.tr("Endpoint and model"))
        self.field.setPlaceholderText(self.tr("Search, or type a model’s name"))
        self.field.setAccessibleName(self.tr("Search endpoints and models"))
        self._list = QListView(self)
        self._list.setProperty("look", "nav")
        self._list.setModel(self._model)
        self._list.setUniformItemSizes(False)
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.setAccessibleName(self.tr("Models"))
        self._manage = QPushButton(self.tr("Manage endpoints…"), self)
        self._manage.setProperty("look", "quiet")
        self._manage.setAccessibleName(self.tr("Manage endpoints"))
        self.arrange(self._list, self._manage, WIDTH_PX, self._theme.px)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._fill)
        self.entered.connect(self._on_entered)
        self._list.clicked.connect(self._choose)
        self._manage.clicked.connect(self._on_manage_clicked)

    def _fill(self) -> None:
        wanted = self._chosen(self._list.currentIndex()) or Choice(
            self._session.endpoint.id if self._session.endpoint else EndpointId(""), self._session.model
        )
        self._model.clear()
        for item in self._items(self.field.text().strip()):
            self._model.appendRow(item)
        if not self._model.rowCount():
            self._model.appendRow(self._note(self.tr("No endpoint yet")))
        self._point_at(wanted)
        row = self._list.sizeHintForRow(0)
        rows = min(MOST_ROWS, max(1, self._model.rowCount()))
        height = sum(max(row, self._list.sizeHintForRow(i)) for i in range(rows))
        self._list.setFixedHeight(height + 4)
        self.adjustSize()

    def _items(self, typed: str) -> Iterator[QStandardItem]:
        words = typed.lower().split()
        for endpoint in self._endpoints.all:
            models = self._models_of(endpoint)
            shown = [m for m in models if all(word in f"{m} {endpoint.name}".lower() for word in words)]
            note = self._note_of(endpoint, models)
            if not shown and not typed and not note:
                note = self.tr("Type the name of a model")
            if shown or note or typed:
                yield self._head(endpoint.name)
            for model in shown:
                yield self._entry(model, Choice(endpoint.id, model))
            if typed and typed not in models:
                as_typed = self._entry(self.tr("Use “{model}”").format(model=typed), Choice(endpoint.id, typed))
                as_typed.setData(True, TYPED_ROLE)
                yield as_typed
            if note:
                yield self._note(note)

    def _models_of(self, endpoint: Endpoint) -> list[str]:
        # First those in use, which the endpoint need not list.
        current = self._session.model if self._session.endpoint == endpoint else ""
        names = [current, endpoint.model, *self._endpoints.known_models(endpoint.id)]
        return list(dict.fromkeys(name for name in names if name))

    def _note_of(self, endpoint: Endpoint, models: list[str]) -> str:
        if endpoint.id in self._failed:
            return self._failed[endpoint.id]
        return self.tr("Asking for models…") if endpoint.id in self._asking and not models else ""

    def _entry(self, words: str, choice: Choice) -> QStandardItem:
        item = QStandardItem(words)
        item.setData(choice, CHOICE_ROLE)
        item.setToolTip(words)
        endpoint, model = self._session.endpoint, self._session.model
        if endpoint is not None and choice == Choice(endpoint.id, model):
            item.setFont(self._theme.font("bold"))
            item.setData(self.tr("{model}, in use").format(model=words), Qt.ItemDataRole.AccessibleTextRole)
        return item

    def _head(self, words: str) -> QStandardItem:
        item = QStandardItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(self._theme.font("group"))
        return item

    def _note(self, words: str) -> QStandardItem:
        item = QStandardItem(words)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(self._theme.font("small"))
        return item

    def _point_at(self, wanted: Choice) -> None:
        """Point at what was pointed at; else at what is listed under that name, else at any, else at the name."""
        typed = self.field.text().strip().lower()
        ranked: list[tuple[int, int]] = []
        for row in range(self._model.rowCount()):
            index = self._model.index(row, 0)
            choice = self._chosen(index)
            if choice is not None:
                is_typed = bool(index.data(TYPED_ROLE))
                is_named = choice.model.lower() == typed and not is_typed
                rank = 0 if is_named else 1 if choice == wanted else 3 if is_typed else 2
                ranked.append((rank, row))
        if ranked:
            self._list.setCurrentIndex(self._model.index(min(ranked)[1], 0))

    def _chosen(self, index: QModelIndex) -> Choice | None:
        choice = index.data(CHOICE_ROLE) if index.isValid() else None
        return Choice(*choice) if isinstance(choice, tuple | list) else None

    def _choose(self, index: QModelIndex) -> None:
        choice = self._chosen(index)
        if choice is not None:
            self.close()
            if self._take is not None:
                self._take(choice.endpoint_id, choice.model)
            else:
                self._session.edit_settings(endpoint_id=choice.endpoint_id, model=choice.model)

    def _on_entered(self) -> None:
        self._choose(self._list.currentIndex())

    def _on_manage_clicked(self) -> None:
        self.close()
        self.endpoints_asked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_focused(self, event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
