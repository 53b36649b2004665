"""The longest runs of words that stand in two texts, as they are written in the first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.enrichment.relations.shingles import SHORT_WORDS
from services.enrichment.wording import words_of
from shared.news import Article

PASSAGES_MAX: Final = 5
QUOTED_CHARS_MAX: Final = 200
"""Of a passage: enough to know it again in both texts."""
WORDS_MIN: Final = 3
"""Of a passage: fewer are no shingle."""
PLACES_MAX: Final = 20
"""Places of the other text at which a run is tried; a refrain has more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of words that stands in both texts."""

    words: int
    text: str
    """As the first article writes it, its signs in plain forms; cut where it is long."""


def passages(first: Article, second: Article) -> tuple[Passage, ...]:
    """What two articles share word for word, the longest first."""
    ours, theirs = words_of([compared_text(first)]), words_of([compared_text(second)])
    found = sorted(_runs(ours.hashes.tolist(), theirs.hashes.tolist()), key=lambda run: -run[1])
    quoted: dict[str, Passage] = {}
    for begin, length in found:
        said = _quoted(ours.text[ours.starts[begin] : ours.ends[begin + length - 1]])
        quoted.setdefault(said, Passage(length, said))
        if len(quoted) == PASSAGES_MAX:
            break
    return tuple(quoted.values())


def compared_text(article: Article) -> str:
    """The text by which relations know an article: with headline and summary if it is short."""
    body = "\n".join(article.body)
    if len(words_of([body])) >= SHORT_WORDS:
        return body
    return "\n".join((article.headline, article.summary or "", *article.body))


def _runs(ours: list[int], theirs: list[int]) -> Iterator[tuple[int, int]]:
    """Where runs begin in ours, and how many words they have; none overlaps the next."""
    places: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for index in range(len(theirs) - WORDS_MIN + 1):
        places[tuple(theirs[index : index + WORDS_MIN])].append(index)
    begin = 0
    while begin <= len(ours) - WORDS_MIN:
        at = places.get(tuple(ours[begin : begin + WORDS_MIN]), ())[:PLACES_MAX]
        length = max((_length(ours, begin, theirs, place) for place in at), default=0)
        if length:
            yield begin, length
        begin += length or 1


def _length(ours: list[int], begin: int, theirs: list[int], place: int) -> int:
    length = WORDS_MIN
    most = min(len(ours) - begin, len(theirs) - place)
    while length < most and ours[begin + length] == theirs[place + length]:
        length += 1
    return length


def _quoted(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= QUOTED_CHARS_MAX else said[: QUOTED_CHARS_MAX - 1] + "…"
