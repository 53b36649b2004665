"""How a desk is at one moment. Values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from shared.counts import CountName
from shared.health import KEPT_S_MAX, Report, problem
from shared.lag import ConsumerState, StreamState
from shared.polls import Poll
from shared.rejects import Reject
from shared.setaside import SetAsideEvent

SERVICES: Final = ("ingest", "enrichment", "projection", "api")
"""Every one of them has to report."""
SourceHealth = Literal["failing", "silent", "waiting", "new", "well"]
"""It cannot be read; offers nothing new for longer than its rhythm; failed and is tried again; was
not read yet; none of these. The worst first."""
HEALTHS: Final[tuple[SourceHealth, ...]] = ("failing", "silent", "waiting", "new", "well")


@dataclass(frozen=True, slots=True)
class ServiceFact:
    """A service by its report."""

    service: str
    ready: bool
    detail: str
    """One sentence; it may name places of the service's machine."""
    version: str = ""
    started_at: str = ""
    """RFC 3339, like ``reported_at``; empty: it has not said."""
    reported_at: str = ""
    counts: Mapping[CountName, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFact:
    """A source as ingest reads it."""

    source: str
    health: SourceHealth
    polled_at: datetime | None
    ok_at: datetime | None
    new_at: datetime | None
    next_at: datetime | None
    failures: int
    problem: str | None
    """One sentence, which may name its address."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A desk at one moment; of a log that does not answer, what is known without it."""

    at: datetime
    is_log_seen: bool = False
    faults: tuple[str, ...] = ()
    """Sentences; they may name hosts and event ids."""
    views_seq: int | None = None
    """None: the views cannot be read."""
    services: tuple[ServiceFact, ...] = ()
    streams: tuple[StreamState, ...] = ()
    consumers: tuple[ConsumerState, ...] = ()
    sources: tuple[SourceFact, ...] = ()
    """All of them, the worst first."""
    letters: tuple[SetAsideEvent, ...] = ()
    """The first of each consumer; ``ConsumerState.parked`` counts them all."""
    rejects: tuple[Reject, ...] = ()
    """The latest first."""

    @property
    def dead_letters(self) -> int:
        """Events that are set aside, of all consumers."""
        return sum(one.parked for one in self.consumers)

    @property
    def is_well(self) -> bool:
        """Whether nothing here needs an operator; a source that is away is its own matter."""
        return (
            self.is_log_seen
            and not self.faults
            and self.views_seq is not None
            and not self.dead_letters
            and not any(one.fault for one in self.consumers)
            and all(one.ready for one in self.services)
        )

    @property
    def sources_by_health(self) -> dict[SourceHealth, int]:
        """How many sources are how, also of what none is."""
        found = Counter(one.health for one in self.sources)
        return {health: found[health] for health in HEALTHS}


def service_fact(name: str, report: Report | None, now: datetime) -> ServiceFact:
    """A service by the last report that is kept of it; None: there is none."""
    report = report if report and _is_dated(report) else None
    wrong = problem(report, now, KEPT_S_MAX)
    if report is None:
        return ServiceFact(name, ready=False, detail=wrong or "")
    return ServiceFact(
        name, wrong is None, wrong or report.detail, report.version, report.started_at, report.at
    )


def _is_dated(report: Report) -> bool:
    """Whether its instants are some: Redis keeps whatever it was given."""
    try:
        said = [datetime.fromisoformat(at) for at in (report.at, report.started_at) if at]
    except ValueError:
        return False
    return bool(report.at) and all(at.tzinfo for at in said)


def source_fact(poll: Poll) -> SourceFact:
    """A source by what is known of reading it."""
    return SourceFact(
        poll.source, _health(poll), poll.polled_at, poll.ok_at, poll.new_at, poll.next_at,
        poll.failures, poll.problem,
    )  # fmt: skip


def _health(poll: Poll) -> SourceHealth:
    if poll.quiet:
        return poll.quiet
    if poll.failures:
        return "waiting"
    return "new" if poll.polled_at is None else "well"
