"""What goes into a frozen build and what stays with the target system."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

import qt_filter


@pytest.mark.parametrize(
    ("destination", "source"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/venv/PySide6/Qt/plugins/platforms/libqxcb.so"),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", "/venv/libqoffscreen.so"),
        ("PySide6\\plugins\\platforms\\qwindows.dll", "C:\\venv\\qwindows.dll"),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", "/venv/libqcocoa.dylib"),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", "/venv/libqwayland.so"),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", "/venv/libqsvg.so"),
        ("PySide6/Qt/plugins/printsupport/libcupsprintersupport.so", "/venv/libcupsprintersupport.so"),
        ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", "/venv/libqsvgicon.so"),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", "/venv/libQt6Widgets.so.6"),
        ("PySide6/Qt/lib/libQt6DBus.so.6", "/venv/libQt6DBus.so.6"),
        ("PySide6/QtWidgets.abi3.so", "/venv/QtWidgets.abi3.so"),
        ("libxcb-cursor.so.0", "/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0"),
        ("libxkbcommon-x11.so.0", "/lib/x86_64-linux-gnu/libxkbcommon-x11.so.0"),
        ("libpython3.11.so.1.0", "/opt/python/lib/libpython3.11.so.1.0"),
        ("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3"),
        ("pydantic_core/_pydantic_core.so", "/venv/pydantic_core/_pydantic_core.so"),
    ],
)
def test_what_the_window_needs_is_kept(destination: str, source: str) -> None:
    assert qt_filter.keeps(destination, source)


@pytest.mark.parametrize(
    ("destination", "source"),
    [
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", "/venv/libqeglfs.so"),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "/venv/libqvnc.so"),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", "/venv/libqsqlite.so"),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", "/venv/libqopensslbackend.so"),
        ("PySide6/Qt/plugins/imageformats/libqpdf.so", "/venv/libqpdf.so"),
        ("PySide6/Qt/translations/qtbase_de.qm", "/venv/qtbase_de.qm"),
        ("PySide6/Qt/lib/libQt6Quick.so.6", "/venv/libQt6Quick.so.6"),
        ("PySide6/Qt/lib/libQt6Network.so.6", "/venv/libQt6Network.so.6"),
        ("PySide6\\opengl32sw.dll", "C:\\venv\\opengl32sw.dll"),
        ("libstdc++.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6"),
        ("libgtk-3.so.0", "/usr/lib/x86_64-linux-gnu/libgtk-3.so.0"),
        ("libxcb.so.1", "/lib/x86_64-linux-gnu/libxcb.so.1"),
        ("libGL.so.1", "/usr/lib/x86_64-linux-gnu/libGL.so.1"),
        ("libwayland-client.so.0", "/usr/lib/x86_64-linux-gnu/libwayland-client.so.0"),
        ("libcups.so.2", "/usr/lib/x86_64-linux-gnu/libcups.so.2"),
        ("libgnutls.so.30", "/usr/lib/x86_64-linux-gnu/libgnutls.so.30"),
    ],
)
def test_what_does_harm_or_is_never_loaded_is_left_out(destination: str, source: str) -> None:
    assert not qt_filter.keeps(destination, source)


def test_only_what_is_not_stripped_already_is_stripped() -> None:
    assert qt_filter.is_strippable("libpython3.11.so.1.0")
    assert not qt_filter.is_strippable("PySide6/QtCore.abi3.so")
    assert not qt_filter.is_strippable("base_library.zip")
