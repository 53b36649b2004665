"""What streams come to: how many events, and a digest over every byte of them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, get_args

from pydantic import BaseModel, ConfigDict, Field

from shared.errors import Rejected
from shared.events import StreamName
from shared.log import Entry

STREAMS: Final[tuple[StreamName, ...]] = ("wire", "deadletters", "sources", "rates", "articles")
"""In the order of an archive."""


class Sum(BaseModel):
    """What a stream comes to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    events: Annotated[int, Field(ge=0)]
    sha256: str
    """Over the canonical bytes of all its entries."""


def canonical(entry: Entry) -> bytes:
    """An entry as bytes that no other entry has: position, number of fields, names and values.

    Each as ``length:bytes,`` (a netstring).
    """
    parts = [entry.position.encode(), str(len(entry.fields)).encode()]
    for name, value in entry.fields.items():
        parts += (name, value)
    return b"".join(b"%d:%s," % (len(part), part) for part in parts)


@dataclass(slots=True)
class Sums:
    """What streams come to, taken in entry by entry; seqs must be dense."""

    seqs: dict[StreamName, int] = field(default_factory=lambda: dict.fromkeys(STREAMS, 0))
    _digests: dict[StreamName, hashlib._Hash] = field(
        default_factory=lambda: {stream: hashlib.sha256() for stream in STREAMS}
    )

    def take(self, stream: StreamName, entry: Entry) -> None:
        """Count an entry.

        Raises:
            Rejected: its seq is not the next one.
        """
        if entry.seq != self.seqs[stream] + 1:
            expected = f"expected event {self.seqs[stream] + 1} of {stream}"
            raise Rejected(f"{expected}, found seq {entry.seq} at {entry.position}")
        self.seqs[stream] = entry.seq
        self._digests[stream].update(canonical(entry))

    def said(self) -> dict[StreamName, Sum]:
        """The sums so far."""
        return {
            stream: Sum(events=self.seqs[stream], sha256=self._digests[stream].hexdigest())
            for stream in STREAMS
        }


def lines(sums: Mapping[StreamName, Sum]) -> Iterator[str]:
    """Sums for a person."""
    for stream in get_args(StreamName):
        yield f"{stream}: {sums[stream].events} events, sha256 {sums[stream].sha256}"
