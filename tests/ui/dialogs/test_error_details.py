from PySide6.QtGui import QGuiApplication

from desktop_chat.domain.errors import RateLimited
from desktop_chat.ui.dialogs.error_details import ErrorDetailsDialog
from desktop_chat.ui.messages import explain


def test_the_detail_can_be_read_and_copied(qtbot, theme):
    dialog = ErrorDetailsDialog(explain(RateLimited("slow down", status=429, request_id="r1")), theme)
    qtbot.addWidget(dialog)

    dialog.panel.copy_button.click()

    assert dialog.windowTitle() == "Too many requests"
    assert "HTTP status 429" in QGuiApplication.clipboard().text()
