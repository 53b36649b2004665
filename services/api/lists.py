"""A page of the list of articles, with its ticker: of all, of a tag, of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from services.api import cursors, front, page_streams, past, queries, story_queries, typeset
from services.api.articles import listing
from services.api.articles.listing import Page
from services.api.articles.wanted import listed_by
from services.api.cursors import After
from services.api.front import Day
from services.api.queries import Listed
from services.api.rates import ticker
from services.api.rates.ticker import Quote
from services.api.reading import Snapshot
from services.api.schemas import FrontQuery
from services.api.times import slider
from services.api.times.slider import Slider
from shared.errors import Rejected
from shared.views import Connection

PAGE_COUNT: Final = 50


@dataclass(frozen=True, slots=True)
class Front:
    """The front page, or a further or filtered page of its list."""

    quotes: Sequence[Quote]
    credits: Sequence[str]
    """Whose quotes these are."""
    day: typeset.When | None
    """Of the newest article of the chosen source, of all where none is; None: there is none."""
    days: Sequence[Day]
    older: str | None
    """Where the list goes on."""
    live: str | None
    """The stream of what comes to this page; None: it is a further page, which stays as it is."""
    ticker: str
    """Where its rates are by themselves."""
    slider: Slider | None = None
    """The way into the past; None: there is none, or this is no front page."""


def chosen_place(query: FrontQuery) -> After | None:
    """Where a page of a list begins; None: with the newest.

    Raises:
        Rejected: the cursor is for something else.
    """
    cursor = cursors.read(query.cursor, cursors.chosen("front", query)) if query.cursor else None
    if cursor is None or isinstance(cursor, After):
        return cursor
    raise Rejected("This cursor is for polling /v1/articles. Leave it out to see the front page.")


def listed(
    snapshot: Snapshot,
    query: FrontQuery,
    after: After | None,
    path: str | None = None,
    then: int | None = None,
) -> Front:
    """A page of the list; ``path``: of a page that is about its filter; None: the front page.

    ``then``: as it was at this event of the wire; None: as it is.
    """
    connection = snapshot.connection
    rows = _rows(connection, query, after, then)
    shown = rows[:PAGE_COUNT]
    article_ids = [row.article_id for row in shown]
    copies = past.copies(connection, article_ids, then)
    belongings = story_queries.belongings(connection, article_ids, then)
    newest = queries.newest_day(connection, query.source) if then is None else None
    quotes = quoted(connection, query.source, None, then)
    said = in_url(query)
    head = snapshot.checkpoint.seq
    return Front(
        quotes=quotes,
        credits=ticker.credits_of(quotes),
        day=typeset.day(newest) if newest else None,
        days=front.days(shown, copies, belongings),
        older=_older(path, query, shown[-1].after(snapshot.here, cursors.chosen("front", query)))
        if len(rows) > PAGE_COUNT
        else None,
        live=None
        if after or then is not None
        else page_streams.of_list(cursors.text(snapshot.here), said),
        ticker=f"/fragments/ticker?{urlencode({'source': query.source or ''})}",
        slider=None if path else slider.slider(connection, head, head if then is None else then),
    )


def _rows(
    connection: Connection, query: FrontQuery, after: After | None, then: int | None
) -> list[Listed]:
    wanted = listed_by(query.tag, query.source, query.language)
    page = Page(PAGE_COUNT + 1, behind=after)
    if then is None:
        return listing.articles(connection, wanted, page)
    return listing.articles_at(connection, wanted, page, then)


def quoted(
    connection: Connection,
    source: str | None,
    count_max: int | None = None,
    then: int | None = None,
) -> list[Quote]:
    """The ticker of a source; None: of all. As many as the front page has, unless it is said."""
    usual = ticker.QUOTES_OF_SOURCE_MAX if source else ticker.QUOTES_SHOWN_MAX
    return ticker.quotes(connection, source, count_max or usual, then)


def _instant(query: FrontQuery) -> list[tuple[str, str]]:
    return [("at", query.at)] if query.at else []


def _older(path: str | None, query: FrontQuery, after: After) -> str:
    said = [] if path else [*in_url(query), *_instant(query)]
    return f"{path or '/'}?" + urlencode([*said, ("cursor", cursors.text(after))])


def in_url(query: FrontQuery) -> list[tuple[str, str]]:
    """The filter as it stands in a URL."""
    single = [("source", query.source), ("language", query.language)]
    tags = [("tag", tag) for tag in query.tag]
    return tags + [(name, value) for name, value in single if value]
