"""Lines to blocks: what stands between blank lines, wrapped lines joined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_SPACES: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_ZERO_WIDTH: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_EDGES: Final = _SPACES + _ZERO_WIDTH
_SOFT_HYPHEN: Final = "\xad"
_UNSEEN: Final = _EDGES + _SOFT_HYPHEN


class Block(NamedTuple):
    """A run of lines without a blank one."""

    text: str
    """Not empty; ends trimmed, inner characters as they came."""
    line: int
    """Its first line, from 1."""
    lines: int
    """How many lines it was wrapped over."""


def trimmed(line: str) -> str:
    """The line without spaces, of any width down to zero, at its ends."""
    return line.strip(_EDGES)


def is_blank(line: str) -> bool:
    """Whether nothing of the line can be seen."""
    return not line.strip(_UNSEEN)


def blocks_of(lines: list[str], *, after: int) -> Iterator[Block]:
    """The blocks of a page below its first ``after`` lines, in order."""
    run: list[str] = []
    for number in range(after, len(lines)):
        if not is_blank(lines[number]):
            run.append(trimmed(lines[number]))
        elif run:
            yield Block(_joined(run), number - len(run) + 1, len(run))
            run = []
    if run:
        yield Block(_joined(run), len(lines) - len(run) + 1, len(run))


def _joined(run: list[str]) -> str:
    """Lines joined with a space; a word broken with a soft hyphen is made whole.

    A plain hyphen at the end of a line stays: whether it belongs to the word cannot be known.
    """
    if len(run) == 1 and not run[0].endswith(_SOFT_HYPHEN):
        return run[0]
    return trimmed("".join(map(_with_its_joint, run)))


def _with_its_joint(line: str) -> str:
    return line.rstrip(_SOFT_HYPHEN) if line.endswith(_SOFT_HYPHEN) else line + " "
