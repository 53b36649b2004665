"""The log replayed beside the wire, on every log: nothing differs, or what was changed does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from services.enrichment.desks import ArticleDesk
from services.enrichment.differences import Report
from services.enrichment.facts import gather
from services.enrichment.reading import Reading
from services.enrichment.shadow import Shadow
from shared.events import ArticleEvent
from shared.log import Log
from shared.news import Article, Tag
from tests.generated_articles import history
from tests.wire_builders import (
    Clock,
    Newsroom,
    almaty,
    article_desk,
    at,
    drive,
    dropped,
    ids,
    reader,
    received,
    released,
    retried,
    withheld,
)


def with_tags(found: Callable[[Article], tuple[Tag, ...]], version: str) -> Callable[..., Reading]:
    """What reads as ``reader`` does, with other tags and another version of the method."""

    def made(article: Article) -> Reading:
        plain = reader()(article)
        return replace(plain, tags=found(article), methods={**plain.methods, "names": version})

    return made


async def lived(log: Log, events: Sequence[ArticleEvent], poison: str = "poison") -> None:
    """A worker takes in events, and what is due at nine in the evening."""
    clock = Clock(at(6))
    worker = article_desk(log, clock, poison)
    await Newsroom(log).say(*events)
    await drive(worker, log)
    clock.instant = at(21)
    await worker.tick()


async def compared(log: Log, reads: Callable[..., Reading], since: int = 1) -> Report:
    return await Shadow(log, ArticleDesk(log, reads), since).run()


async def test_the_same_code_says_the_same(log: Log) -> None:
    await lived(log, list(history(120)))
    before = await ids(log)

    report = await compared(log, reader())

    assert report.differing == 0
    assert report.compared == len(before)
    assert await ids(log) == before


async def test_what_waited_for_its_hour_is_compared_as_it_was_said(log: Log) -> None:
    waits = received("a", embargoed_until=at(20))
    held = (received("b"), withheld("b"), released("b"), received("c", embargoed_until=at(23)))
    await lived(log, [waits, *held])

    report = await compared(log, reader())

    assert [one[::2] for one in await ids(log)] == [
        ("urn:newswire:article:b", "newswire.article.published"),
        ("urn:newswire:article:b", "newswire.article.withheld"),
        ("urn:newswire:article:b", "newswire.article.released"),
        ("urn:newswire:article:a", "newswire.article.published"),
    ]
    assert (report.compared, report.differing) == (4, 0)


async def test_another_version_of_a_step_is_told_by_what_it_finds(log: Log) -> None:
    await lived(log, [received("a", headline="Almaty"), received("b"), received("c")])

    def names(article: Article) -> tuple[Tag, ...]:
        return (almaty(),) if article.article_id == "b" else ()

    report = await compared(log, with_tags(names, "words/2"))

    tags = report.shown["tag", "place"]
    name = "geonames:1526384 Almaty"
    assert [(one.seq, one.article_id, one.wire, one.now) for one in tags] == [
        (1, "a", name, None),
        (2, "b", None, name),
    ]
    assert report.counts == {("tag", "place"): 2, ("methods", "names"): 3}
    assert report.differing == 3


async def test_what_comes_before_since_is_replayed_and_not_compared(log: Log) -> None:
    await lived(log, [received("a", headline="Almaty"), received("b", headline="Almaty")])

    report = await compared(log, with_tags(lambda _: (), "words/1"), since=2)

    assert [one.article_id for one in report.shown["tag", "place"]] == ["b"]
    assert report.compared == 1


async def test_what_was_set_aside_and_is_not_on_the_wire_would_be_said(log: Log) -> None:
    await lived(log, [received("a", headline="poison"), received("b")])

    report = await compared(log, reader("mended"))

    (missing,) = report.shown["event", ""]
    assert (missing.article_id, missing.wire, missing.now) == (
        "a",
        None,
        "newswire.article.published",
    )
    assert report.compared == 2


async def test_what_was_set_aside_and_taken_in_later_is_compared(log: Log) -> None:
    await lived(log, [received("a", headline="poison"), received("b")])
    await Newsroom(log).decide(retried("urn:newswire:article:a"))
    mended = article_desk(log, Clock(at(21)), "mended")
    await mended.resume()
    await mended.tick()

    report = await compared(log, reader("mended"))

    assert (report.compared, report.differing) == (2, 0)


async def test_what_this_code_cannot_decide_is_told_and_the_rest_is_compared(log: Log) -> None:
    await lived(log, [received("a", headline="fails"), received("b")])
    await Newsroom(log).decide(dropped("urn:newswire:article:x"))

    report = await compared(log, reader("fails"))

    (failure,) = report.shown["failed", ""]
    assert failure.article_id == "a"
    assert failure.evidence["error"] == "ZeroDivisionError: the headline is fails"
    (missing,) = report.shown["event", ""]
    assert (missing.article_id, missing.now) == ("a", None)


async def test_facts_of_two_articles_are_found_on_the_log(log: Log) -> None:
    text = ("One text that both of them have.",)
    await lived(log, [received("a", body=text), received("b", body=text, headline="Headline of a")])

    first, second, facts = await gather(log, ("a", "b"))

    assert (first.status, second.status) == ("usable", "usable")
    assert [one.kind for one in second.relations] == ["exact"]
    assert second.canonical == "a"
    assert facts.parted == {}
    assert facts.newest == at(6).date()
