"""The catalog of actions is whole, and what is enabled follows from what is shown."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.domain.message import Role
from desktop_chat.ui.actions.build import build_actions, build_menus
from desktop_chat.ui.actions.catalog import CATALOG, Menu, key_table
from desktop_chat.ui.actions.enable import ALWAYS, State, enable
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.theme.apply import Theme


def test_every_action_has_exactly_one_line() -> None:
    assert Counter(spec.id for spec in CATALOG) == Counter(dict.fromkeys(ActionId, 1))


def test_no_shortcut_is_given_twice() -> None:
    keys = Counter(QKeySequence(key).toString() for spec in CATALOG for key in spec.keys)

    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys


def test_the_table_of_keys_names_every_shortcut() -> None:
    table = key_table()

    assert all(f"`{key}`" in table for spec in CATALOG for key in spec.keys)


@pytest.mark.parametrize("action", ActionId, ids=str)
def test_every_action_can_be_done_in_some_state(action: ActionId) -> None:
    states = [
        State(),
        State(has_conversation=True, is_listed=True, is_running=True, is_waiting=True, has_open_call=True, asks=True),
        State(
            has_conversation=True,
            is_listed=True,
            has_endpoint=True,
            has_text=True,
            is_temporary=True,
            can_undo=True,
            can_redo=True,
            can_resume=True,
            wants_answer=True,
            has_own_message=True,
            message=Role.ASSISTANT,
            message_can_continue=True,
            has_older_version=True,
            has_newer_version=True,
            stands_on_row=True,
            stands_on_folder=True,
        ),
        State(is_trashed=True, stands_on_row=True),
    ]

    assert any(action in enable(state) for state in states)


def test_an_empty_window_offers_only_what_needs_nothing() -> None:
    assert enable(State()) == ALWAYS


def test_a_running_reply_can_be_stopped_and_nothing_else_sent() -> None:
    running = enable(State(has_conversation=True, has_endpoint=True, is_running=True, message=Role.ASSISTANT))

    assert ActionId.TURN_STOP in running
    assert not running & {ActionId.TURN_SEND, ActionId.MESSAGE_REGENERATE, ActionId.MESSAGE_CONTINUE}


def test_without_an_endpoint_nothing_is_sent_but_all_can_be_read() -> None:
    offline = enable(State(has_conversation=True, is_listed=True, message=Role.ASSISTANT))

    assert ActionId.MESSAGE_COPY in offline
    assert ActionId.TURN_SEND not in offline


def test_what_lies_in_the_trash_can_be_restored_and_nothing_else_be_done_to_it() -> None:
    trashed = enable(State(has_conversation=True, is_trashed=True, stands_on_row=True))

    assert ActionId.CONVERSATION_RESTORE in trashed
    assert ActionId.CONVERSATION_EXPORT in trashed
    assert not trashed & {ActionId.CONVERSATION_TRASH, ActionId.CONVERSATION_PIN, ActionId.CONVERSATION_RENAME}


def test_an_action_is_run_by_its_id(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ran: list[ActionId] = []

    actions = build_actions(window, theme, ran.append)
    actions[ActionId.APP_ABOUT].trigger()

    assert ran == [ActionId.APP_ABOUT]
    assert set(actions) == set(ActionId)


def test_every_menu_has_entries(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    menus = build_menus(window, build_actions(window, theme, lambda action: None))

    assert len(menus) == len(Menu)
    assert all(menu.actions() for menu in menus)


def test_every_menu_fits_a_small_screen(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)

    menus = build_menus(window, build_actions(window, theme, lambda action: None))

    # Qt breaks longer ones into two columns.
    assert max(menu.sizeHint().height() for menu in menus) < 700
    assert not any(menu.actions()[0].isSeparator() for menu in menus)
