"""Every word that a program may say to a person stands in the documents."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from services.api import (
    clients,
    connection,
    history,
    live,
    rate_pages,
    schemas,
    source_queries,
    story_queries,
    story_schemas,
)
from services.api.articles import facets
from services.api.articles import parameters as article_parameters
from services.api.exports import database, downloads, source_routes
from services.api.following import changed
from services.api.operators import exposition, watching
from services.api.rates import consensus as rate_consensus
from services.api.rates import points as rate_points
from services.api.rates import queries as rate_queries
from services.api.rates import rhythm as rate_rhythm
from services.api.rates import ticker as rate_ticker
from services.api.rates import versions as rate_versions
from services.api.syndication import listing as feed_listing
from services.api.syndication import query as feed_query
from services.api.syndication import stories as feed_stories
from services.enrichment import differences, explain, offline, readers, worker
from services.enrichment.relations import passages
from services.enrichment.steps import names as tags
from services.ingest import archive, framing, identity, inbox, listing, recording, replay
from services.ingest import rejects as ingest_rejects
from services.ingest.fetch import answers as fetch_answers
from services.ingest.fetch import (
    backend,
    client,
    encodings,
    exchange,
    politeness,
    resolver,
    robots,
    urls,
)
from services.ingest.fetch.words import FetchReason
from services.ingest.parse import limits
from services.ingest.parse.document import Reason
from services.ingest.push import (
    answers,
    articles,
    bodies,
    operating,
    receipts,
    replays,
    requests,
    server,
    signatures,
)
from services.ingest.push import limits as push_limits
from services.ingest.websub import announcer, subscriber, topics
from services.ingest.websub import door as websub_door
from services.ingest.websub import signatures as hub_signatures
from services.projection import fold
from shared import briefs, connections, health, instants, keys, log, rejects, subscriptions, web
from shared.events import TYPES_BY_STREAM
from shared.faultpoints import Point
from shared.news import Change, PubStatus, RateKind, Relation, Tag
from shared.settings import NAMES

DOCS = Path(__file__).parents[2] / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text("utf-8")

TYPES = sorted({name for types in TYPES_BY_STREAM.values() for name in types})
CLOSED_LISTS = (
    Reason,
    receipts.Outcome,
    receipts.Rejection,
    web.ProblemName,
    Change,
    PubStatus,
    RateKind,
    Relation.model_fields["kind"].annotation,
    Tag.model_fields["kind"].annotation,
)
WEBSUB_LIMITS = {
    "subscriptions of a desk": subscriptions.SUBSCRIPTIONS_MAX,
    "hubs that are asked at a time": subscriber.ASKS_MAX,
    "sources whose feeds wait to be told of; a further one is told of with its next change": (
        announcer.SOURCES_WAITING_MAX
    ),
    "bytes of a document that a hub sends": websub_door.BODY_BYTES_MAX,
    "bytes that were taken and wait to be published; then a hub gets 503 and sends again": (
        websub_door.WAITING_BYTES_MAX
    ),
    "documents of a subscription that are remembered": subscriber.REMEMBERED_MAX,
    "characters of the URL of a hub or topic, percent-encoded": topics.URL_CHARACTERS_MAX,
    "signatures of a delivery that are looked at": hub_signatures.FIELDS_MAX,
}
LIMITS = {
    "events of one call to the log": log.CALL_EVENTS_MAX,
    "bytes of one call to the log": log.CALL_BYTES_MAX,
    "bytes of one event": log.EVENT_BYTES_MAX,
    "bytes of a document": limits.DOCUMENT_BYTES_MAX,
    "bytes of an HTML page": limits.PAGE_BYTES_MAX,
    "elements of an HTML page": limits.PAGE_ELEMENTS_MAX,
    "elements of an HTML page, each counted with those around it": limits.PAGE_NESTING_MAX,
    "attributes of an element of an HTML page; the rest is left out": limits.PAGE_ATTRIBUTES_MAX,
    "blocks of JSON-LD in a page": limits.STRUCTURED_BLOCKS_MAX,
    "characters of a block of JSON-LD; a longer one is left out": limits.STRUCTURED_CHARACTERS_MAX,
    "objects of JSON-LD that are looked at in a page": limits.STRUCTURED_NODES_MAX,
    "feeds that a page may name": limits.PAGE_FEEDS_MAX,
    "seconds of a processor for parsing a document": limits.CPU_S_MAX,
    "seconds for parsing a document": int(limits.WALL_S_MAX),
    "bytes of memory for parsing a document": limits.MEMORY_BYTES_MAX,
    "bytes that documents may leave in a process that parses; above it the process is replaced": (
        limits.GROWTH_BYTES_MAX
    ),
    "documents of a process that parses": limits.PARSER_DOCUMENTS_MAX,
    "bytes of the answer of a process that parses": framing.REPLY_BYTES_MAX,
    "commas in the answer of a process that parses": framing.REPLY_VALUES_MAX,
    "characters of a line": limits.LINE_CHARACTERS_MAX,
    "articles of a page": limits.ARTICLES_MAX,
    "paragraphs of an article": limits.ARTICLE_PARAGRAPHS_MAX,
    "bytes of a manifest": recording.MANIFEST_BYTES_MAX,
    "dots in a line of a manifest": recording.LINE_DOTS_MAX,
    "records of a manifest, files of a recording without one": recording.RECORDS_MAX,
    "days that an observation may lie ahead": instants.AHEAD_MAX.days,
    "bytes of the header fields of a request to the api or the push door": web.HEAD_BYTES_MAX,
    "live streams of one api": live.CLIENTS_MAX,
    "clients of one api that wait for a change": live.WAITERS_MAX,
    "seconds that a client may wait for a change": schemas.WAIT_S_MAX,
    "changes of a kind that one answer looks at": changed.LOOKED_AT_MAX,
    "sources with numbers of their own in one answer of `/v1/status` or `/metrics`, the worst "
    "first": exposition.SOURCES_MAX,
    "dead letters of a consumer that `/v1/status` tells; all are counted": watching.LETTERS_MAX,
    "dead letters of a consumer on the operators' page of the push door": operating.LETTERS_MAX,
    "rejects that are kept": rejects.REJECTS_MAX,
    "rejects that are kept every five seconds, the latest; all are counted": (
        ingest_rejects.WAITING_MAX
    ),
    "characters of a reject's place and of what was expected, each": (
        rejects.EXCERPT_CHARACTERS_MAX
    ),
    "services whose reports are kept": health.SERVICES_MAX,
    "articles of a feed": feed_query.LIMIT_MAX,
    "stories of a feed": feed_query.STORIES_MAX,
    "articles named below a story of a feed": feed_stories.MEMBERS_SHOWN_MAX,
    "articles of a source that `/v1/sources` counts": source_queries.COUNTED_MAX,
    "series of a source that `/v1/sources` counts": source_queries.SERIES_MAX,
    "sources of `/sources.opml`": source_routes.OUTLINES_MAX,
    "views that are read out line by line at one time": downloads.LINES_MAX,
    "databases of the views that are made or sent at one time": downloads.FILES_MAX,
    "bytes of a database of the views": database.BYTES_MAX,
    "seconds that a database of the views may take to make": database.MAKING_S_MAX,
    "seconds that a download of a view may take; then it is cut": downloads.SENDING_S_MAX,
    "characters of the documents of a feed, after its first article": (
        feed_listing.DOCUMENTS_CHARACTERS_MAX
    ),
    "filters of one kind that a client of the live stream may choose": schemas.SELECTED_MAX,
    "seconds between two signs of life on a quiet live stream": clients.HEARTBEAT_S,
    "points of one answer of `/v1/rates/BASE-QUOTE`": rate_queries.POINTS_MAX,
    "series of rates that one request walks over; further ones by name are not answered": (
        rate_queries.SERIES_MAX
    ),
    "days for which a rate is carried": rate_points.CARRIED_DAYS_MAX,
    "doubted values named in one answer about rates": rate_queries.DOUBTED_SHOWN_MAX,
    "doubted values counted in one answer about rates": rate_queries.DOUBTED_COUNTED_MAX,
    "values of a series from which its rhythm is told": rate_rhythm.AS_OFS_READ_MAX,
    "sources that a consensus of rates weighs; further ones by name are not": (
        rate_consensus.SOURCES_MAX
    ),
    "percent from the median up to which a source counts in a consensus": int(
        rate_consensus.APART_MAX * 100
    ),
    "days for which a rate is fresh to a consensus where its rhythm is not known": (
        rate_consensus.FRESH_DAYS_MAX
    ),
    "values of one answer of `/v1/rates/BASE-QUOTE/versions`": rate_versions.VERSIONS_MAX,
    "pairs on the ticker of the front page": rate_ticker.QUOTES_SHOWN_MAX,
    "pairs on the ticker of one source": rate_ticker.QUOTES_OF_SOURCE_MAX,
    "values in the small line of a quote": rate_ticker.LINE_POINTS_MAX,
    "series on the page of a pair": rate_pages.SERIES_SHOWN_MAX,
    "values in a table of the page of a pair": rate_pages.ROWS_MAX,
    "events of one answer of `/v1/events`": schemas.EVENTS_LIMIT_MAX,
    "bytes of one answer of `/v1/events`, after its first event": history.PAGE_BYTES_MAX,
    "sources or languages of one list of articles": article_parameters.SOURCES_MAX,
    "articles of a list that facets count, the newest": facets.COUNTED_MAX,
    "values of one facet": facets.VALUES_MAX,
    "characters of the lead of an article in a list": briefs.LEAD_CHARACTERS_MAX,
    "stories of one answer of `/v1/stories`": story_schemas.STORIES_LIMIT_MAX,
    "articles of a story that are told and counted, the latest": story_queries.MEMBERS_MAX,
    "articles of a story that are counted beside an article": story_queries.COUNTED_MAX,
    "stories that ended in one and are looked through for its articles": story_queries.PARTS_MAX,
    "stories that ended one in the other and are followed": story_queries.HOPS_MAX,
    "events that wait for a client of the live stream": clients.QUEUE_EVENTS_MAX,
    "bytes that wait for a client of the live stream": clients.QUEUE_BYTES_MAX,
    "paragraphs of a page": limits.BLOCKS_MAX,
    "characters of an article": limits.ARTICLE_CHARACTERS_MAX,
    "characters of a headline": limits.HEADLINE_CHARACTERS_MAX,
    "subjects and names that an item declares": limits.DECLARED_TAGS_MAX,
    "associations of an item": limits.ASSOCIATIONS_MAX,
    "digits on each side of a rate's point": limits.RATE_DIGITS_MAX,
    "rates of a bank's document; the latest are taken": limits.RATES_MAX,
    "units that a rate is for": limits.NOMINAL_MAX,
    "days that a bank's rates may lie ahead": limits.RATE_DAYS_AHEAD_MAX,
    "elements of a bank's XML": limits.XML_ELEMENTS_MAX,
    "days that a page's date may lie ahead": limits.DATE_AHEAD_DAYS_MAX,
    "problems listed per document; the last one counts the rest": limits.PROBLEMS_MAX,
    "bytes of a file of recorded events": replay.EVENTS_BYTES_MAX,
    "bytes of one recorded event": recording.LINE_BYTES_MAX,
    "bytes of a line of an archive": archive.LINE_BYTES_MAX,
    "checkpoints of an archive": archive.CHECKPOINTS_MAX,
    "documents of the inbox": inbox.FILES_MAX,
    "articles per source whose place is remembered": listing.PLACED_MAX,
    "articles of one source under one headline that the log is asked for": identity.NAMESAKES_MAX,
    "tags of an article": tags.TAGS_MAX,
    "spans of a tag": tags.SPANS_MAX,
    "names looked at in an article": tags.HITS_MAX,
    "bytes of a query to the api or the push door": web.QUERY_BYTES_MAX,
    "bytes of a JSON body that is pushed": bodies.JSON_BYTES_MAX,
    "bytes of an NDJSON body that is pushed": bodies.NDJSON_BYTES_MAX,
    "bytes of one item that is pushed": bodies.ITEM_BYTES_MAX,
    "items of one request to the push door": bodies.ITEMS_MAX,
    "requests a minute of one address to the push door without a key that is known": (
        push_limits.FAILURES_PER_MINUTE
    ),
    "addresses to which that is counted; the one that failed longest ago is forgotten": (
        push_limits.ADDRESSES_MAX
    ),
    "signed requests of one key that are remembered": replays.REMEMBERED_MAX,
    "signed bodies that are read at a time before it is known whose they are": (
        requests.UNVERIFIED_MAX
    ),
    "seconds that a signed body may take, also one of a hub": requests.WHOLE_S_MAX,
    "seconds that the time of a signature may be from ours": signatures.TOLERANCE_S,
    "signatures of one request that are looked at": signatures.SIGNATURES_MAX,
    "tags of a pushed text": articles.TAGS_MAX,
    "faults told in one answer of the push door": answers.FAULTS_MAX,
    "bytes of a body that goes on after its answer; then the connection is closed": (
        server.LEFTOVER_BYTES_MAX
    ),
    "seconds that a pushed body may bring nothing": int(requests.IDLE_S_MAX),
    "connections to the api, and at most half of the files that it may open; further ones are "
    "closed": connection.CONNECTIONS_MAX,
    "seconds that a client of the api may take nothing, twice, of what waits for it; then the "
    "connection is closed": int(connection.UNREAD_S_MAX),
    "bytes of answers of one api that wait for clients who do not read; above it who stands "
    "longest is cut": connection.UNREAD_BYTES_MAX,
    "connections to the push door, and at most half of the files that ingest may open; further "
    "ones are closed": connections.CONNECTIONS_MAX,
    "seconds from the beginning of a connection to the api or the push door, or the end of an "
    "answer, to the end of the next head; then it is closed": int(connections.HEAD_S_MAX),
    "keys of a desk, revoked ones included": keys.KEYS_MAX,
    "sources of a key": keys.SOURCES_MAX,
    "seconds until a connection is made, and again until TLS is agreed": int(client.CONNECT_S_MAX),
    "seconds of a fetch with its redirects, its turns at hosts not counted": int(
        client.REQUEST_S_MAX
    ),
    "bytes of a feed that is fetched, decoded": client.FEED_BYTES_MAX,
    "bytes of a page that is fetched, decoded": client.PAGE_BYTES_MAX,
    "bytes of a robots.txt that are read": robots.ROBOTS_BYTES_MAX,
    "redirects of a fetch": client.REDIRECTS_MAX,
    "connections to the world at once": client.CONNECTIONS_MAX,
    "bytes of what comes before a body": exchange.HEAD_BYTES_MAX,
    "fields of a fetched answer": exchange.FIELDS_MAX,
    "chunks of a fetched body": exchange.PIECES_MAX,
    "content codings one over the other": encodings.CODINGS_MAX,
    "members of a gzip body": encodings.MEMBERS_MAX,
    "characters of a URL that is fetched": urls.URL_CHARACTERS_MAX,
    "characters of a validator that is kept": fetch_answers.VALIDATOR_CHARACTERS_MAX,
    "links of a Link field": fetch_answers.LINKS_MAX,
    "seconds that a publisher may send us away": fetch_answers.RETRY_AFTER_S_MAX,
    "seconds that a 429 closes a host to its other sources": politeness.CLOSED_S_MAX,
    "seconds that an answer counts as fresh": fetch_answers.MAX_AGE_S_MAX,
    "requests that wait for one host": politeness.WAITING_MAX,
    "seconds that a request waits for its turn at a host": int(politeness.WAIT_S_MAX),
    "hosts whose last request is remembered": politeness.HOSTS_MAX,
    "origins whose robots.txt is remembered": robots.ORIGINS_MAX,
    "seconds of a crawl delay": int(robots.CRAWL_DELAY_S_MAX),
    "addresses of a name to which a connection is tried": backend.TRIED_MAX,
    "lookups of names at once": resolver.LOOKUPS_MAX,
    "bytes of a line of a file that is enriched": offline.LINE_BYTES_MAX,
    "lines of such a file that are read ahead": offline.BATCH_MAX,
    "bytes after which no more of them are": offline.BATCH_BYTES_MAX,
    "processes that enrich a file": readers.PROCESSES_MAX,
    "lines of it whose problem is told; the last line counts the rest": offline.PROBLEMS_SAID_MAX,
    "passages that an explanation quotes": passages.PASSAGES_MAX,
    "characters of each": passages.QUOTED_CHARS_MAX,
    "numbers of a kind that an explanation lists": explain.NUMBERS_LISTED_MAX,
    "differences of a kind that a shadow shows; the rest is a number": differences.SHOWN_MAX,
    "tries of an event": worker.ATTEMPTS_MAX,
    "failures one after the other before a worker stops": worker.FAILURES_IN_A_ROW_MAX,
}


@pytest.mark.parametrize("word", [word for words in CLOSED_LISTS for word in get_args(words)])
def test_every_word_of_a_closed_list_is_in_the_glossary(word: str) -> None:
    assert f"`{word}`" in GLOSSARY


@pytest.mark.parametrize("name", TYPES)
def test_every_event_type_is_in_the_glossary(name: str) -> None:
    assert f"`{name}`" in GLOSSARY


def test_the_glossary_lists_no_reason_that_there_is_not() -> None:
    listed = GLOSSARY.partition("## Problem reasons")[2].partition("\n## ")[0]
    reasons = [line.split("`")[1] for line in listed.splitlines() if line.startswith("| `")]

    assert sorted(reasons) == sorted(get_args(Reason))


def test_the_glossary_lists_no_event_type_that_there_is_not() -> None:
    listed = GLOSSARY.partition("## Event types")[2].partition("\n## ")[0]
    names = {line.split("`")[1] for line in listed.splitlines() if line.startswith("| `")}

    assert sorted(names) == TYPES


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_in_the_operators_manual(name: str) -> None:
    assert f"| `{name}` |" in (DOCS / "operations.md").read_text("utf-8")


@pytest.mark.parametrize("point", get_args(Point))
def test_every_fault_point_is_beside_the_guarantees(point: str) -> None:
    assert f"`{point}`" in (DOCS / "guarantees.md").read_text("utf-8")


@pytest.mark.parametrize(("what", "limit"), LIMITS.items())
def test_every_limit_is_in_the_operators_manual(what: str, limit: int) -> None:
    assert f"| {what} | {limit:,} |" in (DOCS / "operations.md").read_text("utf-8")


def test_every_reason_of_fetching_is_explained_and_no_other() -> None:
    listed = (DOCS / "fetching.md").read_text("utf-8").partition("## Why a fetch")[2]
    reasons = [line.split("`")[1] for line in listed.splitlines() if line.startswith("| `")]

    assert sorted(reasons) == sorted(get_args(FetchReason))


@pytest.mark.parametrize(("what", "limit"), WEBSUB_LIMITS.items())
def test_every_limit_of_websub_is_beside_it(what: str, limit: int) -> None:
    assert f"| {what} | {limit:,} |" in (DOCS / "websub.md").read_text("utf-8")


def test_both_kinds_of_consumer_give_up_alike() -> None:
    # The manual has one number for both.
    assert fold.ATTEMPTS_MAX == worker.ATTEMPTS_MAX
    assert fold.FAILURES_IN_A_ROW_MAX == worker.FAILURES_IN_A_ROW_MAX
