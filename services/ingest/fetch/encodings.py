"""Content codings undone, piece by piece, so that a few bytes never become many in memory.

zstd is not among them: every publisher that sends it sends gzip or br as well, and a frame may ask
for a window of its own choice.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import brotli

CODINGS_MAX: Final = 2
"""Applied one over the other; a publisher applies one, a cache before it may add its own."""
PIECE_BYTES_MAX: Final = 65_536
"""Of what one step gives."""
MEMBERS_MAX: Final = 1_000
"""Of one gzip file; each costs memory, and one is usual."""
ACCEPTED: Final = "gzip, br"
"""As the Accept-Encoding field says it."""


class CodingRefused(Exception):
    """A coding that was not asked for, or too many of them."""


class CodingBroken(Exception):
    """Bytes that are not of the coding that they are said to be."""


class Decoder(Protocol):
    """Undoes one coding."""

    @property
    def is_complete(self) -> bool:
        """Whether what came so far is whole; nothing is."""
        ...

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes stand for, in pieces.

        Raises:
            CodingBroken: they are not of this coding.
        """
        ...


class Gzip:
    """RFC 1952: one or more members, one after the other."""

    def __init__(self) -> None:
        self._member = _member()
        self._members = 1
        self._has_begun = False
        self._is_over = False

    @property
    def is_complete(self) -> bool:
        """Whether the last member is whole."""
        return self._is_over or self._member.eof or not self._has_begun

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes stand for."""
        while data and not self._is_over:
            if self._member.eof:
                self._next_member(data)
                continue
            self._has_begun = True
            try:
                piece = self._member.decompress(data, PIECE_BYTES_MAX)
            except zlib.error as error:
                raise CodingBroken("gzip") from error
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if piece:
                yield piece

    def _next_member(self, data: bytes) -> None:
        self._members += 1
        if self._members > MEMBERS_MAX:
            raise CodingBroken("gzip of too many members")
        # What follows the last member and is none is padding, which gzip itself ignores too.
        self._is_over = not b"\x1f\x8b".startswith(data[:2])
        self._member = _member()
        self._has_begun = False


class Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self._has_begun = False

    @property
    def is_complete(self) -> bool:
        """Whether the stream has ended."""
        return not self._has_begun or bool(self._stream.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes stand for; what follows the stream is left out."""
        if not data or self._stream.is_finished():
            return
        self._has_begun = True
        try:
            piece = self._stream.process(data, output_buffer_limit=PIECE_BYTES_MAX)
            while piece:
                yield piece
                piece = self._stream.process(b"", output_buffer_limit=PIECE_BYTES_MAX)
        except brotli.error as error:
            raise CodingBroken("br") from error


class Chain:
    """All codings of a body, undone in their order."""

    def __init__(self, codings: Sequence[str]) -> None:
        """``codings`` as they were applied, lower case.

        Raises:
            CodingRefused: there are too many, or one that was not asked for.
        """
        applied = [one for one in codings if one != "identity"]
        if len(applied) > CODINGS_MAX:
            raise CodingRefused(f"{len(applied)} codings one over the other")
        self._decoders = [_decoder(one) for one in reversed(applied)]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing at the end."""
        return all(one.is_complete for one in self._decoders)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the next bytes stand for, in pieces.

        Raises:
            CodingBroken: they are not of the codings that they are said to be.
        """
        pieces = iter((data,))
        for decoder in self._decoders:
            pieces = _through(decoder, pieces)
        return pieces


def _through(decoder: Decoder, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from decoder.feed(piece)


def _member() -> zlib._Decompress:
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def _decoder(coding: str) -> Decoder:
    match coding:
        case "gzip" | "x-gzip":  # RFC 9110 8.4.1.3: the same
            return Gzip()
        case "br":
            return Brotli()
        case _:
            raise CodingRefused(f"the coding {coding[:20]!a}")
