"""``newswire enrich --shadow``: the log replayed into a memory of its own, and compared.

What is decided is decided by ``ArticleDesk`` with the code that runs now; nothing is written. The
order of decisions is the wire's: each of its events names the event that caused it, and at which
hour it was said. So what waited for an hour is compared where the wire has said it, and only there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.enrichment.desks import ArticleDesk
from services.enrichment.differences import (
    Difference,
    Report,
    differences,
    failed,
    key_of,
)
from services.enrichment.outputs import Decided
from shared.consumer import BATCH_MAX
from shared.envelope import Recorded, decode
from shared.errors import LogDamaged, Unavailable
from shared.events import ArticleWireEvent, StreamName
from shared.log import Entry, Log
from shared.streams import ENRICHMENT_ARTICLES, ORIGIN, Checkpoint, Position

_ARTICLE_TYPES: Final = (b"newswire.article.", b"newswire.relation.", b"newswire.story.")

Said = Recorded[ArticleWireEvent]


@dataclass(slots=True)
class Shadow:
    """One comparison of a wire with what this code would say."""

    log: Log
    desk: ArticleDesk
    since: int = 1
    """Seq of the wire from which on it is compared; what comes before is replayed all the same."""
    tell: Callable[[Difference], object] = field(default=lambda _: None)
    """Hears of every difference."""
    report: Report = field(default_factory=Report)
    at: Checkpoint = ORIGIN
    """The input as far as it was decided."""
    until_seq: int = 0
    """The input as far as the worker has decided it."""
    seq: int = 0
    """The wire as far as it was compared."""
    passed: dict[str, Position] = field(default_factory=dict)
    """Events of the input that were decided, by their ids."""
    unsaid: dict[str, tuple[int, list[ArticleWireEvent]]] = field(default_factory=dict)
    """What was decided of events whose like the wire has not said so far, with ``seq`` then."""

    async def run(self) -> Report:
        """Compare all that the wire has said of articles.

        Raises:
            Rejected: an event of the wire is not of this contract.
            Unavailable, LogDamaged: as in ``Log.follow``.
        """
        # In this order: what the worker has decided so far is all on the wire that is read then.
        self.until_seq = (await self.log.checkpoint(ENRICHMENT_ARTICLES, "articles")).seq
        head = (await self.log.head("wire")).seq
        async for group in self._groups(head):
            if not await self._compare(group):
                break
        await self._advance_to(None, None)
        for seq, events in self.unsaid.values():
            self._tell_unsaid(seq, events)
        return self.report

    async def _compare(self, group: Sequence[Said]) -> bool:
        """Compare what the wire says because of one event; False: it is later than we look."""
        cause, now = group[0].causation_id or "", group[0].recorded_at
        if cause in self.unsaid:
            _, decided = self.unsaid.pop(cause)  # it was set aside, and taken in later
        elif cause in self.passed:
            decided = await self._due(self.passed[cause], now)
        else:
            found = await self._advance_to(cause, now)
            if found is None:
                return False
            decided = found
        self.seq = group[-1].seq
        if group[0].seq >= self.since:
            self._tell(group, decided)
        return True

    def _tell(self, group: Sequence[Said], decided: Sequence[ArticleWireEvent]) -> None:
        ours = {key_of(event): event for event in decided}
        for said in group:
            now = ours.pop(key_of(said.event), None)
            self._add(list(differences(said.event, now, said.seq)))
        self._tell_unsaid(group[-1].seq, list(ours.values()))

    def _tell_unsaid(self, seq: int, events: Sequence[ArticleWireEvent]) -> None:
        if seq >= self.since or self.since == 1:
            for event in events:
                self._add(list(differences(None, event, seq)))

    def _add(self, found: Sequence[Difference]) -> None:
        self.report.add(found)
        for one in found:
            self.tell(one)

    async def _advance_to(
        self, cause: str | None, now: datetime | None
    ) -> list[ArticleWireEvent] | None:
        """Decide the input up to an event, and what is said of that; None: it has no such event.

        What is said of the events before is kept: the wire may say it later.
        """
        while self.at.seq < self.until_seq:
            count = min(BATCH_MAX, self.until_seq - self.at.seq)
            entries = await self.log.follow("articles", self.at, count=count)
            if not entries:
                return None
            for entry in entries:
                self.at = entry.checkpoint()
                self.passed[entry.event_id] = entry.position
                is_sought = entry.event_id == cause
                events = await self._decide(entry, now if is_sought else None)
                if is_sought:
                    return events
                if events:
                    self.unsaid[entry.event_id] = self.seq, events
        return None

    async def _decide(self, entry: Entry, now: datetime | None) -> list[ArticleWireEvent]:
        """What is said of an event; of one that the wire is silent about, at its own hour."""
        try:
            hour = now or decode("articles", entry).recorded_at
            return _events(await self.desk.decide(entry, hour))
        except (Unavailable, LogDamaged):
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the comparison goes on
            self._add([failed(entry, self.seq, error)])
            return []

    async def _due(self, position: Position, now: datetime) -> list[ArticleWireEvent]:
        entry = await self.log.entry("articles", position)
        if entry is None:
            return []
        return _events(await self.desk.due(entry, now))

    async def _groups(self, head: int) -> AsyncIterator[list[Said]]:
        """What the wire says of articles, by the event that caused it, in its order."""
        open_group: list[Said] = []
        async for entry in _entries(self.log, "wire", head):
            if not entry.fields.get(b"type", b"").startswith(_ARTICLE_TYPES):
                continue
            said = decode("wire", entry)
            if open_group and open_group[0].causation_id != said.causation_id:
                yield open_group
                open_group = []
            open_group.append(said)  # type: ignore[arg-type]  # by its type
        if open_group:
            yield open_group


async def _entries(log: Log, stream: StreamName, until_seq: int) -> AsyncIterator[Entry]:
    after = ORIGIN
    while after.seq < until_seq:
        entries = await log.follow(stream, after, count=min(BATCH_MAX, until_seq - after.seq))
        if not entries:
            return
        for entry in entries:
            yield entry
        after = entries[-1].checkpoint()


def _events(decided: Sequence[Decided]) -> list[ArticleWireEvent]:
    return [one.event for one in decided if isinstance(one.event, ArticleWireEvent)]
