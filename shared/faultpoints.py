"""Named points where a test may end a process, to prove that nothing is lost there.

``NEWSWIRE_FAULT_POINT=name:n`` ends the process (as SIGKILL does: at once, nothing flushed) the
n-th time that the point is reached. Without the variable a point costs one comparison.
"""

from __future__ import annotations

import os
import signal
from typing import Final, Literal

Point = Literal[
    "ingest.appended",
    "enrichment.decided",
    "enrichment.committed",
    "projection.applied",
    "projection.committed",
]
"""Between which two steps a process may end."""


def _wanted(text: str) -> tuple[str, int]:
    name, _, count = text.partition(":")
    return name, int(count or 1)


_WANTED: Final = _wanted(os.environ.get("NEWSWIRE_FAULT_POINT", ""))
_reached = 0


def reach(point: Point) -> None:
    """Say that a point is reached; the process may end here."""
    if _WANTED[0] != point:
        return
    global _reached  # noqa: PLW0603  # one counter per process is the meaning of it
    _reached += 1
    if _reached >= _WANTED[1]:
        os.kill(os.getpid(), signal.SIGKILL)
