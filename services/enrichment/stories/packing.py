"""An article in the memory of stories: its features as numbers, in a few hundred bytes. Pure."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from services.enrichment.stories.features import WEIGHT, Features

_HEAD: Final = struct.Struct("<IIHBBBBB3s")
_AT: Final = struct.Struct("<I")
"""What a head begins with."""
COPY: Final = 0x8000
"""Bit of a standing that marks a copy."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of an article."""

    at_s: int
    """When we saw it, in whole seconds since 1970."""
    serial: int
    standing: int
    """Lower is better to stand for its story; from ``COPY`` on: only where there is no other."""
    language: str
    magnitude: int
    terms: tuple[int, ...]
    """28 bits of hash, 4 bits of weight."""
    names: tuple[int, ...]
    """28 bits of hash, 4 bits of kind."""
    numbers: tuple[int, ...]
    headline: str


def bare(number: int) -> int:
    """A term without its weight, a name without its kind."""
    return number & ~WEIGHT


def weight_of(number: int) -> int:
    """The weight of a term, the kind of a name."""
    return number & WEIGHT


def hashed(features: Features) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Terms, names and numbers of an article as numbers, in their order."""
    names = tuple([name.number for name in features.names])
    return features.terms, names, tuple(crc32(f"#{one}".encode()) for one in features.numbers)


def pack(kept: Kept) -> bytes:
    """An article as bytes; ``unpack`` gives it back."""
    head = _HEAD.pack(
        kept.at_s,
        kept.serial,
        kept.standing,
        kept.magnitude,
        len(kept.terms),
        len(kept.names),
        len(kept.numbers),
        0,
        kept.language.encode()[:3],
    )
    numbers = array("I", (*kept.terms, *kept.names, *kept.numbers))
    return head + numbers.tobytes() + kept.headline.encode()


def seen_at(packed: bytes) -> int:
    """When a packed article was seen, in whole seconds since 1970."""
    seconds: int = _AT.unpack_from(packed)[0]
    return seconds


def unpack(packed: bytes) -> Kept:
    """The article that was packed."""
    at_s, serial, standing, magnitude, terms, names, numbers, _, language = _HEAD.unpack_from(
        packed
    )
    end = _HEAD.size + 4 * (terms + names + numbers)
    values = array("I")
    values.frombytes(packed[_HEAD.size : end])
    return Kept(
        at_s=at_s,
        serial=serial,
        standing=standing,
        language=language.rstrip(b"\0").decode(),
        magnitude=magnitude,
        terms=tuple(values[:terms]),
        names=tuple(values[terms : terms + names]),
        numbers=tuple(values[terms + names :]),
        headline=packed[end:].decode(),
    )
