"""Double quotation marks: whether a block closes what it opens, and what runs over blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from services.ingest.parse.blocks import Block
from services.ingest.parse.limits import QUOTATION_LOOKAHEAD_BLOCKS

_MARKS: Final = re.compile('["“”„«»]')
_OPENING: Final = ("“", "„", "«", '"')
CLOSING_MARKS: Final = "”»“\"’'›"
"""What may stand after the last character of a sentence or a headline."""


class Quotes(NamedTuple):
    """The quotation marks of one block."""

    left_open: str = ""
    """Kinds of marks opened and not closed: of ``“``, ``„``, ``«``, ``"``."""
    closed_unopened: str = ""
    """Kinds of marks that were opened in a block before."""

    @property
    def are_balanced(self) -> bool:
        """Whether every mark has its partner in the block."""
        return not self.left_open and not self.closed_unopened


_NONE: Final = Quotes()


def quotes_of(text: str) -> Quotes:
    """The marks of a block, read from its beginning.

    ``“`` closes an open ``„`` and opens otherwise. An odd straight mark is taken for an opening
    one where the block begins with it, and for either one elsewhere.
    """
    marks = _MARKS.findall(text)
    if not marks:
        return _NONE
    depth = dict.fromkeys(_OPENING, 0)
    unopened = ""
    for mark in marks:
        unopened += _step(depth, mark) if len(unopened) < len(_OPENING) else ""
    if depth['"'] and not text.startswith('"'):
        unopened += '"'
    return Quotes("".join(kind for kind in _OPENING if depth[kind]), unopened)


def quoted_blocks(blocks: Sequence[Block], quotes: Sequence[Quotes]) -> list[bool]:
    """For each block, whether it continues a quotation that an earlier block left open.

    Either it opens the quotation anew, as English sets it, or a block soon after closes what it
    did not open. A forgotten closing mark therefore swallows no headline that follows.
    """
    running = ""
    inside = []
    for n, block in enumerate(blocks):
        reopens = block.text.startswith(_OPENING)
        continues = bool(running) and (reopens or _is_closed_soon(quotes, n, running))
        inside.append(continues)
        closes = _share_a_kind(running, quotes[n].closed_unopened)
        if reopens or not continues or closes:
            # An odd straight mark that closes opens nothing.
            running = quotes[n].left_open.replace('"', "" if closes else '"')
    return inside


def _step(depth: dict[str, int], mark: str) -> str:
    """Count one mark; gives the kind of the opening mark it misses, or nothing."""
    match mark:
        case '"':
            depth[mark] ^= 1
        case "„" | "«":
            depth[mark] += 1
        case "»":
            return _close(depth, ("«",))
        case "“" if not depth["„"]:
            depth[mark] += 1
        case _:
            return _close(depth, ("„", "“") if mark == "“" else ("“", "„"))
    return ""


def _close(depth: dict[str, int], kinds: tuple[str, ...]) -> str:
    for kind in kinds:
        if depth[kind]:
            depth[kind] -= 1
            return ""
    return kinds[0]


def _is_closed_soon(quotes: Sequence[Quotes], start: int, running: str) -> bool:
    """Whether the next block with an unpaired mark closes the running quotation."""
    for following in quotes[start : start + QUOTATION_LOOKAHEAD_BLOCKS]:
        if not following.are_balanced:
            return _share_a_kind(running, following.closed_unopened)
    return False


def _share_a_kind(running: str, closed: str) -> bool:
    return any(kind in running for kind in closed)
