"""Tool calls that wait for a person.

A question is answered by the rule of the conversation, by what the person said before it
was asked (after a restart the buttons are there before the turn goes on), or by what they
say now. The futures never leave this module.
"""

import asyncio

from desktop_chat.domain.changes import Decision
from desktop_chat.domain.ids import CallId


class Approvals:
    """Open questions of one conversation."""

    def __init__(self) -> None:
        self._asked: dict[CallId, asyncio.Future[Decision | str]] = {}
        self._said: dict[CallId, Decision | str] = {}

    async def decision(self, call_id: CallId) -> Decision:
        """Wait until the person allows or denies the call."""
        said = await self._ask(call_id)
        return said if isinstance(said, Decision) else Decision.DENY

    async def answer(self, call_id: CallId) -> str | None:
        """Wait until the person types the result.

        Returns:
            `None` if they declined.
        """
        said = await self._ask(call_id)
        return None if isinstance(said, Decision) else said

    def say(self, call_id: CallId, said: Decision | str) -> None:
        """Take what the person says; it is kept if the question was not asked yet."""
        future = self._asked.get(call_id)
        if future is None:
            self._said[call_id] = said
        elif not future.done():
            future.set_result(said)

    async def _ask(self, call_id: CallId) -> Decision | str:
        if call_id in self._said:
            return self._said.pop(call_id)
        future: asyncio.Future[Decision | str] = asyncio.get_running_loop().create_future()
        self._asked[call_id] = future
        try:
            return await future
        finally:
            del self._asked[call_id]
