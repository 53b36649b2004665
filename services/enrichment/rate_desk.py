"""The desk of rates: a function of one stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.enrichment.outputs import Decided
from services.enrichment.rate_memory import RateMemory, subject_of
from services.enrichment.rates import say
from shared.envelope import Recorded, content_hash, decode
from shared.events import QuoteEvent, RateEvent, StreamName
from shared.log import Entry, Log
from shared.streams import ENRICHMENT_RATES, Position, source_urn

_RATE_TYPES: Final = b"newswire.rate."
_UNSAID: Final = frozenset({"observed_at", "document", "occurrences"})


@dataclass(slots=True)
class RateDesk:
    """Decides what the wire says of rates."""

    log: Log
    memory: RateMemory = field(default_factory=RateMemory)
    name: str = ENRICHMENT_RATES
    stream: StreamName = "rates"

    def forget(self) -> None:
        """See Desk.forget."""
        self.memory = RateMemory()

    def fold_input(self, entry: Entry) -> None:
        """See Desk.fold_input: blocked sources, what they offered meanwhile, what is accepted."""
        self.memory.fold_input(decode("rates", entry))

    def fold_wire(self, entry: Entry) -> None:
        """See Desk.fold_wire."""
        if entry.fields.get(b"type", b"").startswith(_RATE_TYPES):
            recorded = decode("wire", entry)
            if isinstance(recorded.event, QuoteEvent):
                self.memory.fold_wire(recorded.subject, recorded.event)

    def look_ahead(self, batch: Sequence[Entry]) -> None:
        """See Desk.look_ahead: a rate says nothing that takes time to read."""

    async def decide(self, entry: Entry, now: datetime) -> list[Decided]:  # noqa: ARG002  # the hour plays no part in what a rate is
        """See Desk.decide."""
        recorded = decode("rates", entry)
        decided = self._decided(recorded)
        self.memory.fold_input(recorded)
        return decided

    def waiting(self, now: datetime) -> list[Position]:  # noqa: ARG002  # rates wait for a decision, not for an hour
        """See Desk.waiting: rates that came while their source was blocked."""
        return self.memory.waiting()

    async def due(self, entry: Entry, now: datetime) -> list[Decided]:  # noqa: ARG002  # rates wait for a decision, not for an hour
        """See Desk.due."""
        recorded = decode("rates", entry)
        is_due = self.memory.is_due(recorded.subject, recorded.position)
        return self._decided(recorded) if is_due else []

    def _decided(self, recorded: Recorded[RateEvent]) -> list[Decided]:
        versions = self.memory.version_by_subject  # each subject at most once, and it has moved on
        decided = []
        for event in say(recorded.event, self.memory):
            subject = subject_of(event.rate)
            decided.append(
                Decided(
                    event=event,
                    subject=subject,
                    source=source_urn(event.rate.source),
                    time=recorded.time,
                    version=versions[subject],
                    causation_id=recorded.id,
                    content_hash=content_hash(event, leaving_out=_UNSAID),
                )
            )
        return decided
