"""What services count, each number since its start: they stand in its health report.

The api shows them as Prometheus counters (services.api.operators), under the names and sentences
of this list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

CountName = Literal[
    "fetches",
    "offered",
    "rejects",
    "notes",
    "announcements",
    "handled_events",
    "handled_batches",
    "handling_seconds",
]
LABELS_MAX: Final = 60
"""Labels of one name; there are some forty reasons. Further ones are counted as ``other``."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number says."""

    label: str
    """What it is told apart by: a closed list."""
    says: str
    """One sentence; the HELP of its metric."""


COUNTED: Final[Mapping[CountName, Counted]] = {
    "fetches": Counted("outcome", "Looks at sources, by how they answered."),
    "offered": Counted("outcome", "Articles and rates offered by sources and partners."),
    "rejects": Counted("reason", "Entries, documents and pushed items that were not taken."),
    "notes": Counted("reason", "Doubts about entries that were taken all the same."),
    "announcements": Counted("outcome", "Feeds that the hub was to be told of."),
    "handled_events": Counted("consumer", "Events that a consumer has taken in."),
    "handled_batches": Counted("consumer", "Batches in which it took them in."),
    "handling_seconds": Counted("consumer", "Seconds that it took for them."),
}
"""All of them."""


@dataclass(slots=True)
class Counts:
    """Numbers that only grow."""

    by_key: dict[str, float] = field(default_factory=dict)
    _labels: Counter[CountName] = field(default_factory=Counter)

    def add(self, name: CountName, label: str, count: float = 1) -> None:
        """Count so many more."""
        key = f"{name}:{label}"
        if key not in self.by_key:
            if self._labels[name] >= LABELS_MAX:
                key = f"{name}:other"
            else:
                self._labels[name] += 1
        self.by_key[key] = self.by_key.get(key, 0) + count

    def told(self) -> dict[str, float]:
        """All numbers, as a report has them."""
        return dict(self.by_key)


def read(counts: Mapping[str, float]) -> dict[CountName, dict[str, float]]:
    """The numbers of a report by name and label; what this version does not know is left out."""
    found: dict[CountName, dict[str, float]] = {name: {} for name in COUNTED}
    for name, of_name in found.items():
        for key, value in counts.items():
            head, mark, label = key.partition(":")
            if head == name and mark and len(of_name) <= LABELS_MAX:
                of_name[label] = value
    return found
