from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QVBoxLayout, QWidget

from desktop_chat.core.endpoint_check import CheckStep
from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, Endpoint
from desktop_chat.domain.errors import KeyringLocked, NoKeyring
from desktop_chat.domain.ids import EndpointId
from desktop_chat.ui.preferences.check_results import CheckResults
from desktop_chat.ui.preferences.endpoint_form import EndpointForm
from desktop_chat.ui.preferences.form import scrolling
from tests.ui.preferences.conftest import MemorySecrets, heard

KEY = "sk-canary-0123456789abcdef"


def test_an_endpoint_is_added_with_its_key(run_qt, open_preferences, server):
    async def person():
        async with open_preferences() as desk:
            page = desk.page
            page.add()
            page.form.name.setText("Mine")
            page.form.base_url.setText(server.base_url + "/")
            page.form.key.line.setText(KEY)
            page.form.model.setCurrentText("any-name")
            page.form.first_token_s.setValue(90)
            page.save()
            await heard(page.work.saved)
            await heard(page.work.key_state_came, lambda: page.form.key.has_key)
            return desk.endpoints.all, desk.secrets.kept, page.form.key.line.text(), page.is_dirty

    (endpoint,), kept, shown, is_dirty = run_qt(person())

    assert (endpoint.name, endpoint.base_url, endpoint.model) == ("Mine", server.base_url, "any-name")
    assert endpoint.first_token_s == 90
    assert list(kept.values()) == [KEY]
    assert shown == "••••••••••••cdef"
    assert not is_dirty


def test_the_key_is_nowhere_in_the_files(run_qt, open_preferences, local, home):
    async def person():
        async with open_preferences(local) as desk:
            await heard(desk.page.work.key_state_came)
            desk.page.form.key.line.setText(KEY)
            desk.page.save()
            await heard(desk.page.work.saved)
            await desk.settings.flush()

    run_qt(person())

    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert files
    assert not any(KEY.encode() in content for content in files)


def test_without_a_keyring_the_page_says_where_the_key_is(run_qt, open_preferences, local):
    async def person():
        async with open_preferences(local, secrets=MemorySecrets(problem=NoKeyring())) as desk:
            await heard(desk.page.work.key_state_came)
            before = desk.page.form.key.note.text()
            desk.page.form.key.line.setText(KEY)
            desk.page.save()
            await heard(desk.page.work.saved)
            await heard(desk.page.work.key_state_came, lambda: desk.page.form.key.has_key)
            return before, desk.page.form.key.note.text()

    before, after = run_qt(person())

    assert before.startswith("Will be kept for this run only, because this computer offers no keyring")
    assert after.startswith("Kept for this run only, because this computer offers no keyring")


def test_a_check_shows_each_step(run_qt, open_preferences, server, local):
    server.says("Hi")

    async def person():
        async with open_preferences(local) as desk:
            desk.page.check()
            await heard(desk.page.work.check_ended)
            return desk.page.results.texts, desk.page.pane.list.rows.row_at(desk.page.pane.list.rows.index(0)).state

    (key, models, stream), state = run_qt(person())

    assert key.startswith("✓ No key needed so far")
    assert models.startswith("✓ 1 model listed")
    assert stream.startswith("✓ fake-model streams")
    assert state == "default · answers"


def test_a_check_says_what_is_wrong(run_qt, open_preferences, server, local):
    server.key = "the right one"

    async def person():
        async with open_preferences(local) as desk:
            await heard(desk.page.work.key_state_came)
            desk.page.form.key.line.setText(KEY)
            desk.page.check()
            await heard(desk.page.work.check_ended)
            return desk.page.results.texts, desk.page.pane.list.rows.row_at(desk.page.pane.list.rows.index(0)).state

    texts, state = run_qt(person())

    assert any("does not accept the API key" in text for text in texts)
    assert all(KEY not in text for text in texts)
    assert state == "default · does not answer"


def test_models_are_offered_and_any_name_may_be_typed(run_qt, open_preferences, server, local):
    server.models = {"data": [{"id": "a/b"}, {"id": "c"}]}

    async def person():
        async with open_preferences(replace(local, model="typed")) as desk:
            await heard(desk.page.work.models_came)
            model = desk.page.form.model
            return [model.itemText(at) for at in range(model.count())], model.currentText()

    assert run_qt(person()) == (["a/b", "c"], "typed")


