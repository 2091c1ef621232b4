import asyncio

import pytest
from PySide6.QtCore import Qt

from desktop_chat.core.ports import FoundServer
from desktop_chat.domain.endpoint import ENVIRONMENT_ENDPOINT_ID, Endpoint
from desktop_chat.ui.welcome import WelcomePage
from tests.ui.panes import KnownEndpoints

SERVER = FoundServer("llama.cpp", "http://127.0.0.1:8080/v1", ("gemma",))
LOCKED = FoundServer("vLLM", "http://127.0.0.1:8000/v1", ("a", "b"), needs_key=True)
ENVIRONMENT = Endpoint(ENVIRONMENT_ENDPOINT_ID, "Environment", "https://api.openai.com/v1")


@pytest.fixture
def endpoints():
    return KnownEndpoints()


@pytest.fixture
def shown(qtbot, theme, endpoints, run_qt):
    """Runs something with the page on screen, after its first search."""
    page = WelcomePage(endpoints, theme)
    qtbot.addWidget(page)
    page.resize(620, 560)

    def shower(act):
        async def person():
            page.show()
            for _ in range(10):
                await asyncio.sleep(0)
            act(page)
            page.hide()
            for _ in range(5):
                await asyncio.sleep(0)

        run_qt(person())

    return shower


def titles(page):
    return [card.offer.title for card in page._cards]


def test_offers_stand_in_their_order(shown, endpoints):
    endpoints.servers = [SERVER]
    endpoints.environment = ENVIRONMENT

    def act(page):
        assert [card.offer.kind for card in page._cards] == ["found", "environment", "add", "demo"]
        assert page._cards[0].offer.text == "Found at 127.0.0.1:8080, 1 model."

    shown(act)


def test_a_server_that_wants_a_key_says_so(shown, endpoints):
    endpoints.servers = [LOCKED]

    def act(page):
        assert page._cards[0].offer.text == "Found at 127.0.0.1:8000, 2 models. Needs a key."

    shown(act)


def test_nothing_found_is_said_with_what_would_help(shown):
    def act(page):
        assert titles(page) == ["An OpenAI-compatible service", "Try the built-in demo"]
        assert page._state.text().startswith("No model server found")

    shown(act)


def test_the_first_card_is_the_default_and_enter_takes_it(shown, endpoints, qtbot):
    endpoints.servers = [SERVER]

    def act(page):
        page.focus_first()
        assert page._cards[0].property("look") == "accent"
        with qtbot.waitSignal(page.picked) as picked:
            qtbot.keyClick(page._cards[0].button, Qt.Key.Key_Return)
        assert picked.args == ["found", SERVER]

    shown(act)


def test_arrow_keys_go_from_card_to_card(shown, qtbot):
    def act(page):
        page.focus_first()
        qtbot.keyClick(page._cards[0].button, Qt.Key.Key_Down)
        assert page.focusWidget() is page._cards[1].button
        qtbot.keyClick(page._cards[1].button, Qt.Key.Key_Up)
        assert page.focusWidget() is page._cards[0].button

    shown(act)


def test_a_click_anywhere_on_a_card_takes_it(shown, qtbot):
    def act(page):
        with qtbot.waitSignal(page.picked) as picked:
            qtbot.mouseClick(page._cards[-1], Qt.MouseButton.LeftButton)
        assert picked.args == ["demo", None]

    shown(act)


def test_nothing_is_looked_for_while_the_page_is_not_shown(shown, endpoints):
    def act(page):
        page.hide()
        assert not page._again.isActive()

    assert endpoints.finds == 0
    shown(act)
    assert endpoints.finds == 1


def test_a_server_that_appears_keeps_the_keyboard_where_it_was(shown, endpoints):
    def act(page):
        page._cards[1].button.setFocus()
        page._show_found((SERVER,))
        assert page._cards[2].offer.kind == "demo"
        assert page.focusWidget() is page._cards[2].button

    shown(act)


def test_no_word_of_a_button_is_said_twice(shown, endpoints):
    def act(page):
        names = [card.button.accessibleName() for card in page._cards]
        assert names == ["Add… An OpenAI-compatible service", "Try the built-in demo"]

    shown(act)


def test_every_button_says_what_it_takes(shown, endpoints):
    endpoints.servers = [SERVER]

    def act(page):
        assert page._cards[0].button.accessibleName() == "Use llama.cpp on this computer"

    shown(act)
