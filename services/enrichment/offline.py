"""``newswire enrich FILE``: articles in, events of the wire out, without a log.

What is decided is decided by ``ArticleDesk``, one line after the other, as the worker would. The
hour is that of the lines: what waits for one is said before the first line that was observed later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Final

from services.enrichment.desks import ArticleDesk
from services.enrichment.lines import FIRST_AT, Intake, Offered
from services.enrichment.outputs import Decided, wire_output
from services.enrichment.readers import Readers, Readings
from services.enrichment.reading import Read, Reading
from services.enrichment.spool import Spool
from shared.cloudevents import json_line
from shared.errors import Rejected
from shared.faults import visible
from shared.log import EVENT_BYTES_MAX, Entry, checked_bytes
from shared.news import Article
from shared.streams import START

BATCH: Final = 200
"""Lines that are read before the first of them is decided, unless told otherwise."""
BATCH_MAX: Final = 2_000
"""Lines read ahead at most: a batch is in the memory twice …"""
BATCH_BYTES_MAX: Final = 16_000_000
"""… and no batch goes on after so many bytes."""
LINE_BYTES_MAX: Final = EVENT_BYTES_MAX
"""Of a line, as of an event; the rest of a longer one is passed over."""
PROBLEMS_SAID_MAX: Final = 1_000
"""Lines of whose problem is told; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A line that was taken, at its place."""

    number: int
    """From 1."""
    entry: Entry
    observed_at: datetime
    article: Article | None


@dataclass(frozen=True, slots=True)
class Voice:
    """Where events go, and what there is to say of lines."""

    write: Callable[[bytes], object]
    flush: Callable[[], object]
    warn: Callable[[str], object]


@dataclass(slots=True)
class Told:
    """What became of the lines."""

    lines: int = 0
    unchanged: int = 0
    refused: int = 0
    events: int = 0
    waiting: int = 0
    """Articles that wait for an hour, a release or their source when the lines have ended."""

    def text(self) -> str:
        """For a person."""
        taken = self.lines - self.unchanged - self.refused
        return (
            f"lines: {self.lines}, {taken} taken, {self.unchanged} that say nothing new, "
            f"{self.refused} refused; events: {self.events}; still waiting: {self.waiting}"
        )


@dataclass(slots=True)
class Offline:
    """Decides lines in their order; what is read of them may be made ahead, in batches."""

    read: Read
    readers: Readers
    spool: Spool
    voice: Voice
    batch: int = BATCH
    told: Told = field(default_factory=Told)
    intake: Intake = field(default_factory=Intake)
    hour: datetime = FIRST_AT
    """The latest observation so far."""
    parked: set[str] = field(default_factory=set)
    """Subjects of which a line could not be decided: later ones are refused, as on a log."""
    desk: ArticleDesk = field(init=False)
    _made: tuple[Article, Reading] | None = None

    def __post_init__(self) -> None:
        self.desk = ArticleDesk(self.spool, self._reading)

    async def run(self, lines: BinaryIO) -> Told:
        """Take in all lines, and say what follows.

        Raises:
            Rejected: what the wire would say of an article is larger than an event may be.
            Unavailable: the disk takes no more, or a process that reads has ended.
        """
        begun: deque[tuple[list[Turn], Readings]] = deque()
        for turns in self._batches(lines):
            begun.append((turns, self.readers.begin([t.article for t in turns if t.article])))
            if len(begun) > self.readers.ahead:
                await self._decide_all(*begun.popleft())
        while begun:
            await self._decide_all(*begun.popleft())
        await self._say_due(self.hour)
        self.told.waiting = len(self.desk.memory.unsaid)
        self.voice.flush()
        return self.told

    def _batches(self, lines: BinaryIO) -> Iterator[list[Turn]]:
        turns: list[Turn] = []
        size = seen = 0
        for number, line in enumerate(_lines(lines), start=1):
            if line.strip():
                self.told.lines += 1
                turns += self._taken(number, line)
            size, seen = size + len(line), seen + 1
            if seen >= self.batch or size > BATCH_BYTES_MAX:
                yield turns
                turns, size, seen = [], 0, 0
        yield turns

    def _taken(self, number: int, line: bytes) -> list[Turn]:
        """The line at its place; nothing, where it is refused or says nothing new."""
        if len(line) > LINE_BYTES_MAX:
            self._refuse(number, f"expected at most {LINE_BYTES_MAX} bytes, came more")
            return []
        try:
            offered: Offered | None = self.intake.take(line)
        except Rejected as error:
            self._refuse(number, str(error))
            return []
        if offered is None:
            self.told.unchanged += 1
            return []
        entry = self.spool.keep(offered.entry)
        return [Turn(number, entry, offered.observed_at, offered.article)]

    async def _decide_all(self, turns: Sequence[Turn], readings: Readings) -> None:
        made = iter(readings())
        for turn in turns:
            await self._take(turn, next(made) if turn.article else None)
        self.voice.flush()

    async def _take(self, turn: Turn, reading: Reading | str | None) -> None:
        await self._say_due(turn.observed_at)
        self.hour = max(self.hour, turn.observed_at)
        subject = turn.entry.fields.get(b"subject", b"").decode(errors="replace")
        if subject in self.parked:
            self._refuse(turn.number, "an earlier line of this article could not be decided")
            return
        if isinstance(reading, str):
            self._park(subject, turn.number, reading)
            return
        if reading is not None and turn.article is not None:
            self._made = turn.article, reading
        try:
            decided = await self.desk.decide(turn.entry, self.hour)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other lines go on
            self._park(subject, turn.number, str(error))
            return
        self._say(decided, turn.observed_at)

    def _park(self, subject: str, number: int, why: str) -> None:
        self.parked.add(subject)
        self._refuse(number, f"could not be decided: {why}")

    async def _say_due(self, now: datetime) -> None:
        """What had to wait for an hour that has passed, or for a source that is let in again."""
        hour = max(self.hour, now)
        for position in self.desk.waiting(hour):
            entry = await self.spool.entry("articles", position)
            if entry is not None:
                self._say(await self.desk.due(entry, hour), hour)

    def _reading(self, article: Article) -> Reading:
        """What was read of an article ahead of its turn; else it is read now."""
        made, self._made = self._made, None
        return made[1] if made is not None and made[0] == article else self.read(article)

    def _say(self, decided: Sequence[Decided], recorded_at: datetime) -> None:
        for each in decided:
            output = wire_output(each, recorded_at)
            checked_bytes(output.fields)
            self.told.events += 1
            seq = self.told.events
            fields = dict(zip(output.fields[::2], output.fields[1::2], strict=True))
            numbers = {b"seq": str(seq).encode(), b"version": str(output.version).encode()}
            entry = Entry(START, seq, fields[b"id"].decode(), {**numbers, **fields})
            self.voice.write(json_line(entry).encode() + b"\n")

    def _refuse(self, number: int, why: str) -> None:
        self.told.refused += 1
        if self.told.refused <= PROBLEMS_SAID_MAX:
            self.voice.warn(f"line {number}: {visible(why)}")
        elif self.told.refused == PROBLEMS_SAID_MAX + 1:
            self.voice.warn("and more; they are counted at the end")


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Lines without their ends; of one that is too long one byte more than is taken."""
    while line := source.readline(LINE_BYTES_MAX + 2):
        if not line.endswith(b"\n"):
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = source.readline(LINE_BYTES_MAX)
        yield line.rstrip(b"\r\n")
