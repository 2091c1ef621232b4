"""Where things are."""

import sys
from pathlib import Path

import platformdirs
import pytest

from desktop_chat.runtime.paths import paths_from_environment


def test_the_home_variable_moves_every_folder(tmp_path: Path) -> None:
    paths = paths_from_environment({"DESKTOP_CHAT_HOME": str(tmp_path / "home")})

    for path in (paths.data, paths.config, paths.cache, paths.log, paths.store, paths.settings, paths.lock):
        assert path.is_relative_to(tmp_path / "home")


def test_without_the_variable_the_folders_are_those_of_the_system() -> None:
    paths = paths_from_environment({})

    assert "desktop-chat" in str(paths.data)
    assert paths.data.is_absolute()


def test_made_folders_are_closed_to_others(tmp_path: Path) -> None:
    paths = paths_from_environment({"DESKTOP_CHAT_HOME": str(tmp_path / "home")})

    paths.make()

    assert paths.data.stat().st_mode & 0o077 == 0


def test_a_relative_home_is_made_absolute() -> None:
    paths = paths_from_environment({"DESKTOP_CHAT_HOME": "somewhere"})

    assert paths.store.is_absolute()


@pytest.mark.skipif(sys.platform != "linux", reason="about the folders of Linux")
@pytest.mark.parametrize("chosen", ["", "  ", "/srv/x"])
def test_on_linux_they_are_those_of_platformdirs(chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    variables = {name: f"{chosen}/{name}" if chosen.strip() else chosen for name in names}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    dirs = platformdirs.PlatformDirs("desktop-chat", appauthor=False)

    paths = paths_from_environment(variables)

    assert (paths.data, paths.config) == (dirs.user_data_path, dirs.user_config_path)
    assert (paths.cache, paths.log) == (dirs.user_cache_path, dirs.user_log_path)
