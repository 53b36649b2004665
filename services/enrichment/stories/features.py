"""What of an article tells which story it belongs to. Pure, of the article alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import Final, Literal, NamedTuple, get_args

from services.enrichment.stories.common import SHARES
from services.enrichment.stories.words import counted, name_key, plain_number, stem, tokens
from shared.news import Article, Tag

CHARACTERS_MAX: Final = 2_000
"""Of the text, from its beginning: what happened stands there, and a longer text costs no more."""
TERMS_MAX: Final = 32
"""Words kept of an article, those that say most of it."""
NAMES_MAX: Final = 14
NUMBERS_MAX: Final = 6
TITLE_WEIGHT: Final = 2
"""A word of the headline counts as often."""
COMMON_SHARE: Final = 0.1
"""A word that stands in a larger part of all texts says nothing of any."""
SHOUTED_SHARE: Final = 0.6
"""A headline with more capitals than that is set in capitals; they tell no names."""

_RARE_SAYS: Final = -log(0.01)
_SAYS: Final = {one: -log(share) if share < COMMON_SHARE else 0.0 for one, share in SHARES.items()}
"""What a known word says, in nats; 0: it is too common to say anything."""

NameKind = Literal["word", "place", "person", "organisation", "country"]
"""``word``: known by its capital alone."""
KINDS: Final[tuple[NameKind, ...]] = get_args(NameKind)
_KIND_BY_TAG: Final[dict[str, NameKind]] = {
    "place": "place",
    "region": "place",
    "person": "person",
    "organisation": "organisation",
    "country": "country",
}
_MAGNITUDE: Final = re.compile(
    r"(?:magnitude|магнитудой|магнитуда)(?:\sof)?\s(\d)(?:[.,](\d))?|(\d)[.,](\d)[- ]magnitude",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """Whom or what an article names: a tag's ``scheme:code``, or the key of a capitalised word."""

    key: str
    kind: NameKind


class Term(NamedTuple):
    """A word of an article and how much it has of it, 4 for once, at most 15."""

    stem: str
    weight: int


@dataclass(frozen=True, slots=True)
class Features:
    """An article as stories compare it."""

    language: str
    terms: tuple[Term, ...] = ()
    names: tuple[Name, ...] = ()
    numbers: tuple[str, ...] = ()
    """From 10, without years."""
    magnitude: int = 0
    """Of the earthquake that it reports, in tenths; 0: none."""
    words: int = 0
    """Of the headline and the whole text, roughly: what tells a brief from a report."""


@dataclass(slots=True)
class _Count:
    """What is counted while an article is read."""

    stems: dict[str, int] = field(default_factory=dict)
    """Plain tables: a ``Counter`` takes twice as long to count one."""
    capitals: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, None] = field(default_factory=dict)


def features(article: Article, language: str, tags: Sequence[Tag]) -> Features:
    """What an article is compared by; bounded whatever its length."""
    texts = tuple(_beginning(article))
    count = _Count()
    beginning = "\n".join((article.headline, *texts))
    _read(count, article.headline, TITLE_WEIGHT)
    _read(count, "\n".join(texts), 1)
    return Features(
        language=language,
        terms=_terms(count.stems),
        names=_names(count.capitals, tags),
        numbers=tuple(count.numbers)[:NUMBERS_MAX],
        magnitude=_magnitude(beginning),
        words=sum(len(text) for text in (article.headline, *article.body)) // 6,
    )


def _beginning(article: Article) -> Iterator[str]:
    """Summary and paragraphs, each once, as far as they are read."""
    left = CHARACTERS_MAX
    seen: set[str] = set()
    for text in (article.summary or "", *article.body):
        if left <= 0:
            return
        part = text[:left]
        if part and part not in seen:
            seen.add(part)
            left -= len(part)
            yield part


def _read(count: _Count, text: str, weight: int) -> None:
    found = counted(text[:CHARACTERS_MAX])
    is_shouted = weight > 1 and _is_shouted(found)
    stems, capitals = count.stems, count.capitals
    for (digits, word), times in found.items():
        if digits:
            number = plain_number(digits)
            stems[number] = stems.get(number, 0) + weight * times
            if len(number) > 1 and not (len(number) == 4 and number[:2] in {"19", "20"}):
                count.numbers[number] = None
        elif len(word) > 1:
            one = stem(word)
            stems[one] = stems.get(one, 0) + weight * times
            if word[0].isupper() and len(word) > 2 and one not in SHARES and not is_shouted:
                capitals[word] = capitals.get(word, 0) + weight * times


def _is_shouted(found: Mapping[tuple[str, str], int]) -> bool:
    """Whether most words are set with a capital, so that it tells no names."""
    return sum(word[:1].isupper() for _, word in found) > SHOUTED_SHARE * len(found)


def _terms(stems: Mapping[str, int]) -> tuple[Term, ...]:
    """The words that say most: often here, rarely elsewhere."""
    weighed = [
        (-round(_worth(times) * says, 6), one, times)
        for one, times in stems.items()
        if (says := _SAYS.get(one, _RARE_SAYS))
    ]
    return tuple(
        Term(one, min(15, round(4 * _worth(times))))
        for _, one, times in sorted(weighed)[:TERMS_MAX]
    )


@lru_cache(maxsize=1_000)
def _worth(times: int) -> float:
    return 1 + log(times)


def _names(capitals: Mapping[str, int], tags: Sequence[Tag]) -> tuple[Name, ...]:
    """Tagged names, the most relevant first, and then capitalised words that no tag explains."""
    named = [tag for tag in tags if tag.kind in _KIND_BY_TAG]
    explained = {
        name_key(word.text) for tag in named for span in tag.spans for word in tokens(span.text)
    }
    tagged = [
        Name(f"{tag.scheme}:{tag.code}", _KIND_BY_TAG[tag.kind])
        for tag in sorted(named, key=lambda tag: (-tag.relevance, tag.scheme, tag.code))
    ]
    times: Counter[str] = Counter()
    for word, weight in capitals.items():
        times[name_key(word)] += weight
    words = sorted((-weight, key) for key, weight in times.items() if key not in explained)
    return (*tagged, *(Name(key, "word") for _, key in words if len(key) > 2))[:NAMES_MAX]


def _magnitude(text: str) -> int:
    low = text.lower()
    if "magn" not in low and "магн" not in low:
        return 0  # to search for the pattern takes a tenth of reading an article
    found = _MAGNITUDE.search(text)
    if found is None:
        return 0
    whole, tenth, other_whole, other_tenth = found.groups()
    return 10 * int(whole or other_whole) + int(tenth or other_tenth or 0)
