"""A temporary conversation in the real window leaves no trace in the home."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop_chat.ui.actions.ids import ActionId
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import RunQt, add_endpoint, sit_down

SECRET = "zebrasecret"


def test_what_was_said_in_a_temporary_conversation_is_in_no_file(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    provider.says(f"{SECRET} answer")

    async def scene() -> str:
        async with sit_down(home, qapp) as me:
            await add_endpoint(me, provider.base_url)
            me.do(ActionId.CONVERSATION_NEW_TEMPORARY)
            me.say(f"{SECRET} question")
            await me.is_answered()
            me.types(f"{SECRET} half")
            me.do(ActionId.CONVERSATION_NEW)
            me.program._keep_state()
            (row,) = me.program.parts.library.rows
            return row.id

    conversation_id = run_qt(scene())

    files = [file for file in home.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert SECRET.encode() not in file.read_bytes(), f"{file.name} has what was said"
        assert conversation_id.encode() not in file.read_bytes(), f"{file.name} names the conversation"


def test_a_temporary_conversation_is_written_once_it_is_kept(
    run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider
) -> None:
    async def person(*, keeps: bool) -> str:
        async with sit_down(home, qapp) as me:
            if not me.program.parts.endpoints.all:
                await add_endpoint(me, provider.base_url)
            me.do(ActionId.CONVERSATION_NEW_TEMPORARY)
            me.say("Just between us")
            await me.is_answered()
            if keeps:
                me.do(ActionId.CONVERSATION_KEEP)
                assert not me.can(ActionId.CONVERSATION_KEEP)
            return me.session.conversation.id

    async def again() -> set[str]:
        async with sit_down(home, qapp) as me:
            return {row.id for row in me.program.parts.library.rows}

    gone, kept = run_qt(person(keeps=False)), run_qt(person(keeps=True))
    rows = run_qt(again())
    assert kept in rows
    assert gone not in rows
