from desktop_chat import __version__
from desktop_chat.ui.dialogs.about import AboutDialog, qt_notice
from desktop_chat.ui.dialogs.versions import LIBRARIES, library_lines


def test_about_names_every_library_and_its_licence(qtbot, theme):
    dialog = AboutDialog(theme)
    qtbot.addWidget(dialog)

    text = dialog.libraries.shown_text

    assert __version__ in text
    assert all(line in text for line in library_lines())
    assert dict(LIBRARIES)["PySide6-Essentials"] in text


def test_the_notice_of_qt_names_its_licence_and_the_rights():
    assert "GNU Lesser General Public License, version 3" in qt_notice()
    assert "replace" in qt_notice()


def test_every_installed_library_has_its_version():
    assert all(any(sign.isdigit() for sign in line.split(" · ")[0]) for line in library_lines())
