"""Articles one a line, as the events that ingest would have appended of them. Pure.

A line is an event of the stream ``articles`` as ``newswire tail --json`` prints it, or an article:
whole, or as few of its fields as there are. The rule is in docs/enrich-offline.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import orjson
from pydantic import TypeAdapter, ValidationError

from shared.cloudevents import plain
from shared.envelope import Attributes, article_hash, decode, encode
from shared.errors import Rejected
from shared.events import ArticleEvent, ArticleReceived, ArticleRevised
from shared.faults import came, sentence
from shared.hashing import event_id, normalised, sha256, text_hash
from shared.log import Entry
from shared.news import Article, ArticleId, Change, Document, Instant
from shared.streams import START, article_subject, source_urn

FIRST_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When the first line was observed, if neither it says so nor when it was published."""
TICK: Final = timedelta(seconds=1)
"""Between two lines of which the later one has no time."""
UNNAMED: Final = "unnamed"
"""The source of what names none."""
HEADLINE_CHARS_MAX: Final = 100
"""Of a text that stands for the headline that an article has not."""

_RENAMED: Final = {
    "title": "headline",
    "text": "body",
    "paragraphs": "body",
    "language": "declared_language",
    "id": "source_item_id",
}
"""Names by which partners push, feeds speak and ``newswire parse --json`` prints."""
_PASSED_OVER: Final = frozenset({"document", "rate", "listed", "problem"})
"""Lines of ``newswire parse --json`` that hold no article."""
_INSTANT: Final[TypeAdapter[datetime]] = TypeAdapter(Instant)
_CHANGES: Final = frozenset({"update", "correction", "refile"})
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_WORD: Final = re.compile(r"\w+")
_SLUG_CHARS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """A line as an entry of the stream ``articles``, not yet at its place."""

    entry: Entry
    observed_at: datetime
    article: Article | None
    """None: it is a decision."""


@dataclass(frozen=True, slots=True)
class _Last:
    """What the lines have said of an article."""

    version: int
    revision: int
    content_hash: str


@dataclass(slots=True)
class Intake:
    """Takes lines one after the other; what a line is depends on those before it."""

    observed_at: datetime = FIRST_AT - TICK
    """Of the line before."""
    seq: int = 0
    """Events so far."""
    last: dict[ArticleId, _Last] = field(default_factory=dict)

    def take(self, line: bytes) -> Offered | None:
        """The event that a line is; None: it says nothing that the lines before did not say.

        Raises:
            Rejected: the line is neither an event of the stream nor an article.
        """
        try:
            said = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise Rejected(f"expected a JSON object: {error}") from error
        if not isinstance(said, dict):
            raise Rejected(f"expected a JSON object, came {came(said)}")
        if "specversion" in said:
            return self._event(said)
        return None if said.get("type") in _PASSED_OVER else self._article(said, line)

    def _event(self, said: Mapping[str, Any]) -> Offered:
        recorded = decode("articles", entry := plain(said, START, self.seq + 1))
        event = recorded.event
        content = event.article if isinstance(event, ArticleReceived | ArticleRevised) else None
        if content is not None:
            self.last[content.article_id] = _Last(
                recorded.version, content.revision, content.content_hash
            )
        elif (article_id := getattr(event, "article_id", None)) in self.last:
            known = self.last[article_id]
            self.last[article_id] = _Last(recorded.version, known.revision, "")
        at = content.observed_at if content else _decided_at(event)
        return self._offered(entry, at, content)

    def _article(self, said: Mapping[str, Any], line: bytes) -> Offered | None:
        plain_article = self._read(said, line)
        article = plain_article.model_copy(update={"content_hash": article_hash(plain_article)})
        known = self.last.get(article.article_id)
        if known is not None and known.content_hash == article.content_hash:
            return None
        first = known or _Last(0, 0, "")
        revision = max(first.revision + 1, article.revision)
        version = first.version + 1
        article = article.model_copy(update={"revision": revision})
        entry = _entry(_fact(article, said, is_first=known is None), version, self.seq + 1)
        self.last[article.article_id] = _Last(version, revision, article.content_hash)
        return self._offered(entry, article.observed_at, article)

    def _read(self, said: Mapping[str, Any], line: bytes) -> Article:
        """The article that a line gives, with its text hash.

        Raises:
            Rejected: it has neither a headline nor a text, or a field is unusable.
        """
        given = {_RENAMED.get(name, name): value for name, value in said.items()}
        given["body"] = body = _paragraphs(given.get("body"))
        given["headline"] = headline = _headline(given.get("headline"), body)
        source = given.setdefault("source", UNNAMED)
        if not given.get("article_id"):
            given["article_id"] = event_id("article", str(source), _key(given, headline))
        given.setdefault("revision", 1)
        given.setdefault("document", _document(line))
        hashes = {"content_hash": "", "text_hash": text_hash(headline, body)}
        try:
            given["observed_at"] = self._at(given)
            return Article.model_validate_json(orjson.dumps({**given, **hashes}))
        except ValidationError as error:
            raise Rejected(sentence(error)) from error

    def _at(self, given: Mapping[str, Any]) -> datetime:
        """When a line was observed: as it says, else when it was published, else a second later."""
        for name in ("observed_at", "published_at"):
            if given.get(name) is not None:
                try:
                    return _INSTANT.validate_python(given[name])
                except ValidationError as error:
                    raise Rejected(sentence(error, at=name)) from error
        return self.observed_at + TICK

    def _offered(self, entry: Entry, at: datetime, article: Article | None) -> Offered:
        self.observed_at, self.seq = at, entry.seq
        return Offered(entry, at, article)


