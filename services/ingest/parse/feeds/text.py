"""Plain text out of feeds: what is not seen left out, entities read, spaces folded."""

from __future__ import annotations

import re
from html import unescape
from itertools import groupby
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_ASCII_UNSEEN: Final = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_SEEN: Final[dict[int, str | None]] = {
    **dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F], None),
    **dict.fromkeys([*range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF], None),
    **{number: bytes([number]).decode("cp1252", "ignore") for number in range(0x80, 0xA0)},
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_LONG_REFERENCE: Final = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")
OFTEN_IN_TEXT: Final = (
    ("&nbsp;", "\xa0"), ("&ldquo;", "“"), ("&rdquo;", "”"), ("&rsquo;", "’"), ("&mdash;", "—"),
    ("&ndash;", "–"), ("&laquo;", "«"), ("&raquo;", "»"), ("&hellip;", "…"),
)  # fmt: skip
"""Most of the references of feeds. None of them can end what another began, nor begin another."""
_OFTEN: Final = (*OFTEN_IN_TEXT, ("&quot;", '"'))
_INLINE: Final = (
    "a|abbr|b|bdi|big|code|em|font|i|mark|nobr|q|s|small|span|strong|strike|sub|sup|tt|u"
)
_INLINE_TAG: Final = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_LINE_TAG: Final = re.compile(r"</?(?:br|wbr|p|div)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENDS: Final = " .,;:–—-"


def clean(text: str) -> str:
    """The text without control characters; halves of characters stand as U+FFFD.

    A character of 0x80 to 0x9F was meant as Windows-1252: ``&#146;`` is an apostrophe.
    """
    # What is not seen is not printable either; asking for that costs a quarter of searching.
    if text.isprintable():
        return text
    if text.isascii():
        is_clean = len(text.encode().translate(None, _ASCII_UNSEEN)) == len(text)
    else:
        is_clean = text.replace("\n", "").replace("\xa0", "").isprintable()
    return text.translate(_SEEN) if not is_clean and _UNSEEN.search(text) else text


def folded(text: str) -> str:
    """The text on one line, words apart by one space."""
    if "  " not in text and text.isprintable():  # the only space that is printable is a plain one
        return text.strip(" ")
    return " ".join(text.split())


def unescaped(text: str) -> str:
    """HTML with its character references read. Source: HTML 13.2.5.72."""
    if "&" not in text:
        return text
    for reference, character in _OFTEN:
        if reference in text:
            text = text.replace(reference, character)
    if "&" not in text:
        return text
    if text.count("&") == text.count("&amp;"):
        return text.replace("&amp;", "&")
    if "&#" not in text:
        return unescape(text)  # no character has a name that is not seen
    # The standard library makes a number of any run of digits, and Python refuses long ones.
    return clean(unescape(_LONG_REFERENCE.sub("\ufffd", text)))


def title(text: str) -> str:
    """A title on one line, though it was escaped twice or has markup of a line in it.

    Source: RSS 2.0 ``<title>`` does not say whether it is HTML; what looks like a tag and is none
    of a line is text.
    """
    if "<" in text:
        text = _INLINE_TAG.sub("", _LINE_TAG.sub(" ", text))
    return reference_free(text)


def reference_free(text: str) -> str:
    """Text on one line in which character references have no place, and are read where they are."""
    if "&" in text:
        text = _REFERENCE.sub(lambda found: unescape(found[0]), text)
    return folded(clean(text))


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a plain text: what stands between blank lines, wrapped lines joined."""
    runs = groupby(text.splitlines(), key=lambda line: bool(line.strip()))
    return [folded(" ".join(lines)) for is_seen, lines in runs if is_seen]


def beginning(text: str, characters_max: int) -> str:
    """The first words of a line, at most so many characters, with ``…`` where it was cut."""
    if len(text) <= characters_max:
        return text
    cut, following = text[: characters_max - 1], text[characters_max - 1]
    words = cut if following == " " else cut.rpartition(" ")[0]
    return (words.rstrip(_ENDS) or cut) + "…"
