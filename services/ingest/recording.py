"""Recordings: documents and events with the times at which they were observed. Pure.

A directory with a ``manifest.toml`` is a recording; so is a single document, or a file of events.

    [[source]]
    id = "steppe-courier"
    name = "Steppe Courier"
    rights = "…"

    [[record]]                 # in the order of observation
    file = "2026-03-02.txt"
    source = "steppe-courier"
    observed_at = 2026-03-02T06:10:00Z

    [[record]]
    push = "telegraph.ndjson"  # one pushed article or rate a line, as a partner sends them
    source = "telegraph"
    observed_at = 2026-03-03T06:40:00Z

    [[record]]
    events = "withdrawal.ndjson"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Annotated, Any, Final

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.ingest.domain import Observation, Recordable
from services.ingest.observe import Source
from services.ingest.parse.document import Problem
from services.ingest.parse.problems import Problems
from shared.envelope import article_hash
from shared.events import (
    TYPES_BY_STREAM,
    ArticleEvent,
    ArticleReceived,
    ArticleRevised,
    RateAccepted,
    RateEvent,
    RateObserved,
    RelationRevoked,
    SourceBlocked,
    SourceUnblocked,
)
from shared.faults import came, sentence
from shared.hashing import text_hash
from shared.instants import too_far_ahead
from shared.news import SOURCE_ID, Instant, Line, Note, SourceId
from shared.story_events import StorySplit
from shared.streams import (
    OPERATOR,
    acceptance_subject,
    article_subject,
    rate_subject,
    relation_subject,
    series_name,
    source_subject,
    source_urn,
    story_subject,
)

EVENT_SUFFIXES: Final = (".ndjson", ".jsonl")
MANIFEST: Final = "manifest.toml"
MANIFEST_BYTES_MAX: Final = 2_000_000
"""About twenty thousand records; the reader of TOML may take 300 times as much memory."""
RECORDS_MAX: Final = 100_000
"""Of one recording; more are several recordings."""
LINE_DOTS_MAX: Final = 100
"""Of a manifest: the reader of TOML takes time and memory by the square of the parts of a key."""
LINE_BYTES_MAX: Final = 900_000
"""Of one recorded event: with its envelope it must stay below what an event may have."""

_TYPES: Final = {**TYPES_BY_STREAM["articles"], **TYPES_BY_STREAM["rates"]}


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document to publish, and when it was seen."""

    path: PurePath
    source: Source
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class PushRecord:
    """A file of articles and rates as a partner pushed them, one a line, and when they came."""

    path: PurePath
    source: Source
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class EventsRecord:
    """A file of recorded events to publish."""

    path: PurePath


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something that lies in a recording and cannot be published, and why."""

    path: PurePath
    problem: Problem


Record = DocumentRecord | PushRecord | EventsRecord | Unusable


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Model):
    id: SourceId
    name: Line | None = None
    rights: Note | None = None


class _Record(_Model):
    file: str | None = None
    push: str | None = None
    source: SourceId | None = None
    observed_at: Instant | None = None
    events: str | None = None

    @model_validator(mode="after")
    def _is_one_of_three(self) -> _Record:
        named = [name for name in (self.file, self.push, self.events) if name]
        is_seen = self.source is not None and self.observed_at is not None
        is_alone = self.source is None and self.observed_at is None
        if len(named) != 1 or not (is_alone if self.events else is_seen):
            said = "expected file or push with source and observed_at, or events alone"
            raise ValueError(said)
        return self


class _Manifest(_Model):
    # The first faulty one is told: of a million there would be a million faults.
    source: Annotated[tuple[_Source, ...], Field(max_length=RECORDS_MAX, fail_fast=True)] = ()
    record: Annotated[tuple[_Record, ...], Field(max_length=RECORDS_MAX, fail_fast=True)]


def read_manifest(text: str, folder: PurePath) -> list[Record] | Problem:
    """The records of a manifest, in its order, at least one; paths are below ``folder``."""
    try:
        manifest = _Manifest.model_validate(_read_toml(text))
    except ValidationError as error:
        return _invalid(sentence(error))
    except ValueError as error:
        return _invalid(_short(str(error)))
    if not manifest.record:
        return _invalid("expected at least one [[record]], found none")
    sources = {one.id: Source(one.id, one.name, one.rights) for one in manifest.source}
    records: list[Record] = []
    for one in manifest.record:
        name = one.file or one.push or one.events or ""
        if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
            return _invalid(f"expected a file below it, found {came(name)}")
        if one.events or one.source is None or one.observed_at is None:
            records.append(EventsRecord(folder / name))
        else:
            source = sources.get(one.source, Source(one.source))
            kind = PushRecord if one.push else DocumentRecord
            records.append(kind(folder / name, source, one.observed_at.astimezone(UTC)))
    return records


def _read_toml(text: str) -> dict[str, Any]:
    if any(line.count(".") > LINE_DOTS_MAX for line in text.split("\n")):
        raise ValueError(f"expected at most {LINE_DOTS_MAX} dots in a line, found more; break it")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("expected [[source]] and [[record]], found lists of lists") from error


def _invalid(detail: str) -> Problem:
    return Problem("manifest-invalid", MANIFEST, detail)


def read_events(data: bytes, now: datetime) -> tuple[list[Recordable], list[Problem]]:
    """The events of an NDJSON file in order, and what was wrong with single lines.

    An event that was observed more than AHEAD_MAX after ``now`` is a problem.
    """
    events: list[Recordable] = []
    problems = Problems()
    for number, line in enumerate(_lines(data), start=1):
        if not line.strip():
            continue
        read = _read_line(line, f"line {number}", now)
        if isinstance(read, Problem):
            problems.add(read.reason, read.where, read.detail)
        else:
            events.append(read)
    return events, list(problems.listed())


def _lines(data: bytes) -> Iterator[bytes]:
    """One at a time: a hundred million empty lines would be a list of a gigabyte."""
    begin = 0
    while begin < len(data):
        end = data.find(b"\n", begin)
        end = len(data) if end < 0 else end
        yield data[begin:end]
        begin = end + 1


def _read_line(line: bytes, where: str, now: datetime) -> Recordable | Problem:
    try:
        said = _read_json(line)
        event = _read_event(said)
    except ValidationError as error:
        return Problem("event-invalid", where, sentence(error, at="data"))
    except (ValueError, TypeError) as error:
        return Problem("event-invalid", where, _short(str(error)))
    if contradiction := _contradiction(said, event):
        return Problem("event-invalid", where, contradiction)
    for field, instant in _instants(event):
        if instant and (doubt := too_far_ahead(instant, now)):
            return Problem("date-in-future", where, f"{field}: {doubt}")
    return _recordable(said, event)


def _read_json(line: bytes) -> dict[str, Any]:
    if len(line) > LINE_BYTES_MAX:
        raise ValueError(f"expected at most {LINE_BYTES_MAX} bytes, found {len(line)}")
    said = orjson.loads(line)
    if not isinstance(said, dict):
        raise TypeError(f"expected a JSON object with type and data, found {came(said)}")
    return said


def _read_event(said: dict[str, Any]) -> ArticleEvent | RateEvent:
    name = said.get("type")
    kind = _TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"expected a type of the streams articles or rates, found {came(name)}")
    event = kind.model_validate_json(orjson.dumps(said.get("data")))
    if not isinstance(event, ArticleEvent | RateEvent):
        raise TypeError(f"{name} is not a type of the streams articles or rates")
    return event


def _contradiction(said: dict[str, Any], event: ArticleEvent | RateEvent) -> str | None:
    """What the envelope says otherwise than the data, which alone are published."""
    match event:
        case ArticleReceived(article=article) | ArticleRevised(article=article):
            source, subject = article.source, article_subject(article.article_id)
        case RateObserved(rate=rate):
            series = series_name(rate.source, rate.kind, rate.base, rate.quote)
            source, subject = rate.source, rate_subject(series, rate.as_of)
        case RelationRevoked():
            source = OPERATOR
            subject = relation_subject(event.article_id, event.other_article_id)
        case StorySplit():
            source, subject = OPERATOR, story_subject(event.story_id)
        case RateAccepted():
            series = series_name(event.source, event.kind, event.base, event.quote)
            source, subject = OPERATOR, acceptance_subject(series, event.as_of)
        case SourceBlocked() | SourceUnblocked():
            source, subject = event.source, source_subject(event.source)
        case _:
            source, subject = event.source, article_subject(event.article_id)
    ours = {"specversion": "1.0", "source": source_urn(source), "subject": subject}
    for name, expected in ours.items():
        if said.get(name) not in (None, expected):  # no set: what was given may be a list
            return f"expected the {name} {came(expected)} or none, found {came(said[name])}"
    return None


def _instants(event: ArticleEvent | RateEvent) -> list[tuple[str, datetime | None]]:
    """The instants by which a later observation is told from an earlier one."""
    match event:
        case ArticleReceived(article=article) | ArticleRevised(article=article):
            return [
                ("data.article.observed_at", article.observed_at),
                ("data.article.updated_at", article.updated_at),
            ]
        case RateObserved(rate=rate):
            return [("data.rate.observed_at", rate.observed_at)]
        case _:
            return [("data.observed_at", event.observed_at)]


def _recordable(said: dict[str, Any], event: ArticleEvent | RateEvent) -> Recordable:
    match event:
        case ArticleReceived(article=article) | ArticleRevised(article=article):
            texts = text_hash(article.headline, article.body)
            hashed = article.model_copy(
                update={"text_hash": texts, "content_hash": article_hash(article)}
            )
            change = event.change if isinstance(event, ArticleRevised) and event.declared else None
            return Observation(
                hashed, declares_usable=_declares_usable(said), declared_change=change
            )
        case RateObserved(rate=rate):
            return rate
        case _:
            return event


def _declares_usable(said: dict[str, Any]) -> bool:
    """Whether a recorded article says ``usable`` in so many words."""
    return bool(said["data"]["article"].get("pubstatus") == "usable")


def source_named(name: str) -> str:
    """A source id made of a file's name; empty: the name has no letter or digit of ASCII."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in name)
    made = "-".join(words.lower().split())[:64].strip("-")
    return made if SOURCE_ID.fullmatch(made) else ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 300 else flat[:299] + "…"
