"""What the api takes and gives, as the OpenAPI document describes it.

Bodies are built from the views' stored JSON and never pass through these models; the tests hold
the two together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, Literal, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from services.api.asof import AtText
from shared.events import TYPES_BY_STREAM
from shared.news import SourceId

LIMIT_MAX = 200
TAGS_MAX = 10
CURSOR_CHARS_MAX = 400
SELECTED_MAX = 20
"""Types, tags or sources of one stream."""
EVENTS_LIMIT_MAX = 500
SEQ_MAX = 2**53 - 1
_SHORT: Final = [name.removeprefix("newswire.") for name in TYPES_BY_STREAM["wire"]]
WIRE_TYPE_NAMES: Final = (*_SHORT, *TYPES_BY_STREAM["wire"])
"""Every type of the wire, first without the prefix, then with it."""

TagText = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}:[A-Za-z0-9._-]{1,64}$")
]  # fmt: skip
"""``scheme:code``: ``iso3166:KZ``, ``geonames:1526384``."""
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""BCP 47 primary language subtag."""
_DIGITS: Final = re.compile(r"-?[0-9]+")


def plain(text: object) -> object:
    """Digits only: pydantic also takes ``1.0``, ``+1``, ``1_0`` and blanks for a whole number."""
    if isinstance(text, str) and not _DIGITS.fullmatch(text):
        raise PydanticCustomError("int_parsing", "Input should be a valid integer in plain digits")
    return text


Limit = Annotated[int, Field(ge=1, le=LIMIT_MAX), BeforeValidator(plain)]
SearchText = Annotated[str, StringConstraints(max_length=1_000)]
"""What was typed; what is longer than a search may be is told with its place."""
CursorText = Annotated[str, StringConstraints(min_length=1, max_length=CURSOR_CHARS_MAX)]

WAIT_S_MAX = 30
"""Of a long poll: proxies close what is silent for longer."""
Wait = Annotated[
    int,
    Field(
        ge=0,
        le=WAIT_S_MAX,
        description="Long poll, with a `cursor` for polling: seconds to wait for a change before "
        "an empty list is answered.",
    ),
    BeforeValidator(plain),
]


def _known_type(name: str) -> str:
    """The name as it came, when it is of a type of the wire."""
    if name not in WIRE_TYPE_NAMES:
        known = ", ".join(WIRE_TYPE_NAMES[: len(WIRE_TYPE_NAMES) // 2])
        raise PydanticCustomError("enum", "Input should be one of {known}", {"known": known})
    return name


WireTypeName = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_known_type),
    WithJsonSchema({"type": "string", "enum": list(WIRE_TYPE_NAMES)}),
]
"""A type of the wire, with ``newswire.`` or without it."""
Seq = Annotated[int, Field(ge=1, le=SEQ_MAX), BeforeValidator(plain)]
EventsLimit = Annotated[int, Field(ge=1, le=EVENTS_LIMIT_MAX), BeforeValidator(plain)]


class Filter(BaseModel):
    """Which articles of a list are wanted; every condition must hold."""

    model_config = ConfigDict(frozen=True)

    tag: list[TagText] = Field(
        default=[],
        max_length=TAGS_MAX,
        description="`scheme:code`; repeated: articles that bear all of them.",
        examples=[["iso3166:KZ"]],
    )
    source: SourceId | None = Field(default=None, description="Id of the source.")
    language: LanguageCode | None = Field(default=None, description="BCP 47 primary language.")


class FrontQuery(Filter):
    """Parameters of the front page. Unknown ones are ignored: links gather tracking parameters."""

    cursor: CursorText | None = None
    at: AtText | None = None


class PageAtQuery(BaseModel):
    """Parameters of a page about one thing as it was. Unknown ones are ignored here too."""

    model_config = ConfigDict(frozen=True)

    at: AtText | None = None


class TickerQuery(BaseModel):
    """Parameters of the ticker of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: SourceId | Literal[""] = Field(default="", description="Empty: of every source.")


class AtQuery(BaseModel):
    """Parameters of one thing as it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: AtText | None = None


