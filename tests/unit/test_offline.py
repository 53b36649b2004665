"""Lines decided without a log: what waits for its hour, what fails, what is too long."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.cli import enriching
from services.enrichment import offline, readers
from services.enrichment.offline import LINE_BYTES_MAX, Offline, Told, Voice
from services.enrichment.readers import ReadHere
from services.enrichment.reading import Reading
from services.enrichment.spool import Spool
from shared.cloudevents import json_line
from shared.news import Article
from shared.testing import builders
from tests.wire_builders import at, blocked, entry_of, reader, received, revised, unblocked


@dataclass
class Heard:
    """What came of a run."""

    told: Told
    events: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def said(self) -> list[tuple[str, str, str]]:
        """Type, article and hour of each event about an article."""
        return [
            (
                one["type"].rpartition(".")[2],
                one["subject"].removeprefix("urn:newswire:article:"),
                one["recordedtime"][11:16],
            )
            for one in self.events
            if ":article:" in one["subject"]
        ]


async def run(
    lines: Sequence[bytes], read: Callable[[Article], Reading] | None = None, batch: int = 2
) -> Heard:
    heard = Heard(Told())
    read = read or reader()
    voice = Voice(
        lambda line: heard.events.append(json.loads(line)), lambda: None, heard.warnings.append
    )
    with closing(Spool()) as spool:
        whole = Offline(read, ReadHere(read), spool, voice, batch)
        heard.told = await whole.run(io.BytesIO(b"\n".join(lines)))
    return heard


def event(said: Any, seq: int, version: int = 1) -> bytes:
    return json_line(entry_of("articles", said, seq, version)).encode()


def line(**said: Any) -> bytes:
    return json.dumps(said).encode()


async def test_an_article_enters_the_wire_before_the_first_line_after_its_hour() -> None:
    waits = line(id="1", article_id="a", headline="A", embargoed_until="2026-03-02T10:00:00Z",
                 observed_at="2026-03-02T06:00:00Z")  # fmt: skip
    lines = [waits, *(line(article_id=f"b{h}", headline="B", observed_at=at(h).isoformat())
                      for h in (8, 11))]  # fmt: skip

    heard = await run(lines)

    assert heard.said() == [
        ("published", "b8", "08:00"),
        ("published", "a", "11:00"),
        ("published", "b11", "11:00"),
    ]


async def test_what_waits_when_the_lines_end_is_counted() -> None:
    heard = await run([line(headline="A", embargoed_until="2026-03-02T10:00:00Z")])

    assert heard.events == []
    assert heard.told.waiting == 1


async def test_a_source_that_is_let_in_again_is_said_as_it_stands_by_then() -> None:
    lines = [event(blocked(), 1), event(received("a"), 2), event(revised("a"), 3, 2),
             event(unblocked(), 4, 2)]  # fmt: skip

    heard = await run(lines)

    (said,) = heard.events
    assert said["type"] == "newswire.article.published"
    assert said["data"]["article"]["revision"] == 2


@pytest.mark.parametrize("batch", [1, 2, 5])
async def test_an_article_that_fails_is_refused_with_its_later_lines(batch: int) -> None:
    lines = [
        line(article_id="a", headline="poison"),
        line(article_id="b", headline="B"),
        line(article_id="a", headline="A, mended"),
    ]

    heard = await run(lines, batch=batch)

    assert [one[:2] for one in heard.said()] == [("published", "b")]
    assert heard.warnings == [
        "line 1: could not be decided: ZeroDivisionError: the headline is poison",
        "line 3: an earlier line of this article could not be decided",
    ]
    assert (heard.told.lines, heard.told.refused, heard.told.events) == (3, 2, 1)


async def test_a_line_that_is_too_long_is_passed_over_to_its_end() -> None:
    lines = [line(headline="x" * LINE_BYTES_MAX), line(headline="short")]

    heard = await run(lines)

    assert heard.warnings == ["line 1: expected at most 1000000 bytes, came more"]
    assert [one["data"]["article"]["headline"] for one in heard.events] == ["short"]


async def test_what_was_read_ahead_is_used_for_its_own_article_alone() -> None:
    read_of: list[str] = []

    def read(article: Article) -> Reading:
        read_of.append(article.article_id)
        return reader()(article)

    lines = [line(article_id=one, headline=f"Of {one}") for one in ("a", "b", "c")]

    heard = await run(lines, read, batch=3)

    assert read_of == ["a", "b", "c"]
    assert [one["data"]["fingerprint"]["words"] for one in heard.events] == [2, 2, 2]


async def test_a_copy_is_found_in_what_was_read_before() -> None:
    body = list(builders.BODY)
    lines = [line(article_id=one, headline="Same", body=body) for one in ("a", "b")]

    heard = await run(lines)

    relations = heard.events[1]["data"]["relations"]
    assert [(one["kind"], one["article_id"]) for one in relations] == [("exact", "a")]


def test_the_command_line_offers_what_there_is() -> None:
    # The commands import no service.
    assert enriching._PROCESSES_MAX == readers.PROCESSES_MAX
    assert enriching._BATCH_MAX == offline.BATCH_MAX
