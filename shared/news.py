"""The words of the trade as types: what a source, an article, a rate and a tag consist of.

Names and status values follow IPTC (ninjs 3.x, NewsML-G2) where it has a term.
Every type is frozen; sequences are tuples; instants are aware UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal, NewType

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from shared.instants import rfc3339

ArticleId = NewType("ArticleId", str)
"""One article for ever, over all its revisions; those that we give are lower-case UUIDs."""

StoryId = NewType("StoryId", str)
"""One story for ever; a lower-case UUID made from the article that began it."""

ArticleIdText = Annotated[
    ArticleId, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$")
]
"""An article's id as it stands in events: fit for a URL and for a line of its own."""


Instant = Annotated[
    AwareDatetime,
    Field(ge=datetime(1, 1, 2, tzinfo=UTC), le=datetime(9999, 12, 30, tzinfo=UTC)),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant, UTC in every event: whatever offset it came with, it is one text and one hash."""
# The offset is lost in writing. A validator that takes it away in reading costs every consumer a
# sixth of the reading; the bounds keep every offset convertible.

Line = Annotated[str, StringConstraints(max_length=2_000)]
"""A name, a label, a reason: something that fits a line."""

Address = Annotated[str, StringConstraints(max_length=4_000)]
"""A URL, as long as browsers and servers take them."""

Note = Annotated[str, StringConstraints(max_length=20_000)]
"""A few paragraphs: a summary, an editor's note, a licence."""

Headline = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
"""Never empty: an article without one is headed by the beginning of its text."""

Paragraph = Annotated[str, StringConstraints(min_length=1)]
"""A paragraph of plain text, never empty; how long, the size of an event decides."""

Markup = Annotated[str, StringConstraints(max_length=500_000)]
"""Sanitised HTML."""

Count = Annotated[int, Field(ge=1, le=1_000_000)]
"""A number of things, from 1."""

StoryIdText = Annotated[StoryId, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
"""A story's id as it stands in events."""

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""A source's id as the operator wrote it: ``times-of-central-asia``."""

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217 alphabetic code."""

DecimalText = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,20}(\.[0-9]{1,20})?$")]
"""A decimal as published: its digits and the sign of its zero are kept, so it stays text."""


PositiveDecimalText = Annotated[
    str,
    StringConstraints(
        pattern=r"^(0*[1-9][0-9]*(\.[0-9]{1,20})?|0+\.[0-9]{0,19}[1-9][0-9]{0,19})$", max_length=41
    ),
]
"""A decimal above zero."""

AsOf = Annotated[
    str,
    StringConstraints(
        pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
        r"(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z)?$"
    ),
]
"""A date, or an instant in UTC with ``Z``: one form, so that it sorts as text."""

SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

PubStatus = Literal["usable", "withheld", "canceled"]
"""Publication status. Source: IPTC NewsCodes ``pubstat``; this spelling."""

Change = Literal["update", "correction", "refile"]
"""How a revision differs: new facts, a wrong meaning put right, or only form."""

Precision = Literal["second", "minute", "day"]
"""How exactly a time is known."""

Display = Literal["excerpt", "headline"]
"""How much of a text its rights allow to be shown, where that is not all of it."""

TagKind = Literal["subject", "person", "organisation", "place", "event", "object", "genre"]
"""What a source says that an article is about. Source: ninjs 3.x, NewsML-G2 ``subject``."""

RateKind = Literal["official", "market", "ticker", "buy", "sell"]

Decider = Literal["source", "operator"]
"""Who decided a withdrawal, a hold or a release."""


class Value(BaseModel):
    """A frozen value. Fields it does not know are ignored: within a type only additions happen."""

    model_config = ConfigDict(frozen=True, extra="ignore", ser_json_temporal="iso8601")


class Document(Value):
    """The document an entry came from, so that every fact can be traced to bytes."""

    sha256: Line
    media_type: Line
    parser: Line
    """Parser name, as in ``front-page``."""
    parser_version: int


class Media(Value):
    """A picture, sound or video that the source attached; referred to, never fetched."""

    url: Address
    media_type: Line | None = None
    caption: Note | None = None


class DeclaredTag(Value):
    """What the source itself says that an article is about; what we find out is a ``Tag``."""

    kind: TagKind
    scheme: Line | None = None
    """A vocabulary: ``medtop``, ``http://cv.iptc.org/newscodes/mediatopic/``."""
    code: Line | None = None
    name: Line | None = None
    relevance: int | None = Field(default=None, ge=0, le=100)
    """Percent. Source: IPTC ``relevance``."""


class Association(Value):
    """Another item that the source sent with an article: a picture, a related text."""

    rel: Line
    """What it is to the article: ``mainPicture``, ``related``."""
    item_id: Line | None = None
    """Its id at the source: ninjs ``uri``."""
    url: Address | None = None
    headline: Line | None = None


class Article(Value):
    """One article as a source offered it at one time: self-contained, nothing added by us."""

    article_id: ArticleIdText
    source: SourceId
    credit: Line | None = None
    """The source's name for readers (IPTC ``creditline``); None: show the source id."""
    source_item_id: Line | None = None
    """The source's own id: RSS ``guid``, ``atom:id``, ninjs ``uri``."""
    url: Address | None = None
    canonical_url: Address | None = None
    headline: Headline
    summary: Note | None = None
    body: tuple[Paragraph, ...] = Field(default=(), max_length=10_000)
    """Paragraphs of plain text, in order; never empty strings."""
    body_html: Markup | None = None
    """The same text as sanitised HTML, where the source had markup."""
    authors: tuple[Line, ...] = Field(default=(), max_length=200)
    declared_language: Line | None = None
    """BCP 47 tag that the source declared."""
    categories: tuple[Line, ...] = Field(default=(), max_length=500)
    dateline: Line | None = None
    """``ALMATY, Kazakhstan``; it also stays in the first paragraph."""
    media: tuple[Media, ...] = Field(default=(), max_length=200)
    published_at: Instant | None = None
    published_on: date | None = None
    """The day of publication where the source gives no time."""
    published_precision: Precision | None = None
    """None: not recorded, as by a partner's push."""
    published_offset_min: int | None = Field(default=None, ge=-1440, le=1440)
    """Minutes east of UTC of the clock that the source gave ``published_at`` by; None: unknown."""
    published_confidence: int | None = Field(default=None, ge=0, le=100)
    """Percent, of a time that was found and not declared; None: the source says it plainly."""
    updated_at: Instant | None = None
    listed_on: date | None = None
    """The day printed on the page that lists the article."""
    position: Count | None = None
    """Place on that page, from 1."""
    observed_at: Instant
    """When we saw it."""
    pubstatus: PubStatus = "usable"
    embargoed_until: Instant | None = None
    urgency: int | None = Field(default=None, ge=1, le=9)
    """1 is the most urgent. Source: IPTC ``urgency``."""
    ednote: Note | None = None
    slugline: Line | None = None
    """Words that name a story at the desk. Source: IPTC ``slugline``."""
    located: Line | None = None
    """Where it was written. Source: IPTC ``located``."""
    source_version: Line | None = None
    """The source's own number of this version."""
    declared_tags: tuple[DeclaredTag, ...] = Field(default=(), max_length=500)
    associations: tuple[Association, ...] = Field(default=(), max_length=200)
    display: Display | None = None
    """How much of the text may be shown to readers; None: all of it."""
    trust_rank: int | None = Field(default=None, ge=1, le=9)
    """Of its source, 1 the most trusted; None: not said."""
    rights: Note | None = None
    revision: Count
    """What the source changed, counted from 1."""
    document: Document
    content_hash: Line
    """SHA-256 over every field a consumer sees; decides *unchanged* (shared.hashing)."""
    text_hash: Line
    """SHA-256 over the normalised headline and body; decides *same text* (shared.hashing)."""


class Rate(Value):
    """One quotation exactly as published: direction, nominal and digits are the source's."""

    source: SourceId
    kind: RateKind
    base: CurrencyCode
    quote: CurrencyCode
    value: PositiveDecimalText
    """Units of ``quote`` for ``nominal`` units of ``base``; more than zero."""
    nominal: Count = 1
    as_of: AsOf
    """A date, or an instant where the source gives one."""
    as_of_precision: Literal["date", "time"]
    valid_days: Count | None = None
    """Days for which the source says that it stands."""
    change: DecimalText | None = None
    """The change that the source printed, as text: ``-0`` keeps its sign."""
    change_unit: Literal["percent", "absolute"] | None = None
    occurrences: Count = 1
    """How many times the document printed this quotation."""
    credit: Line | None = None
    observed_at: Instant
    document: Document


class Dispute(Value):
    """Why a rate is doubted, with the arithmetic."""

    rule: Literal["peg", "triangle", "inverted", "nominal", "jump"]
    evidence: dict[str, str]
    """Figures by name: ``value``, ``expected``, ``ratio``, ``tolerance``, ``against``, …"""


class Span(Value):
    """Where in an article a tag is spoken for. Offsets count code points."""

    field: Literal["headline", "summary", "body"]
    paragraph: int | None = None
    """Index into ``body``, from 0; None outside the body."""
    start: int
    end: int
    text: str


class Tag(Value):
    """What an article is about, with the evidence for it."""

    scheme: str
    """``iso3166``, ``iso4217``, ``geonames``, ``medtop``, ``person``, … (docs/glossary.md)."""
    code: str
    name: str
    kind: Literal[
        "country", "region", "place", "currency", "commodity", "person", "organisation", "topic"
    ]
    country: str | None = None
    """ISO 3166-1 alpha-2: where a region or place lies, of which a person or body is."""
    latitude: float | None = None
    longitude: float | None = None
    relevance: int = Field(ge=0, le=100)
    """0–100: how much of the article speaks of it. Source: ninjs ``subjects[].relevance``."""
    confidence: int = Field(ge=0, le=100)
    creator: str
    """Method and version that set the tag: ``gazetteer/1``."""
    spans: tuple[Span, ...]
    """What speaks for it; empty: it follows from another tag, as a topic's parent does."""


RelationKind = Literal[
    "exact", "near_duplicate", "excerpt_of", "contains", "derived", "template_sibling"
]
"""How much of a text is in another one, from all of it to its form only."""

COPY_KINDS: Final[frozenset[RelationKind]] = frozenset({"exact", "near_duplicate", "excerpt_of"})
"""Kinds by which an article says nothing that the other one does not say."""


class Relation(Value):
    """How an article stands to another one, with the evidence."""

    kind: RelationKind
    article_id: ArticleIdText
    """The other article; of the kinds that make a copy, the canonical one."""
    source: SourceId
    evidence: dict[str, str]
    """Figures by name: ``shared_shingles``, ``containment``, ``numbers_shared``, ``threshold``."""
    method: str


class Fingerprint(Value):
    """What later articles are compared with."""

    text_hash: str
    words: int


def copy_of(relations: Iterable[Relation]) -> ArticleId | None:
    """The article that these relations say another is a copy of; None: of no other."""
    return next((one.article_id for one in relations if one.kind in COPY_KINDS), None)
