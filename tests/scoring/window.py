"""``python -m tests.scoring.window ours|peer ARTICLES``: what the window costs.

Each in a process of its own, as memory is what the process grew by. The peer is datasketch's
MinHashLSH of 16 bands of 8. Texts of 600 words: sketches, or signatures, are drawn at random.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]  # it has no types

from services.enrichment.relations.shingles import SKETCH_SHARE
from services.enrichment.relations.window import DAYS, Window
from shared.clock import monotonic_s
from shared.news import ArticleId

SHINGLES: Final = 598
ASKED: Final = 1_000
PAGE_BYTES: Final = 4_096
FIRST: Final = date(2026, 3, 1)


def main(arguments: list[str]) -> int:
    """Print a line of figures."""
    name, count = arguments
    (_ours if name == "ours" else _peer)(int(count))
    return 0


def _ours(count: int) -> None:
    dice, window, sketches = np.random.default_rng(1), Window(), []
    before, took_s = _resident_bytes(), 0.0
    for number in range(count):
        shingles = dice.integers(0, 2**64, SHINGLES, dtype=np.uint64)
        sketch = np.sort(shingles[shingles < 2**64 // SKETCH_SHARE])
        day = FIRST + timedelta(days=number * DAYS // count)
        window.advance(day)
        began = monotonic_s()
        window.add(ArticleId(f"text-{number}"), day, sketch, number.to_bytes(4))
        took_s += monotonic_s() - began
        sketches = [*sketches[1 - ASKED :], sketch] if number >= count - ASKED else []
    grown = _resident_bytes() - before
    asked = [_timed_ms(lambda one=one: window.candidates(one)) for one in sketches]  # type: ignore[misc]
    forgot_ms = _timed_ms(lambda: window.advance(FIRST + timedelta(days=DAYS)))
    _say(f"ours, {count} articles", took_s / count, asked, grown // count, forgot_ms)


def _peer(count: int) -> None:
    dice, index, signatures = np.random.default_rng(1), MinHashLSH(params=(16, 8)), []
    before, took_s = _resident_bytes(), 0.0
    for number in range(count):
        values = dice.integers(0, 2**32, 128, dtype=np.uint64)
        signature = MinHash(num_perm=128, hashvalues=values, scheme="affine32")
        began = monotonic_s()
        index.insert(f"text-{number}", signature)
        took_s += monotonic_s() - began
        signatures = [*signatures[1 - ASKED :], signature] if number >= count - ASKED else []
    grown = _resident_bytes() - before
    asked = [_timed_ms(lambda one=one: index.query(one)) for one in signatures]  # type: ignore[misc]
    forgot_ms = _timed_ms(lambda: [index.remove(f"text-{one}") for one in range(count // DAYS)])
    _say(f"datasketch, {count} articles", took_s / count, asked, grown // count, forgot_ms)


def _timed_ms(call: Callable[[], object]) -> float:
    began = monotonic_s()
    call()
    return (monotonic_s() - began) * 1_000


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("utf-8").split()[1]) * PAGE_BYTES


def _say(name: str, insert_s: float, asked: list[float], size: int, forgot_ms: float) -> None:
    middle, most = np.percentile(asked, (50, 99))
    sys.stdout.write(
        f"{name}: insert {insert_s * 1e6:.0f} µs, query p50 {middle:.2f} ms p99 {most:.2f} ms,"
        f" {size} bytes an article, a day forgotten in {forgot_ms:.0f} ms\n"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
