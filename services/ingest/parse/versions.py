"""Which of two versions of one item is the later one, by the numbers that their source gave them.

ninjs has a version as text and NewsML-G2 as a number, so ``10`` comes after ``9`` in both.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBERED: Final = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30}){0,5}")
"""``3``, ``1.12``; 30 digits hold an instant to the nanosecond."""


def compared(ours: str | None, theirs: str | None) -> int:
    """Above 0: ours is the later version; below 0: theirs; 0: they do not tell.

    They tell where both are numbers, or both as many numbers parted by points. Of unlike forms
    nothing follows. Source: ninjs 3.x ``version``, NewsML-G2 ``newsItem/@version``.
    """
    one, other = _numbers(ours), _numbers(theirs)
    if one is None or other is None or len(one) != len(other):
        return 0
    return (one > other) - (one < other)


def _numbers(version: str | None) -> tuple[int, ...] | None:
    if version is None or not _NUMBERED.fullmatch(version):
        return None
    return tuple(map(int, version.split(".")))
