"""G1 to G4 under kill -9: nothing is lost, doubled or out of order, whatever dies at any moment.

``NEWSWIRE_KILL_ROUNDS`` sets the number of rounds; each feeds 100 events.
"""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, assert_never

import pytest
import redis

from tests.e2e.ledger import (
    Fault,
    FaultPoint,
    Found,
    Held,
    Intent,
    Kill,
    KillRedis,
    Ledger,
    Pause,
    Round,
    Shown,
    check,
    intents_of,
)
from tests.e2e.recordings import EVENTS, recording
from tests.e2e.stack import Popen, Stack, connected, eventually, heads, held

ROUNDS: Final = int(os.environ.get("NEWSWIRE_KILL_ROUNDS", "20"))
SEED: Final = 1
IN_TURN: Final[tuple[Fault, ...]] = (
    Kill("enrichment"),
    KillRedis(),
    Kill("ingest"),
    Kill("projection"),
    Kill("api"),
)
"""Three in two rounds: more would only measure the supervisor's pauses, which double to 10 s."""
GROWTH: Final = 2 * EVENTS
"""Events that a round adds: each to its stream, and one to the wire."""
ROUND_S_MAX: Final = 90.0
DELAY_S_MAX: Final = 0.03
STALLED_S: Final = 3.0
"""A fault whose moment does not come because the one before it stopped the desk comes then."""


def rounds(count: int) -> list[Round]:
    """The rounds of this run: in each the next one or two in turn, in every fourth replay too."""
    turn = 0
    made = []
    for number in range(count):
        size = 1 + number % 2
        faults = [IN_TURN[(turn + n) % len(IN_TURN)] for n in range(size)]
        turn += size
        if number % 4 == 2:
            faults.insert(0, Kill("replay"))
        if number % 5 == 4:
            faults.append(Pause("enrichment", 0.3))
        made.append(Round(SEED + number, tuple(faults)))
    return made


