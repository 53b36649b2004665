"""A wire of invented articles: in five languages, with tags by Zipf's law, copies and stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from shared.envelope import Attributes, encode
from shared.events import ArticlePublished
from shared.hashing import event_id
from shared.log import Draft
from shared.news import ArticleId, Fingerprint, Relation, Span, StoryId, Tag
from shared.redis_log import RedisLog
from shared.story_events import StoryOpened
from shared.streams import article_subject, source_urn, story_subject
from tests.benchmarks.invented import Invented, article_id, invented

BATCH: Final = 200
LANGUAGES: Final = ("en", "ru", "kk", "ky", "uz")
COUNTRIES: Final = ("KZ", "UZ", "KG", "TJ", "TM")
_SEED: Final = 20260303
_KINDS: Final = (
    ("iso3166", "country", COUNTRIES),
    ("geonames", "place", tuple(str(1_526_000 + number) for number in range(300))),
    ("medtop", "topic", tuple(f"{number:02}000000" for number in range(1, 18))),
    ("person", "person", tuple(f"person-{number}" for number in range(2_000))),
)
"""Every article has one tag of each."""


async def write(log: RedisLog, count: int) -> int:
    """Put the articles on an empty wire, then the stories they make; the seq of the last event."""
    members: dict[str, list[ArticleId]] = defaultdict(list)
    for begin in range(0, count, BATCH):
        drafts = []
        for number in range(begin, min(begin + BATCH, count)):
            one = invented(number, count)
            drafts.append(_article(one, number))
            if one.happening is not None:
                members[one.happening].append(one.article.article_id)
        await log.append("wire", drafts)
    stories = list(_stories(members))
    for begin in range(0, len(stories), BATCH):
        await log.append("wire", stories[begin : begin + BATCH])
    return count + len(stories)


def _article(one: Invented, number: int) -> Draft:
    dice = np.random.default_rng((_SEED, number))
    said = one.article
    event = ArticlePublished(
        article=said,
        language=LANGUAGES[_by_zipf(dice, len(LANGUAGES))],
        language_confidence=99,
        tags=tuple(
            _tag(scheme, kind, codes[_by_zipf(dice, len(codes))]) for scheme, kind, codes in _KINDS
        ),
        relations=() if one.copied_from is None else (_copy(one.copied_from),),
        fingerprint=Fingerprint(text_hash=said.text_hash, words=600),
        methods={"language": "invented/1", "names": "invented/1"},
    )
    subject = article_subject(said.article_id)
    return Draft(subject, said.content_hash, 0, encode(event, _attributes(said.source, subject)))


def _stories(members: dict[str, list[ArticleId]]) -> Iterator[Draft]:
    """A story for each happening that two articles or more report."""
    for happening, ids in members.items():
        if len(ids) < 2:
            continue
        event = StoryOpened(
            story_id=StoryId(event_id("story", happening)), headline=f"Happening {happening}",
            observed_at=invented(0, 1).article.observed_at, methods={}, representative=ids[0],
            article_ids=tuple(ids), evidence={},
        )  # fmt: skip
        subject = story_subject(event.story_id)
        yield Draft(subject, happening, 0, encode(event, _attributes("newswire", subject)))


def _attributes(source: str, subject: str) -> Attributes:
    at = invented(0, 1).article.observed_at
    return Attributes(
        id=event_id("wire", subject), source=source_urn(source), subject=subject, time=at,
        recorded_at=at, correlation_id=subject,
    )  # fmt: skip


def _tag(scheme: str, kind: str, code: str) -> Tag:
    return Tag(
        scheme=scheme, code=code, name=f"Name of {code}", kind=kind, relevance=60,
        confidence=95, creator="invented/1",
        spans=(Span(field="body", paragraph=0, start=0, end=12, text=f"Name of {code}"),),
    )  # type: ignore[arg-type]  # fmt: skip


def _copy(number: int) -> Relation:
    return Relation(
        kind="near_duplicate", article_id=article_id(number), source="source-0",
        evidence={"shared_shingles": "580"}, method="invented/1",
    )  # fmt: skip


def _by_zipf(dice: np.random.Generator, count: int) -> int:
    """A number below ``count``, small ones often."""
    shares = 1 / (np.arange(count) + 1.0)
    return int(dice.choice(count, p=shares / shares.sum()))
