"""What the benchmarks write and read: articles and rates of four newsrooms, the same every run.

Deterministic: made from a seed, through the real models and the real envelope. Texts are long and
odd enough that no two articles are alike, and name about six places and currencies each.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Final

from services.enrichment.desks import ArticleDesk
from services.enrichment.outputs import wire_output
from services.enrichment.rate_desk import RateDesk
from services.enrichment.reading import Read
from services.enrichment.worker import Desk
from services.ingest.domain import rate_hash
from services.ingest.identity import article_id, slug_key
from shared.consumer import BATCH_MAX
from shared.envelope import Attributes, article_hash, encode
from shared.events import ArticleReceived, RateObserved
from shared.hashing import event_id, sha256, text_hash
from shared.log import Draft, Entry, Move, Output
from shared.news import Article, Document, Rate
from shared.streams import ORIGIN, article_subject, rate_subject, series_name, source_urn
from shared.testing.memory_log import MemoryLog

SEED: Final = 20260302
BODY_CHARS: Final = 1_900
"""Of an article's text: with its other fields and its envelope the event has 3 kB."""
SEEN_AT: Final = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)

_SOURCES: Final = ("silk-road-bulletin", "steppe-courier", "caspian-wire", "pamir-gazette")
_NAMES: Final = (
    "Almaty", "Astana", "Bishkek", "Tashkent", "Samarkand", "Dushanbe", "Ashgabat", "Osh",
    "Kazakhstan", "Kyrgyzstan", "Uzbekistan", "Tajikistan", "Turkmenistan", "China", "Germany",
)  # fmt: skip
_WORDS: Final = (
    "the", "ministry", "officials", "said", "on", "Monday", "that", "a", "new", "railway", "line",
    "would", "open", "before", "winter", "and", "freight", "prices", "could", "fall", "while",
    "farmers", "asked", "for", "water", "grain", "harvest", "exports", "border", "trade",
    "council", "members", "agreed", "to", "review", "tariffs", "after", "talks", "with",
    "investors", "from", "abroad", "engineers", "repaired", "two", "power", "stations", "near",
    "an", "old", "reservoir", "students", "returned", "their", "summer", "work",
)  # fmt: skip
_DOLLARS: Final = {"USD": 1.0, "EUR": 1.16, "RUB": 0.0132}
_PER_DOLLAR: Final = {"KZT": 501.4, "UZS": 12_194.21, "KGS": 87.45, "TJS": 9.345, "TMT": 3.5}
_PAIRS: Final = tuple((base, quote) for quote in _PER_DOLLAR for base in _DOLLARS)


def articles(count: int) -> list[Article]:
    """Different articles, oldest first."""
    dice = random.Random(SEED)
    return [_article(dice, number) for number in range(count)]


def rates(count: int) -> list[Rate]:
    """Different quotations: the rates of one day after those of the day before."""
    dice = random.Random(SEED)
    return [_rate(dice, number) for number in range(count)]


def article_draft(article: Article) -> Draft:
    """An article nobody has seen, as ingest appends it."""
    subject = article_subject(article.article_id)
    fields = encode(
        ArticleReceived(article=article),
        _attributes("articles", subject, article.source, article.content_hash),
    )
    return Draft(subject, article.content_hash, 0, fields)


def rate_draft(rate: Rate) -> Draft:
    """A quotation nobody has seen, as ingest appends it."""
    subject = rate_subject(series_name(rate.source, rate.kind, rate.base, rate.quote), rate.as_of)
    content = rate_hash(rate)
    fields = encode(RateObserved(rate=rate), _attributes("rates", subject, rate.source, content))
    return Draft(subject, content, 0, fields)


async def article_entries(count: int) -> list[Entry]:
    """Articles as they lie on the stream of articles."""
    log = MemoryLog()
    await log.append("articles", [article_draft(article) for article in articles(count)])
    return await log.follow("articles", ORIGIN, count=count)


