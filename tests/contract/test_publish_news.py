"""What becomes of items of agencies, from documents to the wire: versions, kills, embargoes."""

from __future__ import annotations

from datetime import datetime

from services.ingest.domain import PublishOutcome
from services.ingest.observe import Sighting, Source
from services.ingest.parse import parse
from services.ingest.parse.document import Arrival
from shared.envelope import decode
from shared.events import ArticleCanceled, ArticleRevised, ArticleWithdrawn
from shared.log import Log, Stale
from shared.news import ArticleId
from shared.testing.memory_log import MemoryLog
from tests.builders import at, entries, events, history, publisher
from tests.news_items import URI, g2, ninjs
from tests.wire_builders import Clock, article_desk, drive


def seen(document: bytes | str, observed_at: datetime) -> Sighting:
    """A document of an agency as seen at a time."""
    data = document.encode() if isinstance(document, str) else document
    return Sighting(parse(data, Arrival(observed_at.date())), Source("agency"), observed_at)


async def outcome(log: Log, document: bytes | str, observed_at: datetime) -> PublishOutcome:
    """What became of the one article of a document."""
    (found,) = await publisher(log).publish(seen(document, observed_at))
    return found


async def told(log: Log, document: bytes | str, observed_at: datetime) -> str:
    return type(await outcome(log, document, observed_at)).__name__.lower()


async def wire(log: Log, now: datetime) -> list[str]:
    """The kinds of the events of the wire, once enrichment has followed at an hour."""
    worker = article_desk(log, Clock(now))
    await drive(worker, log)
    await worker.tick()
    return [decode("wire", each).type.rpartition(".")[2] for each in await entries(log, "wire")]


def version(number: str, headline: str | None = "Snow", **said: object) -> bytes:
    """A version of one item."""
    headlines = [{"value": headline}] if headline else None
    given = {"pubStatus": "usable"} | said
    return ninjs(version=number, headlines=headlines, **given)


async def test_an_item_is_received_corrected_canceled_and_brought_back() -> None:
    log = MemoryLog()
    body = [{"contentType": "text/plain", "value": "The pass is closed."}]
    correction = {"edNote": "CORRECTION: the pass is open.", "headlines": [{"value": "Pass open"}]}

    assert await told(log, version("1", bodies=body), at(2, 6)) == "appended"
    assert await told(log, ninjs(version="2", pubStatus="usable", **correction), at(2, 7)) == (
        "appended"
    )
    kill = version("3", None, pubStatus="canceled", edNote="KILL: it was no pass.")
    assert await told(log, kill, at(2, 8)) == "appended"
    assert await told(log, kill, at(2, 9)) == "unchanged"
    assert await wire(log, at(2, 9)) == ["published", "corrected", "canceled"]
    assert await told(log, version("4", pubStatus=None), at(2, 10)) == "stale"
    assert await told(log, version("5", "Snow again"), at(2, 11)) == "appended"

    assert await history(log) == [
        ("Snow", 1, "received"),
        ("Pass open", 2, "revised"),
        (URI, 3, "revised"),
        ("Snow again", 4, "revised"),
    ]
    assert await wire(log, at(2, 12)) == ["published", "corrected", "canceled", "published"]
    canceled = decode("wire", (await entries(log, "wire"))[2]).event
    assert isinstance(canceled, ArticleCanceled)
    assert (canceled.reason, canceled.by) == ("KILL: it was no pass.", "source")


async def test_the_same_is_true_of_newsml_g2() -> None:
    log = MemoryLog()

    def g2_version(number: int, meta: str, content: str = "<headline>Snow</headline>") -> str:
        return g2(meta, content).replace('version="1"', f'version="{number}"')

    usable = '<pubStatus qcode="stat:usable"/>'
    corrected = f'{usable}<signal qcode="sig:correction"/>'
    killed = '<pubStatus qcode="stat:canceled"/><edNote>Never happened</edNote>'

    assert await told(log, g2_version(9, usable), at(2, 6)) == "appended"
    assert await told(log, g2_version(10, corrected, "<headline>Ice</headline>"), at(2, 7)) == (
        "appended"
    )
    assert await told(log, g2_version(9, usable), at(2, 8)) == "stale"
    assert await told(log, g2_version(11, killed, ""), at(2, 9)) == "appended"
    assert await told(log, g2_version(12, usable), at(2, 10)) == "appended"
    assert await wire(log, at(2, 12)) == ["published", "corrected", "canceled", "published"]


async def test_an_old_version_that_is_sent_again_is_stale_whenever_it_comes() -> None:
    log = MemoryLog()
    later = {"versionCreated": "2026-03-02T05:00:00Z"}
    await told(log, version("10", "Ten"), at(2, 6))

    assert await told(log, version("9", "Nine", **later), at(2, 7)) == "stale"
    assert await history(log) == [("Ten", 1, "received")]


async def test_a_held_item_leaves_the_wire_and_comes_back() -> None:
    log = MemoryLog()
    await told(log, version("1"), at(2, 6))
    await told(log, version("2", None, pubStatus="withheld"), at(2, 7))
    assert await wire(log, at(2, 7)) == ["published", "withheld"]
    await told(log, version("3", "Snow, checked"), at(2, 8))

    assert await wire(log, at(2, 9)) == ["published", "withheld", "released"]


async def test_an_embargoed_item_waits_for_its_hour() -> None:
    log = MemoryLog()
    await told(log, version("1", embargoedUntil="2026-03-05T12:00:00+05:00"), at(2, 6))

    assert await wire(log, at(5, 6, 59)) == []
    assert await wire(log, at(5, 7)) == ["published"]


async def test_an_embargo_without_an_end_waits_for_a_version_without_it() -> None:
    log = MemoryLog()
    await told(log, version("1", embargoedUntil=""), at(2, 6))
    assert await wire(log, at(30)) == []
    await told(log, version("2"), at(30, 7))

    assert await wire(log, at(30, 8)) == ["published"]


async def test_a_kill_that_comes_first_keeps_what_is_older_off_the_wire() -> None:
    log = MemoryLog()
    await told(log, version("3", None, pubStatus="canceled"), at(2, 6))

    assert await told(log, version("2"), at(2, 7)) == "stale"
    assert await wire(log, at(2, 8)) == []


async def test_what_an_operator_withdrew_is_not_brought_back_by_the_same_version() -> None:
    """An agency says ``usable`` of every item, and a feed says it again with every look."""
    log = MemoryLog()
    await told(log, version("1"), at(2, 6))
    withdrawal = ArticleWithdrawn(
        article_id=ArticleId((await events(log))[0].subject.rpartition(":")[2]),
        source="agency", reason="It was a draft.", by="operator", observed_at=at(2, 7),
    )  # fmt: skip
    await publisher(log).publish_decision(withdrawal)

    again = await outcome(log, version("1"), at(2, 8))
    assert isinstance(again, Stale)
    assert await told(log, version("2"), at(2, 9)) == "appended"


async def test_a_long_note_of_a_kill_is_cut_to_a_reason() -> None:
    log = MemoryLog()
    await told(log, version("1"), at(2, 6))
    await told(log, version("2", None, pubStatus="canceled", edNote="x" * 19_000), at(2, 7))

    assert await wire(log, at(2, 8)) == ["published", "canceled"]


async def test_a_signal_declares_the_change() -> None:
    log = MemoryLog()
    await told(log, version("1"), at(2, 6))
    await told(log, version("2", "Ice", signal="sig:correction"), at(2, 7))

    last = (await events(log))[-1].event
    assert isinstance(last, ArticleRevised)
    assert (last.change, last.declared) == ("correction", True)
