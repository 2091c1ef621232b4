"""Closing the window and quitting, while nothing, something and somebody is waited for."""

import asyncio
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton

from desktop_chat.domain.message import Ended
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.closing import LOOK_MS
from desktop_chat.ui.dialogs.still_writing import StillWritingDialog
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import PATIENCE_S, Person, Visit


async def ends(me: Person) -> None:
    """Wait until the program ends."""
    async with asyncio.timeout(PATIENCE_S):
        await me.program.ended.wait()


def asked(me: Person) -> StillWritingDialog:
    """The question that is on the screen."""
    (dialog,) = me.window.findChildren(StillWritingDialog)
    assert dialog.isVisible()
    return dialog


def press(dialog: StillWritingDialog, text: str) -> None:
    """Press the button with this text."""
    (found,) = [button for button in dialog.findChildren(QPushButton) if button.text() == text]
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("how", ["close", "quit"])
def test_the_program_ends_at_once_while_nothing_is_written(visit: Visit, provider: FakeProvider, how: str) -> None:
    provider.says("Hello.")

    async def leaves(me: Person) -> None:
        await me.asks("hi")
        if how == "close":
            me.window.close()
        else:
            me.do(ActionId.APP_QUIT)
        assert me.program.ended.is_set()

    visit(leaves)


def test_a_closed_window_lets_a_reply_be_written_to_its_end(visit: Visit, provider: FakeProvider) -> None:
    provider.says("The beginning", " and the end.", waits=True)

    async def leaves(me: Person) -> None:
        me.say("hi")
        await me.sees("The beginning")
        me.window.close()
        assert not me.window.isVisible()
        assert not me.program.ended.is_set()
        provider.go_on()
        await ends(me)

    async def returns(me: Person) -> None:
        await me.until(lambda: len(me.path) == 2)
        assert me.text == "The beginning and the end."
        assert me.path[-1].ended is Ended.COMPLETE

    visit(leaves)
    visit(returns)


def test_started_again_meanwhile_the_window_is_back_and_stays(visit: Visit, provider: FakeProvider) -> None:
    provider.says("The beginning", " and the end.", waits=True)

    async def leaves(me: Person) -> None:
        me.say("hi")
        await me.sees("The beginning")
        me.program.dialogs.preferences()
        (preferences,) = [one for one in me.window.findChildren(QDialog) if one.isVisible()]
        me.window.close()
        assert not preferences.isVisible()
        me.program._raise()
        assert me.window.isVisible()
        provider.go_on()
        await me.is_answered()
        await asyncio.sleep(2 * LOOK_MS / 1000)
        assert not me.program.ended.is_set()
        assert me.text == "The beginning and the end."
        assert preferences.isVisible()
        preferences.close()

    visit(leaves)


@pytest.mark.parametrize("answer", ["Finish, then quit", "Stop and quit", "Cancel"])
def test_quitting_asks_what_becomes_of_a_reply(visit: Visit, provider: FakeProvider, answer: str) -> None:
    provider.says("The beginning", " and the end.", waits=True)

    async def leaves(me: Person) -> None:
        me.say("hi")
        await me.sees("The beginning")
        me.do(ActionId.APP_QUIT)
        press(asked(me), answer)
        assert me.program.ended.is_set() == (answer == "Stop and quit")
        if answer != "Stop and quit":
            provider.go_on()
        if answer != "Cancel":
            await ends(me)
        else:
            await me.is_answered()
            assert me.window.isVisible()

    async def returns(me: Person) -> None:
        await me.until(lambda: len(me.path) == 2)
        assert me.text == ("The beginning" if answer == "Stop and quit" else "The beginning and the end.")

    visit(leaves)
    visit(returns)


def test_a_reply_that_waits_for_the_person_keeps_no_hidden_program(visit: Visit, provider: FakeProvider) -> None:
    provider.calls_tool("calculator", json.dumps({"expression": "1+1"}))

    async def leaves(me: Person) -> None:
        me.say("What is 1+1?")
        await me.is_asked()
        me.window.close()
        assert me.program.ended.is_set()

    async def returns(me: Person) -> None:
        await me.until(lambda: len(me.path) == 2)
        assert me.path[-1].ended is Ended.WAITING

    visit(leaves)
    visit(returns)
