import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import Unreachable
from desktop_chat.ui.picker import Picker
from tests.ui.panes import KnownEndpoints, OpenSession

LOCAL = Endpoint("a", "Local server", "http://a/v1", model="llama")
FAR = Endpoint("b", "Select", "http://b/v1")


@pytest.fixture
def endpoints():
    known = KnownEndpoints(LOCAL, FAR, models={"a": ("llama", "qwen"), "b": ("smart-select",)})
    known.known = {"a": ("llama",)}
    return known


@pytest.fixture
def session():
    return OpenSession(endpoint=LOCAL)


@pytest.fixture
def opened(qtbot, theme, endpoints, session, run_qt):
    """Runs something with the open picker once every endpoint has answered."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def opener(act):
        async def person():
            picker = Picker(session, endpoints, theme, window)
            picker.open_below(window)
            for _ in range(10):
                await asyncio.sleep(0)
            act(picker)

        run_qt(person())

    yield opener
    window.close()


def listed(picker):
    model = picker._list.model()
    return [model.index(place, 0).data() for place in range(model.rowCount())]


def test_known_models_are_there_at_once(qtbot, theme, endpoints, session):
    picker = Picker(session, endpoints, theme, None)
    qtbot.addWidget(picker)

    assert listed(picker)[:2] == ["Local server", "llama"]


def test_fresh_models_come_as_endpoints_answer(opened):
    def act(picker):
        assert listed(picker) == ["Local server", "llama", "qwen", "Select", "smart-select"]
        picker.close()

    opened(act)


def test_an_endpoint_that_does_not_answer_says_so_and_spoils_no_other(opened, endpoints):
    endpoints.failing["b"] = Unreachable("refused")

    def act(picker):
        assert listed(picker) == ["Local server", "llama", "qwen", "Select", "No connection"]
        picker.close()

    opened(act)


def test_what_is_typed_filters_and_enter_chooses(opened, session, qtbot):
    def act(picker):
        qtbot.keyClicks(picker.field, "sel")
        assert "smart-select" in listed(picker)
        assert "qwen" not in listed(picker)
        picker.field.setText("smart-select")
        qtbot.keyClick(picker.field, Qt.Key.Key_Down)
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)

    opened(act)

    settings = session.conversation.settings
    assert (settings.endpoint_id, settings.model) == ("b", "smart-select")


def test_a_model_that_no_endpoint_lists_can_be_typed(opened, session, qtbot):
    def act(picker):
        picker.field.setText("my/own-model")
        assert "Use “my/own-model”" in listed(picker)
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)

    opened(act)

    settings = session.conversation.settings
    assert (settings.endpoint_id, settings.model) == ("a", "my/own-model")


@pytest.mark.parametrize("typed", ["smart-select", "smart", "Select"])
def test_a_model_that_is_listed_goes_before_the_name_as_typed(opened, session, qtbot, typed):
    def act(picker):
        qtbot.keyClicks(picker.field, typed)
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)

    opened(act)

    settings = session.conversation.settings
    assert (settings.endpoint_id, settings.model) == ("b", "smart-select")


def test_the_way_to_the_endpoints_is_below(opened, qtbot):
    def act(picker):
        with qtbot.waitSignal(picker.endpoints_asked):
            picker._manage.click()
        assert not picker.isVisible()

    opened(act)


def test_without_endpoints_it_says_so(qtbot, theme, session):
    picker = Picker(session, KnownEndpoints(), theme, None)
    qtbot.addWidget(picker)

    assert listed(picker) == ["No endpoint yet"]


def test_a_choice_for_one_thing_leaves_the_conversation_as_it_is(qtbot, theme, endpoints, session):
    taken = []
    picker = Picker(session, endpoints, theme, None, take=lambda endpoint, model: taken.append((endpoint, model)))
    qtbot.addWidget(picker)

    picker._choose(picker._list.model().index(1, 0))

    assert taken == [("a", "llama")]
    assert session.conversation.settings.model == ""
