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
    events = "withdrawal.ndjson"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Final

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, model_validator

from services.ingest.domain import Observation, Recordable, article_hash
from services.ingest.observe import Source
from services.ingest.parse.document import Problem
from shared.events import (
    TYPES_BY_STREAM,
    ArticleReceived,
    ArticleReleased,
    ArticleRevised,
    ArticleWithdrawn,
    ArticleWithheld,
    RateObserved,
)
from shared.hashing import text_hash
from shared.news import SOURCE_ID, SourceId

EVENT_SUFFIXES: Final = (".ndjson", ".jsonl")
MANIFEST: Final = "manifest.toml"
LINE_BYTES_MAX: Final = 900_000
"""Of one recorded event: with its envelope it must stay below what an event may have."""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document to publish, and when it was seen."""

    path: PurePath
    source: Source
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class EventsRecord:
    """A file of recorded events to publish."""

    path: PurePath


Record = DocumentRecord | EventsRecord


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Source(_Model):
    id: SourceId
    name: str | None = None
    rights: str | None = None


class _Record(_Model):
    file: str | None = None
    source: SourceId | None = None
    observed_at: AwareDatetime | None = None
    events: str | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> _Record:
        is_document = self.file and self.source and self.observed_at and not self.events
        is_events = self.events and not (self.file or self.source or self.observed_at)
        if not (is_document or is_events):
            raise ValueError("expected file, source and observed_at, or events alone")
        return self


class _Manifest(_Model):
    source: tuple[_Source, ...] = ()
    record: tuple[_Record, ...]


def read_manifest(text: str, folder: PurePath) -> list[Record] | Problem:
    """The records of a manifest, in its order; paths are below ``folder``."""
    try:
        manifest = _Manifest.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        return Problem("manifest-invalid", MANIFEST, _short(str(error)))
    sources = {one.id: Source(one.id, one.name, one.rights) for one in manifest.source}
    records: list[Record] = []
    for one in manifest.record:
        name = one.file or one.events or ""
        if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
            return Problem("manifest-invalid", MANIFEST, f"expected a file below it, found {name}")
        if one.events or one.source is None or one.observed_at is None:
            records.append(EventsRecord(folder / name))
        else:
            source = sources.get(one.source, Source(one.source))
            records.append(DocumentRecord(folder / name, source, one.observed_at.astimezone(UTC)))
    return records


def read_events(data: bytes) -> tuple[list[Recordable], list[Problem]]:
    """The events of an NDJSON file in order, and what was wrong with single lines."""
    events: list[Recordable] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            events.append(_read_event(line))
        except (ValueError, TypeError) as error:
            problems.append(Problem("event-invalid", f"line {number}", _short(str(error))))
    return events, problems


def _read_event(line: bytes) -> Recordable:
    if len(line) > LINE_BYTES_MAX:
        raise ValueError(f"expected at most {LINE_BYTES_MAX} bytes, found {len(line)}")
    said = orjson.loads(line)
    if not isinstance(said, dict):
        raise TypeError("expected a JSON object with type and data")
    types = {**TYPES_BY_STREAM["articles"], **TYPES_BY_STREAM["rates"]}
    kind = types.get(str(said.get("type")))
    if kind is None:
        raise ValueError(
            f"expected a type of the streams articles or rates, found {said.get('type')}"
        )
    event = kind.model_validate_json(orjson.dumps(said.get("data")))
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
        case ArticleWithdrawn() | ArticleWithheld() | ArticleReleased():
            return event
        case _:
            raise TypeError(f"{said.get('type')} is not a type of the streams articles or rates")


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
