"""The folders the program writes to, and the names of the files in them.

`DESKTOP_CHAT_HOME` moves all of them below one folder: for tests, for portable use, for a
second, separate set of conversations.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "DESKTOP_CHAT_HOME"
_APP = "desktop-chat"
_PLATFORM: str = sys.platform


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things are. Nothing exists until `make` was called."""

    data: Path
    """Conversations, and the lock and the address of the process that writes them."""
    config: Path
    """Preferences."""
    cache: Path
    """What can be made anew."""
    log: Path

    @property
    def store(self) -> Path:
        """The database of conversations."""
        return self.data / "conversations.sqlite"

    @property
    def settings(self) -> Path:
        """The file of preferences."""
        return self.config / "settings.json"

    @property
    def lock(self) -> Path:
        """Locked by the one process that writes this home."""
        return self.data / "lock"

    @property
    def handover(self) -> Path:
        """Says how to reach that process; readable by its owner alone."""
        return self.data / "handover.json"

    @property
    def log_file(self) -> Path:
        """What the program notes about itself."""
        return self.log / "desktop-chat.log"

    def make(self) -> None:
        """Create the folders, closed to other people.

        Raises:
            OSError: One of them cannot be created.
        """
        for folder in (self.data, self.config, self.cache, self.log):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def paths_from_environment(environment: Mapping[str, str] = os.environ) -> Paths:
    """The folders of this person: below `DESKTOP_CHAT_HOME`, else where the system wants them."""
    home = environment.get(HOME_VARIABLE, "")
    if home:
        return paths_below(Path(home))
    if _PLATFORM == "linux":
        return _paths_of_xdg(environment)
    # Loaded where it is needed: with all that it brings it would be a fiftieth of the start on Linux.
    import platformdirs

    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    return Paths(
        data=dirs.user_data_path,
        config=dirs.user_config_path,
        cache=dirs.user_cache_path,
        log=dirs.user_log_path,
    )


def _paths_of_xdg(environment: Mapping[str, str]) -> Paths:
    """As the XDG Base Directory Specification says, and `platformdirs` does."""

    def folder(variable: str, otherwise: str) -> Path:
        chosen = environment.get(variable, "").strip()
        return (Path(chosen) if chosen else Path.home() / otherwise) / _APP

    return Paths(
        data=folder("XDG_DATA_HOME", ".local/share"),
        config=folder("XDG_CONFIG_HOME", ".config"),
        cache=folder("XDG_CACHE_HOME", ".cache"),
        log=folder("XDG_STATE_HOME", ".local/state") / "log",
    )


def paths_below(home: Path) -> Paths:
    """All folders below one."""
    home = home.expanduser().absolute()
    return Paths(data=home / "data", config=home / "config", cache=home / "cache", log=home / "log")
