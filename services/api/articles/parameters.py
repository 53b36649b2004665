"""What may be asked of the list of articles, and what of it goes together. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.api.articles import bounds
from services.api.articles.bounds import BoundText
from services.api.articles.facets import FacetsText
from services.api.articles.fields import BRIEF, FieldsText
from services.api.articles.wanted import Copies, Sort, Wanted
from services.api.asof import AtText
from services.api.schemas import (
    TAGS_MAX,
    CursorText,
    LanguageCode,
    Limit,
    SearchText,
    TagText,
    Wait,
)
from shared.news import PubStatus, SourceId, StoryIdText

SOURCES_MAX: Final = 20
"""Sources or languages of one list: each is a walk of its own, and they are merged."""

PlaceCode = Annotated[
    str, StringConstraints(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|[1-9][0-9]{0,9})$")
]
"""ISO 3166-1 alpha-2, ISO 3166-2, or a number of GeoNames."""
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
"""A code of one scheme."""
_REGION: Final = re.compile(r"[A-Z]{2}-.*")
_ABOUT_NOTICES: Final = "a notice has no text and no tags, so this finds none"


class ArticlesFilter(BaseModel):
    """Which articles of a list are wanted. What is repeated more than once says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    q: SearchText | None = Field(
        default=None,
        description='A search in headlines and texts: `words`, `"a phrase"`, `-without`, `OR`, '
        "`( )`, `headline:word`, `begin*` (docs/search.md). The best come first, and with "
        "`sort=newest` the newest; `next` goes through the newest 1,000 that were found.",
        examples=['flood* -Osh headline:"state of emergency"'],
    )
    tag: list[TagText] = Field(
        default_factory=list,
        max_length=TAGS_MAX,
        description="`scheme:code`; repeated: articles that bear all of them. A country is also "
        "borne by articles that bear a region or a place in it, a topic by those of its narrower "
        "topics.",
        examples=[["iso3166:KZ"]],
    )
    place: list[PlaceCode] = Field(
        default_factory=list,
        max_length=TAGS_MAX,
        description="A country (`KZ`), a region (`KZ-ALA`) or a place (`1526384`, GeoNames), as "
        "`tag` without the scheme; repeated: all of them.",
        examples=[["KZ"]],
    )
    person: list[Code] = Field(
        default_factory=list,
        max_length=TAGS_MAX,
        description="Code of a `person` tag; repeated: all of them.",
    )
    organisation: list[Code] = Field(
        default_factory=list,
        max_length=TAGS_MAX,
        description="Code of an `organisation` tag; repeated: all of them.",
    )
    topic: list[Code] = Field(
        default_factory=list,
        max_length=TAGS_MAX,
        description="Code of an IPTC Media Topic, with everything narrower; repeated: all of them.",
        examples=[["04000000"]],
    )
    source: list[SourceId] = Field(
        default_factory=list,
        max_length=SOURCES_MAX,
        description="Id of a source; repeated: any of them.",
    )
    language: list[LanguageCode] = Field(
        default_factory=list,
        max_length=SOURCES_MAX,
        description="BCP 47 primary language; repeated: any of them.",
    )
    story: StoryIdText | None = Field(
        default=None,
        description="Id of a story: its articles; of a merged one those of what it became.",
    )
    text: Literal["full", "none"] | None = Field(
        default=None,
        description="`full`: articles with a body; `none`: with a headline alone, or a summary.",
    )
    from_: BoundText | None = Field(
        default=None,
        alias="from",
        description="Not before this: a day (UTC) from its beginning, or a time (RFC 3339). "
        "Articles count as of their publication, else of the day of their page, else of when they "
        "were seen.",
        examples=["2026-03-02"],
    )
    to: BoundText | None = Field(
        default=None,
        description="Not after this: a day (UTC) to its end, or a time (RFC 3339).",
        examples=["2026-03-02T18:00:00Z"],
    )
    copies: Copies = Field(
        default="hidden",
        description="`hidden`: without articles that are copies of one in this list; `copy_of` "
        "tells. What changed since a cursor always has them.",
    )


