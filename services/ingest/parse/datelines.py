"""The place and day in front of a story: ``ALMATY, Kazakhstan –``."""

from __future__ import annotations

import re
from typing import Final

from services.ingest.parse.limits import DATELINE_CHARACTERS_MAX

_DASHED: Final = re.compile(
    rf"(?P<front>[^\n“”«»„\":;!?]{{2,{DATELINE_CHARACTERS_MAX}}}?)"
    r"(?:\s{1,4}[–—―]|[–—―](?=\s)|\s{1,4}--?(?=\s))\s{0,4}(?P<next>\S)"
)
_TOWN_END: Final = re.compile(r"[,(/]|\.\s+(?=\S*[a-zа-я\d])")
_IN_CAPITALS: Final = """
    NATO OSCE OPEC OPEC+ ASEAN UNESCO UNICEF USSR USA NASA EAEU CSTO IMF WTO BRICS ISIS
    НАТО ОБСЕ ОПЕК ОПЕК+ СССР США ООН ЕАЭС ОДКБ СНГ ШОС МВФ ВТО ВВП МВД МИД МЧС КНБ ГКНБ БРИКС
"""
_ORGANISATIONS: Final = frozenset(_IN_CAPITALS.split())


def dateline_of(paragraph: str) -> str | None:
    """What stands before the dash of a first paragraph; None: it has no dateline.

    The town is in capitals, and what follows the dash begins a sentence: “NATO – the alliance”
    is none.
    """
    match = _DASHED.match(paragraph)
    if match is None or match["next"].islower():
        return None
    front = match["front"].strip()
    return front if _names_a_town(front) else None


def _names_a_town(front: str) -> bool:
    end = _TOWN_END.search(front)
    town = (front[: end.start()] if end else front).strip()
    letters = sum(char.isalpha() for char in town)
    if not town.isupper() or any(char.isdigit() for char in town) or town in _ORGANISATIONS:
        return False
    return letters >= (2 if end else 3)
