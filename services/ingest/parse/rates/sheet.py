"""What a bank's document prints, before anything of it is judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Mark = Literal[".", ","]
"""What stands between the units and the decimals."""

_ILLEGIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """A text with U+FFFD for each character that is not seen and for each half of one.

    Left out, such a character would make one number of two; U+FFFD is in no number and no code.
    """
    return _ILLEGIBLE.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Bank:
    """How a central bank prints its rates."""

    id: str
    """``nbkr``; also the name of the format, and of what a source may declare."""
    own: str
    """Its own currency, ISO 4217."""
    mark: Mark = "."
    side: Literal["base", "quote"] = "quote"
    """Where its own currency stands: ``quote`` where N foreign cost X of its own."""
    version: int = 1
    """Raised when the same bytes may give another value."""


@dataclass(frozen=True, slots=True)
class Row:
    """One quotation, every part as printed; an empty part is one that is not there."""

    where: str
    """``line 12``, ``item 3``; for a person."""
    line: int
    code: str
    """Alphabetic; empty: only a number, or nothing, stands there."""
    value: str
    nominal: str
    day: str
    change: str = ""
    index: str = ""
    """``UP`` or ``DOWN`` beside the change, where a bank prints that."""
    valid_days: str = ""
