"""What is pushed, as types: the OpenAPI document is made of them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal
from unicodedata import category

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    StringConstraints,
    TypeAdapter,
    WithJsonSchema,
)

from services.ingest.parse.feeds.text import clean, folded, paragraphs_of
from shared.news import (
    Address,
    ArticleIdText,
    AsOf,
    Change,
    CurrencyCode,
    DecimalText,
    Instant,
    Line,
    Markup,
    Note,
    PositiveDecimalText,
    PubStatus,
    RateKind,
    SourceId,
    StoryIdText,
    TagKind,
)

WHO_CHARS_MAX: Final = 500
"""Of the name of who decides; the name of the key stands behind it."""

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})"
)
"""Source: RFC 3339 5.6. pydantic alone would take a number for seconds since 1970."""


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
"""Categories of Unicode; what Python's tables do not know yet (Cn) may be a letter."""


def _instant(said: object) -> object:
    if isinstance(said, str) and INSTANT.fullmatch(said):
        return said
    raise ValueError("expected an instant with its offset, as in 2026-03-02T06:10:00Z")


def _day(said: object) -> object:
    if isinstance(said, str) and DAY.fullmatch(said):
        return said
    raise ValueError("expected a day, as in 2026-03-02")


def _one_line(text: str) -> str:
    line = folded(clean(text))
    return line if any(category(one) not in _UNSEEN for one in line) else ""


def _visible(text: str) -> str:
    if line := _one_line(text):
        return line
    raise ValueError("expected a character that is seen")


def _paragraphs(said: object) -> object:
    if not isinstance(said, str):
        return said
    return [line for text in paragraphs_of(clean(said)) if (line := _one_line(text))]


PushedInstant = Annotated[Instant, BeforeValidator(_instant)]
PushedDay = Annotated[date, BeforeValidator(_day)]
PushedLine = Annotated[Line, AfterValidator(_one_line)]
"""On one line, whatever its spaces; empty, or nothing that is seen: as if it was not there."""
PushedNote = Annotated[Note, AfterValidator(_one_line)]
VisibleLine = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_visible)
]
PushedParagraph = Annotated[
    str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(_visible)
]
PushedBody = Annotated[
    tuple[PushedParagraph, ...],
    Field(max_length=10_000),
    BeforeValidator(_paragraphs),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "array",
                    "items": {"type": "string", "minLength": 1, "maxLength": 200_000},
                    "maxItems": 10_000,
                },
                {"type": "string", "maxLength": 900_000},
            ]
        }
    ),
]
Whole = Annotated[int, Strict()]


class _Pushed(BaseModel):
    # The sentences below the fields are those of the OpenAPI document.
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PushedMedia(_Pushed):
    """A picture, sound or film, referred to by its address; it is never fetched."""

    url: Address
    media_type: PushedLine | None = None
    caption: PushedNote | None = None


class PushedTag(_Pushed):
    """What you say that an article is about; it has a name, a code, or both."""

    kind: TagKind
    scheme: PushedLine | None = None
    """The vocabulary that the code is of: `medtop`."""
    code: PushedLine | None = None
    name: PushedLine | None = None
    relevance: Annotated[Whole, Field(ge=0, le=100)] | None = None
    """Percent."""


class PushedAssociation(_Pushed):
    """Another item that belongs to an article; it has an id, an address or a headline."""

    rel: VisibleLine
    """What it is to the article: `mainPicture`, `related`."""
    item_id: PushedLine | None = None
    """Your own id of it."""
    url: Address | None = None
    """http or https; it is never fetched."""
    headline: PushedLine | None = None


