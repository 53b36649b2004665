"""What an article names: countries, regions, places and currencies, found by a gazetteer.

A pure step. Nothing is inferred: a place does not bring its country with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.enrichment.gazetteers.names import Entry, Hit, Matcher, hits
from shared.news import Article, Span, Tag

CREATOR = "gazetteer/1"
TAGS_MAX = 50
SPANS_MAX = 20
"""Spans kept for one tag: enough to show and to check, whatever the length of the article."""

Verdict = Literal["named", "possible", "refused"]
"""``possible`` counts only where the article names the same entry and is never refused it."""


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of an article, with the hits found in it, left to right."""

    field: Literal["headline", "summary", "body"]
    paragraph: int | None
    text: str
    hits: tuple[Hit, ...]

    @property
    def is_lead(self) -> bool:
        return self.field == "summary" or self.paragraph == 0

    def before(self, pattern: re.Pattern[str], hit: Hit) -> re.Match[str] | None:
        """What stands before a hit, up to it; no pattern here looks further than 40 letters."""
        return pattern.search(self.text, max(0, hit.start - 40), hit.start)


@dataclass(frozen=True, slots=True)
class _Mention:
    entry: Entry
    text: _Text
    hit: Hit
    verdict: Verdict

    @property
    def weight(self) -> float:
        return 0.5 if self.hit.spelling.is_adjective else 1.0

    @property
    def span(self) -> Span:
        start, end = self.hit.start, self.hit.end
        return Span(
            field=self.text.field,
            paragraph=self.text.paragraph,
            start=start,
            end=end,
            text=self.text.text[start:end],
        )


def places(article: Article, gazetteer_matcher: Matcher) -> tuple[Tag, ...]:
    """The tags of an article, most relevant first, at most ``TAGS_MAX``.

    Relevance is 40 for the headline, 20 for the lead (summary or first paragraph) and up to 40 for
    the share of summary and paragraphs that name it; half of each where only an adjective does.
    Confidence is 100 for a name, 80 for a name under a rule, 60 where there are adjectives only.
    """
    texts = tuple(_texts(article, gazetteer_matcher))
    by_entry: defaultdict[tuple[str, str], list[_Mention]] = defaultdict(list)
    for mention in (mention for text in texts for mention in _mentions(text)):
        by_entry[mention.entry.scheme, mention.entry.code].append(mention)
    counted = filter(None, map(_counted, by_entry.values()))
    tags = (_tag(mentions, running=len(texts) - 1) for mentions in counted)
    return tuple(sorted(tags, key=lambda t: (-t.relevance, t.scheme, t.code))[:TAGS_MAX])


def _texts(article: Article, found_by: Matcher) -> Iterator[_Text]:
    yield _Text("headline", None, article.headline, hits(article.headline, found_by))
    if article.summary is not None:
        yield _Text("summary", None, article.summary, hits(article.summary, found_by))
    for number, paragraph in enumerate(article.body):
        yield _Text("body", number, paragraph, hits(paragraph, found_by))


def _counted(mentions: list[_Mention]) -> list[_Mention]:
    verdicts = {mention.verdict for mention in mentions}
    if verdicts == {"named", "possible"}:
        return mentions
    return [mention for mention in mentions if mention.verdict == "named"]


def _tag(mentions: list[_Mention], *, running: int) -> Tag:
    entry = mentions[0].entry
    return Tag(
        scheme=entry.scheme,
        code=entry.code,
        name=entry.name,
        kind=entry.kind,
        country=entry.country,
        latitude=entry.latitude,
        longitude=entry.longitude,
        relevance=_relevance(mentions, running),
        confidence=max(map(_confidence, mentions)),
        creator=CREATOR,
        spans=tuple(mention.span for mention in mentions[:SPANS_MAX]),
    )


def _relevance(mentions: list[_Mention], running: int) -> int:
    headline = lead = 0.0
    by_text: dict[int | None, float] = {}
    for mention in mentions:
        text, weight = mention.text, mention.weight
        if text.field == "headline":
            headline = max(headline, weight)
            continue
        lead = max(lead, weight if text.is_lead else 0.0)
        by_text[text.paragraph] = max(by_text.get(text.paragraph, 0.0), weight)
    spread = sum(by_text.values()) / running if running else 0.0
    return max(1, round(40 * headline + 20 * lead + 40 * spread))


def _confidence(mention: _Mention) -> int:
    if mention.hit.spelling.is_adjective:
        return 60
    return 100 if mention.hit.spelling.rule in {None, "code"} else 80


def _mentions(text: _Text) -> Iterator[_Mention]:
    named_until: int | None = None
    for number, hit in enumerate(text.hits):
        if not hit.spelling.entries:
            continue
        verdict = _verdict(text, number, named_until)
        if verdict == "named" and hit.spelling.is_place_name:
            named_until = hit.end
        yield _Mention(_region_or_place(text, hit), text, hit, verdict)


def _region_or_place(text: _Text, hit: Hit) -> Entry:
    """The region where the text says region, else the place: Kostanay region, Kostanay."""
    entries = hit.spelling.entries
    if len(entries) == 1:
        return entries[0]
    wanted = "region" if _is_called_region(text, hit) else "place"
    return next((entry for entry in entries if entry.kind == wanted), entries[0])


def _verdict(text: _Text, number: int, named_until: int | None) -> Verdict:
    """Whether a hit names its entry; ``named_until`` is where the last place named ended."""
    hit = text.hits[number]
    match hit.spelling.rule:
        case "person":
            return _as_person(text, number, named_until)
        case "word":
            return _as_word(text, hit)
        case "amount":
            return "named" if text.before(_AMOUNT, hit) else "refused"
        case "code":
            return "named" if _is_quoted(text, hit) else "refused"
        case _:
            return "named"