class NoQuery(BaseModel):
    """No parameters at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StreamQuery(BaseModel):
    """Parameters of the live stream."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: CursorText | None = Field(
        default=None,
        description="Go on after this cursor: `id` of an event, or `cursor` of any answer. "
        "`Last-Event-ID` goes before it. Without either: what comes from here on.",
    )
    type: list[WireTypeName] = Field(
        default=[],
        max_length=SELECTED_MAX,
        description="With `newswire.` or without it; repeated: events of any of these types.",
        examples=[["article.published"]],
    )
    tag: list[TagText] = Field(
        default=[],
        max_length=SELECTED_MAX,
        description="`scheme:code`; repeated: articles that bear all of them. Events about an "
        "article that hold no text pass; rates do not.",
        examples=[["iso3166:KZ"]],
    )
    source: list[SourceId] = Field(
        default=[],
        max_length=SELECTED_MAX,
        description="Id of a source; repeated: events of any of these.",
    )


class EventsQuery(BaseModel):
    """Parameters of the events by number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: Literal["wire"] = Field(
        default="wire", description="The public stream; no other is served over HTTP."
    )
    cursor: CursorText | None = Field(
        default=None,
        description="`cursor` of any answer, or `id` of an event of the stream: the events after "
        "it. Instead of `from`.",
    )
    from_seq: Seq = Field(default=1, alias="from", description="Seq of the first event wanted.")
    limit: EventsLimit = Field(default=100, description="Events of one answer.")
    format: Literal["json", "ndjson"] | None = Field(
        default=None,
        description="`ndjson`: one event a line, as with `Accept: application/x-ndjson`; "
        "`Link` names the next page.",
    )


class AssetQuery(BaseModel):
    """Parameters of a style sheet or picture."""

    v: str | None = None
    """Version that the page was written with."""


def once(query: type[BaseModel]) -> Callable[[Request], Awaitable[None]]:
    """A check that no parameter with one value comes twice: nobody can say which was meant.

    It raises RequestValidationError with their names. Without ``async`` it would cost a thread.
    """
    single = [
        field.alias or name
        for name, field in query.model_fields.items()
        if get_origin(field.annotation) is not list
    ]

    async def check(request: Request) -> None:
        given = Counter(name for name, _ in request.query_params.multi_items())
        faults = [
            {
                "type": "repeated",
                "loc": ("query", name),
                "msg": f"Expected one value, came {count}. Send the one that you mean",
            }
            for name in single
            if (count := given[name]) > 1
        ]
        if faults:
            raise RequestValidationError(faults)

    return check


class CloudEventItem(BaseModel):
    """An event of the wire as a structured CloudEvent."""

    model_config = ConfigDict(extra="allow")

    specversion: Literal["1.0"]
    id: str
    source: str
    """``urn:newswire:source:<id>``."""
    type: str
    subject: str
    time: AwareDatetime
    recordedtime: AwareDatetime
    sequence: str = Field(pattern=r"^[0-9]{20}$")
    """``seq`` with leading zeros."""
    version: str
    """Dense number in the subject."""
    datacontenttype: Literal["application/json"]
    dataschema: str | None = None
    """Absent where the text was taken back and ``data`` has ``redacted``."""
    data: dict[str, Any]
    """As docs/events.md has it for the type; or ``article_id``, ``source`` and ``redacted``."""


class EventPage(BaseModel):
    """A page of the wire's events, by number."""

    items: list[CloudEventItem]
    next: int | None
    """``from`` of the next page; null: there is none yet."""
    head: int
    """Seq of the last event that may be shown."""
    cursor: str | None
    """Where /v1/stream goes on after this page; null: the page is empty."""


class Alive(BaseModel):
    """The process answers."""

    alive: Literal[True]


class Ready(BaseModel):
    """The views follow the wire."""

    ready: Literal[True]
    seq: int
    """Of the last event folded into the views."""
    head: int
    """Of the wire's last event."""
    lag: int
    """Events between the two."""


class ProblemBody(BaseModel):
    """A problem as RFC 9457 has it."""

    model_config = ConfigDict(title="Problem", extra="allow")

    type: str = Field(examples=["urn:newswire:problem:article-unknown"])
    title: str
    status: int
    detail: str
