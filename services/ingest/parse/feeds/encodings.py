"""Bytes of an XML document to text, by its byte order mark, its declaration, or what it is."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE, lookup
from typing import Final

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
_HEAD_BYTES: Final = 1_000
_OF_TEXT: Final = re.compile(
    r"ascii|utf-8|iso(?:8859-\d+|2022_\w+)|cp\d+|koi8-\w|kz1048|ptcp154|tis-620|mac-\w+"
    r"|gb2312|gbk|gb18030|hz|big5\w*|shift_jis\w*|euc_\w+|johab"
)
"""Python's names of encodings of text; it has others, that do things to text."""


def beginning(data: bytes) -> str:
    """The first characters of a document in any encoding, without a mark and blanks."""
    head = data[:_HEAD_BYTES]
    name = next((name for mark, name in _BEGINNINGS if head.startswith(mark)), "latin-1")
    return head.decode(name, "replace").lstrip(" \t\r\n\ufeff")


def encoding_of(data: bytes) -> str | None:
    """Python's name of the encoding of an XML document; None: one that is not read.

    Text that is UTF-8 is UTF-8, whatever it declares: no other encoding looks like it by chance.
    """
    for mark, name in _BEGINNINGS:
        if data.startswith(mark):
            return name
    declared = _DECLARED.match(data[:_HEAD_BYTES])
    if declared is None or (not data.isascii() and _is_utf8(data)):
        return "utf-8"
    name = declared[1].decode().lower()
    if name.startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs", "unicode")):
        return "utf-8"  # a declaration that could be read as single bytes is not wide
    try:
        known = lookup(name).name
    except LookupError:
        return None
    return known if _OF_TEXT.fullmatch(known) else None


def declared_name(data: bytes) -> str:
    """The encoding that a document declares, for a sentence; empty: none."""
    declared = _DECLARED.match(data[:_HEAD_BYTES])
    return declared[1].decode() if declared else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
