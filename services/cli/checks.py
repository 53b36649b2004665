"""What must hold before ``newswire up`` starts anything; each is refused with a sentence."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Final

from services.cli.stack import Places
from shared.errors import Rejected

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


def check_ports(by_flag: Mapping[str, int]) -> None:
    """Return when everything that listens has a port of its own.

    Raises:
        Rejected: two have the same.
    """
    for (flag, port), (other_flag, other) in combinations(by_flag.items(), 2):
        if port == other:
            raise Rejected(
                f"{flag} and {other_flag}: expected two ports, found {port} for both. "
                "Choose another for one of them."
            )


def make_folders(where: Places) -> None:
    """Make the folder of run files, and look at those that the server and the services write in.

    Raises:
        Rejected: in one of them nothing can be written.
    """
    with disk_refusals(where.data):
        where.run.mkdir(parents=True, exist_ok=True)
        for folder in (where.data, where.run, where.log, where.views):
            if folder.exists() and not _is_writable(folder):
                raise PermissionError(
                    errno.EACCES, "no directory that this user may write in", str(folder)
                )


def _is_writable(folder: Path) -> bool:
    by_effective_user = os.access in os.supports_effective_ids  # whose rights a write has
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=by_effective_user)


@contextmanager
def disk_refusals(data: Path) -> Iterator[None]:
    """Turn what the disk refuses into a sentence about the data directory.

    Raises:
        Rejected: in place of an OSError about a file, or about a full disk.
    """
    try:
        yield
    except OSError as refusal:
        if refusal.filename is None and refusal.errno not in _FULL:
            raise
        file = f": {refusal.filename}" if refusal.filename else ""
        raise Rejected(
            f"Cannot keep a stack in {data} ({refusal.strerror}{file}). Make it a directory in "
            "which this user may write, on a disk with room, or choose another with --data."
        ) from refusal
