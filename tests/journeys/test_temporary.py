"""A temporary conversation in the real window leaves no trace in the home."""

from pathlib import Path

from desktop_chat.ui.actions.ids import ActionId
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, Visit

SECRET = "zebrasecret"


def test_what_was_said_in_a_temporary_conversation_is_in_no_file(
    visit: Visit, home: Path, provider: FakeProvider
) -> None:
    provider.says(f"{SECRET} answer")

    async def scene(me: Person) -> str:
        me.do(ActionId.CONVERSATION_NEW_TEMPORARY)
        await me.asks(f"{SECRET} question")
        me.types(f"{SECRET} half")
        me.do(ActionId.CONVERSATION_NEW)
        me.program._keep_state()
        (row,) = me.program.parts.library.rows
        return row.id

    conversation_id = visit(scene)

    files = [file for file in home.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert SECRET.encode() not in file.read_bytes(), f"{file.name} has what was said"
        assert conversation_id.encode() not in file.read_bytes(), f"{file.name} names the conversation"


def test_a_temporary_conversation_is_written_once_it_is_kept(visit: Visit) -> None:
    async def talks(me: Person) -> str:
        me.do(ActionId.CONVERSATION_NEW_TEMPORARY)
        await me.asks("Just between us")
        return me.session.conversation.id

    async def talks_and_keeps(me: Person) -> str:
        talked = await talks(me)
        me.do(ActionId.CONVERSATION_KEEP)
        assert not me.can(ActionId.CONVERSATION_KEEP)
        return talked

    async def again(me: Person) -> set[str]:
        return {row.id for row in me.program.parts.library.rows}

    gone, kept = visit(talks), visit(talks_and_keeps)
    rows = visit(again)
    assert kept in rows
    assert gone not in rows
