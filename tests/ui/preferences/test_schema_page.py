import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox

from desktop_chat.runtime.paths import paths_below
from desktop_chat.settings.schema import SPECS, Page
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.preferences.schema_page import SchemaPage


@pytest.fixture
def settings(home, run):
    made = SettingsStore(paths_below(home).settings)
    yield made
    run(made.close())


@pytest.mark.parametrize("page", [Page.GENERAL, Page.APPEARANCE])
def test_every_drawn_preference_has_a_named_field(qtbot, theme, settings, page):
    made = SchemaPage(page, settings)
    qtbot.addWidget(made)

    drawn = [name for name, spec in SPECS.items() if spec.page is page and spec.is_drawn]

    assert list(made.fields) == drawn
    assert [made.fields[name].control.accessibleName() for name in drawn] == [SPECS[name].title for name in drawn]


def test_a_choice_holds_at_once(qtbot, theme, settings):
    page = SchemaPage(Page.APPEARANCE, settings)
    qtbot.addWidget(page)
    box = page.fields["theme"].control
    assert isinstance(box, QComboBox)

    box.setCurrentIndex(2)
    box.activated.emit(2)

    assert settings.values.theme == "dark"


def test_a_number_and_a_switch_hold_at_once(qtbot, theme, settings):
    page = SchemaPage(Page.APPEARANCE, settings)
    qtbot.addWidget(page)
    number, switch = page.fields["text_px"].control, page.fields["code_wrap"].control
    assert isinstance(number, QSpinBox)
    assert isinstance(switch, QCheckBox)

    number.setValue(18)
    switch.click()

    assert (settings.values.text_px, settings.values.code_wrap) == (18, True)
    assert (number.minimum(), number.maximum()) == (11, 24)


def test_a_value_changed_elsewhere_is_shown(qtbot, theme, settings):
    page = SchemaPage(Page.APPEARANCE, settings)
    qtbot.addWidget(page)

    settings.change(text_px=20)

    assert page.fields["text_px"].control.value() == 20


def test_a_value_that_cannot_be_used_is_said_beside_its_field(qtbot, theme, settings):
    page = SchemaPage(Page.APPEARANCE, settings)
    qtbot.addWidget(page)

    page.fields["text_px"].chosen.emit(99)

    assert page.notes["text_px"].text().startswith("✗ ")
    assert settings.values.text_px == 14
