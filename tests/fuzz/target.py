"""What a target of fuzzing is: how bytes are run, what to begin with, and the words of the format.

A run raises nothing and asserts what holds for any bytes. The first byte of an input chooses how
it came; so an input stays what it is when the fuzzer changes another byte.
"""

from __future__ import annotations

from codecs import escape_decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar
from zlib import crc32

from services.ingest.parse.document import Arrival

GOLDEN: Final = Path(__file__).parents[1] / "golden"
OBSERVED_ON: Final = date(2026, 3, 2)
DICTIONARIES: Final = Path(__file__).parent / "dictionaries"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """One reader of what the world sends."""

    name: str
    run: Callable[[bytes], None]
    seeds: Sequence[bytes]
    """Whole inputs, each with its first byte."""
    dictionary: str = "text"
    """A file of DICTIONARIES, without its suffix."""
    bytes_max: int = 16_384
    """Of one input: enough for every seed, and for what takes time by the square to show."""

    def words(self) -> list[bytes]:
        """The words of its dictionary."""
        lines = (DICTIONARIES / f"{self.dictionary}.dict").read_bytes().splitlines()
        return [escape_decode(one[1:-1])[0] for one in lines if one.startswith(b'"')]


ARRIVALS: Final = (
    Arrival(OBSERVED_ON),
    Arrival(OBSERVED_ON, url="https://courier.example/news/list"),
    Arrival(OBSERVED_ON, url="https://courier.example/", zone="Asia/Almaty"),
    Arrival(OBSERVED_ON, charset="windows-1251"),
    Arrival(OBSERVED_ON, charset="utf-16", zone="America/New_York"),
    Arrival(OBSERVED_ON, charset="iso-2022-jp", url="http://[::1]:1/?a=b#c"),
    Arrival(OBSERVED_ON, charset="utf-7", media_type="text/plain", zone="Nowhere/../etc"),
    Arrival(OBSERVED_ON, charset="\x00 idna", url="https://courier.example/" + "a" * 3_976),
)
"""How a document comes: as it should, and with what nobody should declare.

The last address is as long as one that is fetched may be.
"""


def chosen(data: bytes, among: Sequence[T]) -> tuple[T, bytes]:
    """What the first byte chooses, and the rest."""
    return among[data[0] % len(among) if data else 0], data[1:]


def is_sampled(data: bytes) -> bool:
    """One in eight, always the same ones: those that are run twice."""
    return crc32(data) % 8 == 0


def golden(folder: str, *ways: int) -> tuple[bytes, ...]:
    """The documents of a folder, as they come in each of these ways."""
    files = sorted(one for one in (GOLDEN / folder).iterdir() if one.is_file())
    return with_ways([file.read_bytes() for file in files], *ways)


def with_ways(documents: Sequence[bytes], *ways: int) -> tuple[bytes, ...]:
    """Each document, as it comes in each of these ways; the first way if none is given."""
    return tuple(bytes([way]) + document for document in documents for way in ways or (0,))