class PushedArticle(_Pushed):
    """An article as its source has it now: whole, not only what changed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "irtysh-telegraph",
                    "id": "irt-882",
                    "headline": "Pavlodar Boatyard to Build Ferries for the Upper Irtysh",
                    "body": [
                        "PAVLODAR, Kazakhstan – A boatyard in Pavlodar has been given the order.",
                        "The order keeps 140 welders at work for eighteen months.",
                    ],
                    "language": "en",
                    "published_at": "2026-03-03T06:00:00Z",
                }
            ]
        }
    )

    source: SourceId | None = None
    """May be left out where the key is for one source."""
    id: PushedLine | None = None
    """The source's own id; the same id is the same article for ever. Required unless ``url`` is."""
    url: Address | None = None
    """http or https. What identifies an article without an ``id``."""
    headline: VisibleLine
    summary: PushedNote | None = None
    body: PushedBody = ()
    """Paragraphs of plain text, or one string whose blank lines part them."""
    body_html: Markup | None = None
    """The text with markup. It is sanitised; without ``body`` the paragraphs come from it."""
    authors: tuple[VisibleLine, ...] = Field(default=(), max_length=200)
    language: (
        Annotated[
            str,
            StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}$", max_length=100),
        ]
        | None
    ) = None
    """BCP 47."""
    categories: tuple[VisibleLine, ...] = Field(default=(), max_length=500)
    dateline: PushedLine | None = None
    media: tuple[PushedMedia, ...] = Field(default=(), max_length=200)
    published_at: PushedInstant | None = None
    """At most a day ahead; what may only be shown later has ``embargoed_until``."""
    published_on: PushedDay | None = None
    """The day of publication, where the source has no time; not together with the instant."""
    updated_at: PushedInstant | None = None
    """When the source changed it: tells the later of two versions, in whatever order they come."""
    pubstatus: PubStatus | None = None
    """``canceled``: it must not be shown any more. ``usable``, said so, ends that."""
    embargoed_until: PushedInstant | None = None
    """Until then its text is not on the wire."""
    urgency: Annotated[Whole, Field(ge=1, le=9)] | None = None
    ednote: PushedNote | None = None
    slugline: PushedLine | None = None
    """Words that name the story at your desk."""
    located: PushedLine | None = None
    """Where it was written."""
    source_version: PushedLine | None = None
    """Your own number of this version: where both have one, the higher number is the later."""
    declared_tags: tuple[PushedTag, ...] = Field(default=(), max_length=500)
    associations: tuple[PushedAssociation, ...] = Field(default=(), max_length=200)
    rights: PushedNote | None = None
    credit: PushedLine | None = None
    """The source's name for readers."""
    change: Change | None = None
    """How it differs from what was sent before; without it, that is found out from the texts."""


class PushedRate(_Pushed):
    """One quotation exactly as published."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "irtysh-telegraph",
                    "kind": "market",
                    "base": "USD",
                    "quote": "KZT",
                    "value": "501.40",
                    "as_of": "2026-03-03",
                    "change": "0.6",
                    "change_unit": "percent",
                }
            ]
        }
    )

    source: SourceId | None = None
    """May be left out where the key is for one source."""
    kind: RateKind = "official"
    base: CurrencyCode
    quote: CurrencyCode
    value: PositiveDecimalText
    """Units of ``quote`` for ``nominal`` units of ``base``, as text: its digits are kept."""
    nominal: Annotated[Whole, Field(ge=1, le=1_000_000)] = 1
    as_of: Annotated[
        str,
        StringConstraints(min_length=10, max_length=40),
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "string", "format": "date"},
                    {"type": "string", "format": "date-time"},
                ]
            }
        ),
    ]
    """A day, ``2026-03-03``, or an instant with its offset; not after tomorrow."""
    change: DecimalText | None = None
    """The change that the source published, with ``change_unit``."""
    change_unit: Literal["percent", "absolute"] | None = None
    credit: PushedLine | None = None


class _Decision(_Pushed):
    reason: VisibleLine
    who: Annotated[PushedLine, Field(max_length=WHO_CHARS_MAX)] | None = None
    """Who decides; it is recorded with the name of the key."""


class DecideArticle(_Decision):
    """Withdraw, hold or release an article."""

    decision: Literal["withdraw", "hold", "release"]
    article_id: ArticleIdText


class DecideSource(_Decision):
    """Let nothing of a source enter the wire, or let it in again."""

    decision: Literal["block", "unblock"]
    source: SourceId


class RevokeRelation(_Decision):
    """End a relation between two articles that was found wrongly."""

    decision: Literal["revoke-relation"]
    article_id: ArticleIdText
    other_article_id: ArticleIdText


class SplitStory(_Decision):
    """Take articles out of a story into which they were put wrongly; together they are another."""

    decision: Literal["split-story"]
    story_id: StoryIdText
    article_ids: Annotated[tuple[ArticleIdText, ...], Field(min_length=1, max_length=100)]


class AcceptRate(_Decision):
    """Take a rate that was doubted for right."""

    decision: Literal["accept-rate"]
    source: SourceId
    kind: RateKind
    base: CurrencyCode
    quote: CurrencyCode
    as_of: AsOf
    """As the api shows it: a day, or an instant in UTC with ``Z``."""
    value: PositiveDecimalText
    """The value that was doubted; of another one nothing is said."""


class DecideLetters(_Decision):
    """Take up again, or give up, what a consumer has set aside of one subject."""

    decision: Literal["retry", "drop"]
    consumer: Literal["enrichment.articles", "enrichment.rates", "projection"]
    subject: VisibleLine


PushedDecision = Annotated[
    DecideArticle | DecideSource | RevokeRelation | SplitStory | AcceptRate | DecideLetters,
    Discriminator("decision"),
]
DECISION: Final[TypeAdapter[PushedDecision]] = TypeAdapter(PushedDecision)
DECISION_EXAMPLE: Final[dict[str, Any]] = {
    "decision": "withdraw",
    "article_id": "d6d10251-02d6-5210-ac83-a518dfdd0da2",
    "reason": "The figures were wrong.",
    "who": "aigul",
}