class ArticlesQuery(ArticlesFilter):
    """Parameters of the list of articles."""

    status: PubStatus = Field(
        default="usable",
        description="`canceled`, `withheld`: the notices in place of articles whose copies are to "
        "be removed; by `source`, `from` and `to` alone.",
    )
    sort: Sort = Field(
        default="newest",
        description="`oldest` is `newest` from its end; `updated`: by the last event on the wire. "
        "What changed (`cursor`) is always in the order of its events.",
    )
    fields: FieldsText = BRIEF
    facets: FacetsText | None = None
    limit: Limit = Field(default=50, description="Articles of one answer.")
    cursor: CursorText | None = Field(
        default=None,
        description="`next` of an answer: the following page. `cursor` of an answer: what changed "
        "since, oldest change first, with a notice for every article that is gone.",
    )
    wait: Wait = 0
    at: AtText | None = None


def wanted(query: ArticlesQuery) -> Wanted:
    """The list that is asked for."""
    return filtered(query, query.status)


def filtered(query: ArticlesFilter, status: PubStatus = "usable") -> Wanted:
    """The list of articles of a status that a filter lets through."""
    return Wanted(
        tags=tuple(dict.fromkeys(_tags(query))),
        sources=tuple(query.source),
        languages=tuple(query.language),
        story=query.story,
        has_text=None if query.text is None else query.text == "full",
        begin=None if query.from_ is None else bounds.first(query.from_),
        end=None if query.to is None else bounds.last(query.to),
        status=status,
        copies=query.copies,
    )


def conflicts(query: ArticlesQuery) -> Iterator[dict[str, Any]]:
    """What does not go together, as pydantic lists faults."""
    yield from conflicts_of_filter(query)
    if query.status != "usable":
        alone = ("tag", "place", "person", "organisation", "topic", "language", "story", "text")
        for name in (name for name in alone if getattr(query, name)):
            yield _fault(name, f"Leave it out with `status={query.status}`: {_ABOUT_NOTICES}")
    if query.q is not None:
        yield from _beside_a_search(query)
    if query.at and query.status != "usable":
        yield _fault("status", "Leave it out with `at`: a notice holds at every instant")
    if query.at and query.facets:
        yield _fault("facets", "Leave it out with `at`: what stands is counted, not what stood")
    if query.at and query.story:
        yield _fault("story", "Leave it out with `at`: /v1/stories/{id}?at= has a story as it was")


def of_changes(query: ArticlesQuery) -> Iterator[dict[str, Any]]:
    """What does not go together with a cursor that asks what changed."""
    if query.facets:
        yield _fault("facets", "Leave it out when asking what changed: a list is counted")


def _beside_a_search(query: ArticlesQuery) -> Iterator[dict[str, Any]]:
    if query.at:
        yield _fault("at", "Leave it out with `q`: of texts that have changed no index is kept")
    if query.status != "usable":
        yield _fault("status", "Leave it out with `q`: a notice has no text")
    if query.sort != "newest":
        yield _fault("sort", "With `q` choose `newest`, or leave it out: the best come first")
    if query.wait:
        yield _fault("wait", "Leave it out with `q`: a search is not asked again by its cursor")


def conflicts_of_filter(query: ArticlesFilter) -> Iterator[dict[str, Any]]:
    """What of a filter does not go together, as pydantic lists faults."""
    if query.from_ and query.to and bounds.first(query.from_) > bounds.last(query.to):
        yield _fault("to", f"Input should not be before `from`, which is {query.from_}")


def _tags(query: ArticlesFilter) -> Iterator[str]:
    yield from query.tag
    yield from map(_place, query.place)
    yield from (f"person:{code}" for code in query.person)
    yield from (f"organisation:{code}" for code in query.organisation)
    yield from (f"medtop:{code}" for code in query.topic)


def _place(code: str) -> str:
    if code.isdigit():
        return f"geonames:{code}"
    return f"iso3166-2:{code}" if _REGION.fullmatch(code) else f"iso3166:{code}"


def _fault(name: str, said: str) -> dict[str, Any]:
    return {"type": "conflict", "loc": ("query", name), "msg": said}
