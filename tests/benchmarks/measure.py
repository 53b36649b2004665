"""Figures and how they are taken: paired runs, medians, a line of the table each."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from shared.clock import monotonic_s

Run = Callable[[], Awaitable[float]]
"""One run of something measured; gives what it reached, mostly events a second."""

_LAYOUT: Final = "{:<50} {:>24} {:>26} {:>19}  {}"
HEADER: Final = _LAYOUT.format(
    "measure, events/s", "ours (min–max)", "peer (min–max)", "ratio (min–max)", "target"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: what every round reached, beside its peer in the same round."""

    name: str
    ours: Sequence[float]
    peer: Sequence[float] = ()
    """Empty: it has none."""
    target: float | None = None
    """The least ratio; None: there is none."""
    most: float | None = None
    """The most that the figure itself may be, of a latency; None: there is none."""
    least: float | None = None
    """The least that the figure itself may be; None: there is none."""
    digits: int = 0
    """Decimals of the figures."""

    @property
    def ratios(self) -> list[float]:
        """Ours to the peer, round by round: what slows both down in a round cancels out."""
        return [ours / peer for ours, peer in zip(self.ours, self.peer, strict=False)]

    @property
    def is_missed(self) -> bool:
        """Whether the median ratio is below the target, or the median figure beyond its bounds."""
        if self.most is not None and median(self.ours) > self.most:
            return True
        if self.least is not None and median(self.ours) < self.least:
            return True
        return self.target is not None and median(self.ratios) < self.target

    def line(self) -> str:
        """The row as it is printed under ``HEADER``."""
        target = "" if self.target is None else f"≥ {self.target:.1f}"
        target = target if self.most is None else f"≤ {self.most:.0f}"
        target = target if self.least is None else f"≥ {self.least:,.0f}/s"
        return _LAYOUT.format(
            self.name,
            _spread(self.ours, self.digits),
            _spread(self.peer, self.digits),
            _spread(self.ratios, 2),
            target + ("  MISSED" if self.is_missed else ""),
        ).rstrip()


async def rounds(count: int, runs: Mapping[str, Run]) -> dict[str, list[float]]:
    """What each run reached in ``count`` rounds, A B A B …, so that all meet the same noise."""
    reached: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(count):
        for name, run in runs.items():
            gc.collect()
            gc.freeze()  # what is prepared for the runs is no garbage to look through in them
            reached[name].append(await run())
            gc.unfreeze()
    return reached


class Stopwatch:
    """Counts events a second from its making, or from ``restart``."""

    def __init__(self) -> None:
        self._began_s = monotonic_s()

    def restart(self) -> None:
        """Begin anew."""
        self._began_s = monotonic_s()

    def per_second(self, events: int) -> float:
        """Events a second so far."""
        return events / (monotonic_s() - self._began_s)


def _spread(figures: Sequence[float], digits: int) -> str:
    if len(figures) < 2:
        return "".join(f"{figure:,.{digits}f}" for figure in figures)
    low, high = min(figures), max(figures)
    return f"{median(figures):,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"
