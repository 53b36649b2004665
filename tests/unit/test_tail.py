"""``newswire tail``: the lines, what is wanted, and going on after the log was away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from services.cli.tailing import Voice, line, tail, wanted
from shared.cloudevents import json_line
from shared.errors import Rejected, SequenceGap, Unavailable
from shared.events import StreamName
from shared.log import Entry
from shared.streams import Checkpoint, Position
from shared.testing.memory_log import MemoryLog
from tests.drafts import draft


def entry(
    data: str, kind: str = "article.published", subject: str = "urn:x", seq: int = 8
) -> Entry:
    """An event as it lies on the log."""
    fields = {
        "seq": str(seq), "version": "1", "specversion": "1.0", "id": "e1",
        "source": "urn:newswire:source:steppe-courier", "type": f"newswire.{kind}",
        "subject": subject, "recordedtime": "2026-03-02T05:00:01Z", "data": data,
    }  # fmt: skip
    raw = {name.encode(): value.encode() for name, value in fields.items()}
    return Entry(Position("1-0"), seq, "e1", raw)


# --- lines --------------------------------------------------------------------------------------

BEGIN = "2026-03-02T05:00:01Z       8  "


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("article.published", '{"article":{"headline":"Тенге окреп"}}', "Тенге окреп"),
        (
            "rate.quoted",
            '{"rate":{"base":"USD","quote":"UZS","value":"12650.00","nominal":1,"as_of":"2026-03-02"}}',
            "USD/UZS=12650.00 as of 2026-03-02",
        ),
        (
            "rate.restated",
            '{"rate":{"base":"UZS","quote":"KZT","value":"4.10","nominal":100,"as_of":"2026-03-02"}}',
            "UZS/KZT=4.10 for 100 as of 2026-03-02",
        ),
        ("article.canceled", '{"reason":"Wrong.","by":"source"}', "Wrong. (source)"),
        (
            "source.blocked",
            '{"reason":"Wrong.","by":"operator","who":"aigul (key desk)"}',
            "Wrong. (aigul (key desk))",
        ),
        (
            "deadletter.parked",
            '{"consumer":"c","subject":"urn:a","reason":"failed","error":"Boom","stream":"articles"}',
            "c urn:a: failed: Boom",
        ),
        ("something.new", '{"what":1}', "urn:x"),
        ("something.broken", '{"what":', "(its data are no JSON)"),
    ],
)
def test_an_event_is_one_line(kind: str, data: str, said: str) -> None:
    assert line(entry(data, kind)) == f"{BEGIN}{kind:<20}  steppe-courier  {said}"


def test_nothing_that_a_source_says_steers_the_terminal() -> None:
    shown = line(entry('{"article":{"headline":"a\\u001b[2Jb\\u202ec\\nd"}}', kind="x\x1b[1m"))

    assert shown.endswith("a\\x1b[2Jb\\u202ec\\nd")
    assert "x\\x1b[1m" in shown


def test_a_long_text_is_cut() -> None:
    shown = line(entry(json.dumps({"reason": "x" * 5_000})))

    assert shown.endswith("x" * 199 + "…")


def test_colours_only_surround_what_the_plain_line_says() -> None:
    coloured = line(entry('{"reason":"Wrong."}', "deadletter.dropped"), is_coloured=True)

    assert coloured == (
        "\x1b[2m2026-03-02T05:00:01Z\x1b[0m  \x1b[36m     8\x1b[0m  "
        "\x1b[31mdeadletter.dropped  \x1b[0m  \x1b[2msteppe-courier\x1b[0m  Wrong."
    )


def test_a_json_line_is_the_structured_event_of_the_binding() -> None:
    shown = json_line(entry('{"rate":{"value":"12650.00","nominal":1},"n":0.10}', "rate.quoted"))

    assert shown.endswith('"sequence":"00000000000000000008","version":"1",'
                          '"data":{"rate":{"value":"12650.00","nominal":1},"n":0.10}}')  # fmt: skip
    said = json.loads(shown)
    assert said["version"] == "1"
    assert "seq" not in said
    assert said["type"] == "newswire.rate.quoted"


def test_a_json_line_says_the_same_without_what_steers_a_terminal() -> None:
    text = "a\u202eb\x7fc\x9bd\u2028e"
    shown = json_line(entry(json.dumps({"reason": text}, ensure_ascii=False)))

    assert json.loads(shown)["data"] == {"reason": text}
    assert "a\\u202eb\\u007fc\\u009bd\\u2028e" in shown


# --- what is wanted -----------------------------------------------------------------------------


def test_a_stream_or_a_type_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        Rejected, match="expected one of articles, rates, wire, deadletters, sources, found"
    ):
        wanted("news", None, [])
    with pytest.raises(
        Rejected, match=r"--type: expected a type of rates: rate\.accepted, rate\.observed, .*news"
    ):
        wanted("rates", None, ["news"])


def test_a_type_may_be_named_in_full_or_in_short() -> None:
    for name in ("newswire.rate.quoted", "rate.quoted"):
        asked = wanted("wire", None, [name])
        assert asked.has(entry("{}", "rate.quoted"))
        assert not asked.has(entry("{}", "rate.restated"))


# --- following ----------------------------------------------------------------------------------


class AwayLog(MemoryLog):
    """A log that does not answer three times, from its second reading on."""

    reads = 0

    async def follow(
        self, stream: StreamName, after: Checkpoint, *, count: int, block_ms: int = 0
    ) -> list[Entry]:
        """See Log.follow."""
        self.reads += 1
        if 2 <= self.reads <= 4:
            raise Unavailable("Redis does not answer: gone")
        return await super().follow(stream, after, count=count, block_ms=block_ms)


@dataclass
class Seen:
    """What a person sees; enough when so many events have come."""

    enough: int
    seqs: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    waits: int = 0

    def show(self, entries: Sequence[Entry]) -> None:
        """Take events."""
        self.seqs += [each.seq for each in entries]
        if len(self.seqs) >= self.enough:
            raise asyncio.CancelledError

    async def wait(self, _: float) -> None:
        """Waits in no time."""
        self.waits += 1

    async def watch(self, log: MemoryLog, *args: object) -> None:
        """Look until it is enough."""
        voice = Voice(self.show, self.warnings.append, self.wait)
        with pytest.raises(asyncio.CancelledError):
            await tail(log, wanted("articles", *args), voice)  # type: ignore[arg-type]


async def test_a_tail_from_a_seq_begins_with_it() -> None:
    log, seen = MemoryLog(), Seen(2)
    await log.append("articles", [draft("a"), draft("b"), draft("c")])

    await seen.watch(log, 2, [])

    assert seen.seqs == [2, 3]


async def test_a_tail_begins_with_what_comes_next() -> None:
    log, seen = MemoryLog(), Seen(1)
    await log.append("articles", [draft("a"), draft("b")])
    watching = asyncio.create_task(seen.watch(log, None, []))
    while not seen.seqs and not watching.done():
        await asyncio.sleep(0)
        if log._arrived._waiters:  # it follows
            await log.append("articles", [draft("c")])

    await watching
    assert seen.seqs == [3]


async def test_a_log_that_is_away_is_told_once_and_followed_from_where_it_was() -> None:
    log, seen = AwayLog(), Seen(300)
    await log.append("articles", [draft(f"s{n}") for n in range(300)])

    await seen.watch(log, 1, [])

    assert seen.seqs == list(range(1, 301))
    assert seen.warnings == [
        "Redis does not answer: gone; waiting for it",
        "the log answers again",
    ]
    assert seen.waits == 3


async def test_a_gap_ends_a_tail() -> None:
    log = MemoryLog()
    await log.append("articles", [draft("a"), draft("b"), draft("c")])
    log.drop("articles", 2)
    seen = Seen(9)

    with pytest.raises(SequenceGap, match="expected seq 2 after 0-0, found 3"):
        await tail(log, wanted("articles", 1, []), Voice(seen.show, print, seen.wait))


async def test_a_seq_beyond_the_end_is_refused_with_the_last_one() -> None:
    log, seen = MemoryLog(), Seen(9)
    await log.append("articles", [draft("a")])

    with pytest.raises(
        Rejected, match="--from 3: expected a seq from 1 to 2, the next of articles"
    ):
        await tail(log, wanted("articles", 3, []), Voice(seen.show, print, seen.wait))
