import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox

from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.function import OwnFunction
from desktop_chat.runtime.paths import paths_below
from desktop_chat.settings.store import SettingsStore
from desktop_chat.tools import TOOLS
from desktop_chat.ui.preferences.function_form import SAMPLE
from desktop_chat.ui.preferences.tools_page import ToolsPage


@pytest.fixture
def settings(home, run):
    made = SettingsStore(paths_below(home).settings)
    yield made
    run(made.close())


@pytest.fixture
def page(qtbot, theme, settings):
    made = ToolsPage(settings, Toolbox(TOOLS, settings), theme)
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_built_in_tool_can_be_switched_off(page, settings):
    names = [tool.spec.name for tool in TOOLS]
    assert list(page.boxes) == names

    page.boxes[names[0]].click()

    assert settings.values.tools_off == {names[0]}


def test_the_first_function_can_be_added_at_sight(page, qtbot):
    # Wide enough for the descriptions to need fewer lines than they need at first.
    page.resize(730, 600)
    qtbot.waitExposed(page)

    def is_settled():
        contents = page.add_button.parentWidget()
        return contents.layout().geometry() == contents.rect() and contents.width() == page.width()

    qtbot.waitUntil(is_settled)
    for button in (page.add_button, page.sample_button):
        assert page.rect().contains(button.geometry().translated(button.parentWidget().mapTo(page, QPoint(0, 0))))
        assert not button.visibleRegion().isEmpty()
        assert button.mapTo(page, QPoint(0, 0)).x() == page.boxes["calculator"].mapTo(page, QPoint(0, 0)).x()
    assert not page.list.isVisible()


def test_the_list_stands_beside_the_form(page):
    page.resize(730, 600)

    page.sample_button.click()

    assert page.list.isVisible()
    assert page.list.mapTo(page, QPoint(0, 0)).x() < page.form.mapTo(page, QPoint(0, 0)).x()


def test_the_sample_is_ready_to_be_saved(page, settings):
    page.sample_button.click()
    assert page.is_dirty

    page.save_button.click()

    assert settings.values.functions == (SAMPLE,)
    assert not page.is_dirty


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("", "A JSON schema is missing."),
        ('{"type": "object",}', "Line 1, column"),
        ('{"type": "array"}', "must be a JSON schema with"),
        ("[]", "must be a JSON schema with"),
        ('{"type": "object", "properties": []}', "must be an object"),
    ],
    ids=["nothing", "no JSON", "another type", "a list", "properties that are none"],
)
def test_a_schema_that_cannot_be_used_is_explained(page, settings, text, remark):
    page.sample_button.click()

    page.form.parameters.setPlainText(text)
    page.save()

    assert remark in page.form.schema_note.text()
    assert settings.values.functions == ()


@pytest.mark.parametrize("name", ["", "get weather", "ü", "x" * 65])
def test_a_name_that_no_model_accepts_is_refused(page, settings, name):
    page.sample_button.click()

    page.form.name.setText(name)
    page.save()

    assert page.form.name_note.text().startswith("✗ ")
    assert settings.values.functions == ()


def test_no_two_tools_have_one_name(page):
    page.sample_button.click()

    page.form.name.setText(TOOLS[0].spec.name)

    assert page.form.problem == "Another tool has this name."


def test_a_function_is_renamed_in_its_place(page, settings):
    settings.change(functions=(SAMPLE, OwnFunction("b", "", '{"type": "object"}')))
    page.discard()
    page.form.name.setText("a")

    page.save()

    assert [f.name for f in settings.values.functions] == ["a", "b"]
    assert page.list.currentItem().text() == "a"


def test_a_function_is_switched_off_without_losing_what_is_typed(page, settings):
    settings.change(functions=(SAMPLE,))
    page.discard()
    page.form.description.setText("typed")

    page.list.item(0).setCheckState(Qt.CheckState.Unchecked)

    assert not settings.values.functions[0].is_on
    assert page.form.description.text() == "typed"
    assert page.form.function.is_on is False


def test_removing_asks_first(page, settings):
    settings.change(functions=(SAMPLE,))
    page.discard()

    page.remove_button.click()
    assert settings.values.functions
    next(b for b in page._question.buttons() if b.text() == "Remove").click()

    assert settings.values.functions == ()
    assert page.form.isHidden()


def test_changes_are_not_dropped_without_a_question(page, settings):
    settings.change(functions=(SAMPLE, OwnFunction("b", "", '{"type": "object"}')))
    page.discard()
    page.form.description.setText("typed")

    page.list.setCurrentRow(1)
    assert page.form.name.text() == "get_weather"
    page._question.button(QMessageBox.StandardButton.Discard).click()

    assert page.form.name.text() == "b"
    assert settings.values.functions[0] == SAMPLE


def test_tidying_up_can_be_undone(page):
    page.sample_button.click()
    page.form.parameters.setPlainText('{"type":"object"}')

    page.form.tidy_button.click()
    assert page.form.parameters.toPlainText() == '{\n  "type": "object"\n}'
    page.form.parameters.undo()

    assert page.form.parameters.toPlainText() == '{"type":"object"}'
