"""When an article was published, and how sure that is.

What a page declares is believed as it stands; what is only found on it has a percentage. A date
that is guessed from the words of a page is none: more than one in ten of those is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.ingest.parse.document import Arrival
from services.ingest.parse.feeds.dates import When, read_when
from services.ingest.parse.limits import DATE_AHEAD_DAYS_MAX
from services.ingest.parse.pages.head import Head
from services.ingest.parse.pages.structured import Node, line
from shared.news import Precision

_DECLARED: Final = ("article:published_time", "og:article:published_time", "og:published_time")
_NAMED: Final = (
    "datepublished", "date", "pubdate", "publishdate", "publish-date", "publish_date", "pub_date",
    "dc.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "mediator_published_time",
)  # fmt: skip
_MODIFIED: Final = ("article:modified_time", "og:updated_time", "dateModified")
_NAMED_PERCENT: Final = 90
"""Names of metas that no standard defines; some systems put the day of printing there."""
_TIME_PERCENT: Final = 75
"""A ``<time>`` of the page, which may be that of something beside the article."""
_TIME_AMONG_PERCENT: Final = 50
"""The first of several."""
_ADDRESS_PERCENT: Final = 60
"""A day in the address is that of the first version, in the zone of the publisher."""
_DISPUTED_PERCENT: Final = 60
"""Two declarations of the page name two days."""
_IN_ADDRESS: Final = re.compile(
    r"/((?:19|20)[0-9]{2})[/-]([01]?[0-9])[/-]([0-3]?[0-9])(?=[/._-]|\Z)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as found: what it is, and how sure it is."""

    when: When
    confidence: int | None = None
    """Percent; None: it is declared."""

    @property
    def at(self) -> datetime | None:
        """The instant; None: only a day is known."""
        return self.when.at

    @property
    def on(self) -> date | None:
        """The day, where only that is known."""
        return self.when.day

    @property
    def precision(self) -> Precision:
        """How exactly it is known."""
        if self.when.at is None:
            return "day"
        return "second" if self.when.precision == "second" else "minute"

    @property
    def offset_min(self) -> int | None:
        """Minutes east of UTC; None: not said."""
        return self.when.offset_min


def published(node: Node, head: Head, url: str | None, arrival: Arrival) -> Moment | None:
    """When it was published, by the surest thing that says so; None: nothing does."""
    declared = list(_usable(_declared(node, head), arrival))
    if not declared:
        return next(iter(_usable(_found(head, url), arrival)), None)
    first, *others = declared
    apart = any(abs((_day(first.when) - _day(one.when)).days) > 1 for one in others)
    return Moment(first.when, _DISPUTED_PERCENT if apart else None)


def updated_at(node: Node, head: Head, since: Moment | None, arrival: Arrival) -> datetime | None:
    """When it was changed, if that is an instant, and later than its publication."""
    said = [line(node.get("dateModified")), *head.all(*_MODIFIED)]
    found = next(iter(_usable(((one, None) for one in said), arrival)), None)
    if found is None or found.at is None:
        return None
    return None if since and since.at and found.at <= since.at else found.at


def _declared(node: Node, head: Head) -> Iterator[tuple[str, int | None]]:
    yield line(node.get("datePublished")), None
    for said in head.all(*_DECLARED, "datePublished"):
        yield said, None


def _found(head: Head, url: str | None) -> Iterator[tuple[str, int | None]]:
    for said in head.all(*_NAMED):
        yield said, _NAMED_PERCENT
    marked = [said for said, is_marked in head.times if is_marked]
    if marked:
        yield marked[0], _TIME_PERCENT
    elif head.times:
        days = {said[:10] for said, _ in head.times}
        yield head.times[0][0], _TIME_PERCENT if len(days) == 1 else _TIME_AMONG_PERCENT
    if match := _IN_ADDRESS.search(url or ""):
        yield "-".join(match.groups()), _ADDRESS_PERCENT


def _usable(found: Iterator[tuple[str, int | None]], arrival: Arrival) -> Iterator[Moment]:
    for said, confidence in found:
        when = read_when(said, arrival.zone) if said else None
        if when is None or when.precision in {"month", "year"}:
            continue
        if (_day(when) - arrival.observed_on).days <= DATE_AHEAD_DAYS_MAX:
            yield Moment(when, confidence)


def _day(when: When) -> date:
    return when.at.date() if when.at else when.day or date.max
