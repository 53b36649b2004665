"""What ingest publishes, on every log: each observation once, however often it comes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest

from services.ingest.domain import (
    Decision,
    Observation,
    PublishOutcome,
    Recordable,
    Refused,
)
from services.ingest.drafts import RUN_MAX, runs
from services.ingest.observe import Sighting
from services.ingest.parse.document import Problem
from shared.envelope import article_hash
from shared.errors import Unavailable
from shared.events import ArticleReceived, ArticleReleased, ArticleWithdrawn, ArticleWithheld
from shared.log import Appended, Log, Stale, Unchanged
from shared.news import ArticleId, Rate
from shared.testing.builders import ARTICLE_ID, SOURCE, rate
from shared.testing.memory_log import MemoryLog
from tests.builders import (
    at,
    contents,
    entry,
    events,
    history,
    observed,
    page,
    publisher,
    quotation,
    words,
)
from tests.faulty_log import AwayLog, Lost, RivalLog

TEXT = words(0, 102)
OTHER = words(200, 302)


def kinds(outcomes: list[PublishOutcome]) -> list[str]:
    return [type(outcome).__name__.lower() for outcome in outcomes]


async def published(log: Log, *pages: Sighting) -> list[str]:
    """The outcomes of the last page, after a restart before each of them."""
    outcomes: list[PublishOutcome] = []
    for seen in pages:
        outcomes = await publisher(log).publish(seen)
    return kinds(outcomes)


def decision(kind: type[Decision], observed_at: datetime, of: str = ARTICLE_ID) -> Decision:
    return kind(
        article_id=ArticleId(of), source=SOURCE, reason=f"{kind.__name__}.", by="source",
        observed_at=observed_at,
    )  # fmt: skip


# --- the same observation, any number of times --------------------------------------------------


async def test_a_recorded_a_b_replayed_three_times_is_two_events(log: Log) -> None:
    a = page(at(2), entry("Climate", TEXT))
    b = page(at(3), entry("Climate", words(20, 122)))

    outcomes = [await published(log, a) + await published(log, b) for _ in range(3)]

    assert outcomes == [["appended", "appended"], ["stale", "unchanged"], ["stale", "unchanged"]]
    assert await history(log) == [("Climate", 1, "received"), ("Climate", 2, "revised")]


async def test_a_live_a_b_a_is_three_events(log: Log) -> None:
    a, b = entry("Climate", TEXT), entry("Climate", words(20, 122))

    for day, seen in enumerate((a, b, a), start=2):
        assert await published(log, page(at(day), seen)) == ["appended"]

    last = (await events(log))[-1].event
    assert getattr(last, "article").revision == 3  # noqa: B009  # one member of a union has it
    assert [version for _, version, _ in await history(log)] == [1, 2, 3]


async def test_a_late_retry_of_an_old_text_is_stale_and_says_after_what(log: Log) -> None:
    a = page(at(2), entry("Climate", TEXT))
    await published(log, a, page(at(3), entry("Climate", words(20, 122))))

    (outcome,) = await publisher(log).publish(a)

    last = (await events(log))[-1]
    assert outcome == Stale(2, 2, last.position, "not later than 2026-03-03T06:00:00+00:00")


async def test_an_unchanged_article_costs_no_event_and_names_the_one_there_is(log: Log) -> None:
    (appended,) = await publisher(log).publish(page(at(2), entry("Climate", TEXT)))
    (again,) = await publisher(log).publish(page(at(9), entry("Climate", TEXT)))

    assert isinstance(appended, Appended)
    assert again == Unchanged(1, 1, appended.position)


async def test_a_page_gives_its_articles_and_then_its_rates_in_order(log: Log) -> None:
    seen = page(
        at(2), entry("Climate", TEXT), entry("Weather", OTHER),
        rates=[quotation("KZT"), quotation("KGS", "0.01144")],
    )  # fmt: skip

    outcomes = await publisher(log).publish(seen)

    assert [(type(each), each.seq) for each in outcomes] == [
        (Appended, 1), (Appended, 2), (Appended, 1), (Appended, 2),
    ]  # fmt: skip
    assert [each.subject for each in await events(log, "rates")] == [
        "urn:newswire:rate:steppe-courier:ticker:KZT-USD:2026-03-02",
        "urn:newswire:rate:steppe-courier:ticker:KGS-USD:2026-03-02",
    ]


async def test_a_page_of_nothing_but_rates_or_of_nothing_at_all_is_a_page(log: Log) -> None:
    assert await published(log, page(at(2), rates=[quotation()])) == ["appended"]
    assert await published(log, page(at(3))) == []


async def test_an_event_says_when_it_happened_and_when_it_was_recorded(log: Log) -> None:
    dated = observed(published_at=at(1), observed_at=at(2))
    updated = observed(headline="New", published_at=at(1), updated_at=at(3), observed_at=at(4))
    for article in (dated, updated):
        await publisher(log).publish_articles([Observation(article)])
    await publisher(log).publish(page(at(5), entry("Climate", TEXT), rates=[quotation()]))

    times = [each.time for each in await events(log)]
    (quoted,) = await events(log, "rates")
    assert [*times, quoted.time] == [at(1), at(3), at(5), at(5)]
    assert quoted.recorded_at.isoformat() == "2026-04-01T00:00:00+00:00"
    assert quoted.source == "urn:newswire:source:steppe-courier"
    assert quoted.correlation_id == quoted.subject


# --- rates --------------------------------------------------------------------------------------


async def test_a_rate_is_restated_once_and_a_late_retry_is_stale(log: Log) -> None:
    morning = page(at(2, 6), rates=[quotation(value="0.00198", occurrences=8)])
    evening = page(at(2, 15), rates=[quotation(value="0.00199")])

    outcomes = [await published(log, seen) for seen in (morning, evening, morning, evening)]

    assert outcomes == [["appended"], ["appended"], ["stale"], ["unchanged"]]
    assert [each.version for each in await events(log, "rates")] == [1, 2]


async def test_the_digits_first_published_stay(log: Log) -> None:
    assert await published(
        log,
        page(at(2, 6), rates=[quotation(value="0.1082")]),
        page(at(2, 15), rates=[quotation(value="0.10820")]),
    ) == ["unchanged"]

    (only,) = await events(log, "rates")
    assert getattr(only.event, "rate").value == "0.1082"  # noqa: B009  # a member of a union


async def test_the_next_days_rate_is_another_subject(log: Log) -> None:
    seen = [page(at(day), rates=[quotation()]) for day in (2, 3)]

    assert [await published(log, each) for each in seen] == [["appended"], ["appended"]]
    assert [each.version for each in await events(log, "rates")] == [1, 1]


# --- which article it is ------------------------------------------------------------------------


async def test_one_headline_over_a_text_with_less_than_a_fifth_in_common_is_another_article(
    log: Log,
) -> None:
    a = page(at(2), entry("Climate", TEXT))
    b = page(at(3), entry("Climate", words(81, 183)))  # 19 of 100 runs of three words

    assert await published(log, a, b) == ["appended"]
    assert await published(log, a) == ["unchanged"]
    assert await published(log, b) == ["unchanged"]
    assert await history(log) == [("Climate", 1, "received"), ("Climate", 1, "received")]


async def test_one_headline_over_a_text_with_a_fifth_in_common_is_a_revision(log: Log) -> None:
    a = page(at(2), entry("Climate", TEXT))
    b = page(at(3), entry("Climate", words(80, 182)))  # 20 of 100

    assert await published(log, a, b) == ["appended"]
    assert await history(log) == [("Climate", 1, "received"), ("Climate", 2, "revised")]


async def test_a_daily_report_of_one_headline_is_an_article_every_day(log: Log) -> None:
    report = "On day {} the dollar cost {}.1 tenge, the euro {}.2 tenge and the rouble {}.3 tenge."
    days = [
        page(
            at(day),
            entry("Exchange Rates", (report.format(*range(day * 10, day * 10 + 4)),)),
            listed_on=date(2026, 3, day),
        )
        for day in (2, 3, 4)
    ]

    first = [await published(log, day) for day in days]
    again = [await published(log, day) for day in days]

    assert first == [["appended"]] * 3
    assert again == [["unchanged"]] * 3
    assert await history(log) == [("Exchange Rates", 1, "received")] * 3


async def test_two_articles_under_one_headline_on_one_page_are_two(log: Log) -> None:
    seen = page(at(2), entry("In Brief", TEXT), entry("In Brief", OTHER))

    assert await published(log, seen) == ["appended", "appended"]
    assert await published(log, seen) == ["unchanged", "unchanged"]
    assert len({each.subject for each in await events(log)}) == 2


async def test_a_namesake_is_revised_under_its_own_id(log: Log) -> None:
    await published(log, page(at(2), entry("In Brief", TEXT), entry("In Brief", OTHER)))
    revised = page(at(3), entry("In Brief", TEXT), entry("In Brief", words(202, 304)))

    assert await published(log, revised) == ["unchanged", "appended"]
    first, second, third = await events(log)
    assert (third.subject, third.version) == (second.subject, 2)
    assert first.subject != second.subject


async def test_the_hash_of_every_recorded_article_is_of_its_own_content(log: Log) -> None:
    """A namesake gets another id than it was first taken for, and the id counts."""
    await published(log, page(at(2), entry("In Brief", TEXT), entry("In Brief", OTHER)))

    for each in await events(log):
        assert isinstance(each.event, ArticleReceived)
        assert each.event.article.content_hash == article_hash(each.event.article)


async def test_the_same_article_twice_on_a_page_is_one(log: Log) -> None:
    seen = page(at(2), entry("Climate", TEXT), entry("Climate", TEXT))

    assert await published(log, seen) == ["appended", "unchanged"]


async def test_a_page_with_two_versions_of_an_article_does_not_change_by_being_seen_again(
    log: Log,
) -> None:
    """Two versions on one page are no revisions of each other: a poll every minute adds nothing."""
    both = (entry("Climate", TEXT), entry("Climate", words(20, 122)))
    await published(log, page(at(2), *both))
    after_the_first_look = await history(log)

    await published(log, page(at(3), *both), page(at(4), *both), page(at(5), *both))

    assert await history(log) == after_the_first_look


async def test_a_changed_headline_is_a_revision_and_the_old_page_stale_after_it(log: Log) -> None:
    old = page(at(2), entry("Climate", TEXT), entry("Roads", OTHER))
    new = page(at(3), entry("Weather", TEXT), entry("Roads", OTHER))

    assert await published(log, old, new) == ["appended", "unchanged"]
    assert await published(log, old) == ["stale", "unchanged"]
    assert await published(log, new) == ["unchanged", "unchanged"]
    assert await history(log) == [
        ("Climate", 1, "received"), ("Roads", 1, "received"), ("Weather", 2, "revised"),
    ]  # fmt: skip


async def test_the_same_publisher_knows_what_it_has_just_published(log: Log) -> None:
    ours = publisher(log)
    for seen in (
        page(at(2), entry("Climate", TEXT)),
        page(at(3), entry("Weather", TEXT)),
        page(at(4), entry("Weather", words(5, 107))),
    ):
        assert kinds(await ours.publish(seen)) == ["appended"]

    assert [version for _, version, _ in await history(log)] == [1, 2, 3]


async def test_another_source_has_its_own_articles_under_the_same_headline(log: Log) -> None:
    seen = [
        page(at(2), entry("Climate", TEXT), source=source)
        for source in ("steppe-courier", "silk-road-bulletin")
    ]

    assert [await published(log, each) for each in seen] == [["appended"], ["appended"]]


async def test_a_text_that_drifts_away_from_itself_stays_one_article(log: Log) -> None:
    """Each version shares half with the one before it, the third nothing with the first."""
    pages = [
        page(at(day), entry("Climate", words(begin, begin + 102)))
        for day, begin in ((2, 0), (3, 50), (4, 100))
    ]
    await published(log, *pages)

    replayed = [await published(log, each) for each in pages]

    assert replayed == [["stale"], ["stale"], ["unchanged"]]
    assert [version for _, version, _ in await history(log)] == [1, 2, 3]


async def test_a_renamed_article_whose_text_drifted_away_stays_one_article(log: Log) -> None:
    pages = [
        page(at(2), entry("Climate", words(0, 102))),
        page(at(3), entry("Weather", words(30, 132))),
        page(at(4), entry("Weather", words(100, 202))),
    ]
    await published(log, *pages)

    replayed = [await published(log, each) for each in pages]

    assert replayed == [["stale"], ["stale"], ["unchanged"]]


async def test_an_entry_that_was_stale_is_no_article_when_its_page_is_replayed(log: Log) -> None:
    """Both entries are taken for the same article: one by its headline, one by its place."""
    await published(log, page(at(2), entry("Climate", TEXT)), page(at(3), entry("Weather", TEXT)))
    both = page(at(4), entry("Climate", words(70, 172), 5), entry("Snow", TEXT, 1))
    await published(log, both)
    after_the_first_time = await history(log)

    await published(log, both)

    assert await history(log) == after_the_first_time


async def test_a_page_of_more_namesakes_than_are_told_apart_does_not_stop_the_others(
    log: Log,
) -> None:
    """Unavailable would be tried again for ever, and nothing after this page be published."""
    seen = page(at(2), *(entry("In Brief", words(100 * n, 100 * n + 9)) for n in range(60)))

    outcomes = await publisher(log).publish(seen)

    assert len(outcomes) == 60
    assert kinds(outcomes)[:50] == ["appended"] * 50


async def test_an_article_too_large_for_the_log_costs_its_page_nothing_else(log: Log) -> None:
    """What the parser takes may be more bytes than an event may have."""
    seen = page(at(2), entry("Climate", TEXT), entry("Emoji", ("😀" * 255_000,)),
                rates=[quotation()])  # fmt: skip

    await publisher(log).publish(seen)

    assert await history(log) == [("Climate", 1, "received")]
    assert len(await events(log, "rates")) == 1


# --- recorded articles --------------------------------------------------------------------------


async def test_a_recorded_revision_with_another_text_is_of_the_article_that_it_names(
    log: Log,
) -> None:
    """Only what was identified by its headline can be somebody else under that headline."""
    first = Observation(observed(body=TEXT, observed_at=at(2)))
    second = Observation(observed(body=OTHER, observed_at=at(3)), declared_change="update")

    for _ in range(3):
        await publisher(log).publish_run([first])
        await publisher(log).publish_run([second])

    assert [(each.subject, each.version) for each in await events(log)] == [
        ("urn:newswire:article:d6d10251-02d6-5210-ac83-a518dfdd0da2", 1),
        ("urn:newswire:article:d6d10251-02d6-5210-ac83-a518dfdd0da2", 2),
    ]


async def test_an_article_with_an_id_or_a_url_of_its_own_has_no_namesakes(log: Log) -> None:
    for name in ("source_item_id", "canonical_url"):
        given: dict[str, object] = {"article_id": f"article-{name}", name: "https://c.example/1"}
        for day, body in ((2, TEXT), (3, OTHER)):
            article = observed(**given, body=body, observed_at=at(day))
            await publisher(log).publish_articles([Observation(article)])

    assert [version for _, version, _ in await history(log)] == [1, 2, 1, 2]


# --- decisions ----------------------------------------------------------------------------------


def refused(where: str, detail: str) -> Refused:
    """What the log does not take, reported."""
    return Refused(Problem("event-invalid", where, detail))


async def known(log: Log) -> None:
    """The article ARTICLE_ID on the log, seen on day 2."""
    await publisher(log).publish_articles([Observation(observed(body=TEXT, observed_at=at(2)))])


async def test_a_decision_about_an_unknown_article_is_rejected(log: Log) -> None:
    outcome = await publisher(log).publish_decision(decision(ArticleWithdrawn, at(3)))

    assert outcome == refused(ARTICLE_ID, f"there is no article {ARTICLE_ID} to decide about")
    assert await history(log) == []


async def test_a_withdrawal_replayed_is_unchanged(log: Log) -> None:
    await known(log)
    withdrawal = decision(ArticleWithdrawn, at(3))

    outcomes = [await publisher(log).publish_decision(withdrawal) for _ in range(3)]

    assert kinds(outcomes) == ["appended", "unchanged", "unchanged"]
    assert await history(log) == [
        ("Tenge Firms in Late Trading", 1, "received"), ("ArticleWithdrawn.", 2, "withdrawn"),
    ]  # fmt: skip


async def test_a_withdrawal_not_later_than_the_article_is_stale(log: Log) -> None:
    await known(log)

    outcome = await publisher(log).publish_decision(decision(ArticleWithdrawn, at(1)))

    assert isinstance(outcome, Stale)
    assert (outcome.version, outcome.reason) == (1, "not later than 2026-03-02T06:00:00+00:00")


async def test_after_a_withdrawal_the_page_again_is_stale_changed_or_not(log: Log) -> None:
    await published(log, page(at(2), entry("Climate", TEXT)))
    (received,) = await events(log)
    of = received.subject.rpartition(":")[2]
    await publisher(log).publish_decision(decision(ArticleWithdrawn, at(3), of))

    assert await published(log, page(at(4), entry("Climate", TEXT))) == ["stale"]
    assert await published(log, page(at(5), entry("Climate", words(20, 122)))) == ["stale"]
    assert await published(log, page(at(6), entry("Weather", TEXT))) == ["stale"]


async def test_after_a_withdrawal_an_explicit_usable_publishes_the_next_revision(log: Log) -> None:
    await known(log)
    await publisher(log).publish_decision(decision(ArticleWithdrawn, at(3)))
    again = observed(body=TEXT, observed_at=at(4))

    outcomes = [
        *await publisher(log).publish_articles([Observation(again, declares_usable=True)]),
        await publisher(log).publish_decision(decision(ArticleWithdrawn, at(3))),
    ]

    assert kinds(outcomes) == ["appended", "stale"]
    last = (await events(log))[-1]
    assert (last.type, last.version) == ("newswire.article.revised", 3)
    assert getattr(last.event, "article").revision == 2  # noqa: B009  # a member of a union


@pytest.mark.parametrize("kind", [ArticleWithheld, ArticleReleased])
async def test_a_hold_or_release_does_not_end_a_withdrawal(log: Log, kind: type[Decision]) -> None:
    """A canceled article answers 410 at every instant: only an explicit usable ends that."""
    await known(log)
    await publisher(log).publish_decision(decision(ArticleWithdrawn, at(3)))
    await publisher(log).publish_decision(decision(kind, at(4)))
    changed = observed(body=words(20, 122), observed_at=at(5))

    (outcome,) = await publisher(log).publish_articles([Observation(changed)])

    assert isinstance(outcome, Stale)


async def test_a_held_article_is_unchanged_until_its_text_changes(log: Log) -> None:
    await known(log)
    await publisher(log).publish_decision(decision(ArticleWithheld, at(3)))
    same, other = observed(body=TEXT, observed_at=at(4)), observed(body=words(20, 122),
                                                                   observed_at=at(5))  # fmt: skip

    outcomes = [
        *await publisher(log).publish_articles([Observation(same)]),
        *await publisher(log).publish_articles([Observation(other)]),
        await publisher(log).publish_decision(decision(ArticleReleased, at(6))),
    ]

    assert kinds(outcomes) == ["unchanged", "appended", "appended"]
    assert [kind for *_, kind in await history(log)] == [
        "received", "withheld", "revised", "released",
    ]  # fmt: skip


async def test_the_text_of_a_decided_article_is_found_behind_many_later_events(log: Log) -> None:
    await known(log)
    fillers = [
        Observation(observed(article_id=f"filler-{n}", observed_at=at(2))) for n in range(1100)
    ]
    await publisher(log).publish_articles(fillers)
    await publisher(log).publish_decision(decision(ArticleWithheld, at(3)))

    (outcome,) = await publisher(log).publish_articles(
        [Observation(observed(body=TEXT, observed_at=at(4)))]
    )

    assert outcome.version == 2
    assert isinstance(outcome, Unchanged)


# --- two at once --------------------------------------------------------------------------------


async def test_two_publishers_of_one_page_at_once_give_each_article_once(log: Log) -> None:
    seen = page(
        at(2),
        *(entry(f"Headline {n}", words(100 * n, 100 * n + 50)) for n in range(20)),
        entry("In Brief", TEXT),
        entry("In Brief", OTHER),
        rates=[quotation("KZT"), quotation("KGS")],
    )

    ours, theirs = await asyncio.gather(publisher(log).publish(seen), publisher(log).publish(seen))

    assert sorted(kinds(ours) + kinds(theirs)) == ["appended"] * 24 + ["unchanged"] * 24
    assert len(await events(log)) == 22
    assert {each.version for each in await events(log)} == {1}


async def test_two_publishers_of_one_revision_at_once_give_it_once(log: Log) -> None:
    await published(log, page(at(2), entry("Climate", TEXT)))
    seen = page(at(3), entry("Weather", words(10, 112)))

    both = await asyncio.gather(publisher(log).publish(seen), publisher(log).publish(seen))

    assert sorted(kinds(both[0]) + kinds(both[1])) == ["appended", "unchanged"]
    assert [version for _, version, _ in await history(log)] == [1, 2]


def version_of(day: int) -> Sighting:
    """The article and the rate as they were on a day; the rate is as of the same day always."""
    return page(
        at(2, day),
        entry("Climate", words(10 * day, 10 * day + 102)),
        rates=[quotation(value=f"0.{day}")],
    )


@pytest.mark.parametrize(
    ("theirs", "outcomes", "versions"),
    [
        pytest.param(3, ["appended", "appended"], 3, id="an earlier one: ours after it"),
        pytest.param(5, ["stale", "stale"], 2, id="a later one: ours is stale"),
        pytest.param(4, ["unchanged", "unchanged"], 2, id="the same: ours is there"),
    ],
)
async def test_what_another_publishes_between_our_reading_and_our_writing_is_decided_again(
    log: Log, theirs: int, outcomes: list[str], versions: int
) -> None:
    await published(log, version_of(2))

    async def rival() -> None:
        await published(log, version_of(theirs))

    # Appends 1 and 3 offer, 2 and 4 write what was decided: first the article, then the rate.
    ours = await publisher(RivalLog(log, rival, [2, 4])).publish(version_of(4))

    assert kinds(ours) == outcomes
    assert [each.version for each in await events(log)] == list(range(1, versions + 1))
    assert [each.version for each in await events(log, "rates")] == list(range(1, versions + 1))


async def test_a_decision_is_decided_again_when_another_comes_between(log: Log) -> None:
    await known(log)

    async def rival() -> None:
        await publisher(log).publish_decision(decision(ArticleWithheld, at(3)))

    outcome = await publisher(RivalLog(log, rival, [2])).publish_decision(
        decision(ArticleWithdrawn, at(4))
    )

    assert isinstance(outcome, Appended)
    assert [kind for *_, kind in await history(log)] == ["received", "withheld", "withdrawn"]


class Rival:
    """Somebody who changes the article and the rate before each of our appends."""

    def __init__(self, log: Log) -> None:
        self._log, self._minute = log, 0

    async def __call__(self) -> None:
        """Publish the next version, a minute after the last one."""
        self._minute += 1
        article = observed(body=words(self._minute, 102), observed_at=at(2, 7, self._minute))
        quoted = rate(value=f"0.{self._minute:02}1", observed_at=at(2, 7, self._minute))
        await publisher(self._log).publish_articles([Observation(article)])
        await publisher(self._log).publish_rates([quoted])


@pytest.mark.parametrize("kind", ["article", "rate", "decision"])
async def test_somebody_who_is_always_faster_makes_us_try_later(log: Log, kind: str) -> None:
    await known(log)
    ours = publisher(RivalLog(log, Rival(log), range(1, 100)))
    offer: dict[str, Callable[[], Awaitable[object]]] = {
        "article": lambda: ours.publish_articles(
            [Observation(observed(body=TEXT, observed_at=at(4)))]
        ),
        "rate": lambda: ours.publish_rates([rate(observed_at=at(4))]),
        "decision": lambda: ours.publish_decision(decision(ArticleWithdrawn, at(4))),
    }

    with pytest.raises(Unavailable, match=r"was changed by others 5 times in a row; try again"):
        await offer[kind]()


# --- the log away in the middle -----------------------------------------------------------------


def pages_to_settle() -> list[Sighting]:
    """Two pages that need every kind of call: new, revised, renamed, a namesake, a restatement."""
    return [
        page(at(2), entry("Climate", TEXT), entry("Roads", OTHER), rates=[quotation(value="0.1")]),
        page(
            at(2, 15),
            entry("Weather", TEXT),
            entry("Roads", words(202, 304)),
            entry("Roads", words(500, 602)),
            entry("Snow", words(700, 802)),
            rates=[quotation(value="0.2"), quotation("KGS")],
        ),
    ]


async def without_fault() -> tuple[int, list[dict[bytes, bytes]]]:
    """How many calls the second page takes, and what both pages give."""
    first, second = pages_to_settle()
    log = MemoryLog()
    await published(log, first)
    counted = AwayLog(log, 0)
    await publisher(counted).publish(second)
    return counted.calls, await contents(log)


async def test_the_second_page_takes_no_more_calls_than_are_lost_below() -> None:
    calls, _ = await without_fault()

    assert 8 <= calls <= 14


@pytest.mark.parametrize("lost", ["call", "reply"])
@pytest.mark.parametrize("number", range(1, 15))
async def test_the_same_again_after_the_log_was_away_gives_the_log_that_it_would_have_been(
    log: Log, number: int, lost: Lost
) -> None:
    first, second = pages_to_settle()
    await published(log, first)
    away = AwayLog(log, number, lost)
    ours = publisher(away)

    with contextlib.suppress(Unavailable):
        await ours.publish(second)
    away.is_back = True
    await ours.publish(second)

    _, expected = await without_fault()
    assert await contents(log) == expected


# --- what the log lost --------------------------------------------------------------------------


async def test_an_article_whose_last_event_was_trimmed_away_is_rejected() -> None:
    log = MemoryLog()
    await known(log)
    await publisher(log).publish_articles([Observation(observed(article_id="other"))])
    log.trim("articles", 2)

    offered = observed(body=OTHER, observed_at=at(3))
    outcomes = await publisher(log).publish_articles([Observation(offered)])

    sentence = "the entry at 1-0 was trimmed; nothing to compare with"
    assert outcomes == [refused(offered.headline, sentence)]


async def test_an_article_whose_text_was_trimmed_away_is_rejected() -> None:
    log = MemoryLog()
    await known(log)
    await publisher(log).publish_decision(decision(ArticleWithheld, at(3)))
    log.trim("articles", 2)

    offered = observed(body=OTHER, observed_at=at(4))
    outcomes = await publisher(log).publish_articles([Observation(offered)])

    sentence = f"the log holds no text of the article {ARTICLE_ID}"
    assert outcomes == [refused(offered.headline, sentence)]


# --- runs ---------------------------------------------------------------------------------------


def article(name: str) -> Observation:
    return Observation(observed(article_id=name))


def quote(base: str, as_of: str = "2026-03-02") -> Rate:
    return rate(base=base, as_of=as_of)


def test_a_run_never_has_a_subject_twice() -> None:
    recorded: list[Recordable] = [article("a"), article("b"), article("a"), article("b")]

    assert list(runs(recorded)) == [recorded[:2], recorded[2:]]


def test_a_run_is_of_one_kind() -> None:
    recorded: list[Recordable] = [article("a"), quote("KZT"), quote("KGS"), article("b")]

    assert list(runs(recorded)) == [recorded[:1], recorded[1:3], recorded[3:]]


def test_rates_of_two_days_are_two_subjects() -> None:
    recorded: list[Recordable] = [quote("KZT"), quote("KZT", "2026-03-03"), quote("KZT")]

    assert list(runs(recorded)) == [recorded[:2], recorded[2:]]


def test_a_decision_is_alone() -> None:
    recorded: list[Recordable] = [
        article("a"),
        decision(ArticleWithheld, at(3), "b"),
        decision(ArticleReleased, at(4), "c"),
        article("d"),
        article("e"),
    ]

    assert list(runs(recorded)) == [recorded[:1], recorded[1:2], recorded[2:3], recorded[3:]]


def test_a_run_has_at_most_200_events() -> None:
    recorded: list[Recordable] = [article(f"a{n}") for n in range(450)]

    assert RUN_MAX == 200
    assert [len(run) for run in runs(recorded)] == [200, 200, 50]
    assert [each for run in runs(recorded) for each in run] == recorded


def test_nothing_recorded_is_no_run() -> None:
    assert list(runs([])) == []


async def test_a_run_of_each_kind_is_published(log: Log) -> None:
    ours = publisher(log)
    recorded: list[Recordable] = [
        Observation(observed(observed_at=at(2))),
        quote("KZT"),
        decision(ArticleWithdrawn, at(3)),
    ]

    outcomes = [await ours.publish_run(run) for run in runs(recorded)]

    assert [kinds(each) for each in outcomes] == [["appended"]] * 3
