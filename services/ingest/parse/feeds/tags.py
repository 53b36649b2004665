"""What a source declares an entry to be about, in the words of the log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from services.ingest.parse.feeds.draft import Named
from services.ingest.parse.feeds.taking import Taking
from services.ingest.parse.feeds.text import beginning, folded, title
from services.ingest.parse.limits import DECLARED_TAGS_MAX, ENTRY_LINE_CHARACTERS_MAX
from services.ingest.parse.problems import shown
from shared.news import DeclaredTag

_MEDIA_TOPICS: Final = re.compile(
    r"https?://cv\.iptc\.org/newscodes/mediatopic/(?:medtop:)?(.*)", re.DOTALL
)
_QCODE: Final = re.compile(r"([A-Za-z][\w.-]{0,59}):(\S+)")
_NO_PREFIXES: Final = frozenset({"http", "https", "urn", "tag"})


def tags_of(taking: Taking, declared: Iterable[Named]) -> tuple[DeclaredTag, ...]:
    """Each once, in order; a code is of a scheme where its source names one."""
    found: dict[tuple[str, ...], DeclaredTag] = {}
    for named in declared:
        scheme, code = concept(folded(named.scheme), folded(named.code))
        scheme, code = taking.code(scheme, "a scheme"), taking.code(code, "a code")
        name = taking.line(named.name, "the name of a tag")
        key = (named.kind, scheme, code, "" if code else name)
        if (name or code) and key not in found:
            found[key] = DeclaredTag(
                kind=named.kind,
                scheme=(scheme or None) if code else None,
                code=code or None,
                name=name or None,
                relevance=_relevance(taking, named),
            )
    return tuple(taking.few(list(found.values()), DECLARED_TAGS_MAX, "subjects and names"))


def category(text: str, scheme: str = "", label: str = "") -> Named:
    """A category of a feed: in a vocabulary a code of it, else a name.

    Where it has a label for people, the text is a code also without a vocabulary.
    """
    text, label = title(text), title(label)
    is_code = bool(scheme.strip()) or (bool(label) and label != text)
    # Categories are the same words, and tell where one of them is too long.
    name = beginning(label or text, ENTRY_LINE_CHARACTERS_MAX)
    return Named("subject", name, scheme, text if is_code else "")


def concept(scheme: str, code: str) -> tuple[str, str]:
    """A vocabulary and a code in it, of a qcode, an address, or the two apart.

    Media Topics are ``medtop`` and the bare code, however they came.
    """
    whole = scheme + code if scheme.startswith("http") and "://" not in code else code
    if topic := _MEDIA_TOPICS.fullmatch(whole):
        return "medtop", topic[1]
    qcode = _QCODE.fullmatch(code)
    if qcode and qcode[1].lower() not in _NO_PREFIXES and (not scheme or qcode[1] == "medtop"):
        return qcode[1], qcode[2]
    if not scheme and code.startswith(("http://", "https://")):
        cut = max(code.rfind("/"), code.rfind("#")) + 1
        is_cut = cut > len("https://") and cut < len(code)
        return (code[:cut], code[cut:]) if is_cut else ("", code)
    return scheme, code


def _relevance(taking: Taking, named: Named) -> int | None:
    """Percent, from 0; a fraction of a percent is left out."""
    whole, _, fraction = named.relevance.partition(".")
    if not named.relevance:
        return None
    is_number = whole.isascii() and whole.isdecimal() and len(whole) <= 3
    if is_number and (not fraction or fraction.isdecimal()) and int(whole) <= 100:
        return int(whole)
    detail = f"expected a relevance of 0 to 100, came {shown(named.relevance)}"
    replace(taking, where=named.where or taking.where).problem("field-unusable", detail)
    return None
