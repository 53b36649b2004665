"""Files of others, read without trust: no more than was asked for, and nothing that would block.

A pipe, a socket or a device may keep its reader waiting for ever, so only regular files are read.
What lies at a path is looked at before it is opened, which alone may start a device, and again when
it is open, which is the look that counts.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from services.ingest.parse.document import Problem

_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_KINDS: Final = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a symbolic link",
}


def read(path: Path, bytes_max: int) -> bytes | Problem:
    """A file's bytes, one more than ``bytes_max`` where it is longer; links are followed."""
    try:
        refused = irregular(path, path.stat().st_mode)
        return refused or _opened(path, os.open(path, _FLAGS), bytes_max)
    except (OSError, ValueError) as error:
        return unreadable(path, error)


def read_unlinked(path: Path, bytes_max: int) -> bytes | Problem:
    """The same where neither the file nor the directory that it lies in may be a symbolic link."""
    try:
        folder = os.open(path.parent, _FLAGS | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            found = os.stat(path.name, dir_fd=folder, follow_symlinks=False)
            refused = irregular(path, found.st_mode)
            flags = _FLAGS | os.O_NOFOLLOW
            return refused or _opened(path, os.open(path.name, flags, dir_fd=folder), bytes_max)
        finally:
            os.close(folder)
    except (OSError, ValueError) as error:
        return unreadable(path, error)


def irregular(path: Path, mode: int) -> Problem | None:
    """Why nothing is read from a path, by the mode found there; None: it is a regular file."""
    if stat.S_ISREG(mode):
        return None
    came = _KINDS.get(stat.S_IFMT(mode), "something else")
    return Problem("unreadable", shown(str(path)), f"expected a file, came {came}")


def unreadable(path: Path, error: OSError | ValueError) -> Problem:
    """Why the system did not give a file."""
    why = getattr(error, "strerror", None) or error
    return Problem("unreadable", shown(str(path)), f"expected a readable file: {why}")


def shown(name: str) -> str:
    """A file name that can be written: bytes that are no UTF-8 come out as question marks."""
    return name.encode("utf-8", "replace").decode()


def _opened(path: Path, number: int, bytes_max: int) -> bytes | Problem:
    """What an open file holds; it is closed."""
    try:
        if refused := irregular(path, os.fstat(number).st_mode):
            return refused
        with open(number, "rb", closefd=False) as file:
            return file.read(bytes_max + 1) or b""  # None: a kernel file that would block
    finally:
        os.close(number)
