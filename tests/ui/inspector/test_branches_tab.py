"""The map is walked with the keyboard, follows what is written, and says where to go."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.ui.inspector import BRANCHES, TABS
from desktop_chat.ui.inspector.branches_tab import BranchesTab
from desktop_chat.ui.inspector.dock import InspectorDock
from desktop_chat.ui.theme.apply import Theme
from tests.ui.inspector.sessions import ShownSession, streaming


def talk(length: int) -> ShownSession:
    """Questions and answers in a row, and another version of the last one."""
    made = Conversation(ConversationId("c"), "", 0, 0)
    for number in range(length):
        parent_id = MessageId(f"m{number - 1}") if number else None
        role = Role.ASSISTANT if number % 2 else Role.USER
        made.add(Message(MessageId(f"m{number}"), parent_id, role, (Text(f"Words of {number}"),), 0, model="gpt"))
    made.add(Message(MessageId("v2"), MessageId(f"m{length - 2}"), Role.ASSISTANT, (Text("Another"),), 0, model="gpt"))
    return ShownSession(made)


def opened(qtbot: QtBot, theme: Theme, session: ShownSession) -> BranchesTab:
    tab = BranchesTab(theme)
    qtbot.addWidget(tab)
    tab.resize(336, 600)
    tab.show_session(session)  # type: ignore[arg-type]  # holds what is read
    tab.show()
    return tab


def texts(tab: BranchesTab) -> list[str]:
    role = Qt.ItemDataRole.DisplayRole
    return [tab.model.data(tab.model.index(row), role).partition("\n")[0] for row in range(tab.model.rowCount())]


def test_it_begins_at_the_end_of_what_is_shown(qtbot: QtBot, theme: Theme) -> None:
    tab = opened(qtbot, theme, talk(8))

    row = tab.model.row_at(tab.list.currentIndex())
    assert row is not None
    assert row.id == "v2"
    assert "2 branches" in tab._head.text()


def test_enter_and_a_click_choose_a_message(qtbot: QtBot, theme: Theme) -> None:
    tab = opened(qtbot, theme, talk(4))
    chosen: list[str] = []
    tab.message_chosen.connect(chosen.append)

    tab.list.setCurrentIndex(tab.model.index_of(MessageId("m0")))
    QTest.keyClick(tab.list, Qt.Key.Key_Return)
    where = tab.list.visualRect(tab.model.index_of(MessageId("m3"))).center()
    QTest.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)

    assert chosen == ["m0", "m3"]


def test_arrows_open_and_close_a_run(qtbot: QtBot, theme: Theme) -> None:
    tab = opened(qtbot, theme, talk(8))
    assert texts(tab) == ["Words of 0", "▸ 5 messages", "Words of 6", "Words of 7", "Another"]

    tab.list.setCurrentIndex(tab.model.index(1))
    QTest.keyClick(tab.list, Qt.Key.Key_Right)
    assert len(texts(tab)) == 10
    tab.list.setCurrentIndex(tab.model.index_of(MessageId("m3")))
    QTest.keyClick(tab.list, Qt.Key.Key_Left)

    assert texts(tab)[1] == "▸ 5 messages"
    assert tab.list.currentIndex().row() == 1


def test_enter_on_a_run_opens_it(qtbot: QtBot, theme: Theme) -> None:
    tab = opened(qtbot, theme, talk(8))
    chosen: list[str] = []
    tab.message_chosen.connect(chosen.append)

    tab.list.setCurrentIndex(tab.model.index(1))
    QTest.keyClick(tab.list, Qt.Key.Key_Return)

    assert len(texts(tab)) == 10
    assert chosen == []


def test_another_version_appears_and_the_place_is_kept(qtbot: QtBot, theme: Theme) -> None:
    session = talk(4)
    tab = opened(qtbot, theme, session)
    tab.list.setCurrentIndex(tab.model.index_of(MessageId("m1")))

    session.conversation.add(Message(MessageId("v3"), MessageId("m2"), Role.ASSISTANT, (Text("Third"),), 0))
    tab.refresh()

    assert "Third" in texts(tab)
    row = tab.model.row_at(tab.list.currentIndex())
    assert row is not None
    assert row.id == "m1"


def test_a_choice_moves_the_mark(qtbot: QtBot, theme: Theme) -> None:
    session = talk(4)
    tab = opened(qtbot, theme, session)

    session.conversation.choose(MessageId("m3"))
    tab.refresh()

    row = tab.model.row_at(tab.model.index_of(MessageId("m3")))
    assert row is not None
    assert row.is_shown
    assert tab.list.currentIndex() == tab.model.index_of(MessageId("m3"))


def test_whoever_walks_the_map_stays_where_they_are(qtbot: QtBot, theme: Theme) -> None:
    session = talk(4)
    tab = opened(qtbot, theme, session)
    tab.activateWindow()
    tab.list.setFocus()
    qtbot.waitUntil(tab.list.hasFocus)

    session.conversation.choose(MessageId("m3"))
    tab.refresh()

    assert tab.list.currentIndex() == tab.model.index_of(MessageId("v2"))


def test_the_reply_that_is_written_shows_its_words(qtbot: QtBot, theme: Theme) -> None:
    session = streaming()
    assert session.draft is not None
    written = session.draft.message()
    session.conversation.add(replace(written, parent_id=MessageId("u1"), blocks=()))
    tab = opened(qtbot, theme, session)

    said = tab.model.data(tab.model.index_of(written.id), Qt.ItemDataRole.DisplayRole)

    assert said.partition("…")[0] in written.text


def test_a_reply_that_ended_is_shown_anew(qtbot: QtBot, theme: Theme) -> None:
    session = streaming()
    assert session.draft is not None
    ended = replace(session.draft.message(Ended.COMPLETE), parent_id=MessageId("u1"))
    session.conversation.add(replace(ended, blocks=(), ended=None))
    tab = opened(qtbot, theme, session)
    session.conversation.put(ended)
    session.draft, session.is_running = None, False

    with qtbot.waitSignal(tab.model.dataChanged) as changed:
        tab.refresh()

    assert changed.args is not None
    assert changed.args[0] == tab.model.index_of(ended.id)
    assert "…" not in texts(tab)


def test_a_screen_reader_hears_words_author_and_place(qtbot: QtBot, theme: Theme) -> None:
    tab = opened(qtbot, theme, talk(4))

    said = tab.model.data(tab.model.index_of(MessageId("m3")), Qt.ItemDataRole.AccessibleTextRole)

    assert said == "Words of 3, gpt, other branch, level 2"
    assert QAccessible.queryAccessibleInterface(tab.list).role() is QAccessible.Role.List


def test_every_row_is_painted_in_both_themes(qtbot: QtBot, theme: Theme) -> None:
    tab = opened(qtbot, theme, talk(8))
    light = tab.grab().toImage()
    theme.set("dark")

    assert not tab.grab().isNull()
    assert tab.grab().toImage() != light


def test_the_inspector_passes_the_choice_on(qtbot: QtBot, theme: Theme) -> None:
    dock = InspectorDock(theme)
    qtbot.addWidget(dock)
    dock.resize(336, 600)
    dock.show()
    dock.show_session(talk(4))  # type: ignore[arg-type]  # holds what is read
    chosen: list[str] = []
    dock.message_chosen.connect(chosen.append)

    dock.show_tab(TABS.index(BRANCHES))
    tab = dock.findChild(BranchesTab)
    assert tab is not None
    tab.list.setCurrentIndex(tab.model.index_of(MessageId("m1")))
    QTest.keyClick(tab.list, Qt.Key.Key_Return)

    assert chosen == ["m1"]
