"""Which versions run here: of the program, of Python and Qt, of the libraries it stands on."""

import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata

import PySide6
from PySide6.QtCore import QSysInfo, qVersion

from desktop_chat import __version__

LIBRARIES = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("shiboken6", "LGPL-3.0"),
    ("qasync", "BSD-2-Clause"),
    ("openai", "Apache-2.0"),
    ("httpx2", "BSD-3-Clause"),
    ("httpcore2", "BSD-3-Clause"),
    ("h11", "MIT"),
    ("anyio", "MIT"),
    ("sniffio", "MIT OR Apache-2.0"),
    ("idna", "BSD-3-Clause"),
    ("truststore", "MIT"),
    ("pydantic", "MIT"),
    ("pydantic-core", "MIT"),
    ("annotated-types", "MIT"),
    ("typing-extensions", "PSF-2.0"),
    ("typing-inspection", "MIT"),
    ("jiter", "MIT"),
    ("lazy-importer", "Apache-2.0"),
    ("keyring", "MIT"),
    ("SecretStorage", "BSD-3-Clause"),
    ("jeepney", "MIT"),
    ("cryptography", "Apache-2.0 OR BSD-3-Clause"),
    ("cffi", "MIT-0"),
    ("pycparser", "BSD-3-Clause"),
    ("pywin32-ctypes", "BSD-3-Clause"),
    ("jaraco.classes", "MIT"),
    ("jaraco.context", "MIT"),
    ("jaraco.functools", "MIT"),
    ("more-itertools", "MIT"),
    ("backports.tarfile", "MIT"),
    ("importlib-metadata", "Apache-2.0"),
    ("zipp", "MIT"),
    ("markdown-it-py", "MIT"),
    ("mdurl", "MIT"),
    ("Pygments", "BSD-2-Clause"),
    ("ziamath", "MIT"),
    ("ziafont", "MIT"),
    ("latex2mathml", "MIT"),
    ("platformdirs", "MIT"),
    ("tzdata", "Apache-2.0"),
)
"""What is shipped with the program, some of it on one system only, and its licence."""


def version_lines() -> list[str]:
    """The versions a report of a fault needs, one to a line."""
    return [
        f"Desktop Chat {__version__}",
        f"Python {platform.python_version()} ({'frozen' if getattr(sys, 'frozen', False) else 'from source'})",
        f"PySide6 {PySide6.__version__}, Qt {qVersion()}",
        f"{QSysInfo.prettyProductName()}, {QSysInfo.currentCpuArchitecture()}",
    ]


def library_lines() -> Iterator[str]:
    """Each library that is installed here, with its version and its licence."""
    for name, licence in LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            yield f"{name} {metadata.version(name)} · {licence}"
