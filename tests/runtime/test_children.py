"""Programs that are started from a frozen build get the environment the person has."""

import os

from desktop_chat.runtime.children import child_env, forget_own_paths, restore_library_paths

FROZEN = {
    "_PYI_ARCHIVE_FILE": "/opt/app/desktop-chat",
    "_PYI_PARENT_PROCESS_LEVEL": "0",
    "LD_LIBRARY_PATH": "/opt/app/_internal",
    "LD_LIBRARY_PATH_ORIG": "/usr/local/lib",
    "QT_PLUGIN_PATH": "/opt/app/_internal/plugins",
    "PYTHONHOME": "/opt/app",
    "HOME": "/home/somebody",
}


def test_a_child_sees_nothing_of_the_build() -> None:
    assert child_env(FROZEN) == {"LD_LIBRARY_PATH": "/usr/local/lib", "HOME": "/home/somebody"}


def test_without_an_earlier_library_path_there_is_none() -> None:
    environment = {name: value for name, value in FROZEN.items() if name != "LD_LIBRARY_PATH_ORIG"}

    assert "LD_LIBRARY_PATH" not in child_env(environment)


def test_the_library_path_is_restored_once_and_then_left_alone() -> None:
    environment = dict(FROZEN)

    restore_library_paths(environment)
    restore_library_paths(environment)

    assert environment["LD_LIBRARY_PATH"] == "/usr/local/lib"


def test_a_build_in_one_file_tells_its_folder_by_another_name() -> None:
    environment = {"_PYI_APPLICATION_HOME_DIR": "/tmp/_MEI1", "LD_LIBRARY_PATH": "/tmp/_MEI1"}

    assert child_env(environment) == {}


def test_a_library_path_of_the_persons_own_is_left_alone_from_source() -> None:
    environment = {"LD_LIBRARY_PATH": "/usr/local/lib"}

    restore_library_paths(environment)

    assert environment == {"LD_LIBRARY_PATH": "/usr/local/lib"}


def test_plug_in_paths_are_forgotten_only_when_frozen() -> None:
    frozen, source = dict(FROZEN), {"QT_PLUGIN_PATH": "/my/plugins"}

    forget_own_paths(frozen)
    forget_own_paths(source)

    assert "QT_PLUGIN_PATH" not in frozen
    assert source == {"QT_PLUGIN_PATH": "/my/plugins"}


def test_the_environment_of_the_process_is_the_default() -> None:
    assert child_env()["PATH"] == os.environ["PATH"]
