import subprocess
import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton

from desktop_chat.ui.inspector import TABS
from desktop_chat.ui.inspector.dock import InspectorDock
from tests.ui.inspector.sessions import STATES, finished

KINDS = [tab.load() for tab in TABS]


def words(tab):
    """All that its labels say."""
    return sorted(label.text() for label in tab.findChildren(QLabel) if label.isVisibleTo(tab))


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_tab_opens_with_every_session(qtbot, theme, kind, state):
    tab = kind(theme)
    qtbot.addWidget(tab)

    tab.show_session(STATES[state]())
    tab.refresh()
    tab.show()

    assert any(label.isVisible() and label.text() for label in tab.findChildren(QLabel)) or kind.__name__ == "ToolsTab"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_tab_goes_from_one_session_to_another_and_to_none(qtbot, theme, kind):
    tab = kind(theme)
    qtbot.addWidget(tab)

    for session in [make() for make in [*STATES.values(), *reversed(STATES.values()), lambda: None]]:
        fresh = kind(theme)
        qtbot.addWidget(fresh)
        tab.show_session(session)
        fresh.show_session(session)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert words(tab) == words(fresh)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_control_of_a_tab_has_a_name(qtbot, theme, kind):
    tab = kind(theme)
    qtbot.addWidget(tab)
    tab.show_session(finished())

    controls = [*tab.findChildren(QPushButton), *tab.findChildren(QAbstractScrollArea)]

    assert [control for control in controls if not control.accessibleName()] == []


def test_every_tab_has_a_word_of_its_own(qtbot, theme):
    dock = InspectorDock(theme)
    qtbot.addWidget(dock)

    words = [dock.bar.tabText(at) for at in range(dock.bar.count())]

    assert len(set(filter(None, words))) == len(TABS)


def test_a_tab_is_loaded_when_it_is_looked_at():
    seen = """
import sys
from desktop_chat.ui.inspector import dock
print(sorted(name.rsplit(".", 1)[1] for name in sys.modules if name.startswith("desktop_chat.ui.inspector.")))
"""

    told = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True).stdout

    assert not any(word in told for word in ("turn_tab", "tools_tab", "usage_tab", "branches_tab"))
    assert "dock" in told
