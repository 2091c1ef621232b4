import pytest
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton

from desktop_chat.ui.inspector import TABS
from tests.ui.inspector.sessions import STATES, finished


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize("kind", TABS, ids=lambda kind: kind.__name__)
def test_every_tab_opens_with_every_session(qtbot, theme, kind, state):
    tab = kind(theme)
    qtbot.addWidget(tab)

    tab.show_session(STATES[state]())
    tab.refresh()
    tab.show()

    assert tab.title()
    assert any(label.isVisible() and label.text() for label in tab.findChildren(QLabel)) or kind.__name__ == "ToolsTab"


@pytest.mark.parametrize("kind", TABS, ids=lambda kind: kind.__name__)
def test_every_tab_goes_from_one_session_to_another_and_to_none(qtbot, theme, kind):
    tab = kind(theme)
    qtbot.addWidget(tab)

    for make in [*STATES.values(), *reversed(STATES.values())]:
        tab.show_session(make())

    tab.show_session(None)


@pytest.mark.parametrize("kind", TABS, ids=lambda kind: kind.__name__)
def test_every_control_of_a_tab_has_a_name(qtbot, theme, kind):
    tab = kind(theme)
    qtbot.addWidget(tab)
    tab.show_session(finished())

    controls = [*tab.findChildren(QPushButton), *tab.findChildren(QAbstractScrollArea)]

    assert [control for control in controls if not control.accessibleName()] == []
