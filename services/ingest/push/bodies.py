"""Bodies of requests as they arrive: JSON or NDJSON to items, within limits. Pure.

An item is complete when its object is: whatever is cut off, the complete ones before it stand.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import islice
from json import JSONDecodeError, JSONDecoder
from typing import Final, Literal

import orjson

JSON_BYTES_MAX: Final = 5_000_000
"""Of a JSON body, which is read as a whole."""
NDJSON_BYTES_MAX: Final = 100_000_000
"""Of an NDJSON body, which is never held as a whole."""
ITEM_BYTES_MAX: Final = 900_000
"""Of one item: with its envelope it must stay below what an event may have."""
ITEMS_MAX: Final = 10_000
"""Of one request; its answer names each of them."""

Form = Literal["json", "ndjson"]
BYTES_MAX: Final[dict[Form, int]] = {"json": JSON_BYTES_MAX, "ndjson": NDJSON_BYTES_MAX}

_BOM: Final = b"\xef\xbb\xbf"
_BLANK_LINES: Final = re.compile(rb"(?:[ \t\r\x0b\x0c]*+\n)*+")
_SPACE: Final = re.compile(r"[ \t\n\r]*+")


def _unread(_number: str) -> None:
    """A number, of which only its end is wanted: Python refuses to read a very long one."""


_DECODER: Final = JSONDecoder(
    parse_int=_unread, parse_float=_unread, parse_constant=_unread, strict=False
)
"""Finds where a value ends; what is wrong inside of it is for the reader of the item to say."""


class Cut(Exception):
    """A body ended before its end; the message says why. Raised by what gives the bytes."""


@dataclass(frozen=True, slots=True)
class Item:
    """The bytes of one item."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """Where reading ended before the body did, and what to do about the rest."""

    reason: Literal["invalid", "too-large", "incomplete"]
    detail: str


Part = Item | Stop


async def batches(chunks: AsyncIterator[bytes], form: Form) -> AsyncIterator[list[Part]]:
    """The items of a body, as many at a time as have come; a Stop is the last part of the last.

    ``chunks`` raises Cut where the body is cut off. No more of it is asked for after a Stop.
    """
    count = 0
    async for batch in _lines(chunks) if form == "ndjson" else _document(chunks):
        items = [part for part in batch if isinstance(part, Item)]
        if count + len(items) > ITEMS_MAX:
            yield [*items[: ITEMS_MAX - count], _too_many()]
            return
        if batch:
            yield batch
        if len(items) < len(batch):
            return  # it ended with a Stop
        count += len(items)


def _too_many() -> Stop:
    return Stop("too-large", f"expected at most {ITEMS_MAX} items; send the rest as another")


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[list[Part]]:
    lines = Lines()
    try:
        async for chunk in chunks:
            yield lines.feed(chunk)
    except Cut as cut:
        yield [*lines.rest(is_cut=True), Stop("incomplete", str(cut))]
        return
    yield lines.rest(is_cut=False)


@dataclass(slots=True)
class Lines:
    """NDJSON on its way to lines; what is held is less than one item."""

    _begun: bytearray = field(default_factory=bytearray)
    """Of a line whose end has not come."""
    _bytes_read: int = 0
    _is_first: bool = True

    def feed(self, chunk: bytes) -> list[Part]:
        """The items that end in this chunk; blank lines are none."""
        taken = chunk[: NDJSON_BYTES_MAX - self._bytes_read]
        self._bytes_read += len(taken)
        parts: list[Part] = []
        for line, is_ended in self._split(taken):
            self._begun += line
            if len(self._begun) > ITEM_BYTES_MAX:
                return [*parts, _too_long()]
            if is_ended:
                parts += self._item()
        if len(taken) < len(chunk):
            parts.append(_body_too_large(NDJSON_BYTES_MAX))
        return parts

    def rest(self, *, is_cut: bool) -> list[Part]:
        """The last line, which nothing ended: an item when its object is whole."""
        found = self._item()
        if found and not _is_json(found[0].data):
            detail = "the body ends within this line; send it again, whole"
            return [] if is_cut else [Stop("incomplete", detail)]
        return list(found)

    def _split(self, chunk: bytes) -> Iterator[tuple[bytes, bool]]:
        """The pieces of lines in a chunk, each with whether its line ends with it."""
        begin = 0 if self._begun or self._is_first else _behind_blank_lines(chunk, 0)
        while (end := chunk.find(b"\n", begin)) >= 0:
            yield chunk[begin:end], True
            begin = _behind_blank_lines(chunk, end + 1)
        yield chunk[begin:], False

    def _item(self) -> list[Item]:
        line = bytes(self._begun)
        self._begun.clear()
        if self._is_first:
            line, self._is_first = line.removeprefix(_BOM), False
        line = line.strip()
        return [Item(line)] if line else []


async def _document(chunks: AsyncIterator[bytes]) -> AsyncIterator[list[Part]]:
    """A JSON body: an array is its elements, anything else one item."""
    body = bytearray()
    try:
        async for chunk in chunks:
            if len(body) + len(chunk) > JSON_BYTES_MAX:
                yield [_body_too_large(JSON_BYTES_MAX)]
                return
            body += chunk
    except Cut as cut:
        yield [Stop("incomplete", str(cut))]
        return
    yield _elements(bytes(body).removeprefix(_BOM).strip())


def _elements(data: bytes) -> list[Part]:
    if not data.startswith(b"["):
        items = [data] if data else []
    else:
        # Bytes that are no UTF-8 come back as they were, in their item alone.
        text = data.decode("utf-8", "surrogateescape")
        try:
            found = list(islice(_array(text), ITEMS_MAX + 1))
        except JSONDecodeError as error:
            return [Stop("invalid", f"expected a JSON array, came none: {error}")]
        except RecursionError:
            return [Stop("invalid", "expected items of a few levels, came one that is deeper")]
        items = [element.encode("utf-8", "surrogateescape") for element in found]
    parts: list[Part] = []
    for item in items:
        if len(item) > ITEM_BYTES_MAX:
            return [*parts, _too_long()]
        parts.append(Item(item))
    return parts


def _array(text: str) -> Iterator[str]:
    """The elements of an array as they are written.

    Raises:
        JSONDecodeError: it is none. RecursionError: an element is too deep to find its end.
    """
    at = _behind_space(text, 1)
    if text[at : at + 1] == "]":
        at = _behind_space(text, at + 1)
    else:
        mark = ","
        while mark == ",":
            _, end = _DECODER.raw_decode(text, at)
            yield text[at:end]
            end = _behind_space(text, end)
            mark, at = text[end : end + 1], _behind_space(text, end + 1)
        if mark != "]":
            raise JSONDecodeError("Expecting ',' or ']'", text, end)
    if at < len(text):
        raise JSONDecodeError("Extra data", text, at)


def _behind_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _behind_blank_lines(chunk: bytes, at: int) -> int:
    found = _BLANK_LINES.match(chunk, at)
    return found.end() if found else at


def _is_json(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except ValueError:
        return False
    return True


def _too_long() -> Stop:
    return Stop("too-large", f"expected at most {ITEM_BYTES_MAX} bytes in one item, came more")


def _body_too_large(bytes_max: int) -> Stop:
    return Stop("too-large", f"expected at most {bytes_max} bytes, came more; send several")
