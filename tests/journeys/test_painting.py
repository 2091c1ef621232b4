"""What is painted while a reply streams into the window."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from desktop_chat.ui.main_window import MainWindow
from tests.fake_provider import FakeProvider, Gate, Reply, chunk, whole
from tests.journeys.conftest import Person, Visit


class Painted(QObject):
    """Notes every widget that is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.widgets: set[QWidget] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.widgets.add(watched)
        return False


def test_a_token_has_nothing_painted_but_the_page_and_its_bar(
    visit: Visit, qapp: QApplication, provider: FakeProvider
) -> None:
    long = "A line of text.\n\n" * 60
    provider.replies(Reply(whole([chunk({"content": long}), Gate(), chunk({"content": "one more"}), Gate()])))

    async def person(me: Person) -> set[str]:
        me.window.show_inspector(False)
        me.panes.composer.cursor_rest.rest()
        me.say("hi")
        await me.sees("A line of text.")
        paint(me.window)

        painted = Painted()
        qapp.installEventFilter(painted)
        provider.go_on()
        await me.sees("one more")
        paint(me.window)
        qapp.removeEventFilter(painted)

        page = me.panes.transcript
        assert page.viewport() in painted.widgets
        provider.go_on()
        await me.is_answered()
        me.panes.composer.cursor_rest.wake()
        return {repr(widget) for widget in painted.widgets - {page.viewport(), page.verticalScrollBar()}}

    def paint(window: MainWindow) -> None:
        window.panes.transcript.flusher.flush_now()
        qapp.sendPostedEvents(window, QEvent.Type.UpdateRequest)

    assert visit(person) == set()
