"""What enrichment has set aside, for who shows it: the stream deadletters, from its beginning."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from shared.consumer import BATCH_MAX
from shared.envelope import decode
from shared.errors import LogDamaged, Rejected
from shared.lag import COMMITTING
from shared.letters import Letters
from shared.log import Entry, Log
from shared.streams import ORIGIN, Checkpoint

STREAM: Final = "deadletters"
READS_MAX: Final = 10
"""Of one look; the next one goes on where it ended."""


@dataclass(frozen=True, slots=True)
class SetAsideEvent:
    """An event that a consumer has set aside."""

    consumer: str
    subject: str
    seq: int
    event_type: str
    reason: str
    """``failed``, or ``behind`` an earlier one of its subject."""
    error: str
    is_retried: bool


def _nothing() -> dict[str, Letters]:
    return {name: Letters(name) for name, _ in COMMITTING}


@dataclass(slots=True)
class SetAside:
    """A fold of the stream, as far as it was read."""

    fault: str | None = None
    """Why not all is counted; None: all is."""
    _by_consumer: dict[str, Letters] = field(default_factory=_nothing)
    _at: Checkpoint = ORIGIN

    async def follow(self, log: Log) -> None:
        """Take in what is new, READS_MAX times BATCH_MAX events at the most.

        Raises:
            Unavailable: the log does not answer.
        """
        try:
            for _ in range(READS_MAX):
                entries = await log.follow(STREAM, self._at, count=BATCH_MAX)
                for entry in entries:
                    self._take(entry)
                if len(entries) < BATCH_MAX:
                    return
        except LogDamaged as error:  # it is another log: it is read from its beginning
            self._by_consumer, self._at, self.fault = _nothing(), ORIGIN, str(error)

    def count(self, consumer: str) -> int:
        """How many events of a consumer are set aside."""
        letters = self._by_consumer.get(consumer)
        return len(letters.all()) if letters else 0

    def letters(self, count_max: int) -> list[SetAsideEvent]:
        """The first of each consumer."""
        found: list[SetAsideEvent] = []
        for name, letters in self._by_consumer.items():
            retried = set(letters.to_be_retried())
            for one in letters.all()[:count_max]:
                said = one.parked
                found.append(
                    SetAsideEvent(
                        name, said.subject, said.seq, said.event_type, said.reason, said.error,
                        is_retried=said.subject in retried,
                    )
                )  # fmt: skip
        return found

    def _take(self, entry: Entry) -> None:
        try:
            recorded = decode(STREAM, entry)
        except Rejected as error:  # of a later version; the rest is counted all the same
            self.fault = f"an event of {STREAM} at {entry.position} cannot be read: {error}"
        else:
            for letters in self._by_consumer.values():
                letters.fold(recorded)
        self._at = entry.checkpoint()
