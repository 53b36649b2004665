"""Looks at a desk for operators: at most once a second, whoever asks, and never for long.

Whatever hangs is told as a fault within ANSWER_S_MAX; the look goes on, and the next answer has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol, TypeVar

from services.api.operators.facts import (
    HEALTHS,
    SERVICES,
    Facts,
    ServiceFact,
    SourceFact,
    service_fact,
    source_fact,
)
from services.api.reading import Reader
from shared import counts, views
from shared.errors import NewswireError
from shared.health import Report
from shared.lag import COMMITTING, STREAMS, ConsumerState, consumer_state, stream_state
from shared.log import Log
from shared.polls import Poll
from shared.rejects import Reject
from shared.setaside import SetAside, SetAsideEvent
from shared.streams import ORIGIN, PROJECTION, Checkpoint

CACHED_S: Final = 1.0
"""A look is so long good enough: a hundred who ask cost the log as much as one."""
SOURCES_S: Final = 10.0
"""The same of sources, which may be thousands; they are read every few minutes."""
ANSWER_S_MAX: Final = 1.0
"""Nobody waits longer for a look."""
LETTERS_MAX: Final = 50
"""Dead letters of one consumer that are told; all are counted."""

Told_co = TypeVar("Told_co", covariant=True)


class Rows(Protocol[Told_co]):
    """A table of the desk's state: ``shared.redis_state``, or memory in tests."""

    async def all(self) -> Sequence[Told_co]:
        """Every row that can be read."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a look is taken."""

    log: Log
    health: Rows[Report]
    polls: Rows[Poll]
    rejects: Rows[Reject]
    reader: Reader
    now: Callable[[], datetime]
    now_s: Callable[[], float]
    """Monotonic."""


@dataclass(slots=True)
class Watch:
    """Takes looks at a desk."""

    desk: Desk
    _look: asyncio.Task[Facts] | None = None
    """The last one, under way or done."""
    _looked_at_s: float = 0.0
    """When it began."""
    _sources: tuple[SourceFact, ...] = ()
    _sources_at_s: float | None = None
    _set_aside: SetAside = field(default_factory=SetAside)

    async def facts(self) -> Facts:
        """How the desk is, or was a second ago."""
        began_s = self.desk.now_s()
        is_over = self._look is not None and self._look.done()
        if self._look is None or (is_over and began_s - self._looked_at_s >= CACHED_S):
            self._look, self._looked_at_s = asyncio.create_task(self._take()), began_s
        look = self._look
        if not look.done():
            # Not cancelled where it takes too long: a call to Redis that is cut spoils its
            # connection.
            await asyncio.wait({look}, timeout=ANSWER_S_MAX)
        if not look.done():
            return self._without_log("Redis does not answer: the look at it is still under way")
        return look.result()

    async def close(self) -> None:
        """End the look that is under way."""
        if self._look is not None:
            self._look.cancel()
            await asyncio.wait({self._look})

    async def _take(self) -> Facts:
        try:
            return await self._on_log()
        except NewswireError as error:
            return self._without_log(str(error))

    def _without_log(self, fault: str) -> Facts:
        at, _, views_fault = self._views()
        return Facts(
            self.desk.now(),
            faults=tuple(filter(None, (fault, views_fault))),
            views_seq=None if at is None else at.seq,
        )

    async def _on_log(self) -> Facts:
        now, log = self.desk.now(), self.desk.log
        streams = [await stream_state(log, stream) for stream in STREAMS]
        await self._set_aside.follow(log)
        at, in_views, views_fault = self._views()
        told = [
            await consumer_state(log, name, stream, await log.checkpoint(name, stream), now)
            for name, stream in COMMITTING
        ]
        told.append(await consumer_state(log, PROJECTION, "wire", at or ORIGIN, now))
        return Facts(
            now,
            is_log_seen=True,
            faults=tuple(filter(None, (views_fault, self._set_aside.fault))),
            views_seq=None if at is None else at.seq,
            services=await self._services(now),
            streams=tuple(streams),
            consumers=tuple(self._counted(one, len(in_views)) for one in told),
            sources=await self._all_sources(),
            letters=(*self._set_aside.letters(LETTERS_MAX), *in_views[:LETTERS_MAX]),
            rejects=tuple(await self.desk.rejects.all()),
        )

    def _counted(self, one: ConsumerState, in_views: int) -> ConsumerState:
        parked = in_views if one.consumer == PROJECTION else self._set_aside.count(one.consumer)
        return replace(one, parked=parked)

    async def _services(self, now: datetime) -> tuple[ServiceFact, ...]:
        report_by_name = {report.service: report for report in await self.desk.health.all()}
        names = dict.fromkeys((*SERVICES, *report_by_name))
        return tuple(self._service(name, report_by_name.get(name), now) for name in names)

    def _service(self, name: str, report: Report | None, now: datetime) -> ServiceFact:
        fact = service_fact(name, report, now)
        return replace(fact, counts=counts.read(report.counts)) if report else fact

    async def _all_sources(self) -> tuple[SourceFact, ...]:
        now_s = self.desk.now_s()
        if self._sources_at_s is None or now_s - self._sources_at_s >= SOURCES_S:
            found = [source_fact(poll) for poll in await self.desk.polls.all()]
            found.sort(key=lambda one: (HEALTHS.index(one.health), one.source))
            self._sources, self._sources_at_s = tuple(found), now_s
        return self._sources

    def _views(self) -> tuple[Checkpoint | None, list[SetAsideEvent], str | None]:
        """Where the views stand, what the projection has set aside, and why they are not read."""
        try:
            with self.desk.reader.snapshot() as snapshot:
                rows = snapshot.connection.execute(_PARKED).fetchall()
                return snapshot.checkpoint, [_parked(row) for row in rows], None
        except NewswireError as error:
            return None, [], str(error)


_PARKED: Final = "SELECT seq, type, subject, reason, error FROM parked ORDER BY seq LIMIT 10000"
"""The projection stops long before: ten failures one after the other end it."""


def _parked(row: views.Row) -> SetAsideEvent:
    return SetAsideEvent(
        PROJECTION, row["subject"], row["seq"], row["type"], row["reason"], row["error"],
        is_retried=False,
    )  # fmt: skip
