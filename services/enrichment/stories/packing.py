"""An article in the memory of stories: its features as numbers, in a few hundred bytes. Pure."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from services.enrichment.stories.features import KINDS, Features

_HEAD: Final = struct.Struct("<IIHBBBBB3s")
_WEIGHT: Final = 0xF
"""Low bits of a term: its weight; of a name: its kind."""
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


def hashed_term(stem: str, weight: int = 0) -> int:
    """A term as a number; without a weight: what finds it."""
    return crc32(stem.encode()) & ~_WEIGHT | weight


def hashed_name(key: str, kind: int = 0) -> int:
    """A name as a number; without a kind: what finds it."""
    return crc32(f"n:{key}".encode()) & ~_WEIGHT | kind


def bare(number: int) -> int:
    """A term without its weight, a name without its kind."""
    return number & ~_WEIGHT


def weight_of(number: int) -> int:
    """The weight of a term, the kind of a name."""
    return number & _WEIGHT


def hashed(features: Features) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Terms, names and numbers of an article as numbers, in their order."""
    terms = tuple(hashed_term(term.stem, term.weight) for term in features.terms)
    names = tuple(hashed_name(name.key, KINDS.index(name.kind)) for name in features.names)
    return terms, names, tuple(crc32(f"#{one}".encode()) for one in features.numbers)


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