def _fact(
    article: Article, said: Mapping[str, Any], *, is_first: bool
) -> ArticleReceived | ArticleRevised:
    if is_first:
        return ArticleReceived(article=article)
    change = said.get("change")
    declared = cast("Change", change) if change in _CHANGES else None
    return ArticleRevised(
        article=article, change=declared or "update", declared=declared is not None, evidence={}
    )


def _entry(fact: ArticleReceived | ArticleRevised, version: int, seq: int) -> Entry:
    """A fact as ingest appends it: its id says subject, version and content."""
    article = fact.article
    subject = article_subject(article.article_id)
    is_first = isinstance(fact, ArticleReceived)
    said_at = article.published_at if is_first else article.updated_at
    attributes = Attributes(
        id=event_id("articles", subject, version, article.content_hash),
        source=source_urn(article.source),
        subject=subject,
        time=said_at or article.observed_at,
        recorded_at=article.observed_at,
        correlation_id=subject,
    )
    fields = encode(fact, attributes)
    numbers = {b"seq": str(seq).encode(), b"version": str(version).encode()}
    names = dict(zip(fields[::2], fields[1::2], strict=True))
    return Entry(START, seq, attributes.id, {**numbers, **names})


def _decided_at(event: ArticleEvent) -> datetime:
    """When a decision was made."""
    if isinstance(event, ArticleReceived | ArticleRevised):
        return event.article.observed_at
    return event.observed_at


def _key(given: Mapping[str, Any], headline: str) -> str:
    """What identifies an article: its id, else its address, else the words of its headline."""
    if given.get("source_item_id"):
        return f"id:{given['source_item_id']}"
    if given.get("url"):
        authority, slash, path = str(given["url"]).partition("//")[2].partition("/")
        return f"url://{authority.lower()}{slash}{path}"
    return f"slug:{'-'.join(_WORD.findall(normalised(headline)))[:_SLUG_CHARS_MAX].rstrip('-')}"


def _paragraphs(body: object) -> list[str]:
    """The paragraphs of a text: as they are listed, or as blank lines part them."""
    if body is None:
        return []
    texts = _BLANK_LINE.split(body) if isinstance(body, str) else body
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise Rejected(f"body: expected text or a list of paragraphs, came {came(body)}")
    return [one for one in (" ".join(text.split()) for text in texts) if one]


def _headline(said: object, body: list[str]) -> str:
    if said is not None and not isinstance(said, str):
        raise Rejected(f"headline: expected text, came {came(said)}")
    if headline := " ".join((said or "").split()):
        return headline
    if not body:
        raise Rejected("expected a headline or a text, came neither")
    first = body[0]
    return first if len(first) <= HEADLINE_CHARS_MAX else first[: HEADLINE_CHARS_MAX - 1] + "…"


def _document(line: bytes) -> dict[str, object]:
    return Document(
        sha256=sha256(line), media_type="application/json", parser="line", parser_version=1
    ).model_dump()
