"""Whether a name of a place means the place where it stands; the words are in context.tsv."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from services.enrichment.gazetteers.context import Context
from services.enrichment.gazetteers.matching import Hit
from services.enrichment.gazetteers.names import PLACE_KINDS, Rule
from services.enrichment.steps.names.around import Around
from services.enrichment.steps.names.texts import Text

Verdict: TypeAlias = Literal["named", "possible", "stranger", "refused"]
"""``possible`` counts only where something else speaks for the same bearer and nothing against it;
``stranger``: it is a person's name, here and wherever the article has it again."""


WORN_MAX = 40
"""Letters of a quoted name on either side of the place in it."""


def of_place(
    text: Text, number: int, around: Around, named_until: int | None, context: Context
) -> Verdict:
    """Of a country's, region's or town's name; ``named_until``: where the last place ended."""
    hit = text.hits[number]
    is_other = is_worn(text.text, hit, context) or _is_thing(around, context)
    if is_other or _is_namesake(around, context):
        return "refused"
    if hit.spelling.rule == "word":
        return _of_word(text, around, context)
    if hit.spelling.rule is None and all(e.kind == "country" for e, _ in hit.candidates):
        return "named"
    if _is_persons(text, number, around, context):
        # Verbs have capitals in many a headline (Jordan Signs Deal): no evidence either way there.
        return "possible" if text.field == "headline" else "stranger"
    is_plain = not (_is_borne(hit, context) or _is_minor(hit))
    is_safe = hit.spelling.rule != "given" and around.follows(context.of("preposition", "before"))
    is_told = is_plain or is_safe or around.is_located(context)
    if is_told or is_beside_place(text, number, named_until, context):
        return "named"
    return "possible"


def _of_word(text: Text, around: Around, context: Context) -> Verdict:
    is_led = around.is_located(context) or around.follows(context.of("preposition", "before"))
    if text.field == "headline":
        return "named" if is_led else "possible"
    return "possible" if around.starts_sentence else "named"


def _is_borne(hit: Hit, context: Context) -> bool:
    """Whether people bear the name too."""
    return hit.spelling.rule in {"person", "given"} or hit.name in context.first_names


def _is_minor(hit: Hit) -> bool:
    return all(e.is_minor for e, _ in hit.candidates if e.kind in PLACE_KINDS)


def _is_persons(text: Text, number: int, around: Around, context: Context) -> bool:
    """After a title, an initial or a first name; a name that people bear beside any other name."""
    if _touches_place(text, number):
        return False
    hit = text.hits[number]
    if around.is_titled(context):
        return True
    before = around.name_before(context.of("function", "itself"))
    if before is not None:
        return before in context.first_names or _is_borne(hit, context) or _is_minor(hit)
    if not _is_borne(hit, context) or around.is_called_region(context):
        return False
    return around.name_after(context.of("function", "itself")) is not None


def _touches_place(text: Text, number: int) -> bool:
    """Whether another place stands directly beside it: Russian Georgia, Paris France."""
    hit = text.hits[number]
    for near in text.hits[max(0, number - 1) : number + 2]:
        touches = near.end == hit.start - 1 or near.start == hit.end + 1
        if touches and any(entry.kind in PLACE_KINDS for entry, _ in near.candidates):
            return True
    return False


def is_worn(text: str, hit: Hit, context: Context) -> bool:
    """Whether it is, or is in, the quoted name of a team, a hotel or a work: «Эйр Астана»."""
    opening, closing = context.of("worn", "before"), context.of("worn", "after")
    right = text[hit.end : hit.end + WORN_MAX]
    if closing.isdisjoint(right):
        return False
    left = text[max(0, hit.start - WORN_MAX) : hit.start]
    start = max((left.rfind(mark) for mark in opening), default=-1)
    ends = [end for end in map(right.find, closing) if end >= 0]
    if start < 0 or not ends or any(mark in left[start + 1 :] for mark in closing):
        return False
    words = f"{left[start + 1 :]}{right[: min(ends)]}".split()
    return all(word[:1].isupper() for word in words)


def is_quoted(text: str, hit: Hit, context: Context) -> bool:
    """Whether quotation marks hold it and nothing else."""
    before, after = text[max(0, hit.start - 1) : hit.start], text[hit.end : hit.end + 1]
    return before in context.of("worn", "before") and after in context.of("worn", "after")


def is_body(around: Around, context: Context) -> bool:
    """Whether an institution, a team or a ship bears the name: FC Astana, Almaty Airport."""
    if around.follows(context.of("body", "before")):
        return True
    if not around.after or not around.after[0][:1].isupper():
        return False
    words = context.of("body", "after")
    return any(word in words for word in around.run_after())


def _is_thing(around: Around, context: Context) -> bool:
    """A body, an establishment that ends in lower case, or a Bukhara, which is a carpet."""
    if is_body(around, context):
        return True
    if around.precedes(context.of("establishment", "after")):
        return around.name_before(context.of("function", "itself")) is not None
    return around.stands_alone and around.follows(context.of("article", "before"))


def _is_namesake(around: Around, context: Context) -> bool:
    """Of a river or an epic: by the word beside it, the article before it, the sentence."""
    if around.precedes(context.of("river", "after")) or around.follows(
        context.of("river", "before")
    ):
        return not around.is_called_region(context)
    if around.hit.name not in context.of("namesake", "itself"):
        return False
    is_told = around.follows(context.of("namesake", "before")) or around.is_among(
        context.of("namesake-word", "itself")
    )
    return is_told and not (around.is_called_region(context) or around.is_called_town(context))


def is_beside_place(text: Text, number: int, named_until: int | None, context: Context) -> bool:
    """Georgia and Armenia; Osh, Naryn; the left neighbour must be named, the right one certain."""
    hit, joints = text.hits[number], context.of("joint", "after")
    if named_until is not None and text.text[named_until : hit.start] in joints:
        return True
    if number + 1 == len(text.hits):
        return False
    right = text.hits[number + 1]
    is_certain = right.spelling.rule is None and right.spelling.is_place_name
    return is_certain and text.text[hit.end : right.start] in joints


_CODE_AFTER = re.compile(r"\s?\d|[/–-][A-Z]{3}\b")
_CODE_BEFORE = re.compile(r"\b[A-Z]{3}[/–-]$")
_NUMBER = re.compile(r"\d[\s-]?$")


def of_ware(text: str, hit: Hit, asks: Rule | None, context: Context) -> Verdict:
    """A common word counts after a number, a code beside a number or another code: KGS/USD."""
    match asks or hit.spelling.rule:
        case "amount":
            return "named" if _is_amount(text, hit, context) else "refused"
        case "commodity":
            is_traded = Around(text, hit).is_among(context.of("trade", "itself"))
            return "named" if is_traded else "refused"
        case "code":
            before = _CODE_BEFORE.search(text, max(0, hit.start - 5), hit.start)
            is_quoted = before or _CODE_AFTER.match(text, hit.end)
            return "named" if is_quoted or _is_amount(text, hit, context) else "refused"
        case _:
            return "named"


def _is_amount(text: str, hit: Hit, context: Context) -> bool:
    start = hit.start
    before = text[max(0, start - 20) : start]
    word = before.rstrip().rpartition(" ")[2]
    if before[-1:].isspace() and word.lower() in context.of("scale", "before"):
        start -= len(before) - len(before.rstrip()) + len(word)
    return _NUMBER.search(text, max(0, start - 3), start) is not None
