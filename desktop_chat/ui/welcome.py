"""The welcome page: where answers can come from, for somebody who has set up nothing yet."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_chat.core.ports import FoundServer
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import pixmap
from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

if TYPE_CHECKING:
    from desktop_chat.core.endpoints import Endpoints

COLUMN_PX = 520
SEARCH_AGAIN_MS = 10_000
FOUND, ENVIRONMENT, ADD, DEMO = "found", "environment", "add", "demo"


class Offer(NamedTuple):
    """One way to get answers, as a card shows it."""

    kind: str
    """`found`, `environment`, `add` or `demo`."""
    payload: object
    """The `FoundServer`, the `Endpoint` of the environment, else `None`."""
    title: str
    text: str
    button: str
    icon: str
    color: str


class WelcomePage(QScrollArea):
    """Offers endpoints. Looks for servers on this computer while it is shown, and only then."""

    picked = Signal(str, object)
    """Kind and payload of an `Offer`."""

    def __init__(self, endpoints: "Endpoints", theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._endpoints = endpoints
        self._theme = theme
        self._found: tuple[FoundServer, ...] = ()
        self._is_searching = False
        self._task: asyncio.Task[None] | None = None
        self._cards: list[Card] = []
        self._build()
        self._again = QTimer(self)
        self._again.setInterval(SEARCH_AGAIN_MS)
        self._again.timeout.connect(self._search)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()

    def focus_first(self) -> None:
        """Give the keyboard to the first card."""
        if self._cards:
            self._cards[0].button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Start a conversation"))
        page = QWidget(self)
        page.setProperty("look", "window")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QWidget(page)
        heading = QLabel(self.tr("Start a conversation"), self._column)
        heading.setProperty("look", "heading")
        hint = QLabel(self.tr("Pick where answers come from. You can add more later."), self._column)
        hint.setProperty("look", "secondary")
        for label in (heading, hint):
            label.setWordWrap(True)
        self._state = QLabel(self._column)
        self._state.setProperty("look", "small")
        self._state.setWordWrap(True)
        self._stack = QVBoxLayout(self._column)
        self._stack.addWidget(heading)
        self._stack.addWidget(hint)
        self._places = QVBoxLayout()
        self._stack.addLayout(self._places)
        self._stack.addWidget(self._state)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._column, 1000)
        across.addStretch(1)
        down = QVBoxLayout(page)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)
        self.setWidget(page)

    def _follow_theme(self) -> None:
        px = self._theme.px
        self._column.setMaximumWidth(px(COLUMN_PX))
        self._stack.setSpacing(px(8))
        self._stack.setContentsMargins(px(16), px(24), px(16), px(24))
        self._places.setContentsMargins(0, px(16), 0, px(8))
        self._places.setSpacing(px(12))
        self._show_cards()

    def _offers(self) -> Iterator[Offer]:
        for server in self._found:
            yield self._offer_found(server)
        environment = self._endpoints.environment
        if environment is not None:
            host = urlsplit(environment.base_url).netloc
            yield Offer(
                ENVIRONMENT,
                environment,
                self.tr("The endpoint of your environment"),
                self.tr("{host}, with the key of OPENAI_API_KEY.").format(host=host),
                self.tr("Use"),
                "key",
                "secondary",
            )
        yield Offer(
            ADD,
            None,
            self.tr("An OpenAI-compatible service"),
            self.tr("Needs a base URL, and most often an API key."),
            self.tr("Add…"),
            "plus",
            "faint",
        )
        yield Offer(
            DEMO,
            None,
            self.tr("Try the built-in demo"),
            self.tr("Offline. Scripted answers, real streaming."),
            self.tr("Try"),
            "play",
            "faint",
        )

    def _offer_found(self, server: FoundServer) -> Offer:
        host, count = urlsplit(server.base_url).netloc, len(server.models)
        if count == 1:
            words = self.tr("Found at {host}, 1 model.").format(host=host)
        else:
            words = self.tr("Found at {host}, {count} models.").format(host=host, count=count_text(count))
        if server.needs_key:
            # Never the opposite: llama.cpp lists its models without a key also where it answers only with one.
            words = f"{words} {self.tr('Needs a key.')}"
        title = self.tr("{name} on this computer").format(name=server.name)
        return Offer(FOUND, server, title, words, self.tr("Use"), "dot", "ok")

    def _show_cards(self) -> None:
        # Asked of the window, which knows it even while another window is in front.
        holder = self.window().focusWidget()
        focused = next((card.offer for card in self._cards if card.button is holder), None)
        had_first = bool(self._cards) and self._cards[0].button is holder
        for card in self._cards:
            self._places.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []
        for number, offer in enumerate(self._offers()):
            card = Card(offer, self._theme, self._column, is_first=number == 0)
            card.picked.connect(self._on_card_picked)
            card.moved.connect(self._on_card_moved)
            self._places.addWidget(card)
            # Shown now, not with the next layout: the keyboard may be given to it at once.
            card.show()
            self._cards.append(card)
        self.setFocusProxy(self._cards[0].button)
        self._show_state()
        if had_first:
            self.focus_first()
        elif focused is not None:
            self._focus_offer(focused)

    def _focus_offer(self, offer: Offer) -> None:
        for card in self._cards:
            if card.offer == offer:
                card.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_state(self) -> None:
        if self._found:
            self._state.setText("")
        elif self._is_searching:
            self._state.setText(self.tr("Looking for model servers on this computer…"))
        else:
            self._state.setText(
                self.tr("No model server found on this computer. Start one, such as llama.cpp, and it appears here.")
            )

    def _search(self) -> None:
        if self._task is None or self._task.done():
            self._is_searching = True
            self._show_state()
            self._task = spawn(self._find(), owner=self, on_error=self._on_search_failed)

    async def _find(self) -> None:
        found: list[FoundServer] = []
        async for server in self._endpoints.find():
            found.append(server)
            if server not in self._found:
                self._show_found((*self._found, server))
        self._is_searching = False
        self._show_found(tuple(found))
        self._show_state()

    def _show_found(self, found: tuple[FoundServer, ...]) -> None:
        if found != self._found:
            self._found = found
            self._show_cards()

    def _on_search_failed(self, _error: Exception) -> None:
        # A search that fails finds nothing; there is nothing a person could do about it here.
        self._is_searching = False
        self._show_state()

    def _on_card_picked(self, offer: Offer) -> None:
        self.picked.emit(offer.kind, offer.payload)

    def _on_card_moved(self, card: "Card", step: int) -> None:
        place = self._cards.index(card) + step
        if 0 <= place < len(self._cards):
            self._cards[place].button.setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(self._cards[place])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Servers of an earlier visit may be gone.
        self._found = ()
        self._show_cards()
        self._search()
        self._again.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._again.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None


class Card(QFrame):
    """One offer. The whole card can be clicked; the keyboard meets its button."""

    picked = Signal(object)
    moved = Signal(object, int)
    """An arrow key was pressed: this card, and -1 or 1."""

    def __init__(self, offer: Offer, theme: Theme, parent: QWidget, *, is_first: bool) -> None:
        super().__init__(parent)
        self.offer = offer
        self._theme = theme
        self._is_first = is_first
        self._build()
        self.button.clicked.connect(self._on_button_clicked)

    def _build(self) -> None:
        offer, px = self.offer, self._theme.px
        self.setProperty("look", "accent" if self._is_first else "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        edge = px(12 if offer.icon == "dot" else 18)
        sign = QLabel(self)
        sign.setPixmap(pixmap(offer.icon, self._theme.color(offer.color), edge, self.devicePixelRatioF()))
        sign.setFixedWidth(px(18))
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title, text = QLabel(offer.title, self), QLabel(offer.text, self)
        title.setProperty("look", "title")
        text.setProperty("look", "small")
        for label in (title, text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(title)
        words.addWidget(text)
        self.button = QPushButton(offer.button, self)
        self.button.setProperty("look", "primary" if self._is_first else "")
        says_both = offer.title.startswith(offer.button)
        self.button.setAccessibleName(offer.title if says_both else f"{offer.button} {offer.title}")
        self.button.setAccessibleDescription(offer.text)
        self.button.setAutoDefault(True)
        self.button.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(12), px(16), px(12))
        row.setSpacing(px(12))
        row.addWidget(sign)
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def _on_button_clicked(self) -> None:
        self.picked.emit(self.offer)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # Taken, so that the release comes here too.
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.picked.emit(self.offer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.moved.emit(self, 1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in ENTER_KEYS:
                self.picked.emit(self.offer)
                return True
        return False