async def rate_entries(count: int) -> list[Entry]:
    """Quotations as they lie on the stream of rates."""
    log = MemoryLog()
    await log.append("rates", [rate_draft(rate) for rate in rates(count)])
    return await log.follow("rates", ORIGIN, count=count)


async def article_wire(count: int, read: Read) -> list[Entry]:
    """What enrichment says of as many articles, as it lies on the wire."""
    return await _wire(ArticleDesk(MemoryLog(), read), await article_entries(count))


async def rate_wire(count: int) -> list[Entry]:
    """What enrichment says of as many quotations, as it lies on the wire."""
    return await _wire(RateDesk(MemoryLog()), await rate_entries(count))


async def _wire(desk: Desk, entries: list[Entry]) -> list[Entry]:
    log = MemoryLog()
    outputs: list[Output] = []
    for entry in entries:
        outputs += [wire_output(said, SEEN_AT) for said in await desk.decide(entry, SEEN_AT)]
    for begin in range(0, len(outputs), BATCH_MAX):
        move = Move(desk.stream, ORIGIN, ORIGIN)
        await log.commit(desk.name, [move], outputs[begin : begin + BATCH_MAX])
    return await log.follow("wire", ORIGIN, count=len(outputs))


def _article(dice: random.Random, number: int) -> Article:
    source = dice.choice(_SOURCES)
    names = dice.sample(_NAMES, 6)
    headline = f"{names[0]} {' '.join(dice.sample(_WORDS, 6))} {number}"
    body = tuple(_paragraphs(dice, names))
    plain = Article(
        article_id=article_id(source, slug_key(headline, 1)),
        source=source,
        credit=source.replace("-", " ").title(),
        headline=headline,
        body=body,
        dateline=names[0].upper(),
        listed_on=SEEN_AT.date(),
        position=1 + number % 20,
        observed_at=SEEN_AT + timedelta(seconds=number),
        revision=1,
        document=_document(number // 20),
        content_hash="",
        text_hash=text_hash(headline, body),
    )
    return plain.model_copy(update={"content_hash": article_hash(plain)})


def _paragraphs(dice: random.Random, names: list[str]) -> list[str]:
    texts: list[str] = []
    while sum(map(len, texts)) < BODY_CHARS:
        words = dice.choices(_WORDS, k=dice.randint(35, 50))
        words[0] = words[0].title()
        words[dice.randint(2, 30)] = f"in {names[len(texts) % len(names)]}"
        texts.append(" ".join(words) + ".")
    return texts


def _rate(dice: random.Random, number: int) -> Rate:
    source = _SOURCES[number % len(_SOURCES)]
    round_, pair = divmod(number // len(_SOURCES), len(_PAIRS))
    base, quote = _PAIRS[pair]
    moved = (
        1 if (base, quote) == ("USD", "TMT") else dice.uniform(0.995, 1.005)
    )  # a rate to believe
    return Rate(
        source=source,
        credit=source.replace("-", " ").title(),
        kind="official",
        base=base,
        quote=quote,
        value=f"{_DOLLARS[base] * _PER_DOLLAR[quote] * moved:.4f}",
        as_of=(SEEN_AT.date() + timedelta(days=round_)).isoformat(),
        as_of_precision="date",
        change=f"{dice.uniform(-2, 2):.1f}",
        change_unit="percent",
        observed_at=SEEN_AT + timedelta(days=round_),
        document=_document(round_),
    )


def _document(number: int) -> Document:
    return Document(
        sha256=sha256(str(number).encode()),
        media_type="text/plain",
        parser="front-page",
        parser_version=1,
    )


def _attributes(stream: str, subject: str, source: str, content: str) -> Attributes:
    return Attributes(
        id=event_id(stream, subject, 1, content),
        source=source_urn(source),
        subject=subject,
        time=SEEN_AT,
        recorded_at=SEEN_AT,
        correlation_id=subject,
    )