def test_the_address_is_explained_while_it_is_typed(run_qt, open_preferences):
    async def person():
        async with open_preferences() as desk:
            desk.page.add()
            form = desk.page.form
            form.base_url.setText("https://api.example.org")
            remarks = form.address_note.text()
            form.follow_button.click()
            return remarks, form.base_url.text(), form.address_note.text()

    remarks, mended, after = run_qt(person())

    assert remarks.splitlines()[0] == "Questions go to https://api.example.org/chat/completions"
    assert mended == "https://api.example.org/v1"
    assert after == "Questions go to https://api.example.org/v1/chat/completions"


def test_an_address_that_cannot_be_used_is_not_saved(run_qt, open_preferences):
    async def person():
        async with open_preferences() as desk:
            desk.page.add()
            desk.page.form.name.setText("Mine")
            desk.page.form.base_url.setText("ftp://x")
            desk.page.save()
            return desk.page._note.text(), desk.endpoints.all

    note, kept = run_qt(person())

    assert note.startswith("✗ The address must begin with http:// or https://")
    assert kept == ()


def test_alt_and_arrows_put_endpoints_in_order(run_qt, open_preferences, local, qtbot):
    other = Endpoint(EndpointId("e2"), "Other", "http://127.0.0.1:9/v1")

    async def person():
        async with open_preferences(local, other) as desk:
            qtbot.keyClick(desk.page.pane.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
            down = [e.name for e in desk.endpoints.all]
            qtbot.keyClick(desk.page.pane.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
            return down, [e.name for e in desk.endpoints.all], desk.page.form.name.text()

    assert run_qt(person()) == (["Other", "Local"], ["Local", "Other"], "Local")


def test_removing_asks_and_names_the_key(run_qt, open_preferences, local):
    secrets = MemorySecrets()

    async def person():
        async with open_preferences(replace(local, has_key=True), secrets=secrets) as desk:
            secrets.kept[f"e1@{local.origin}"] = KEY
            await heard(desk.page.work.key_state_came)
            desk.page.pane.remove_button.click()
            question = desk.page._question
            text, consequence = question.text(), question.informativeText()
            assert desk.endpoints.all
            next(b for b in question.buttons() if b.text() == "Remove").click()
            await heard(desk.page.work.removed)
            return text, consequence, desk.endpoints.all, dict(secrets.kept)

    text, consequence, left, kept = run_qt(person())

    assert text == "Remove the endpoint “Local”?"
    assert consequence.startswith("Its key will be deleted.")
    assert left == ()
    assert kept == {}


def test_changes_are_not_dropped_without_a_question(run_qt, open_preferences, local):
    other = Endpoint(EndpointId("e2"), "Other", "http://127.0.0.1:9/v1")

    async def person():
        async with open_preferences(local, other) as desk:
            desk.page.form.name.setText("Changed")
            desk.page.pane.list.setCurrentIndex(desk.page.pane.list.rows.index(1))
            stays = desk.page.form.name.text()
            desk.page._question.button(QMessageBox.StandardButton.Save).click()
            await heard(desk.page.work.saved)
            return stays, desk.endpoints.all[0].name, desk.page.form.name.text()

    assert run_qt(person()) == ("Changed", "Changed", "Other")


def test_closing_with_changes_asks_and_cancel_stays(run_qt, open_preferences, local):
    async def person():
        async with open_preferences(local) as desk:
            desk.page.form.name.setText("Changed")
            desk.dialog.reject()
            desk.page._question.button(QMessageBox.StandardButton.Cancel).click()
            stays = desk.dialog.isVisible()
            desk.dialog.close()
            desk.page._question.button(QMessageBox.StandardButton.Discard).click()
            return stays, desk.dialog.isVisible(), desk.endpoints.all[0].name

    assert run_qt(person()) == (True, False, "Local")


def test_a_changed_origin_asks_for_the_key_again(run_qt, open_preferences, local):
    secrets = MemorySecrets({f"e1@{local.origin}": KEY})

    async def person():
        async with open_preferences(replace(local, has_key=True), secrets=secrets) as desk:
            await heard(desk.page.work.key_state_came)
            desk.page.form.base_url.setText("http://127.0.0.1:9/v1")
            return desk.page.form.address_note.text()

    assert "The key belongs to the old address" in run_qt(person())


def test_a_locked_keyring_is_shown(run_qt, open_preferences, local):
    async def person():
        secrets = MemorySecrets(problem=KeyringLocked())
        async with open_preferences(replace(local, has_key=True), secrets=secrets) as desk:
            await heard(desk.page.work.key_state_came)
            return desk.page.form.key.note.text()

    assert "locked" in run_qt(person())


def test_nothing_is_asked_of_anybody_before_the_page_is_seen(run_qt, open_preferences, local, server):
    async def person():
        async with open_preferences(local, at="general") as desk:
            return desk.page.isVisible()

    assert not run_qt(person())
    assert server.requests == []


def test_the_demo_has_neither_address_nor_key_to_change(run_qt, open_preferences):
    async def person():
        async with open_preferences(Endpoint(DEMO_ENDPOINT_ID, "Demo", "", "demo")) as desk:
            await heard(desk.page.work.key_state_came)
            form = desk.page.form
            return form.base_url.isReadOnly(), form.key.isVisible(), desk.page.is_dirty, form.problem

    assert run_qt(person()) == (True, False, False, "")


def test_another_endpoint_becomes_the_default(run_qt, open_preferences, local):
    other = Endpoint(EndpointId("e2"), "Other", "http://127.0.0.1:9/v1")

    async def person():
        async with open_preferences(local, other) as desk:
            desk.page.pane.list.setCurrentIndex(desk.page.pane.list.rows.index(1))
            desk.page.default_box.click()
            return desk.endpoints.default.name, desk.page.default_box.isEnabled()

    assert run_qt(person()) == ("Other", False)


def test_a_new_endpoint_that_is_left_untouched_goes_without_a_question(run_qt, open_preferences, local):
    async def person():
        async with open_preferences(local) as desk:
            desk.page.add()
            rows = desk.page.pane.list.rows.rowCount()
            desk.page.pane.list.setCurrentIndex(desk.page.pane.list.rows.index(0))
            return rows, desk.page.pane.list.rows.rowCount(), desk.page.form.name.text(), desk.page._question

    assert run_qt(person()) == (2, 1, "Local", None)


@pytest.mark.parametrize(
    ("models", "words"),
    [((), ""), (("a",), "1 model listed; any other"), (("a", "b"), "2 models listed; any other")],
    ids=["none", "one", "two"],
)
def test_the_models_are_counted_in_words(qtbot, theme, models, words):
    form = EndpointForm(theme)
    qtbot.addWidget(form)

    form.show_models(models)

    assert form.model_note.text().startswith(words)
    assert bool(form.model_note.text()) == bool(models)


@pytest.mark.parametrize("width", [380, 420, 528, 640])
def test_every_line_below_the_address_can_be_read(qtbot, theme, width):
    form = EndpointForm(theme)
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(form)
    column.addStretch(1)
    area = scrolling(page, "Endpoint")
    qtbot.addWidget(area)
    area.resize(width, 480)
    form.show_endpoint(Endpoint(EndpointId("e"), "Local", ""), is_new=True)
    with qtbot.waitExposed(area):
        area.show()
    high = form.base_url.height()

    for address in (
        "127.0.0.1:8081/v1/chat/completions",
        "http://127.0.0.1:8081/v1/chat/completions/x",
        "http://127.0.0.1:8081/v1/chat/completions",
    ):
        form.base_url.setText(address)
        note = form.address_note
        words = note.fontMetrics().boundingRect(0, 0, note.width(), 1000, Qt.TextFlag.TextWordWrap, note.text())
        qtbot.waitUntil(lambda note=note, words=words: note.height() >= words.height())
        qtbot.waitUntil(lambda: form.base_url.height() == high)
        assert note.geometry().top() >= form.base_url.geometry().bottom()


def test_what_has_no_use_yet_is_not_shown(run_qt, open_preferences, local):
    async def person():
        async with open_preferences() as desk:
            page, pane = desk.page, desk.page.pane
            found = [page.default_box.isVisible()]
            page.add()
            found += [page.default_box.isVisible(), pane.up_button.isVisible(), pane.down_button.isVisible()]
            return found

    assert run_qt(person()) == [False] * 4


def test_endpoints_are_moved_once_there_are_two(run_qt, open_preferences, local):
    async def person():
        async with open_preferences(local, replace(local, id=EndpointId("e2"), name="Second")) as desk:
            pane = desk.page.pane
            return [pane.up_button.isVisible(), pane.up_button.isEnabled(), pane.down_button.isEnabled()]

    assert run_qt(person()) == [True, False, True]


def test_times_of_a_check_stand_below_each_other(qtbot, theme):
    results = CheckResults()
    qtbot.addWidget(results)
    results.resize(500, 200)
    for code, ms in (("key", 1), ("models", 1234), ("stream", 12)):
        results.add(CheckStep(code, True, "1", ms))
    with qtbot.waitExposed(results):
        results.show()

    times = [label for label in results.findChildren(QLabel) if label.text().endswith(" ms")]
    qtbot.waitUntil(lambda: len({label.geometry().right() for label in times}) == 1)
    assert len(times) == 3
