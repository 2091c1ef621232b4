"""The windows that actions open, as the actions know them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QWidget

from desktop_chat.core.session import Session
from desktop_chat.domain.ids import CallId, ConversationId, EndpointId
from desktop_chat.ui.messages import Explanation


class Dialogs(Protocol):
    """Opens windows beside the main one; none of them holds the loop."""

    def preferences(self, page: str = "") -> None:
        """Preferences, at a page."""

    def endpoints(self, endpoint_id: EndpointId | None = None) -> None:
        """Preferences, at an endpoint."""

    def conversation_settings(self, session: Session) -> None:
        """Settings of one conversation."""

    def about(self) -> None:
        """What this program is."""

    def error_details(self, explanation: Explanation) -> None:
        """All that is known of an error."""

    def answer(self, session: Session, call_id: CallId) -> None:
        """Have the person type the result of a function of their own."""

    def export(self, session: Session, ids: Sequence[ConversationId]) -> None:
        """Have the person choose how these, the shown one or all conversations are exported."""

    def import_from(self, *paths: Path) -> None:
        """Have the person choose what is imported, or look into the files and folders they chose."""

    def print_out(self, session: Session) -> None:
        """Have the person choose a printer for a conversation."""

    def save_pdf(self, session: Session) -> None:
        """Have the person choose where a conversation is written as PDF."""

    def pick_model(self, session: Session, below: QWidget, take: Callable[[EndpointId, str], None]) -> None:
        """Have the person choose an endpoint and a model for something."""
