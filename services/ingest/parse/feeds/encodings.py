"""Bytes of an XML document to text, by its byte order mark, by what is declared, or what it is.

What is declared is believed as long as the bytes do not speak against it: text that is UTF-8 is
UTF-8, and Cyrillic that makes no words in one encoding and does in another was written in that.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup
from typing import Final, NamedTuple

from services.ingest.parse.document import Problem
from services.ingest.parse.limits import BAD_CHARACTERS_SHARE_MAX, FEED_HEAD_CHARACTERS_MAX
from services.ingest.parse.problems import WHOLE_DOCUMENT, shown

_BEGINNINGS: Final = (
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
"""How a document begins that needs no declaration. Source: XML 1.0 appendix F."""
_DECLARED: Final = re.compile(
    rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,39})[\"']"
)
_HEAD_BYTES: Final = FEED_HEAD_CHARACTERS_MAX
_OF_TEXT: Final = re.compile(
    r"ascii|utf-8|iso(?:8859-\d+|2022_\w+)|cp\d+|koi8-\w|kz1048|ptcp154|tis-620|mac-\w+"
    r"|gb2312|gbk|gb18030|hz|big5\w*|shift_jis\w*|euc_\w+|johab"
)
"""Python's names of encodings of text; it has others, that do things to text."""
_WIDER: Final = {
    "ascii": "iso8859-1", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "big5": "big5hkscs", "tis-620": "cp874",
}  # fmt: skip
"""What is written where an encoding is declared. Source: WHATWG Encoding 4.2."""
_SEVEN_BITS: Final = re.compile(r"iso2022_\w+|hz")
_CYRILLIC: Final = ("cp1251", "koi8-r", "iso8859-5", "cp866")
_FREQUENT: Final = frozenset("оеаинтсрвлы")
"""Of ten letters of Russian six, of Kazakh and Kyrgyz five; of another encoding's view, two."""
_SAMPLE_BYTES: Final = 65_536
_WORDS_SHARE_MIN: Final = 0.4
_WORDS_AHEAD_MIN: Final = 0.2
_RUNS_SHARE_MIN: Final = 0.6  # in Cyrillic letters stand side by side; accents stand alone
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]{2,}")
_ESCAPES: Final = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)
}
"""Bytes that are no UTF-8, as they came through, to what they were most likely meant as."""


class Decoded(NamedTuple):
    """The text of a document."""

    text: str
    encoding: str
    """Python's name."""
    doubt: str = ""
    """Why it might be another one, for a person; empty: nothing speaks for that."""


def beginning(data: bytes) -> str:
    """The first characters of a document in any encoding, without a mark and blanks."""
    head = data[:_HEAD_BYTES]
    name = next((name for mark, name in _BEGINNINGS if head.startswith(mark)), "latin-1")
    return head.decode(name, "replace").lstrip(" \t\r\n\ufeff")


def decoded(data: bytes, charset: str | None) -> Decoded | Problem:
    """The text of a document; ``charset`` is what the transport declared.

    Source: RFC 7303 3 for the order: the mark, the transport, the declaration.
    """
    for mark, name in _BEGINNINGS:
        if data.startswith(mark):
            found = _replaced(data, name)
            if isinstance(found, Problem):
                return found
            return found._replace(encoding=name.removesuffix("-sig"))
    names = [known for name in (charset, _declared(data)) if name and (known := encoding_of(name))]
    if data.isascii():
        stateful = next((name for name in names if _SEVEN_BITS.fullmatch(name)), None)
        name = stateful or (names[-1] if names else "utf-8")
        return _replaced(data, name)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, names, _declared(data) or charset or "")


def _not_utf8(data: bytes, names: list[str], said: str) -> Decoded | Problem:
    """A document that is not UTF-8 throughout, though it may be in all but a few places."""
    loose = data.decode("utf-8", "surrogateescape")
    mended = loose.translate(_ESCAPES)
    bad = len(loose) - len(loose.encode("utf-8", "ignore").decode())
    good = len(loose) - len(loose.encode("ascii", "ignore")) - bad
    if good > 4 * bad:
        return Decoded(mended, "utf-8", f"expected UTF-8, came {bad} other bytes, read as Western")
    cyrillic, words = _cyrillic(data[:_SAMPLE_BYTES])
    for name in dict.fromkeys(names):
        made = _replaced(data, name) if name != "utf-8" else None
        if (
            isinstance(made, Decoded)
            and words < _words(made.text[:_SAMPLE_BYTES]) + _WORDS_AHEAD_MIN
        ):
            return made
    if cyrillic:
        made = _replaced(data, cyrillic)
        if isinstance(made, Decoded):
            doubt = f"expected {shown(said or 'UTF-8')}, came what reads as {cyrillic}"
            return made._replace(doubt=f"{doubt}; declare what it is in")
    doubt = f"expected {shown(said or 'UTF-8')}, came {bad} bytes that are not; read as Western"
    return Decoded(mended, "utf-8" if good else "cp1252", doubt)


def _replaced(data: bytes, name: str) -> Decoded | Problem:
    """The text, with U+FFFD for what is damaged; too much of that, and it is refused."""
    try:
        return Decoded(data.decode(name), name)
    except UnicodeDecodeError as error:
        text = data.decode(name, "replace")
        bad = text.count("\ufffd")
        if bad > max(2, BAD_CHARACTERS_SHARE_MAX * len(text)):
            came = f"expected {name}, came bad bytes at {error.start}; declare what it is in"
            return Problem("undecodable", WHOLE_DOCUMENT, came)
        return Decoded(text, name, f"expected {name}, came {bad} bad bytes; they stand as U+FFFD")


def _cyrillic(sample: bytes) -> tuple[str | None, float]:
    """The encoding in which a text makes Cyrillic words, and how many; None: in none."""
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    in_runs = sum(map(len, _HIGH_RUN.findall(sample)))
    if not high or in_runs < _RUNS_SHARE_MIN * high:
        return None, 0.0
    share = {name: _words(sample.decode(name, "replace")) for name in _CYRILLIC}
    name = max(share, key=share.__getitem__)
    words = share[name]
    return (name, words) if words >= _WORDS_SHARE_MIN else (None, 0.0)


def _words(text: str) -> float:
    """The share of the letters most frequent in Cyrillic among all that is not ASCII."""
    other = [one for one in text if not one.isascii()]
    return sum(one in _FREQUENT for one in other) / len(other) if other else 0.0


def _declared(data: bytes) -> str:
    """The encoding that a document declares; empty: none."""
    declared = _DECLARED.match(data[:_HEAD_BYTES])
    return declared[1].decode() if declared else ""


def encoding_of(name: str) -> str | None:
    """Python's name of a declared encoding; None: it is none of text, or of another width."""
    name = name.strip().strip("\"'").lower()
    if name.startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs", "unicode")):
        return None  # a document that begins as single bytes is not wide
    try:
        known = lookup(name).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(known, known) if _OF_TEXT.fullmatch(known) else None
