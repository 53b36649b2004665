"""Bytes to lines: what is no UTF-8 text is refused, what is a little damaged is repaired aloud."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from services.ingest.parse.document import Reason
from services.ingest.parse.limits import (
    BAD_BYTES_FEW,
    BAD_LINES_FEW,
    BAD_LINES_SHARE_MAX,
    CONTROL_BYTES_SHARE_MAX,
    DOCUMENT_BYTES_MAX,
    LINE_CHARACTERS_MAX,
)
from services.ingest.parse.problems import WHOLE_DOCUMENT, Problems, shown

ENCODING: Final = "utf-8"
"""The one encoding that is read; all others are refused with advice."""

_UTF8_BOM: Final = b"\xef\xbb\xbf"
_WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROL_BYTES: Final = bytes(set(range(0x20)) - set(b"\t\n\r\x0c"))
_HEAD_BYTES: Final = 4096
_LOOKS: Final = {
    "PDF": re.compile(rb"%PDF-"),
    "RTF": re.compile(rb"\{\s*\\rtf"),
    "HTML": re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p)\b", re.IGNORECASE),
    "XML": re.compile(rb"<(?:\?xml|rss|feed|rdf)\b", re.IGNORECASE),
    "HTML or XML": re.compile(rb"<"),
    "TOML": re.compile(rb"\[\[?[ \t]*[A-Za-z_][\w.-]*[ \t]*\]"),
    "JSON": re.compile(rb"[\[{]"),
}
"""Kinds of documents by how they begin; the first that fits."""
_SAMPLE_BYTES: Final = 65_536  # enough to tell an encoding by
_HIGH_BYTES_SHARE_MIN: Final = 0.8  # the rest: dashes, quotation marks, a second script
_DROPPED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    + "]"
)

Refusal = tuple[Reason, str]
"""Why nothing of a document is read: the reason and the sentence."""


def refusal(data: bytes) -> Refusal | None:
    """Why these bytes are not even decoded; None: they may be text."""
    if len(data) > DOCUMENT_BYTES_MAX:
        # Who reads a file stops one byte later: how many there are is not known.
        size = f"expected at most {DOCUMENT_BYTES_MAX} bytes, came more; split the document"
        return "too-large", size
    if _is_wide(data):
        return "undecodable", "expected UTF-8, came UTF-16 or UTF-32; save it as UTF-8"
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if b"\x00" in data or controls > CONTROL_BYTES_SHARE_MAX * len(data):
        came = f"{_counted(controls, 'control byte')} of {len(data)}"
        return "binary", f"expected text, came {came}"
    return None


def looks_like(data: bytes) -> str:
    """What a document seems to be that is no plain text, for a sentence: ``JSON``."""
    begin = data[:_HEAD_BYTES].removeprefix(_UTF8_BOM).lstrip()
    return next((name for name, look in _LOOKS.items() if look.match(begin)), "markup")


def lines_of(data: bytes, problems: Problems) -> list[str] | None:
    """The lines of a text, in order; None: it is not UTF-8 and nothing was taken.

    CRLF, CR and LF end a line. A line that was dropped stays as an empty one, so that the
    number of a line is its place in the list plus one. Without the byte order mark.
    """
    text = _decoded(_unix(data.removeprefix(_UTF8_BOM)), problems)
    if text is None:
        return None
    return [_bounded(n, line, problems) for n, line in enumerate(_clean(text, problems), 1)]


def _is_wide(data: bytes) -> bool:
    """Whether the NUL bytes lie as UTF-16 or UTF-32 puts them, with or without a mark."""
    if data.startswith(_WIDE_BOMS):
        return True
    if len(data) < 4 or b"\x00" not in data:
        return False
    sample = data[:_SAMPLE_BYTES]
    return _is_two_byte(sample[0::2], sample[1::2]) or _nuls_fill_half_of_each_four(sample)


def _is_two_byte(even: bytes, odd: bytes) -> bool:
    """UTF-16: on one side nearly all bytes are NUL, or NUL and the number of one script."""
    low, high = sorted((even, odd), key=lambda side: side.count(0))
    script = max(Counter(high.replace(b"\x00", b"")).values(), default=0)
    few, many = low.count(0), high.count(0)
    return 20 * few <= many and many + script >= _HIGH_BYTES_SHARE_MIN * len(high)


def _nuls_fill_half_of_each_four(data: bytes) -> bool:
    """UTF-32: the two high bytes of nearly every character are NUL, the low one seldom is."""
    filled = [data[place::4].count(0) >= len(data) // 4 for place in range(4)]
    return (filled[0] and not filled[3]) or (filled[3] and filled[2] and not filled[0])


def _unix(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n")


def _decoded(data: bytes, problems: Problems) -> str | None:
    try:
        return data.decode(ENCODING)
    except UnicodeDecodeError:
        return _repaired(data.split(b"\n"), problems)


def _repaired(lines: list[bytes], problems: Problems) -> str | None:
    """The text with U+FFFD where bytes were bad; None: too many lines are."""
    texts = [line.decode(ENCODING, "replace") for line in lines]
    bad = [n for n, line in enumerate(lines) if not _is_utf8(line)]
    is_light = all(texts[n].count("\ufffd") <= BAD_BYTES_FEW for n in bad)
    few = BAD_LINES_FEW if is_light else 0
    if len(bad) > max(few, BAD_LINES_SHARE_MAX * len(lines)):
        came = f"{_counted(len(bad), 'bad line')} of {len(lines)}"
        came = f"expected UTF-8, came {came}; save it as UTF-8"
        problems.add("undecodable", WHOLE_DOCUMENT, came)
        return None
    for n in bad:
        came = shown(_DROPPED.sub("", texts[n]))
        detail = f"expected UTF-8, came {came}; bad bytes stand as U+FFFD"
        problems.add_at(n + 1, "undecodable", detail)
    return "\n".join(texts)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(ENCODING)
    except UnicodeDecodeError:
        return False
    return True


def _clean(text: str, problems: Problems) -> list[str]:
    kept, dropped = _DROPPED.subn("", text)
    if dropped:
        came = _counted(dropped, "control character")
        detail = f"expected text, came {came}; {'it was' if dropped == 1 else 'they were'} left out"
        problems.add("control-characters", WHOLE_DOCUMENT, detail)
    return kept.split("\n")


def _bounded(number: int, line: str, problems: Problems) -> str:
    if len(line) <= LINE_CHARACTERS_MAX:
        return line
    detail = f"expected at most {LINE_CHARACTERS_MAX} characters in a line, came {len(line)}"
    problems.add_at(number, "line-too-long", detail)
    return ""


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
