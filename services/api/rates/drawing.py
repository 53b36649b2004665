"""A series as a line, for inline SVG: coordinates in whole numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.api.rates.points import CARRIED_DAYS_MAX, Point


@dataclass(frozen=True, slots=True)
class Size:
    """Of a drawing, in units of its own."""

    width: int
    height: int
    edge: int
    """Left free above and below, so that a thick line is not cut."""


LARGE: Final = Size(1_000, 200, 8)


def line(points: Sequence[Point], size: Size = LARGE) -> str | None:
    """The ``d`` of a path through the points, placed by their day; None: fewer than two days.

    It is broken where nothing held for a day: no value is drawn that no answer gives. What stands
    alone between two gaps is a dot.

    Source: SVG 2, 9.3 Path data.
    """
    if len({point.day for point in points}) < 2:
        return None
    ordered = sorted(points, key=lambda point: point.as_of)
    # A drawing shows no more digits than a float has, and exact fractions take five times as long.
    heights = [float(point.value) / point.nominal for point in ordered]
    days = [point.day.toordinal() for point in ordered]
    low, span = min(heights), max(heights) - min(heights)
    room = size.height - 2 * size.edge
    runs: list[list[str]] = []
    before = -CARRIED_DAYS_MAX
    for day, height in zip(days, heights, strict=True):
        across = (day - days[0]) * size.width // (days[-1] - days[0])
        above = round((height - low) / span * room) if span else room // 2
        if day - before > CARRIED_DAYS_MAX:
            runs.append([])
        runs[-1].append(f"{across} {size.height - size.edge - above}")
        before = day
    return "".join("M" + "L".join(run) + ("h0" if len(run) == 1 else "") for run in runs)