class Schedule:
    """A round's faults with their moments, drawn with its seed: the same in every run.

    A moment is a number of events that the round has added and some milliseconds after the last of
    them, so that it falls between two calls as well as into one, on a fast machine and on a slow.
    """

    def __init__(self, round_: Round) -> None:
        dice = random.Random(round_.seed)
        moments = [
            # Replay has ended when the log has grown by half.
            (dice.randrange(1, EVENTS // 4 if fault == Kill("replay") else GROWTH - 10), fault)
            for fault in round_.faults
        ]
        self.waiting = deque(sorted(moments, key=lambda moment: moment[0]))
        self._delays_s = [dice.uniform(0, DELAY_S_MAX) for _ in moments]
        self._grown, self._grown_at_s = 0, time.monotonic()
        self._due_at_s: float | None = None

    def due(self, grown: int) -> Fault | None:
        """The next fault, if this is its moment."""
        now_s = time.monotonic()
        if grown > self._grown:
            self._grown, self._grown_at_s = grown, now_s
        if not self.waiting:
            return None
        is_reached = self._grown >= self.waiting[0][0]
        if self._due_at_s is None and (is_reached or now_s > self._grown_at_s + STALLED_S):
            self._due_at_s = now_s + self._delays_s.pop()
        if self._due_at_s is None or now_s < self._due_at_s:
            return None
        self._due_at_s = None
        return self.waiting.popleft()[1]


@dataclass
class Campaign:
    """A desk under faults, with the ledger of what it was given."""

    stack: Stack
    ledger: Ledger
    log: redis.Redis
    folder: Path
    kills: Counter[str] = field(default_factory=Counter)
    replays: int = 0

    def run(self, round_: Round) -> None:
        """Replay the round's recording until it is acknowledged, with its faults meanwhile."""
        file = self.folder / f"{round_.seed}.ndjson"
        file.write_bytes(recording(round_.seed))
        self.ledger.intend(round_, intents_of(file.read_bytes()))
        before, schedule, deadline_s = (
            self._size(),
            Schedule(round_),
            time.monotonic() + ROUND_S_MAX,
        )
        replay, is_acknowledged = self._replay(file), False
        while schedule.waiting or not is_acknowledged:
            assert time.monotonic() < deadline_s, f"{round_} does not end"
            if (fault := schedule.due(self._size() - before)) is not None:
                self._do(fault, replay)
            if not is_acknowledged and (code := replay.poll()) is not None:
                is_acknowledged = code == 0
                replay = replay if is_acknowledged else self._replay(file)
            time.sleep(0.001)
        self.ledger.acknowledge(round_)

    def _do(self, fault: Fault, replay: Popen) -> None:
        match fault:
            case Kill("replay"):
                replay.kill()
                self.kills["replay"] += replay.wait() == -signal.SIGKILL
            case Kill(service):
                self.stack.kill(service)
                self.kills[service] += 1
            case KillRedis():
                self.stack.kill("valkey")
                self.kills["valkey"] += 1
            case Pause(service, seconds):
                self.stack.pause(service, seconds)
            case FaultPoint():
                raise NotImplementedError("armed when a service starts: test_fault_points.py")
            case _:
                assert_never(fault)

    def _replay(self, file: Path) -> Popen:
        self.replays += 1
        return self.stack.replay(file)

    def _size(self) -> int:
        """Events on the log; 0 while it is away."""
        try:
            return sum(heads(self.log).values())
        except (redis.ConnectionError, redis.TimeoutError):
            return 0


@pytest.mark.timeout(60 + 15 * ROUNDS)
def test_nothing_is_lost_or_doubled_whatever_is_killed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """20 rounds, 2,000 events; every service, Redis and replay itself are killed in turn."""
    began = time.monotonic()
    with (
        Ledger(tmp_path / "ledger.sqlite") as ledger,
        Stack(tmp_path, "--no-seed") as stack,
        connected(stack.redis_url) as log,
    ):
        campaign = Campaign(stack, ledger, log, tmp_path)
        for round_ in rounds(ROUNDS):
            campaign.run(round_)
            eventually(stack.is_at_rest, f"the consumers catch up in {round_}")
            verdict = check(ledger.intents(), held(stack.redis_url, stack.data))
            assert verdict.findings() == {}, round_
        verified = stack.run("verify")
        kills = campaign.kills
        killed_wards = Counter({name: n for name, n in kills.items() if name != "replay"})
        eventually(lambda: restarts_said(stack) == killed_wards, "each restart is said")

    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.endswith("\nclean\n")
    assert verdict.acknowledged == verdict.attempted == ROUNDS * EVENTS
    assert stack.process.returncode == 0
    with capsys.disabled():
        said = ", ".join(f"{name} {count}" for name, count in sorted(kills.items()))
        print(  # noqa: T201 - the figures of docs/guarantees.md
            f"\n{ROUNDS} rounds, {verdict.attempted} events, {kills.total()} kills ({said}), "
            f"{campaign.replays} replays, lost {len(verdict.lost)}, "
            f"doubled {len(verdict.doubled)}; {time.monotonic() - began:.0f} s"
        )


def restarts_said(stack: Stack) -> Counter[str]:
    """How often the supervisor has said that it starts each of them again."""
    return Counter(re.findall(r"(?m)^(\w+) ended by SIGKILL; started again in", stack.said()))


# --- the judge is judged: each kind of fault, put into a faultless desk, is found as that kind ----

ARTICLE, RATE = "urn:newswire:article:a", "urn:newswire:rate:s:ticker:KZT-USD:2026-03-02"
INTENTS: Final = [
    Intent("articles", ARTICLE, 1, "first", "ok"),
    Intent("articles", ARTICLE, 2, "second", "ok"),
    Intent("rates", RATE, 1, "value", "ok"),
]
ON_ARTICLES: Final = [
    Found(1, 1, ARTICLE, "first", "a1", ""),
    Found(2, 2, ARTICLE, "second", "a2", ""),
]
ON_RATES: Final = [Found(1, 1, RATE, "value", "r1", "")]
ON_WIRE: Final = [
    Found(1, 1, ARTICLE, "first", "w1", "a1"),
    Found(2, 1, RATE, "value", "w2", "r1"),
    Found(3, 2, ARTICLE, "second", "w3", "a2"),
]
VIEWS: Final = [Shown(ARTICLE, 2, "second"), Shown(RATE, 1, "value")]


def judged(
    articles: list[Found] = ON_ARTICLES,
    wire: list[Found] = ON_WIRE,
    views: list[Shown] = VIEWS,
    intents: list[Intent] = INTENTS,
) -> set[str]:
    """The kinds of findings about a desk."""
    streams = {"articles": articles, "rates": ON_RATES, "wire": wire}
    return set(check(intents, Held(streams, views)).findings())


def test_a_faultless_desk_has_no_findings() -> None:
    assert judged() == set()


def test_an_acknowledged_event_that_is_not_there_is_lost() -> None:
    assert "lost" in judged(articles=ON_ARTICLES[:1])
    assert judged(wire=ON_WIRE[:2]) == {"lost"}
    assert judged(views=VIEWS[:1]) == {"lost"}


def test_an_event_of_unknown_fate_may_be_there_or_not() -> None:
    unsure = [*INTENTS[:1], replace(INTENTS[1], outcome="unknown"), INTENTS[2]]
    streams = {"articles": ON_ARTICLES, "rates": ON_RATES, "wire": ON_WIRE}

    verdict = check(unsure, Held(streams, VIEWS))

    assert verdict.findings() == {}
    assert (verdict.attempted, verdict.acknowledged, verdict.recovered) == (3, 2, 1)
    absent = [Shown(ARTICLE, 1, "first"), VIEWS[1]]
    assert judged(ON_ARTICLES[:1], ON_WIRE[:2], absent, unsure) == set()


def test_an_event_appended_again_is_doubled() -> None:
    again = replace(ON_WIRE[2], seq=4, version=3, event_id="w4")

    assert "doubled" in judged(wire=[*ON_WIRE, again])


def test_two_events_of_a_subject_the_other_way_round_are_out_of_order() -> None:
    swapped = [
        replace(ON_ARTICLES[0], identity="second"),
        replace(ON_ARTICLES[1], identity="first"),
    ]

    assert judged(articles=swapped) == {"out_of_order"}


def test_what_nobody_intended_is_unexpected() -> None:
    stranger = Found(4, 1, "urn:newswire:article:b", "third", "w4", "b1")

    assert judged(wire=[*ON_WIRE, stranger]) == {"unexpected"}
    assert judged(views=[*VIEWS, Shown(ARTICLE, 1, "first")]) == {"unexpected"}


def test_what_follows_of_an_event_was_not_intended_and_is_no_fault() -> None:
    wire = [
        ON_WIRE[0],
        Found(2, 1, "urn:newswire:story:s", "opened", "w9", "a1"),
        Found(3, 2, ARTICLE, "nearer", "w8", "r1"),
        Found(4, 1, RATE, "value", "w7", "a1"),
        replace(ON_WIRE[1], seq=5, version=2),
        replace(ON_WIRE[2], seq=6, version=3),
    ]
    views = [Shown(ARTICLE, 3, "second"), Shown(RATE, 1, "value"), Shown(RATE, 2, "value")]

    assert judged(wire=wire, views=views) == set()
    assert judged(wire=wire) == {"lost", "unexpected"}
    wire[1] = replace(wire[1], causation_id="nobody")
    assert judged(wire=wire, views=views) == {"unexpected"}
    wire[3] = replace(wire[3], identity="another")
    assert "unexpected" in judged(wire=wire, views=views)


def test_a_missing_number_is_a_gap() -> None:
    assert judged(wire=[*ON_WIRE[:2], replace(ON_WIRE[2], seq=4)]) == {"seq_gaps"}
    assert "version_gaps" in judged(wire=[*ON_WIRE[:2], replace(ON_WIRE[2], version=3)])
