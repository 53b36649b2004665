"""What an article is about: IPTC Media Topics, with how sure that is; none where it is not clear.

A pure step. What the source declares is evidence beside the words, never an answer by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from services.enrichment.topics import Topics
from services.enrichment.topics.lookup import Mentions
from services.enrichment.topics.model import (
    CHARS_MAX,
    Model,
    Reading,
    Spoken,
    is_topic,
    probabilities,
    reading,
    spoken,
)
from services.enrichment.topics.taxonomy import SCHEME
from services.enrichment.topics.words import lower, place
from services.enrichment.wording import Wording, wording
from shared.news import Article, DeclaredTag, Span, Tag

CREATOR: Final = "topics/1"
"""Where the words alone decided."""
CREATOR_DECLARED: Final = "topics/1+source"
"""Where the source declares this topic as well, and that counted."""
CONFIDENCE_MIN: Final = 50
"""Percent: below it nothing is told. Found on texts held out (docs/topics.md)."""
ANOTHER_MIN: Final = 25
"""Percent, of a second and third topic beside a first one."""
SECOND_MIN: Final = 75
"""Percent, of a topic of the second level: of its parent, times of it under that parent."""
CONFIDENCE_MAX: Final = 99
TOPICS_MAX: Final = 3
"""Of the top level."""
SPANS_MAX: Final = 5
DECLARED_ODDS: Final = 20.0
"""A topic that the source declares is held to be so many times likelier than by its words."""

_ADDRESS: Final = "cv.iptc.org/newscodes/mediatopic/"


@dataclass(frozen=True, slots=True)
class _Asked:
    """An article as one model reads it."""

    article: Article
    model: Model
    names: Topics
    text: Reading
    words: Wording
    mentions: Mentions
    """Where each row of ``text`` stands first."""
    declared: frozenset[str]
    """Codes that the source declares, with those above them."""


def topics(article: Article, language: str, words: Wording, model: Topics) -> tuple[Tag, ...]:
    """The topics of an article, most relevant first; empty: none is clear.

    At most ``TOPICS_MAX`` of the top level, each with at most one of the second level, which takes
    the spans: a topic that follows from the one below it has none. Relevance is what the words say
    for a topic, in percent of what they say for the strongest one. Languages without a model get no
    topics. Reads the first 3,000 characters (``CHARS_MAX``), whatever the length of the article.
    """
    asked = _asked(article, language, words, model)
    if asked is None:
        return ()
    found = [_told(asked, top, share) for top, share in _chosen(shares(asked))]
    strongest = max((told.spoken.amount for told in found), default=0)
    tags = [
        tag
        for told in found
        for tag in _tags(asked, told, max(1, round(100 * told.spoken.amount / max(1, strongest))))
    ]
    return tuple(sorted(tags, key=lambda tag: (-tag.relevance, tag.code)))


def confidences(article: Article, language: str, model: Topics) -> Mapping[str, float]:
    """How likely each top-level topic and ``none`` is, 0–1; empty: nothing can be said."""
    asked = _asked(article, language, wording(article), model)
    return {} if asked is None else shares(asked)


def _asked(article: Article, language: str, words: Wording, names: Topics) -> _Asked | None:
    model = names.models.get(language)
    if model is None:
        return None
    found = names.lookups[language].mentions(words, CHARS_MAX)
    text = reading(model, found.rows, found.counts)
    if text is None:
        return None
    return _Asked(article, model, names, text, words, found, frozenset(_declared(article, names)))


def shares(asked: _Asked) -> dict[str, float]:
    """How likely each top-level class is, 0–1, by the words and by what the source declares."""
    return _weighed(probabilities(asked.model.top, asked.text), asked.declared)


def _weighed(by_words: Mapping[str, float], declared: frozenset[str]) -> dict[str, float]:
    raised = {
        name: share * (DECLARED_ODDS if name in declared else 1.0)
        for name, share in by_words.items()
    }
    total = sum(raised.values())
    return {name: share / total for name, share in raised.items()}


def _chosen(share: Mapping[str, float]) -> list[tuple[str, float]]:
    ordered = sorted(share.items(), key=lambda item: (-item[1], item[0]))
    first, likely = ordered[0]
    if not is_topic(first) or _percent(likely) < CONFIDENCE_MIN:
        return []
    others = (one for one in ordered[1:] if is_topic(one[0]) and _percent(one[1]) >= ANOTHER_MIN)
    return [(first, likely), *others][:TOPICS_MAX]


@dataclass(frozen=True, slots=True)
class _Told:
    code: str
    confidence: int
    spoken: Spoken
    second: tuple[str, int, Spoken] | None
    """The topic below it, how sure, and what the words said for it; None: none is clear."""


def _told(asked: _Asked, top: str, share: float) -> _Told:
    said = spoken(asked.model.top, asked.text, top, SPANS_MAX)
    return _Told(top, _percent(share), said, _second(asked, top, share))


def _second(asked: _Asked, top: str, share: float) -> tuple[str, int, Spoken] | None:
    below = asked.model.second.get(top)
    if below is None:
        return None
    within = _weighed(probabilities(below, asked.text), asked.declared)
    code, part = max(within.items(), key=lambda item: item[1])
    sure = _percent(share * part)
    if sure < SECOND_MIN:
        return None
    return code, sure, spoken(below, asked.text, code, SPANS_MAX)


def _tags(asked: _Asked, told: _Told, relevance: int) -> Iterator[Tag]:
    if told.second is None:
        spans = _spans(asked, told.spoken.loudest)
        yield _tag(asked, told.code, (relevance, told.confidence), spans)
        return
    code, sure, said = told.second
    spans = _spans(asked, said.loudest or told.spoken.loudest)
    yield _tag(asked, code, (relevance, sure), spans)
    yield _tag(asked, told.code, (relevance, told.confidence), ())


def _tag(asked: _Asked, code: str, figures: tuple[int, int], spans: tuple[Span, ...]) -> Tag:
    relevance, confidence = figures
    return Tag(
        scheme=SCHEME,
        code=code,
        name=asked.names.names.topics[code].label,
        kind="topic",
        relevance=relevance,
        confidence=confidence,
        creator=CREATOR_DECLARED if code in asked.declared else CREATOR,
        spans=spans,
    )


def _spans(asked: _Asked, rows: tuple[int, ...]) -> tuple[Span, ...]:
    """Where each of these rows stands first, in the order of the text."""
    texts = list(_texts(asked.article))
    found: list[Span] = []
    for row in sorted(rows, key=lambda row: int(asked.mentions.starts[row])):
        start, end = int(asked.mentions.starts[row]), int(asked.mentions.ends[row])
        part = asked.words.part_at(start)
        field, paragraph, text = texts[part]
        written = asked.words.text[start:end]
        at = start - asked.words.parts[part]
        if text[at : at + len(written)] != written:  # signs before it were read as others
            at = place(lower(text), lower(written))
        if at >= 0:
            to = at + len(written)
            found.append(Span(field=field, paragraph=paragraph, start=at, end=to, text=text[at:to]))
    return tuple(found)


def _texts(
    article: Article,
) -> Iterator[tuple[Literal["headline", "summary", "body"], int | None, str]]:
    yield "headline", None, article.headline
    yield "summary", None, article.summary or ""
    for number, paragraph in enumerate(article.body):
        yield "body", number, paragraph


def _declared(article: Article, names: Topics) -> Iterator[str]:
    for said in article.categories:
        yield from _codes(said, names)
    for tag in article.declared_tags:
        yield from _codes(_said(tag), names)
        yield from _codes(tag.name or "", names)


def _said(tag: DeclaredTag) -> str:
    """A declared code with its vocabulary; empty: it is of another one than the Media Topics."""
    scheme, code = tag.scheme or "", tag.code or ""
    if scheme == SCHEME or scheme.endswith(_ADDRESS):
        return f"{SCHEME}:{code.rpartition(':')[2].rpartition('/')[2]}"
    return code


def _codes(said: str, names: Topics) -> tuple[str, ...]:
    """The code that ``medtop:04000000``, its address or a label names, with those above it."""
    text = said.strip().lower()
    prefix, _, rest = text.partition(":")
    if prefix == SCHEME:
        code = rest
    elif _ADDRESS in text:
        code = text.rpartition("/")[2]
    else:
        code = names.codes_by_label.get(text, "")
    return names.names.path(code) if code in names.names.topics else ()


def _percent(share: float) -> int:
    return min(CONFIDENCE_MAX, round(100 * share))
