"""Searching in the sidebar, over a real store."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from desktop_chat.ui.sidebar.operators import names_a_place

key = Qt.Key


@pytest.fixture
def find(sidebar, do):
    def finding(text):
        do(lambda: sidebar._field.search_for(text))
        model = sidebar._results._model
        return [model.place(model.index(row)) for row in range(model.rowCount())]

    return finding


def test_places_stand_below_their_conversations(find):
    places = find("Berlin")

    assert {place[0] for place in places} == {"weather", "countries"}
    assert ("countries", "countries-1") in places


def test_enter_in_the_field_jumps_to_the_first_place_with_its_words(sidebar, find, qtbot):
    find("barrier")

    with qtbot.waitSignal(sidebar.hit_chosen) as chosen:
        qtbot.keyClick(sidebar._field, key.Key_Return)

    assert chosen.args == ["physics", "physics-1", "barrier"]


def test_f3_steps_through_the_places_and_escape_goes_back_to_where_the_person_was(sidebar, find, qtbot):
    sidebar.show_current("taxes")
    find("Berlin")
    seen = []
    sidebar.hit_looked_at.connect(lambda *target: seen.append(target[:2]))

    for _ in range(4):
        qtbot.keyClick(sidebar._field, key.Key_F3)
        sidebar.show_current(seen[-1][0])
    qtbot.keyClick(sidebar._field, key.Key_F3, Qt.KeyboardModifier.ShiftModifier)

    assert len(set(seen)) >= 3
    assert seen[2] == seen[4]
    with qtbot.waitSignal(sidebar.wishes.open_asked) as opened:
        qtbot.keyClick(sidebar._field, key.Key_Escape)
    assert opened.args == ["taxes"]
    assert sidebar._field.text() == ""
    assert sidebar._pages.currentWidget() is sidebar._pane


def test_escape_stays_where_the_person_has_gone_with_enter(sidebar, find, qtbot):
    sidebar.show_current("taxes")
    find("barrier")
    qtbot.keyClick(sidebar._field, key.Key_Return)
    sidebar.show_current("physics")

    with qtbot.assertNotEmitted(sidebar.wishes.open_asked):
        qtbot.keyClick(sidebar._field, key.Key_Escape)

    assert sidebar._pages.currentWidget() is sidebar._pane


def test_escape_gives_the_keyboard_back(sidebar, find, qtbot):
    elsewhere = QLineEdit()
    qtbot.addWidget(elsewhere)
    elsewhere.setParent(sidebar.parentWidget())
    sidebar._came_from = elsewhere
    elsewhere.show()
    find("Berlin")

    sidebar._results._list.setFocus()
    qtbot.keyClick(sidebar._results._list, key.Key_Escape)

    assert sidebar._came_from is None
    assert sidebar._field.text() == ""


def test_a_search_without_matches_says_so(sidebar, find):
    assert find("Lisbon") == []
    assert sidebar._results._nothing.text() == "Nothing found for “Lisbon”"
    assert sidebar._results._other.isHidden()


def test_what_is_only_in_the_trash_is_offered_and_leads_there(sidebar, library, find, do, qtbot):
    do(lambda: library.trash(["physics"]))

    assert find("barrier") == []
    assert sidebar._results._other.text() == "Found in the trash: 1 conversation"
    do(sidebar._results._other.click)
    assert sidebar._field.text() == "in:trash barrier"
    with qtbot.assertNotEmitted(sidebar.hit_chosen):
        do(sidebar._results.choose_current)
    assert sidebar._pane.view.value == "trash"
    assert sidebar._pane.list.selected_ids == ["physics"]


def test_a_wrong_value_of_an_operator_is_said_in_one_sentence(sidebar, find):
    find("role:nobody")

    said = sidebar._results._nothing.text()
    assert "role:nobody" in said
    assert sidebar._pages.currentWidget() is sidebar._results
    assert sidebar._results.currentWidget() is sidebar._results._empty


def test_typing_waits_for_a_pause_and_then_asks_once(sidebar, loop):
    asked = []
    sidebar._field.asked.connect(asked.append)

    async def person():
        answered = loop.create_future()
        for text in ("B", "Be", "Ber"):
            sidebar._field.setText(text)
        sidebar._field.asked.connect(answered.set_result)
        await answered
        sidebar._field.asked.disconnect(answered.set_result)
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks)

    loop.run_until_complete(person())

    assert asked == ["Ber"]


def test_the_place_somebody_stands_on_outlives_the_next_results(sidebar, find):
    find("Berl")
    results = sidebar._results._list
    results.setCurrentIndex(sidebar._results._model.index_of(("countries", "countries-1")))

    find("Berlin")

    assert sidebar._results._model.place(results.currentIndex()) == ("countries", "countries-1")


def test_in_the_archive_only_the_archive_is_searched(sidebar, library, find, do):
    do(lambda: library.archive(["countries"], True))
    sidebar._places.asked.emit(type(sidebar._pane.view).ARCHIVE)

    assert {place[0] for place in find("Berlin")} == {"countries"}
    assert sidebar._field.placeholderText() == "Search the archive"


def test_operators_are_completed_as_they_are_typed(sidebar, library, qtbot, do):
    do(lambda: library.tag(["taxes"], "two words", True))
    field = sidebar._field
    field.setFocus()

    do(lambda: qtbot.keyClicks(field, "tag:tw"))
    assert field._offers_are_open
    do(lambda: qtbot.keyClick(field._popup, key.Key_Down))
    do(lambda: qtbot.keyClick(field._popup, key.Key_Return))

    assert field.text() == 'tag:"two words" '
    assert not field._offers_are_open


def test_the_help_puts_an_operator_into_the_field(sidebar, qtbot, qapp, do):
    sidebar._field.setFocus()
    qtbot.keyClick(sidebar._field, key.Key_F1)
    popover = qapp.activePopupWidget()
    assert popover is not None
    qtbot.keyClick(popover, key.Key_Down)
    qtbot.keyClick(popover, key.Key_Down)

    do(lambda: popover.focusWidget().click())

    assert sidebar._field.text() == "role:"
    sidebar._field._popup.hide()


def test_enter_right_after_typing_goes_to_the_first_place_once_it_is_found(sidebar, do, qtbot):
    chosen = []
    sidebar.hit_chosen.connect(lambda *target: chosen.append(target))

    def type_fast():
        sidebar._field.setText("barrier")
        qtbot.keyClick(sidebar._field, key.Key_Return)

    do(type_fast)

    assert chosen == [("physics", "physics-1", "barrier")]


def test_the_list_stays_until_there_is_something_to_show(sidebar, do):
    pages = []

    def ask():
        sidebar._field.search_for("Berlin")
        pages.append(sidebar._pages.currentWidget())

    do(ask)

    assert pages == [sidebar._pane]
    assert sidebar._pages.currentWidget() is sidebar._results


@pytest.mark.parametrize("text", ["margin: 3px", "main:", "x-in:y"])
def test_a_word_that_ends_like_an_operator_is_a_word(text):
    assert not names_a_place(text)
    assert names_a_place(f"{text} -in:trash")


def test_an_operator_without_its_value_does_not_search_yet(sidebar, library, find, do):
    do(lambda: library.trash(["physics"]))

    find("role:")

    assert sidebar._pages.currentWidget() is sidebar._pane


def test_enter_presses_what_is_offered(sidebar, library, find, do, qtbot):
    do(lambda: library.trash(["physics"]))
    find("barrier")

    sidebar._results.enter_from_above()
    do(lambda: qtbot.keyClick(sidebar._results._other, key.Key_Return))

    assert sidebar._field.text() == "in:trash barrier"
    assert sidebar._results._list.hasFocus()


def test_what_is_deleted_while_it_is_found_is_found_no_longer(library, find, sidebar, do):
    assert ("countries", "countries-1") in find("Berlin")

    do(lambda: library.trash(["countries"]))
    model = sidebar._results._model
    assert {model.place(model.index(row))[0] for row in range(model.rowCount())} == {"weather"}

    do(library.undo)
    assert {model.place(model.index(row))[0] for row in range(model.rowCount())} == {"weather", "countries"}
