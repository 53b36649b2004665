"""SQLite's own library in this process: what it does beside its connections.

Python's module has no words for it, so that it is told in C, through the library that the module
has loaded.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import sys
from typing import Final

_OK: Final = 0
_CONFIG_MEMSTATUS: Final = 9
"""As numbered in https://sqlite.org/c3ref/c_config_covering_index_scan.html."""


def uncounted() -> bool:
    """Have SQLite not count the memory that it takes; False: this one cannot be told so.

    It counts under one lock for all connections, at whose every turn threads that read wait for
    one another (ADR 0036). To be called before the process opens its first connection: the library
    is started anew. Its limits of memory (``PRAGMA soft_heap_limit``) are without force afterwards.
    """
    library = _library()
    if library is None:
        return False
    library.sqlite3_shutdown()
    told = library.sqlite3_config(_CONFIG_MEMSTATUS, 0)
    return bool(library.sqlite3_initialize() == _OK and told == _OK)


def _library() -> ctypes.CDLL | None:
    """The library that Python's module has loaded, and no other one of the machine.

    None: the module has it inside and shows nothing of it, or the machine is none of Linux, where
    other processors pass the numbers of a function like this one in another way.
    """
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    except OSError:
        return None
    return library if hasattr(library, "sqlite3_config") else None
