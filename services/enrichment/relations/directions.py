"""Words by which notes of one template say the opposite: rose and fell, opened and closed. Pure.

The words of markets, tables and notices in the languages of the wire; a list of opposites, not of
all words of movement. A word that is missing costs no more than that its note looks like a copy.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

Direction = Literal["up", "down", "north", "south", "east", "west"]

WORDS_KEPT_MAX: Final = 50_000
"""Words of which it is kept whether they are one: a language's words in daily use."""
_UP: Final = re.compile(
    r"up|upwards?|higher|above|more|stronger|dearer|longer|warmer|highs?"
    r"|r[oi]se[ns]?|rising|gain(?:s|ed|ing)?|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|soar(?:s|ed|ing)?"
    r"|grew|grow(?:s|n|ing)?|increas(?:e|es|ed|ing)|advanc(?:e|es|ed|ing)|add(?:s|ed)|rall(?:y|ies|ied)"
    r"|strengthen(?:s|ed|ing)?|firm(?:s|ed)|surg(?:e|es|ed|ing)|appreciat(?:e|es|ed)|widen(?:s|ed)"
    r"|improv(?:e|es|ed)|lift(?:s|ed)|rais(?:e|es|ed)|wins?|won|beats?|bought|buys?|open(?:s|ed)?"
    r"|вырос\w{0,3}|вырастет|раст[уе]т|повы[сш]\w+|увелич\w+|подорожа\w+|дорожает|укреп\w+|прибав\w+"
    r"|подня\w+|выше|дороже|больше|теплее|купил\w?|выигра\w+|победил\w?|откры(?:т[аоы]?|л\w{0,3})"
    r"|өс(?:ті|кен|уде)|көтеріл\w+|қымбатта\w+|нығай\w+|жоғарыла\w+|артты|сатып|ашы[қл]\w*"
    r"|өстү|көтөрүл\w+|кымбатта\w+|жогорула\w+|чыңдал\w+|көбөй\w+"
    r"|os(?:h|hg|hm)\w+|ortdi|kotaril\w+|qimmatla\w+|mustahkamlan\w+|kopay\w+|ochi[ql]\w*"
)
_DOWN: Final = re.compile(
    r"down|downwards?|lower|below|less|weaker|cheaper|shorter|colder|lows?"
    r"|f[ea]ll(?:s|en|ing)?|los(?:e|es|t|ing)|drop(?:s|ped|ping)?|slid(?:e|es|ing)?|slip(?:s|ped|ping)?"
    r"|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|retreat(?:s|ed)?|sheds?|shr[aiu]nk(?:s|ing)?"
    r"|weaken(?:s|ed|ing)?|eas(?:e|es|ed|ing)|plung(?:e|es|ed|ing)|depreciat(?:e|es|ed)|narrow(?:s|ed)"
    r"|worsen(?:s|ed)|tumbl(?:e|es|ed|ing)|sank|sinks?|cuts?|sold|sells?|clos(?:e|es|ed)"
    r"|упа(?:л\w?|дёт|дет)|пада[ею]т|сни[зж]\w+|пони[зж]\w+|уменьш\w+|сокра[тщ]\w+|подешеве\w+|дешевеет"
    r"|ослаб\w+|потеря\w+|опусти\w+|ниже|дешевле|меньше|холоднее|продал\w?|проигра\w+|уступил\w?"
    r"|закры(?:т[аоы]?|л\w{0,3})"
    r"|төменде\w+|арзанда\w+|түс(?:ті|кен)|әлсіре\w+|азай\w+|сат(?:ты|ылды)|жабы[қл]\w*"
    r"|төмөндө\w+|түштү|алсыра\w+"
    r"|pasay\w+|tush(?:di|gan)|arzonla\w+|kamay\w+|zaiflash\w+|sotdi|yopi[ql]\w*"
)


_WINDS: Final[tuple[tuple[Direction, re.Pattern[str]], ...]] = (
    ("north", re.compile(r"north(?:ern|erly|wards?)?|север\w*|солтүстік\w*|түндүк\w*|shimol\w*")),
    (
        "south",
        re.compile(r"south(?:ern|erly|wards?)?|юг[аеу]?|южн\w+|оңтүстік\w*|түштүк\w*|janub\w*"),
    ),
    ("east", re.compile(r"east(?:ern|erly|wards?)?|восто[кч]\w*|шығыс\w*|чыгыш\w*|sharq\w*")),
    ("west", re.compile(r"west(?:ern|erly|wards?)?|запад\w*|батыс\w*|батыш\w*|garb\w*")),
)
_ALL: Final[tuple[tuple[Direction, re.Pattern[str]], ...]] = (
    ("up", _UP),
    ("down", _DOWN),
    *_WINDS,
)


@lru_cache(maxsize=WORDS_KEPT_MAX)
def direction_of(word: str) -> Direction | None:
    """Which way a word in small letters points; None: none, as nearly all words."""
    return next((one for one, pattern in _ALL if pattern.fullmatch(word)), None)
