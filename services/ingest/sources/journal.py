"""How sources are, and how they are read, as events of the stream ``sources``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.ingest.appending import ATTEMPTS_MAX, append, contended
from services.ingest.fetch import without_secrets
from services.ingest.sources.config import SourceConfig
from shared.consumer import fold
from shared.envelope import decode
from shared.errors import Rejected
from shared.events import SourceEvent
from shared.house_events import SourceChanged
from shared.log import Conflict, Entry, Log
from shared.streams import ORIGIN, Checkpoint


@dataclass(slots=True)
class Journal:
    """Writes the stream ``sources``. Every method raises Unavailable when the log is away."""

    log: Log
    now: Callable[[], datetime]
    _told: dict[str, SourceChanged] = field(default_factory=dict)
    """What was last said of how each source is read."""
    _at: Checkpoint = ORIGIN

    async def record(self, events: Iterable[SourceEvent]) -> None:
        """Append events, each after the last of its source; what stands there already is left."""
        for event in events:
            await self._record(event)

    async def configured(self, sources: Iterable[SourceConfig]) -> list[SourceChanged]:
        """Record what has changed in how sources are read since it was last said; that.

        Sources that are not among these any more are said to be removed.
        """
        self._at = await fold(self.log, "sources", self._take, self._at)
        now = self.now()
        standing = self._standing()
        wanted = [
            _changed(one, "altered" if one.id in standing else "added", now) for one in sources
        ]
        events = [event for event in wanted if not _is_same(standing.get(event.source), event)]
        events += [
            SourceChanged(source=its_id, change="removed", observed_at=now)
            for its_id in standing.keys() - {event.source for event in wanted}
        ]
        await self.record(events)
        return events

    def _standing(self) -> Mapping[str, SourceChanged]:
        return {one: said for one, said in self._told.items() if said.change != "removed"}

    def _take(self, entry: Entry) -> None:
        try:
            event = decode("sources", entry).event
        except Rejected:
            return  # of a later version of ours; what it says is said again
        if isinstance(event, SourceChanged):
            self._told[event.source] = event

    async def _record(self, event: SourceEvent) -> None:
        expected = 0
        for _ in range(ATTEMPTS_MAX):
            (outcome,) = await append(self.log, "sources", [event], expected, self.now())
            if not isinstance(outcome, Conflict):
                return
            expected = outcome.version
        raise contended(event.source)


def _changed(
    one: SourceConfig, change: Literal["added", "altered"], now: datetime
) -> SourceChanged:
    return SourceChanged(
        source=one.id,
        change=change,
        name=one.name,
        url=without_secrets(one.url),
        trust_rank=one.trust_rank,
        display=one.display,
        rights=one.rights,
        declared_language=one.language,
        observed_at=now,
    )


def _is_same(known: SourceChanged | None, event: SourceChanged) -> bool:
    unseen = {"change", "observed_at"}
    return known is not None and known.model_dump(exclude=unseen) == event.model_dump(
        exclude=unseen
    )
