"""What is printed is printed to its end, or one sentence says that it was not."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from shared.errors import Rejected

_REFUSALS: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE, errno.EBADF}
)
"""Of a write to stdout; an error about a file names it."""


@contextmanager
def flushed() -> Iterator[None]:
    """Flush stdout at the end; when nobody reads it any more, that is an end too.

    Raises:
        Rejected: stdout takes no more, a full disk mostly.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if error.filename is not None or error.errno not in _REFUSALS:
            raise
        let_go()
        if error.errno != errno.EPIPE:
            raise Rejected(f"expected to print, could not: {error.strerror}") from error


def let_go() -> None:
    """Have stdout lead nowhere: else Python complains once more when it closes it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
