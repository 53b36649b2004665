"""Bytes of an HTML page to text, by its mark, what it declares, or what its letters are."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Final, NamedTuple

from services.ingest.parse.feeds.encodings import encoding_of
from services.ingest.parse.feeds.text import clean

_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z][A-Za-z0-9._:-]{0,39})", re.IGNORECASE
)
"""Source: HTML 13.2.3.2; both ``<meta charset>`` and ``http-equiv`` have it."""
_HEAD_BYTES: Final = 4_096
_BAD_SHARE_MAX: Final = 0.001
"""Of UTF-8 that was cut in the middle of a character, or has a few bytes of another text in it."""
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_LOWER_1251: Final = re.compile(rb"[\xe0-\xff]")
_LOWER_KOI8: Final = re.compile(rb"[\xc0-\xdf]")
_RUN_BYTES_MIN: Final = 3.0
"""Letters beyond ASCII stand singly in Latin scripts and in whole words in Cyrillic ones."""


class Decoded(NamedTuple):
    """A page as text."""

    text: str
    encoding: str
    doubt: str | None = None
    """What was wrong, for a sentence; None: nothing."""


def decoded(data: bytes, charset: str | None) -> Decoded:
    """A page as text; ``charset`` is what the transport declared.

    Text that is UTF-8 is UTF-8, whatever it declares: no other encoding looks like it by chance.
    """
    try:
        return Decoded(clean(data.removeprefix(BOM_UTF8).decode()), "utf-8")
    except UnicodeDecodeError:
        pass
    found = _DECLARED.search(data[:_HEAD_BYTES])
    names = (charset, found[1].decode() if found else None)
    declared = next((known for name in names if name and (known := encoding_of(name))), None)
    if declared not in {None, "utf-8"} and _fits(data, str(declared)):
        return _as(data, str(declared), None)
    replaced = data.decode("utf-8", "replace")
    bad = replaced.count("\ufffd")
    if bad <= _BAD_SHARE_MAX * len(data) + 1:
        return Decoded(clean(replaced), "utf-8", f"{bad} bad bytes, which stand as U+FFFD")
    guess = _guessed(data)
    return _as(data, guess, f"bytes that are none; it was read as {guess}")


def _fits(data: bytes, declared: str) -> bool:
    """Not where whole words of a Cyrillic script are declared as Latin."""
    is_latin = declared in {"cp1252", "iso8859-1", "iso8859-15"}
    return not is_latin or _guessed(data) == "cp1252"


def _guessed(data: bytes) -> str:
    """Source: in Windows-1251 the small letters lie where KOI8-R has the capitals."""
    runs = _HIGH.findall(data)
    if sum(map(len, runs)) < _RUN_BYTES_MIN * len(runs):
        return "cp1252"
    small = len(_LOWER_1251.findall(data))
    return "cp1251" if small >= len(_LOWER_KOI8.findall(data)) else "koi8-r"


def _as(data: bytes, encoding: str, doubt: str | None) -> Decoded:
    return Decoded(clean(data.decode(encoding, "replace")), encoding, doubt)
