import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit

from desktop_chat.domain.errors import NoKeyring
from desktop_chat.settings.schema import Page
from tests.ui.preferences.conftest import MemorySecrets, heard
from tests.ui.tabs import tab_stops

CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)


@pytest.mark.parametrize("page", list(Page), ids=str)
def test_every_page_opens_and_its_controls_have_names(run_qt, open_preferences, local, page):
    async def person():
        async with open_preferences(local, at=page.value) as desk:
            shown = desk.dialog.stack.currentWidget()
            controls = [w for kind in CONTROLS for w in shown.findChildren(kind) if w.isVisible()]
            inner = ("qt_", "combobox")
            return desk.dialog.navigation.currentItem().text(), [
                type(w).__name__
                for w in controls
                if not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
                and not w.objectName().startswith(inner)
                and not isinstance(w.parent(), QComboBox | QAbstractSpinBox)
            ]

    title, nameless = run_qt(person())

    assert title.lower() == page.value
    assert nameless == []


def test_the_keyring_in_use_is_named(run_qt, open_preferences):
    async def person():
        async with open_preferences(at="storage") as desk:
            await heard(desk.dialog._keyring_work.key_state_came)
            return desk.dialog.storage_page.keyring.text()

    assert run_qt(person()) == "Test keyring"


def test_the_lack_of_a_keyring_is_said(run_qt, open_preferences):
    async def person():
        async with open_preferences(at="storage", secrets=MemorySecrets(problem=NoKeyring())) as desk:
            await heard(desk.dialog._keyring_work.key_state_came)
            return desk.dialog.storage_page.keyring.text()

    assert run_qt(person()) == "No keyring"


def test_paths_can_be_copied(run_qt, open_preferences, home):
    async def person():
        async with open_preferences(at="storage") as desk:
            desk.dialog.storage_page.fields[0].copy_button.click()

    run_qt(person())

    assert QGuiApplication.clipboard().text() == str(home / "data" / "conversations.sqlite")


def test_the_dialog_opens_ready_for_a_new_endpoint(run_qt, open_preferences):
    async def person():
        async with open_preferences(at="general") as desk:
            desk.dialog.add_endpoint()
            return desk.dialog.navigation.currentItem().text(), desk.page.form.isVisible()

    assert run_qt(person()) == ("Endpoints", True)


def test_tab_goes_through_an_endpoint_from_above_to_below(run_qt, open_preferences, local):
    async def person():
        async with open_preferences(local) as desk:
            desk.page.add()
            return tab_stops(desk.dialog, "Pages of the preferences")

    assert run_qt(person()) == [
        "Pages of the preferences",
        "Endpoints",
        "Add endpoint",
        "Remove the endpoint",
        "Name",
        "Base URL",
        "API key",
        "Default model",
        "Time limit for connecting",
        "Time limit for the first token",
        "Time limit between tokens",
        "&Discard",
        "&Check endpoint",
        "&Save",
    ]


def test_tab_goes_through_a_function_from_above_to_below(run_qt, open_preferences, local):
    async def person():
        async with open_preferences(local, at="tools") as desk:
            desk.dialog.tools_page.sample_button.click()
            return tab_stops(desk.dialog, "Your functions")[:8]

    assert run_qt(person()) == [
        "Your functions",
        "Add function",
        "Add the sample get_weather",
        "Name",
        "Description",
        "Parameters",
        "Tidy up the JSON schema",
        "Remove the function",
    ]
