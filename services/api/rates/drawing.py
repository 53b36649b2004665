"""A series as a line, for inline SVG: coordinates in whole numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.api.rates.points import Point

WIDTH: Final = 1_000
HEIGHT: Final = 200
EDGE: Final = 8
"""Left free above and below, so that a thick line is not cut."""


def line(points: Sequence[Point]) -> str | None:
    """The ``d`` of a path through the points, placed by their day; None: fewer than two days.

    Source: SVG 2, 9.3 Path data.
    """
    if len({point.day for point in points}) < 2:
        return None
    ordered = sorted(points, key=lambda point: point.as_of)
    first, days = ordered[0].day, (ordered[-1].day - ordered[0].day).days
    low = min(point.unit for point in ordered)
    span = max(point.unit for point in ordered) - low
    room = HEIGHT - 2 * EDGE
    places = []
    for point in ordered:
        across = (point.day - first).days * WIDTH // days
        above = round((point.unit - low) / span * room) if span else room // 2
        places.append(f"{across} {HEIGHT - EDGE - above}")
    return "M" + "L".join(places)
