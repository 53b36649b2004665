"""The dead letters of a consumer that commits on the log: which are open, retried, dropped. Pure.

A fold of the stream deadletters, for the consumer itself and for whoever shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from shared.envelope import Recorded
from shared.events import DeadLetterEvent
from shared.house_events import (
    DeadLetterDropped,
    DeadLetterParked,
    DeadLetterRetried,
    DeadLetterSettled,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """An event that is set aside."""

    parked: DeadLetterParked
    """Why, as it was last said."""
    version: int
    """Of the letter's last event."""


@dataclass(slots=True)
class Letters:
    """What a consumer has set aside, from the beginning of the stream up to some event of it."""

    consumer: str
    dropped: set[int] = field(default_factory=set)
    """Events that were given up, by seq: they are never taken in."""
    _open: dict[str, dict[int, Letter]] = field(default_factory=dict)
    """By subject and seq."""
    _subject_by_seq: dict[int, str] = field(default_factory=dict)
    _version_by_seq: dict[int, int] = field(default_factory=dict)
    _retried: dict[str, None] = field(default_factory=dict)

    def fold(self, recorded: Recorded[DeadLetterEvent]) -> None:
        """Take in the next event of the stream, of this consumer or of another one."""
        event = recorded.event
        if event.consumer != self.consumer:
            return
        match event:
            case DeadLetterParked():
                self._park(event, recorded.version)
            case DeadLetterSettled():
                self._version_by_seq[event.seq] = recorded.version
                self._close(event.seq)
                self.dropped.discard(event.seq)  # it was taken in just before it was dropped
            case DeadLetterRetried():
                if event.subject in self._open:
                    self._retried[event.subject] = None
            case DeadLetterDropped():
                for seq in list(self._open.get(event.subject, ())):
                    self._close(seq)
                    self.dropped.add(seq)
            case _:
                assert_never(event)

    def _park(self, event: DeadLetterParked, version: int) -> None:
        if event.seq in self._subject_by_seq:
            self._retried.pop(event.subject, None)  # failed again: the rest waits for a decision
        elif event.reason == "behind" and event.subject not in self._open:
            self._retried[event.subject] = None  # a drop overtook it: there is nothing to wait for
        self._open.setdefault(event.subject, {})[event.seq] = Letter(event, version)
        self._subject_by_seq[event.seq] = event.subject
        self._version_by_seq[event.seq] = version

    def _close(self, seq: int) -> None:
        subject = self._subject_by_seq.pop(seq, None)
        if subject is None:
            return
        del self._open[subject][seq]
        if not self._open[subject]:
            del self._open[subject]
            self._retried.pop(subject, None)

    def subjects(self) -> set[str]:
        """Subjects with an open letter: their later events wait behind it."""
        return set(self._open)

    def to_be_retried(self) -> list[str]:
        """Subjects whose letters are to be taken up again, in the order of the decisions."""
        return list(self._retried)

    def of(self, subject: str) -> list[Letter]:
        """The open letters of a subject, in the order of their events."""
        return [letter for _, letter in sorted(self._open.get(subject, {}).items())]

    def all(self) -> list[Letter]:
        """Every open letter, in the order of their events."""
        letters = [letter for of_subject in self._open.values() for letter in of_subject.values()]
        return sorted(letters, key=lambda letter: letter.parked.seq)

    def open(self, seq: int) -> Letter | None:
        """The open letter of an event; None: it has none."""
        subject = self._subject_by_seq.get(seq)
        return None if subject is None else self._open[subject][seq]

    def is_set_aside(self, seq: int) -> bool:
        """Whether an event is no part of what the consumer has taken in."""
        return seq in self._subject_by_seq or seq in self.dropped

    def next_version(self, seq: int) -> int:
        """The version of the next event about an event's letter."""
        return self._version_by_seq.get(seq, 0) + 1
