"""A text folded in one byte a character: words are found in it as fast as memory is read.

A character whose folding is one letter, whatever stands beside it, is the byte of that letter. What
stands in no word is a blank. All else is ``ODD``: what has it is to be read as it stands.
"""

from __future__ import annotations

import codecs
from typing import Final

from shared.search.folding import APOSTROPHES, folded, is_cyrillic
from shared.search.stems import UZBEK, Inflection

ODD: Final = b"?"

_CYRILLIC: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөүұһіҳҷӣӯў"
_LATIN: Final = "éèêáàâäöüóíçñşğıãåúô"
_SEPARATING: Final = "“”„«»…–—‐‑•№€\u00a0"
_KNOWN: Final = "".join(map(chr, range(128))) + (
    _CYRILLIC + _CYRILLIC.upper() + _LATIN + _SEPARATING
)
"""Characters with a byte, by that byte: ASCII as it is, what the languages of the wire have, and
what else is common in texts. All others are ODD."""
_BYTES: Final = codecs.charmap_build(_KNOWN.ljust(256, "\ufffe"))


def _table(known: str, *, is_latin_alone: bool) -> bytes:
    """What each byte is when it is folded."""
    made = bytearray(ODD * 256)
    for at, character in enumerate(known):
        if character in APOSTROPHES or character in ODD.decode():
            continue
        if not character.isalnum():
            made[at] = ord(" ")
        elif not (is_latin_alone and is_cyrillic(character.casefold())):
            made[at] = known.index(folded(character))
    return bytes(made)


_FOLDED: Final = _table(_KNOWN, is_latin_alone=False)
_FOLDED_LATIN: Final = _table(_KNOWN, is_latin_alone=True)
"""For Uzbek, of whose Cyrillic letters some are two in Latin."""


def in_bytes(text: str, inflected: Inflection) -> bytes:
    """A text of a language folded, one byte a character, with a blank before it and behind it.

    The text has to be ``composed``.
    """
    known = text.encode("ascii") if text.isascii() else _encoded(text)
    return b" %b " % known.translate(_FOLDED_LATIN if inflected is UZBEK else _FOLDED)


def _encoded(text: str) -> bytes:
    return codecs.charmap_encode(text, "replace", _BYTES)[0]
