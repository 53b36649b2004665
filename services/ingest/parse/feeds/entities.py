"""Names of characters in XML: those of HTML, and those that a document type declares plainly.

A declared entity is a text and nothing else: none refers to another one or to a file. So nothing
grows out of it, and what all of them add to a document has a limit.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Final

from services.ingest.parse.limits import ENTITIES_MAX, ENTITY_CHARACTERS_MAX

_SUBSET_PART: Final = re.compile(
    r"""\s++|<!--.*?-->|<\?.*?\?>
      | <!(?:ELEMENT|ATTLIST|NOTATION)\s(?:[^<>"']|"[^"]*+"|'[^']*+')*+>
      | <!ENTITY\s++(?P<name>[\w.:-]++)\s++(?:"(?P<one>[^"<%]*+)"|'(?P<other>[^'<%]*+)')\s*+>""",
    re.DOTALL | re.VERBOSE,
)
"""What a document type may declare; a parameter, or what lies elsewhere, matches nothing."""
_NAMED: Final = re.compile(r"&([A-Za-z_][\w.:-]*);")
_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})


def declared(subset: str) -> dict[str, str] | None:
    """The entities that the inside of a document type declares, by their names.

    None: it declares something that is not read. Source: XML 1.0 4.2, 4.4.
    """
    found: dict[str, str] = {}
    place = 0
    while place < len(subset):
        part = _SUBSET_PART.match(subset, place)
        if part is None:
            return None
        place = part.end()
        if part["name"]:
            value = part["one"] if part["one"] is not None else part["other"]
            names = _NAMED.findall(value)
            if len(value) > ENTITY_CHARACTERS_MAX or any(name not in html5_names for name in names):
                return None
            found.setdefault(part["name"], unescape(value))
            if len(found) > ENTITIES_MAX:
                return None
    return found


html5_names: Final = {name[:-1]: text for name, text in html5.items() if name.endswith(";")}
"""The characters that HTML has names for. Source: HTML 13.5."""


def character(name: str, own: dict[str, str]) -> str | None:
    """What stands for ``&name;`` in XML, escaped; None: the name says nothing."""
    if name in _OF_XML:
        return f"&{name};"
    text = own.get(name) or html5_names.get(name)
    return None if text is None else escaped(text)


def escaped(text: str) -> str:
    """A text as XML writes it, in an element and in an attribute."""
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(mark, name)
    return text
