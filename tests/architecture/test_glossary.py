"""Every word that a program may say to a person stands in the documents."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from services.api import clients, connection, history, live, schemas
from services.enrichment import worker
from services.enrichment.steps import places
from services.ingest import archive, identity, inbox, listing, recording, replay
from services.ingest.parse import limits
from services.ingest.parse.document import Reason
from services.ingest.push import answers, articles, bodies, receipts, requests, server
from services.projection import fold
from shared import connections, instants, keys, log, web
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
LIMITS = {
    "events of one call to the log": log.CALL_EVENTS_MAX,
    "bytes of one call to the log": log.CALL_BYTES_MAX,
    "bytes of one event": log.EVENT_BYTES_MAX,
    "bytes of a document": limits.DOCUMENT_BYTES_MAX,
    "characters of a line": limits.LINE_CHARACTERS_MAX,
    "articles of a page": limits.ARTICLES_MAX,
    "paragraphs of an article": limits.ARTICLE_PARAGRAPHS_MAX,
    "bytes of a manifest": recording.MANIFEST_BYTES_MAX,
    "dots in a line of a manifest": recording.LINE_DOTS_MAX,
    "records of a manifest, files of a recording without one": recording.RECORDS_MAX,
    "days that an observation may lie ahead": instants.AHEAD_MAX.days,
    "bytes of the header fields of a request to the api or the push door": web.HEAD_BYTES_MAX,
    "live streams of one api": live.CLIENTS_MAX,
    "filters of one kind that a client of the live stream may choose": schemas.SELECTED_MAX,
    "seconds between two signs of life on a quiet live stream": clients.HEARTBEAT_S,
    "events of one answer of `/v1/events`": schemas.EVENTS_LIMIT_MAX,
    "bytes of one answer of `/v1/events`, after its first event": history.PAGE_BYTES_MAX,
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
    "tags of an article": places.TAGS_MAX,
    "spans of a tag": places.SPANS_MAX,
    "bytes of a query to the api or the push door": web.QUERY_BYTES_MAX,
    "bytes of a JSON body that is pushed": bodies.JSON_BYTES_MAX,
    "bytes of an NDJSON body that is pushed": bodies.NDJSON_BYTES_MAX,
    "bytes of one item that is pushed": bodies.ITEM_BYTES_MAX,
    "items of one request to the push door": bodies.ITEMS_MAX,
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


def test_both_kinds_of_consumer_give_up_alike() -> None:
    # The manual has one number for both.
    assert fold.ATTEMPTS_MAX == worker.ATTEMPTS_MAX
    assert fold.FAILURES_IN_A_ROW_MAX == worker.FAILURES_IN_A_ROW_MAX
