"""Any order of appends, reads, commits, crashes and lost replies leaves the log right.

The model is a list and two dicts. Every article gives one output, so the wire must hold the ids
of the articles up to the checkpoint, each once.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.log import Appended, Committed, Conflict, Entry, Log, Move, Overtaken, Unchanged
from shared.redis_log import RedisLog
from shared.streams import ORIGIN, Checkpoint
from shared.testing.memory_log import MemoryLog
from tests.drafts import draft, ids, output, seqs, versions
from tests.servers import Server

SUBJECTS = st.sampled_from(["a", "b", "c"])
CONTENTS = st.sampled_from(["one", "two", "three"])
ERRORS = st.sampled_from([0, 0, 0, -1, 1])
"""How far a caller's version is beside the subject's."""
WORKERS = st.sampled_from([0, 1])
LOST = st.booleans()
"""Whether the reply is lost: the call is done, the caller is told Unavailable and asks again."""

Wanted = tuple[str, str, int]


@dataclass
class Worker:
    """One of two workers of the consumer ``c``: what it believes and what it has read."""

    checkpoint: Checkpoint = ORIGIN
    batch: list[Entry] = field(default_factory=list)


class LogMachine(RuleBasedStateMachine):
    """A log beside its model, on MemoryLog."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._log = self.new_log()
        self._articles: list[tuple[str, int, str]] = []
        """Subject, version and event id of each article."""
        self._last: dict[str, tuple[int, str, int]] = {}
        """Version, content and seq of each subject's last event."""
        self._committed = 0
        """Seq of the article up to which outputs are committed."""
        self._workers = [Worker(), Worker()]

    def new_log(self) -> Log:
        """An empty log."""
        return MemoryLog()

    def teardown(self) -> None:
        """Close what was opened."""
        self._run(self._log.close())
        self._runner.close()

    def _run(self, call: Any) -> Any:
        return self._runner.run(call)

    # --- appending ---

    @rule(wanted=st.lists(st.tuples(SUBJECTS, CONTENTS, ERRORS), max_size=4), lost=LOST)
    def append(self, wanted: list[Wanted], *, lost: bool) -> None:
        """A source's batch, its versions right or wrong."""
        drafts = []
        known = {subject: version for subject, (version, _, _) in self._last.items()}
        for subject, content, error in wanted:
            expected = max(0, known.get(subject, 0) + error)
            drafts.append(draft(subject, content, expected))
        if lost:
            self._expect(drafts)
            self._run(self._log.append("articles", drafts))
        expected_outcomes = self._expect(drafts)
        outcomes = self._run(self._log.append("articles", drafts))

        assert [(type(o), o.version, o.seq) for o in outcomes] == expected_outcomes

    def _expect(self, drafts: list[Any]) -> list[tuple[type, int, int]]:
        """What the model answers to a batch, which it takes in."""
        expected: list[tuple[type, int, int]] = []
        for one in drafts:
            version, content, seq = self._last.get(one.subject, (0, "", 0))
            if content == one.content_hash:
                expected.append((Unchanged, version, seq))
            elif version != one.expected:
                expected.append((Conflict, version, seq))
            else:
                event_id = f"{one.subject}/{one.content_hash}"
                self._articles.append((one.subject, version + 1, event_id))
                self._last[one.subject] = (version + 1, one.content_hash, len(self._articles))
                expected.append((Appended, version + 1, len(self._articles)))
        return expected

    # --- consuming ---

    @rule(number=WORKERS, count=st.integers(1, 5))
    def follow(self, number: int, count: int) -> None:
        """A worker reads on from what it believes."""
        worker = self._workers[number]
        worker.batch = self._run(self._log.follow("articles", worker.checkpoint, count=count))

        begin = worker.checkpoint.seq
        assert ids(worker.batch) == [name for _, _, name in self._articles[begin : begin + count]]

    @precondition(lambda self: any(worker.batch for worker in self._workers))
    @rule(number=WORKERS, lost=LOST)
    def commit(self, number: int, *, lost: bool) -> None:
        """A worker commits what it has read; it may have been overtaken since."""
        worker = self._workers[number]
        if not worker.batch:
            return
        following = worker.batch[-1].checkpoint()
        move = Move("articles", worker.checkpoint, following)
        outputs = [
            output(f"out {entry.seq} {entry.event_id}", int(entry.fields[b"version"]))
            for entry in worker.batch
        ]
        is_first = worker.checkpoint.seq == self._committed
        outcome = self._run(self._log.commit("c", [move], outputs))
        if is_first:
            self._committed = following.seq
        if lost:
            self._recover(worker)
            assert worker.checkpoint.seq == self._committed
            return
        match outcome:
            case Committed(written):
                assert is_first
                assert [seq for seq, _ in written] == seqs(worker.batch)
                worker.checkpoint, worker.batch = following, []
            case Overtaken(stream, found):
                assert not is_first
                assert (stream, found.seq) == ("articles", self._committed)
                worker.checkpoint, worker.batch = found, []

    @rule(number=WORKERS)
    def crash(self, number: int) -> None:
        """A worker ends, perhaps between reading and committing, and starts again."""
        self._recover(self._workers[number])

    def _recover(self, worker: Worker) -> None:
        worker.checkpoint, worker.batch = self._run(self._log.checkpoint("c", "articles")), []

    # --- what always holds ---

    @invariant()
    def the_articles_are_the_models(self) -> None:
        """Every acknowledged event, once, in order, with dense seqs and versions."""
        entries = self._run(self._log.follow("articles", ORIGIN, count=10_000))

        assert seqs(entries) == list(range(1, len(self._articles) + 1))
        assert ids(entries) == [name for _, _, name in self._articles]
        assert versions(entries) == [version for _, version, _ in self._articles]
        for subject in ("a", "b", "c"):
            of_subject = [version for name, version, _ in self._articles if name == subject]
            assert of_subject == list(range(1, len(of_subject) + 1))

    @invariant()
    def every_output_is_there_once_up_to_the_checkpoint(self) -> None:
        """Outputs and checkpoint never part."""
        wire = self._run(self._log.follow("wire", ORIGIN, count=10_000))
        checkpoint = self._run(self._log.checkpoint("c", "articles"))

        assert checkpoint.seq == self._committed
        assert seqs(wire) == list(range(1, self._committed + 1))
        assert ids(wire) == [
            f"out {seq} {name}"
            for seq, (_, _, name) in enumerate(self._articles[: self._committed], start=1)
        ]


class RedisLogMachine(LogMachine):
    """The same on a server, one desk per example."""

    url: ClassVar[str] = ""
    _desks: ClassVar = itertools.count(1)

    def new_log(self) -> Log:
        """An empty log."""
        return RedisLog(self.url, f"machine-{next(self._desks)}")


TestMemoryLog = LogMachine.TestCase
TestMemoryLog.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)

TestRedisLog = pytest.mark.usefixtures("server_for_the_machine")(RedisLogMachine.TestCase)
TestRedisLog.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture
def server_for_the_machine(valkey: Server) -> None:
    """Points the machine to the session's Valkey."""
    RedisLogMachine.url = valkey.url
