"""The words around a name, split once, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from services.enrichment.gazetteers.context import Context
from services.enrichment.gazetteers.matching import Hit

WINDOW = 60
"""Characters looked at on either side of a name: three long words."""
_BLANKS = " \u00a0"
_NO_PHRASES: tuple[str, ...] = ()
_PUNCTUATION = '.,;:!?)»”’"…'
_OPENING = '(«“„‘"['
SENTENCE_MAX = 150
"""Characters of a sentence looked at on either side."""
_SENTENCE_END = re.compile(r"[.!?]\s")
_WORD = re.compile(r"\w+")
_INITIAL = re.compile(r"(?:^|\W)[A-ZА-Я]\.\s?$")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:][\"”’»)]*\s+)[\"“‘«(\[]*$")
_LISTED = r"(?:(?:,? and |, |,? и )[A-ZА-ЯЁ][\w’'-]*(?: [A-ZА-ЯЁ][\w’'-]*)?){0,20}\s"


class Around:
    """Up to three words before a hit and four after it, raw, with their punctuation."""

    __slots__ = ("_afters", "_befores", "after", "before", "hit", "text")

    def __init__(self, text: str, hit: Hit) -> None:
        self.text = text
        self.hit = hit
        start, end = hit.start, hit.end
        self.before: list[str] = []
        self.after: list[str] = []
        self._befores = self._afters = _NO_PHRASES
        if start and text[start - 1] in _BLANKS:
            left = text[max(0, start - WINDOW) : start - 1].replace("\u00a0", " ")
            self.before = left.rsplit(" ", 3)[-3:]
            self._befores = _phrases_before(self.before)
        if text[end : end + 1] in _BLANKS and end < len(text):
            right = text[end + 1 : end + WINDOW].replace("\u00a0", " ")
            self.after = right.split(" ", 4)[:4]
            self._afters = _phrases_after(self.after)

    @property
    def starts_sentence(self) -> bool:
        """Whether a capital says nothing here."""
        return (
            _SENTENCE_START.search(self.text, max(0, self.hit.start - 40), self.hit.start)
            is not None
        )

    @property
    def stands_alone(self) -> bool:
        """Whether no word follows that it could describe: a Bukhara, a Bukhara of 1880."""
        following = self.text[self.hit.end : self.hit.end + 1]
        if following.isspace():
            return self.after[:1] in (["of"], ["from"])
        return not following or following in _PUNCTUATION

    def follows(self, words: frozenset[str]) -> bool:
        """Whether one of the phrases, of at most three words, stands directly before."""
        return not words.isdisjoint(self._befores)

    def precedes(self, words: frozenset[str]) -> bool:
        """Whether one of the phrases, of at most three words, stands directly after."""
        return not words.isdisjoint(self._afters)

    def name_before(self, function: frozenset[str]) -> str | None:
        """The capitalised word directly before, unless it is a function word or ends a clause."""
        if not self.before:
            return None
        word = self.before[-1].lstrip(_OPENING)
        is_closed = word[-1:] in _PUNCTUATION
        return word if _is_name(word, function) and not is_closed else None

    def name_after(self, function: frozenset[str]) -> str | None:
        """The capitalised word directly after, unless it is a function word."""
        if not self.after:
            return None
        word = self.after[0].rstrip(_PUNCTUATION)
        return word if _is_name(word, function) else None

    def run_after(self) -> Iterator[str]:
        """The capitalised words that follow without a mark between."""
        for word in self.after:
            bare = word.rstrip(_PUNCTUATION).removesuffix("’s").removesuffix("'s")
            if not bare[:1].isupper():
                return
            yield bare
            if bare != word:
                return

    def is_titled(self, context: Context) -> bool:
        """Mr Jordan, President Jordan, H. Jordan."""
        if self.follows(context.of("title", "before")):
            return True
        start = self.hit.start
        if self.text[max(0, start - 2) : start].rstrip()[-1:] != ".":
            return False
        return _INITIAL.search(self.text, max(0, start - 6), start) is not None

    def is_located(self, context: Context) -> bool:
        """Whether the words leave nothing but a place: in Osh, Osh region, the city of Osh."""
        has_article = bool(self.before) and self.before[-1].lower() == "the"
        befores = _phrases_before(self.before[:-1]) if has_article else self._befores
        is_led = not context.of("locative", "before").isdisjoint(befores)
        return is_led or self.is_called_town(context) or self.is_called_region(context)

    def is_called_town(self, context: Context) -> bool:
        """Whether the word town or city stands beside it."""
        after, before = context.of("town", "after"), context.of("town", "before")
        return self.precedes(after) or self.follows(before)

    @property
    def sentence(self) -> str:
        """The words on both sides up to the end of a sentence, in lower case."""
        text, hit = self.text, self.hit
        left = text[max(0, hit.start - SENTENCE_MAX) : hit.start]
        right = text[hit.end : hit.end + SENTENCE_MAX]
        return _SENTENCE_END.split(left)[-1] + " " + _SENTENCE_END.split(right)[0]

    def is_among(self, words: frozenset[str]) -> bool:
        """Whether one of the words stands in the same sentence."""
        return any(word in words for word in _WORD.findall(self.sentence.lower()))

    def ends_list(self, context: Context) -> bool:
        """Whether it stands in a list that ends in a plural: the Osh and Naryn regions."""
        plurals = context.of("plural-region", "after")
        if not plurals or self.text[self.hit.end : self.hit.end + 1] not in {" ", ","}:
            return False
        return _list_end(plurals)(self.text, self.hit.end) is not None

    def is_called_region(self, context: Context) -> bool:
        """Followed or preceded by the word, or in a list that ends in its plural."""
        after, before = context.of("region", "after"), context.of("region", "before")
        return self.precedes(after) or self.follows(before) or self.ends_list(context)


def _phrases_before(words: list[str]) -> tuple[str, ...]:
    """The last word, the last two, the last three; in lower case, without a mark before."""
    whole = " ".join(words).lower()
    first, _, rest = whole.partition(" ")
    _, _, last = rest.partition(" ")
    phrases = (whole, rest, last) if first else (rest, last)
    return tuple([phrase.lstrip(_OPENING) for phrase in phrases if phrase])


def _phrases_after(words: list[str]) -> tuple[str, ...]:
    """The first word, the first two, the first three; in lower case, without a mark at the end."""
    whole = " ".join(words[:3]).lower()
    two, _, third = whole.rpartition(" ")
    one, _, _ = two.rpartition(" ")
    phrases = (whole, two, one) if third else (whole,)
    return tuple([phrase.rstrip(_PUNCTUATION) for phrase in phrases if phrase])


def _is_name(word: str, function: frozenset[str]) -> bool:
    return word[:1].isupper() and word.lower() not in function


@lru_cache(maxsize=8)
def _list_end(plurals: frozenset[str]) -> Callable[[str, int], re.Match[str] | None]:
    return re.compile(_LISTED + r"(?i:" + "|".join(map(re.escape, sorted(plurals))) + r")\b").match
