"""What the Endpoints page has done in the background, each with a signal when it is done."""

import asyncio
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_chat.core.endpoints import Endpoints
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import EndpointId
from desktop_chat.ui.aio import spawn


class EndpointWork(QObject):
    """Checks, saves and asks for an endpoint without holding the window up."""

    step_came = Signal(object)
    """A `CheckStep`."""
    check_ended = Signal()
    saved = Signal(object)
    """The endpoint as it is kept now."""
    save_failed = Signal(object)
    """A `ChatError`."""
    removed = Signal()
    remove_failed = Signal(object)
    key_state_came = Signal(object, object)
    """Id of the endpoint, and its `KeyState`."""
    models_came = Signal(object, object)
    """Id of the endpoint, and the names of its models."""
    models_failed = Signal(object, object)
    """Id of the endpoint, and a `ChatError`."""

    def __init__(self, endpoints: Endpoints, parent: QObject) -> None:
        super().__init__(parent)
        self._endpoints = endpoints
        self._check: asyncio.Task[Any] | None = None

    def check(self, endpoint: Endpoint, key: str | None) -> None:
        """Try an endpoint out as it is typed now; a check that runs ends."""
        self.stop_check()
        self._check = spawn(self._run_check(endpoint, key), owner=self)

    def stop_check(self) -> None:
        """End the check that runs, if one does."""
        if self._check is not None:
            self._check.cancel()
            self._check = None

    def save(self, endpoint: Endpoint, key: str | None) -> None:
        """Keep an endpoint, a new one or a changed one."""
        spawn(self._run_save(endpoint, key), owner=self, on_error=self.save_failed.emit)

    def remove(self, endpoint_id: EndpointId) -> None:
        """Take an endpoint off the list, and its key out of the keyring."""
        spawn(self._run_remove(endpoint_id), owner=self, on_error=self.remove_failed.emit)

    def ask_key_state(self, endpoint_id: EndpointId) -> None:
        """Find out where the key is; may take as long as a person needs to unlock a keyring."""
        spawn(self._run_key_state(endpoint_id), owner=self)

    def ask_models(self, endpoint_id: EndpointId) -> None:
        """Ask an endpoint for its models, unless they are known."""

        def fail(error: Exception) -> None:
            self.models_failed.emit(endpoint_id, error)

        spawn(self._run_models(endpoint_id), owner=self, on_error=fail)

    async def _run_check(self, endpoint: Endpoint, key: str | None) -> None:
        async for step in self._endpoints.check(endpoint, key):
            self.step_came.emit(step)
        self._check = None
        self.check_ended.emit()

    async def _run_save(self, endpoint: Endpoint, key: str | None) -> None:
        if self._endpoints.get(endpoint.id) is None:
            await self._endpoints.add(endpoint, key)
        else:
            await self._endpoints.save(endpoint, key)
        self.saved.emit(self._endpoints.get(endpoint.id))

    async def _run_remove(self, endpoint_id: EndpointId) -> None:
        await self._endpoints.remove(endpoint_id)
        self.removed.emit()

    async def _run_key_state(self, endpoint_id: EndpointId) -> None:
        self.key_state_came.emit(endpoint_id, await self._endpoints.key_state(endpoint_id))

    async def _run_models(self, endpoint_id: EndpointId) -> None:
        self.models_came.emit(endpoint_id, await self._endpoints.models(endpoint_id))
