"""The filter over everything that the wheels of Qt hold, on each system."""

from pathlib import Path

import pytest

import qt_filter

LISTS = Path(__file__).parent / "lists"
"""Sizes and names in the wheels of PySide6-Essentials 6.11.3, without headers, tools and translations."""

CORE = {
    "linux": {
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/lib/libQt6XcbQpa.so.6",
        "PySide6/Qt/lib/libQt6WaylandClient.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
    },
    "windows": {
        "PySide6/Qt6Core.dll",
        "PySide6/Qt6Widgets.dll",
        "PySide6/vcruntime140.dll",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/plugins/platforms/qoffscreen.dll",
        "PySide6/plugins/styles/qmodernwindowsstyle.dll",
    },
    "macos": {
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/Qt/lib/QtCore.framework/Versions/A/Resources/Info.plist",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/platforms/libqoffscreen.dylib",
        "PySide6/Qt/plugins/styles/libqmacstyle.dylib",
    },
}
UNWANTED = ("quick", "qml", "network", "pdf", "sql", "eglfs", "opengl32sw", "designer", "virtualkeyboard", "qtbase_de")


def kept(system: str) -> dict[str, int]:
    lines = (LISTS / f"pyside6-{system}.txt").read_text().splitlines()
    sizes = {name: int(size) for size, name in (line.split(maxsplit=1) for line in lines)}
    entries = qt_filter.kept((name, f"/venv/{name}", "BINARY") for name in sizes)
    return {name: sizes[name] for name, _, _ in entries}


def is_loaded_by_us(name: str) -> bool:
    """Tools and bindings that only lie in the wheel are never collected; what may be is told by its place."""
    return "/plugins/" in name or "Qt6" in name or "/Qt/lib/" in name


@pytest.mark.parametrize("system", CORE)
def test_what_a_window_needs_is_in_the_build(system: str) -> None:
    assert CORE[system] <= kept(system).keys()


@pytest.mark.parametrize("system", CORE)
def test_parts_of_qt_that_nothing_uses_are_left_out_whole(system: str) -> None:
    names = [name.lower() for name in kept(system) if is_loaded_by_us(name)]

    assert not [name for name in names if any(word in name for word in UNWANTED)]


@pytest.mark.parametrize(
    ("system", "limit_mb"),
    [("linux", 85), ("windows", 36), ("macos", 55)],
    ids=["linux", "windows", "macos: two processors"],
)
def test_the_libraries_and_plug_ins_stay_small(system: str, limit_mb: int) -> None:
    assert sum(size for name, size in kept(system).items() if is_loaded_by_us(name)) < limit_mb * 1e6


def test_a_link_goes_with_the_file_it_leads_to() -> None:
    entries = [
        ("PySide6/Qt/lib/libQt6Core.so.6", "/venv/libQt6Core.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6Network.so.6", "/venv/libQt6Network.so.6", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Network.so.6", "PySide6/Qt/lib/libQt6Network.so.6", "SYMLINK"),
        ("deep/link.so", "../libQt6Network.so.6", "SYMLINK"),
    ]

    assert [name for name, _, _ in qt_filter.kept(entries)] == ["PySide6/Qt/lib/libQt6Core.so.6", "libQt6Core.so.6"]


def test_a_link_of_a_framework_may_lead_to_a_folder() -> None:
    library = "PySide6/Qt/lib/QtCore.framework"
    entries = [
        (f"{library}/Versions/A/QtCore", "/venv/QtCore", "BINARY"),
        (f"{library}/Versions/Current", "A", "SYMLINK"),
        (f"{library}/QtCore", "Versions/Current/QtCore", "SYMLINK"),
    ]

    assert qt_filter.kept(entries) == entries


def test_metadata_keeps_the_version_and_loses_how_it_was_installed() -> None:
    assert not qt_filter.is_build_trace("openai-3.54.0.dist-info/METADATA")
    assert not qt_filter.is_build_trace("keyring-25.7.0.dist-info\\entry_points.txt")
    assert qt_filter.is_build_trace("openai-3.54.0.dist-info/RECORD")
    assert qt_filter.is_build_trace("openai-3.54.0.dist-info/licenses/LICENSE")
    assert not qt_filter.is_build_trace("resources/icons/send.svg")