def _as_person(text: _Text, number: int, named_until: int | None) -> Verdict:
    hit = text.hits[number]
    if _follows_name(text, hit) or _precedes_name(text, hit):
        # Verbs have capitals in many a headline (Jordan Signs Deal): no evidence either way there.
        return "possible" if text.field == "headline" else "refused"
    if text.before(_PREPOSITION, hit) or _is_called_region(text, hit):
        return "named"
    return "named" if _is_beside_place(text, number, named_until) else "possible"


def _as_word(text: _Text, hit: Hit) -> Verdict:
    if text.field == "headline":
        return "named" if text.before(_PREPOSITION, hit) else "possible"
    return "possible" if text.before(_SENTENCE_START, hit) else "named"


_FUNCTION_WORD = re.compile(
    r"(?i:an?|the|this|that|and|or|but|nor|in|from|of|to|near|at|between|with|by|for|on|as|since"
    r"|until|after|before|while|when|if|although|meanwhile|however|yesterday|today|later|earlier"
    r"|now|then|both|also|like|via|outside|inside|across|around|against|over|under|why|how|what"
    r"|where|is|are|и|в|во|из|с|со|к|на|по|о|об|от|до|у|за|под|над|при|но|а|или|не|как|что"
    r"|когда|если|между|также|сегодня|вчера|завтра)"
)
"""Capitalised at the start of a sentence or in a headline, and yet no part of anybody's name."""

_TITLE = re.compile(
    r"(?i:\b(?:mr|mrs|ms|dr|prof|gen|sen|gov|rep|sgt|capt|col|sir|dame|lady|lord|king|queen|prince"
    r"|princess|president|minister|professor|coach|г-н|г-жа|господин|госпожа|президент|министр)"
    r"\.?\s)$|(?:^|\W)[A-ZА-Я]\.\s?$"
)
_WORD_BEFORE = re.compile(r"([^\W\d_][\w’'-]*) $")
_WORD_AFTER = re.compile(r" ([^\W\d_][\w’'-]*)")


def _follows_name(text: _Text, hit: Hit) -> bool:
    if any(other.end == hit.start - 1 for other in text.hits):
        return False
    if text.before(_TITLE, hit):
        return True
    word = text.before(_WORD_BEFORE, hit)
    return word is not None and _is_name(word[1])


def _precedes_name(text: _Text, hit: Hit) -> bool:
    word = _WORD_AFTER.match(text.text, hit.end)
    if word is None or any(other.start == hit.end + 1 for other in text.hits):
        return False
    return _is_name(word[1]) and not _is_called_region(text, hit)


def _is_name(word: str) -> bool:
    return word[0].isupper() and not _FUNCTION_WORD.fullmatch(word)


_PREPOSITION = re.compile(
    r"(?i:(?<![\w-])(?:in|from|of|to|near|at|between|across|into|via|outside|inside|around"
    r"|throughout|toward|towards|в|во|из|под|близ|между|через|город|города|городе|г\.)\s(?:the\s)?)$"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?…:][\"”’»)]*\s+)[\"“‘«(\[]*$")
_JOINTS = frozenset(
    {", ", " and ", ", and ", " or ", ", or ", "-", "–", "/", " и ", ", а также ", " или "}
)


def _is_beside_place(text: _Text, number: int, named_until: int | None) -> bool:
    """Georgia and Armenia; Osh, Naryn; the left neighbour must be named, the right one certain."""
    hit = text.hits[number]
    if named_until is not None and text.text[named_until : hit.start] in _JOINTS:
        return True
    if number + 1 == len(text.hits):
        return False
    right = text.hits[number + 1]
    is_certain = right.spelling.rule is None and right.spelling.is_place_name
    return is_certain and text.text[hit.end : right.start] in _JOINTS


_REGION_AFTER = re.compile(
    r"\s(?i:region|oblast|province|velayat|viloyat|область|области|областью)\b"
    r"|(?:(?:,? and |, |,? и )[A-ZА-ЯЁ][\w’'-]*(?: [A-ZА-ЯЁ][\w’'-]*)?){0,20}"
    r"\s(?i:regions|oblasts|provinces|velayats)\b"
)
_REGION_BEFORE = re.compile(
    r"(?i:(?:\b(?:region|province|oblast)s?\sof|\b(?:область|области|областью))\s)$"
)


def _is_called_region(text: _Text, hit: Hit) -> bool:
    """Followed or preceded by the word, or in a list that ends in its plural."""
    after = _REGION_AFTER.match(text.text, hit.end)
    return after is not None or text.before(_REGION_BEFORE, hit) is not None


_SCALE = (
    r"(?:(?:thousand|million|billion|trillion|bn|mln|тысяч[аи]?|тыс\.?|миллион(?:а|ов)?|млн\.?"
    r"|миллиард(?:а|ов)?|млрд\.?|триллион(?:а|ов)?|трлн\.?)\s)?"
)
_AMOUNT = re.compile(rf"\d[\s-]?{_SCALE}$")
_CODE_BEFORE = re.compile(rf"\d\s{_SCALE}$|\b[A-Z]{{3}}[/–-]$")
_CODE_AFTER = re.compile(r"\s?\d|[/–-][A-Z]{3}\b")


def _is_quoted(text: _Text, hit: Hit) -> bool:
    """A currency's code counts beside a number or another code: 500 USD, KGS/USD."""
    after = _CODE_AFTER.match(text.text, hit.end)
    return after is not None or text.before(_CODE_BEFORE, hit) is not None
