"""Pairs that are like one that nobody quotes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

NEAREST_MAX: Final = 3
"""Pairs named where one is not known."""


def nearest(pair: str, known: Iterable[str]) -> list[str]:
    """Known pairs that were perhaps meant, the likeliest first: ``KGS-USD`` for ``USD-KGS``."""
    base, _, quote = pair.partition("-")

    def unlike(other: str) -> tuple[bool, int, str]:
        its_base, _, its_quote = other.partition("-")
        letters = sum(one == two for one, two in zip(pair, other, strict=False))
        shared = 3 * len({base, quote} & {its_base, its_quote})
        return (its_base, its_quote) != (quote, base), -letters - shared, other

    return sorted(set(known), key=unlike)[:NEAREST_MAX]
