"""What ingest did not take: the latest, for operators.

State, and no event: losing it costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

REJECTS_MAX: Final = 200
"""Kept of a desk; the oldest goes."""
EXCERPT_CHARACTERS_MAX: Final = 200
"""Of where it was and of what was expected, each."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that was offered and not taken; several alike within seconds are one."""

    number: int
    """Counts on over restarts, from 0."""
    at: datetime
    """Of the last one."""
    source: str
    """Whose it was; empty: it cannot be told, or may be one of several."""
    reason: str
    """``Reason`` of a document's problem, or ``Rejection`` of what was pushed: closed lists."""
    times: int
    """How many alike."""
    where: str
    """``line 12``, a path; of the last one."""
    expected: str
    """What was expected, without what came: a document's own words are left out."""


def unquoted(text: str) -> str:
    """A sentence without what it quotes of a document, and short.

    What came stands in “ and ” (services.ingest.parse.problems), and may hold either itself: all
    from the first to the last goes. An article that is withdrawn later has no words here.
    """
    before, mark, rest = text.partition("“")
    said = f"{before}“…”{rest.rpartition('”')[2] if '”' in rest else ''}" if mark else text
    is_whole = len(said) <= EXCERPT_CHARACTERS_MAX
    return said if is_whole else said[: EXCERPT_CHARACTERS_MAX - 1] + "…"
